// Collects what is wrong with one commit message, and puts it in order.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "push/commit_message.h"

namespace trunkgate {

// Where a fault stands: 1-based line and column, both and the length in code points.
struct MessagePlace {
  std::size_t line = 1;
  std::size_t column = 1;
  std::size_t length = 1;
};

// Of each code and severity the first kMostPerCode are kept, so that a hostile message cannot fill
// the memory.
class ProblemList {
 public:
  static constexpr std::size_t kMostPerCode = 20;

  void reject(std::string_view code, MessagePlace place, std::string message);
  void warn(std::string_view code, MessagePlace place, std::string message);

  // Sorted by place. At one place, a forbidden character hides the faults that it causes, and a
  // rejection comes before a warning.
  std::vector<MessageProblem> finish();

 private:
  void add(std::string_view code, MessageSeverity severity, MessagePlace place,
           std::string message);

  std::vector<MessageProblem> problems_;
  // By code.
  std::map<std::string, std::size_t, std::less<>> rejections_;
  std::map<std::string, std::size_t, std::less<>> warnings_;
};

MessageVerdict verdict_of(const std::vector<MessageProblem>& problems);

// `text` in single quotes, cut to 40 characters, when what is left is printable ASCII;
// else empty.
std::string quoted(std::u32string_view text);

}  // namespace trunkgate

// What Git and the hook proc-receive say to each other: pkt-lines, as in githooks(5).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "push/ref_update.h"

namespace trunkgate {

struct ProcReceiveRequest {
  bool atomic = false;
  std::vector<std::string> options;  // push options, raw bytes
  RefUpdates received;               // those that Git hands over, in order
};

// One conversation. Whatever is not said is a refusal: Git refuses a command without an answer, and
// all of them when the hook says nothing that makes sense. What is said is said at once, so that
// Git knows of one landing whatever becomes of the next.
class ProcReceiveSession {
 public:
  // Descriptors that the caller owns.
  ProcReceiveSession(int input, int output) : input_(input), output_(output) {}

  // Agrees on a version, then reads everything Git has to say. Throws Error(usage): cut short, or
  // not this protocol; nothing can be answered then.
  ProcReceiveRequest read_request();

  // What Git tells the client and post-receive: `ref` went from one value to another.
  void accept(std::string_view ref, const ObjectId& old_id, const ObjectId& new_id);
  // `reason` may hold any bytes; Git shows it in its own summary. Of several lines the first is
  // taken.
  void refuse(std::string_view ref, std::string_view reason);
  // Ends the answers.
  void finish();

 private:
  // A line without its line feed; nothing for a flush.
  std::optional<std::string> read_line();
  std::string read_bytes(std::size_t count);
  void write(std::string_view bytes);

  int input_;
  int output_;
};

inline constexpr std::size_t kMaxReason = 200;

}  // namespace trunkgate

// Reads the small values of a test file: times, people, names of commits, contents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/diagnostics.h"
#include "config/document.h"
#include "config/option_reader.h"
#include "policy/test/test_file.h"
#include "policy/test/test_names.h"

namespace trunkgate {

// What a test file has used up of its limits. Going beyond one is a mistake, said once.
class TestBudget {
 public:
  TestBudget(const TestLimits& limits, Diagnostics& diagnostics)
      : limits_(limits), diagnostics_(diagnostics) {}

  bool spend_case(const Location& where);
  // `size` bytes at once, one time.
  void spend_bytes(std::uint64_t size, const Location& where);
  void spend_commits(std::uint64_t count, const Location& where);

 private:
  void say(bool& said, const Location& where, const std::string& limit);

  const TestLimits& limits_;
  Diagnostics& diagnostics_;
  std::size_t cases_ = 0;
  std::uint64_t commits_ = 0;
  std::uint64_t bytes_ = 0;
  bool said_cases_ = false;
  bool said_commits_ = false;
  bool said_bytes_ = false;
};

// All of them report mistakes; nothing, or a default, comes of one.

// "2026-01-05T09:30Z", "2026-01-05", "-80h", "+10m".
std::optional<TestTime> read_test_time(const Node& node, Diagnostics& diagnostics);
// "Ada <ada@example.com>", as it stands in a commit.
std::optional<std::string> read_person(const Node& node, Diagnostics& diagnostics);
// A name that `names` knows, and "~N" behind it for so many first parents back.
std::optional<CommitName> read_commit_name(const Node& node, const TestNames& names,
                                           Diagnostics& diagnostics);
// A text, or a map with `content` or `base64`, and `size`; `keys` reads that map.
TestContent read_content(const OptionReader& keys, TestBudget& budget);
std::string read_message(const Node* node, TestBudget& budget, Diagnostics& diagnostics);
// A whole number from 1 to `limit`.
std::size_t read_count(const OptionReader& reader, const Option<std::int64_t>& option,
                       std::int64_t limit);
// The node of a list, or nullptr: the key is missing, or (a mistake) no list.
const Node* list_of(const OptionReader& reader, std::string_view key);

}  // namespace trunkgate

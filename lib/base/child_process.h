// Runs one program to its end, with bounded time and output and nothing inherited but what is said.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/confinement.h"

namespace trunkgate {

struct ChildRequest {
  // The program and its arguments. A program without '/' is looked up in /usr/local/bin, /usr/bin
  // and /bin, never in the caller's PATH.
  std::vector<std::string> argv;
  // The whole environment, "NAME=value" each; nothing is inherited.
  std::vector<std::string> environment;
  // Empty: the caller's.
  std::string working_directory;
  // What the child reads; must live until run_child() returns.
  std::string_view input;
  // When set, standard output is /dev/null.
  bool discard_output = false;
  // Of standard output, and again of standard error. A child that writes more is killed.
  std::size_t output_limit = std::size_t{16} << 20U;
  // When set, so much of standard error is kept, and more of it is no fault.
  std::optional<std::size_t> errors_kept = {};
  // The child and its process group are killed after that.
  std::chrono::milliseconds timeout{5000};
  // When set, the child is kept within these bounds, and everything it has started ends with it.
  std::optional<Confinement> confinement = {};
};

struct ChildResult {
  bool started = false;
  std::string start_error;    // why it did not start, else empty
  bool kept_network = false;  // it did not start because the network could not be taken away
  int exit_status = -1;       // 0 to 255 when the program ended by itself, else -1
  int signal = 0;             // the signal that ended it, else 0
  bool timed_out = false;
  bool output_too_large = false;
  std::uint64_t peak_memory = 0;  // bytes that the largest of its processes had in memory
  std::string output;             // cut at the limit
  std::string errors;

  bool succeeded() const { return exit_status == 0 && !timed_out && !output_too_large; }
  // Why it did not: the last line of its errors, raw bytes, or how it ended.
  std::string failure() const;
};

// Blocks until the child has ended. Never throws because of the child. The child sees descriptors
// 0 to 2 only, default signal handling, and is the leader of its own process group.
ChildResult run_child(const ChildRequest& request);

}  // namespace trunkgate

// Why a program has not judged a push, in words for people, and the log of what programs say.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/child_process.h"
#include "push/push.h"

namespace trunkgate {

struct CommandLimits {
  std::chrono::seconds timeout;
  std::uint64_t memory;  // bytes; 0 for none
  std::size_t output;    // bytes
};

// "ended with exit code 3", to stand behind the program's name; empty when it ended as it should.
// Each way to fail has words of its own. `program` is its path.
std::string failure_of(const ChildResult& result, const std::string& program,
                       const CommandLimits& limits);

// Whether a program seems to have ended because it got no memory.
bool ran_out_of_memory(const ChildResult& result, std::uint64_t limit);

// Appends to `command.log` in the state folder what a program did and wrote to standard error:
// printable, a line each. The log before the last mebibyte is `command.log.1`, older ones are gone.
// False when there is no state folder or it cannot be written.
bool log_command(const Push& push, std::string_view rule, std::string_view what,
                 std::string_view errors) noexcept;

}  // namespace trunkgate

#include "rules/push/command_failure.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>

#include "base/file.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr long kMaxLogBytes = 1 << 20;

// What programs print when they get no memory: Python, C's perror, Go, C++, Node.js, Java, Perl.
constexpr std::string_view kMemoryWords[] = {"memoryerror",   "cannot allocate memory",
                                             "out of memory", "bad_alloc",
                                             "heap limit",    "outofmemoryerror"};

std::string start_failure(const ChildResult& result, const std::string& program) {
  if (result.kept_network) {
    return "was not run: this server cannot take the network away from it (" + result.start_error +
           ")";
  }
  struct stat status {};
  if (::stat(program.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return "is missing";
  } else if (!S_ISREG(status.st_mode) || ::access(program.c_str(), X_OK) != 0) {
    return "is not executable";
  }
  return "could not be started: " + result.start_error;
}

std::string signal_text(int number) {
  const char* name = ::sigabbrev_np(number);
  return std::to_string(number) + (name == nullptr ? "" : " (SIG" + std::string(name) + ")");
}

std::string time_text(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace

// No system call tells; so this goes by what the program said and by how much it had.
bool ran_out_of_memory(const ChildResult& result, std::uint64_t limit) {
  if (limit == 0) return false;
  if (result.peak_memory >= limit / 8 * 7) return true;
  const std::string errors = ascii_lower(result.errors);
  return std::any_of(std::begin(kMemoryWords), std::end(kMemoryWords), [&](std::string_view words) {
    return errors.find(words) != std::string::npos;
  });
}

std::string failure_of(const ChildResult& result, const std::string& program,
                       const CommandLimits& limits) {
  if (!result.started) return start_failure(result, program);
  if (result.timed_out) {
    return "ran longer than " + std::to_string(limits.timeout.count()) + " s and was killed";
  }
  if (result.output_too_large) {
    return "answered more than " + size_text(limits.output) + " and was killed";
  }
  if (result.exit_status == 0) return {};
  const std::string memory =
      ran_out_of_memory(result, limits.memory)
          ? "ran out of memory (the limit is " + size_text(limits.memory) + ") and "
          : "";
  if (result.signal != 0) return memory + "was ended by signal " + signal_text(result.signal);
  if (result.exit_status < 0) return "ended, nobody knows how";
  return memory + "ended with exit code " + std::to_string(result.exit_status);
}

bool log_command(const Push& push, std::string_view rule, std::string_view what,
                 std::string_view errors) noexcept {
  try {
    if (push.state.empty()) return false;
    const Sharing sharing = push.repository.sharing();
    make_folder(push.state, sharing);
    const std::string path = push.state + "/command.log";
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && status.st_size > kMaxLogBytes) {
      ::rename(path.c_str(), (path + ".1").c_str());
    }
    std::string text = time_text(push.now) + " " + push.id + " " + std::string(rule) + ": " +
                       printable(what, 1000) + "\n";
    for (const std::string_view line : split(trim(errors), '\n')) {
      if (!trim(line).empty()) text += "    " + printable(line, 1000) + "\n";
    }
    append_file(path, text, sharing);
    return true;
  } catch (const std::exception&) {
    return false;  // a full disk must not decide about a push
  }
}

}  // namespace trunkgate

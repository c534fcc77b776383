#include "hook/invocation.h"

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>

#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

// libgit2 1.5 loops for ever on a loose object that was cut short; no honest push takes this long.
constexpr rlim_t kProcessorSeconds = 900;

void prepare_process() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  std::set_terminate([] { std::_Exit(static_cast<int>(ExitCode::undecided)); });
  rlimit limit{};
  if (getrlimit(RLIMIT_CPU, &limit) == 0 &&
      (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > kProcessorSeconds)) {
    limit.rlim_cur = kProcessorSeconds;
    setrlimit(RLIMIT_CPU, &limit);
  }
}

Invocation read_invocation(std::size_t git_arguments, int argc, char** argv, char** envp) {
  Invocation call;
  call.arguments.assign(argv + 1, argv + argc);
  if (call.arguments.size() > git_arguments) {
    call.hook_file = call.arguments.front();
    call.arguments.erase(call.arguments.begin());
  }
  call.environment = Environment(envp);
  return call;
}

void tell_failure(const char* name, const std::string& what, const std::string& hint) {
  std::string text = "error: UNDECIDED push: " + printable(what, 400) + "\n";
  if (!hint.empty()) text += "hint: " + printable(hint, 400) + "\n";
  text += "hint: this is the server's fault, not yours; nothing was changed (trunkgate " +
          std::string(name) + ")\n";
  tell_pusher(text);
}

}  // namespace

int run_hook(const char* name, std::size_t git_arguments, int argc, char** argv, char** envp,
             ExitCode (*flow)(const Invocation&)) {
  try {
    prepare_process();
    const Invocation call = read_invocation(git_arguments, argc, argv, envp);
    // No argument that Git gives can look like this.
    if (argc > 1 && std::string_view(argv[argc - 1]) == "--self-test") {
      tell_pusher("trunkgate " + std::string(name) + ": ok\n");
      return 0;
    }
    return static_cast<int>(flow(call));
  } catch (const Error& error) {
    tell_failure(name, error.what(), error.hint());
  } catch (const std::bad_alloc&) {
    tell_failure(name, "out of memory", {});
  } catch (const std::exception& error) {
    tell_failure(name, error.what(), {});
  } catch (...) {
    tell_failure(name, "unknown failure", {});
  }
  return static_cast<int>(ExitCode::undecided);
}

std::string read_standard_input(std::size_t limit) {
  std::string text;
  // Small and never cleared: each page that a hook touches costs as much as many lines of a push.
  std::array<char, 16384> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (true) {
    const ssize_t n = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw Error(ErrorKind::usage, "cannot read standard input");
    if (n == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(n));
    if (text.size() > limit) {
      throw Error(ErrorKind::usage,
                  "more than " + std::to_string(limit >> 20U) + " MiB of ref updates");
    }
  }
}

void tell_pusher(const std::string& text) {
  std::string_view left = text;
  while (!left.empty()) {
    const ssize_t n = ::write(STDERR_FILENO, left.data(), left.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    left.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace trunkgate

#include "hook/chained_hooks.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <string_view>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "hook/output_relay.h"

namespace trunkgate {
namespace {

// A client may be slow, but none takes so long for a full pipe and is still there.
constexpr std::chrono::seconds kPatience{20};

bool runs(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         ::access(path.c_str(), X_OK) == 0 && !path.ends_with("~") && !path.ends_with(".sample") &&
         !path.ends_with(".disabled");
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// With `output` it prints there.
bool run_one(const std::string& path, const Invocation& call, const std::string& input,
             int output) {
  std::vector<std::string> argv{path};
  argv.insert(argv.end(), call.arguments.begin(), call.arguments.end());
  Environment environment = call.environment;
  environment.unset("HTTP_AUTHORIZATION");
  std::vector<std::string> variables = environment.entries();
  std::vector<char*> argument_pointers = pointers(argv);
  std::vector<char*> variable_pointers = pointers(variables);

  int ends[2] = {-1, -1};
  if (::pipe(ends) != 0) throw Error(ErrorKind::internal, "cannot make a pipe");
  const pid_t child = ::fork();
  if (child < 0) throw Error(ErrorKind::internal, "cannot start " + path);
  if (child == 0) {
    std::signal(SIGPIPE, SIG_DFL);
    std::signal(SIGXFSZ, SIG_DFL);
    ::dup2(ends[0], STDIN_FILENO);
    if (output >= 0) {
      ::dup2(output, STDOUT_FILENO);
      ::dup2(output, STDERR_FILENO);
    }
    ::close(ends[0]);
    ::close(ends[1]);
    ::execve(path.c_str(), argument_pointers.data(), variable_pointers.data());
    ::_exit(127);
  }
  ::close(ends[0]);
  std::string_view left = input;
  while (!left.empty()) {  // a hook that does not read its input ends this with EPIPE
    const ssize_t n = ::write(ends[1], left.data(), left.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    left.remove_prefix(static_cast<std::size_t>(n));
  }
  ::close(ends[1]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

std::vector<std::string> run_chained_hooks(const Invocation& call, const std::string& input,
                                           ChainMode mode) {
  std::vector<std::string> failed;
  if (call.hook_file.empty()) return failed;
  const std::string folder = call.hook_file + ".d";
  int output = -1;
  for (const std::string& name : list_folder(folder)) {
    const std::string path = folder + "/" + name;
    if (!runs(path)) continue;
    // After the push nobody need be there who reads what they print.
    if (mode == ChainMode::run_all && output < 0) output = start_output_relay(kPatience);
    if (run_one(path, call, input, output)) continue;
    failed.push_back(name);
    if (mode == ChainMode::stop_at_failure) break;
  }
  if (output >= 0) ::close(output);
  return failed;
}

ExitCode run_update_chain(const Invocation& call) {
  const auto failed = run_chained_hooks(call, {}, ChainMode::stop_at_failure);
  if (failed.empty()) return ExitCode::accepted;
  tell_pusher("error: REJECTED " + printable(call.arguments[0]) + ": the server's own hook '" +
              printable(failed[0]) + "' refused it\n");
  return ExitCode::rejected;
}

}  // namespace trunkgate

// Starts a child, feeds and drains its pipes with poll(), and ends it when a limit is reached.
#include "base/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <ctime>
#include <utility>

#include "base/pipe.h"
#include "base/text.h"

namespace trunkgate {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipes {
  Pipe input;
  Pipe output;
  Pipe errors;
  Pipe start_error;  // carries errno when the program could not be run; closed by exec

  bool open(bool discard_output) {
    if (!input.open() || !errors.open() || !start_error.open()) return false;
    if (!discard_output) return output.open();
    // Above 2, as the ends of pipes are.
    const Descriptor null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    output.write_end = Descriptor(::fcntl(null.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    return output.write_end.is_open();
  }
};

// Everything the child needs, made before fork(): after it, only async-signal-safe calls.
struct Plan {
  std::string program;
  std::vector<char*> argv;
  std::vector<char*> environment;
  const char* working_directory = nullptr;
  std::optional<ConfinementPlan> confinement;
};

// What the child says when it cannot become the program.
struct StartFailure {
  int reason = 0;  // errno
  bool kept_network = false;
};

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  for (const char* folder : {"/usr/local/bin/", "/usr/bin/", "/bin/"}) {
    std::string path = folder + name;
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return "/usr/bin/" + name;
}

std::vector<char*> c_strings(const std::vector<std::string>& words) {
  std::vector<char*> out;
  out.reserve(words.size() + 1);
  // execve() takes pointers to char but leaves them alone.
  for (const std::string& word : words) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

void close_all_above(int last_kept, int except) {
  const auto close_range = [](unsigned first, unsigned last) {
    return first > last || ::syscall(SYS_close_range, first, last, 0U) == 0;
  };
  const auto kept = static_cast<unsigned>(except);
  if (close_range(static_cast<unsigned>(last_kept) + 1, kept - 1) && close_range(kept + 1, ~0U)) {
    return;
  }
  const long limit = ::sysconf(_SC_OPEN_MAX);
  for (int fd = last_kept + 1;
       fd < (limit > 0 && limit < INT_MAX ? static_cast<int>(limit) : 65536); ++fd) {
    if (fd != except) ::close(fd);
  }
}

void reset_signals() {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become_program(const Plan& plan, const Pipes& pipes) {
  const int start_error = pipes.start_error.write_end.get();
  ::setpgid(0, 0);
  const bool ready = ::dup2(pipes.input.read_end.get(), STDIN_FILENO) >= 0 &&
                     ::dup2(pipes.output.write_end.get(), STDOUT_FILENO) >= 0 &&
                     ::dup2(pipes.errors.write_end.get(), STDERR_FILENO) >= 0 &&
                     (plan.working_directory == nullptr || ::chdir(plan.working_directory) == 0);
  StartFailure failure;
  if (ready) {
    close_all_above(STDERR_FILENO, start_error);
    reset_signals();
    failure.kept_network = plan.confinement && !plan.confinement->leave_network();
    if (!failure.kept_network && (!plan.confinement || plan.confinement->limit())) {
      ::execve(plan.program.c_str(), plan.argv.data(), plan.environment.data());
    }
  }
  failure.reason = errno;
  [[maybe_unused]] const ssize_t written = ::write(start_error, &failure, sizeof failure);
  ::_exit(127);
}

void set_nonblocking(const Descriptor& fd) {
  ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

int milliseconds_until(Clock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left + 1, 0, INT_MAX));
}

// Writes what the child takes now; closes the pipe when all is written or nobody reads.
void feed(Descriptor& fd, std::string_view& input) {
  while (!input.empty()) {
    const ssize_t written =
        ::write(fd.get(), input.data(), std::min<std::size_t>(input.size(), 65536));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) return;
    if (written < 0) break;
    input.remove_prefix(static_cast<std::size_t>(written));
  }
  fd.close();
}

// Reads what is there now; closes the pipe at its end. False when there was more than the limit.
bool drain(Descriptor& fd, std::string& out, std::size_t limit) {
  std::array<char, 65536> buffer{};
  bool fits = true;
  // Not for ever: a child that never stops writing must not keep the clock from being looked at.
  for (int i = 0; i < 64; ++i) {
    const ssize_t size = ::read(fd.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) break;
    if (size <= 0) {
      fd.close();
      break;
    }
    const auto got = static_cast<std::size_t>(size);
    const std::size_t room = limit - out.size();
    out.append(buffer.data(), std::min(got, room));
    fits = fits && got <= room;
  }
  return fits;
}

// Moves bytes until the pipes are closed or a limit is reached.
void exchange(Pipes& pipes, const ChildRequest& request, Clock::time_point deadline,
              ChildResult& result) {
  std::string_view input = request.input;
  Descriptor& to_child = pipes.input.write_end;
  Descriptor& output = pipes.output.read_end;
  Descriptor& errors = pipes.errors.read_end;
  if (input.empty()) to_child.close();
  while (output.is_open() || errors.is_open()) {
    // poll() skips negative descriptors.
    std::array<pollfd, 3> watched{
        {{to_child.get(), POLLOUT, 0}, {output.get(), POLLIN, 0}, {errors.get(), POLLIN, 0}}};
    const int ready = ::poll(watched.data(), watched.size(), milliseconds_until(deadline));
    if (ready < 0 && errno != EINTR) return;
    if (Clock::now() >= deadline) {
      result.timed_out = true;
      return;
    }
    if (ready <= 0) continue;
    if (watched[0].revents != 0) feed(to_child, input);
    bool fits = true;
    if (watched[1].revents != 0) fits = drain(output, result.output, request.output_limit);
    if (watched[2].revents != 0 && fits) {
      fits = drain(errors, result.errors, request.errors_kept.value_or(request.output_limit)) ||
             request.errors_kept;
    }
    if (!fits) {
      result.output_too_large = true;
      return;
    }
  }
}

void kill_group(pid_t child) {
  ::kill(-child, SIGKILL);
  ::kill(child, SIGKILL);
}

// Waits for the end of the child, at most until the deadline; then it is killed. With `whole_group`
// nothing of its process group outlives it.
void reap(pid_t child, Clock::time_point deadline, bool whole_group, ChildResult& result) {
  bool killed = result.timed_out || result.output_too_large;
  if (killed) kill_group(child);
  int status = 0;
  long pause_ns = 100'000;
  while (true) {
    siginfo_t ended{};
    const int option = killed ? 0 : WNOHANG;
    const int failed =
        ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT | option);
    if (failed != 0 && errno != EINTR) return;  // SIGCHLD is ignored: the status is lost
    if (failed != 0) continue;
    if (ended.si_pid == child) break;
    if (Clock::now() >= deadline) {
      result.timed_out = true;
      killed = true;
      kill_group(child);
      continue;
    }
    const timespec pause{0, pause_ns};
    ::nanosleep(&pause, nullptr);
    pause_ns = std::min(pause_ns * 2, 10'000'000L);
  }
  // Its number is still its own, and so is the group's.
  if (whole_group) kill_group(child);
  struct rusage usage {};
  while (::wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  result.peak_memory = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  if (WIFEXITED(status)) result.exit_status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
}

}  // namespace

ChildResult run_child(const ChildRequest& request) {
  ChildResult result;
  if (request.argv.empty()) {
    result.start_error = "no program given";
    return result;
  }
  Plan plan;
  plan.program = find_program(request.argv.front());
  plan.argv = c_strings(request.argv);
  plan.environment = c_strings(request.environment);
  if (!request.working_directory.empty()) {
    plan.working_directory = request.working_directory.c_str();
  }
  std::optional<Offspring> offspring;
  if (request.confinement) {
    plan.confinement.emplace(*request.confinement);
    offspring.emplace();
  }
  Pipes pipes;
  if (!pipes.open(request.discard_output)) {
    result.start_error = std::strerror(errno);
    return result;
  }
  const SigpipeBlocked sigpipe_blocked;
  const Clock::time_point deadline = Clock::now() + request.timeout;
  const pid_t child = ::fork();
  if (child < 0) {
    result.start_error = std::strerror(errno);
    return result;
  }
  if (child == 0) become_program(plan, pipes);
  // Here too, so that kill_group() finds the group whoever runs first.
  ::setpgid(child, child);
  pipes.input.read_end.close();
  pipes.output.write_end.close();
  pipes.errors.write_end.close();
  pipes.start_error.write_end.close();

  StartFailure failure;
  ssize_t got = 0;
  do {
    got = ::read(pipes.start_error.read_end.get(), &failure, sizeof failure);
  } while (got < 0 && errno == EINTR);
  result.started = got == 0;
  if (!result.started) {
    result.start_error = std::strerror(failure.reason);
    result.kept_network = failure.kept_network;
    reap(child, deadline, false, result);
    result.exit_status = -1;
    return result;
  }
  set_nonblocking(pipes.input.write_end);
  if (!request.discard_output) set_nonblocking(pipes.output.read_end);
  set_nonblocking(pipes.errors.read_end);
  exchange(pipes, request, deadline, result);
  reap(child, deadline, request.confinement.has_value(), result);
  return result;
}

std::string ChildResult::failure() const {
  if (!started) return start_error;
  if (timed_out) return "it took too long";
  // What comes before may be from programs that it has started.
  const std::string_view words = trim(errors);
  return words.empty() ? "exit code " + std::to_string(exit_status)
                       : std::string(words.substr(words.rfind('\n') + 1));
}

}  // namespace trunkgate

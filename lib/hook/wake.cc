#include "hook/wake.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <optional>
#include <string_view>

namespace trunkgate {
namespace {

std::string own_path() {
  std::array<char, 4096> path{};
  const ssize_t n = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
  return n <= 0 ? std::string() : std::string(path.data(), static_cast<std::size_t>(n));
}

// Of many pushes at once one starts the deliverer. Whoever holds this lock has not started it yet,
// so that one will see what this push has left, too. Exec releases it. Nothing when somebody else
// holds it; -1 where there is no lock, as on some network file systems.
std::optional<int> take_turn(const std::string& repository) {
  const std::string spool = repository + "/trunkgate/spool";
  const int turn = ::open(spool.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (turn < 0) return -1;
  const bool locked = ::flock(turn, LOCK_EX | LOCK_NB) == 0;
  if (locked && turn > STDERR_FILENO) return turn;
  const bool taken = !locked && errno == EWOULDBLOCK;
  ::close(turn);
  if (taken) return std::nullopt;
  return -1;
}

std::string up(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

// The push still runs, and others may: on a small machine they would share its processors, and
// pushers would wait for what nobody waits for. What is left to it of a machine that is never idle
// (a fiftieth of a processor) still takes hundreds of events a second. Where Linux groups processes
// by session (sched(7), "autogroup"), what a process has counts inside of its session alone, and
// setsid() has just made one for it. After fork(): system calls only.
void yield_to_pushes() {
  static constexpr std::string_view kGroupNice = "19";
  ::setpriority(PRIO_PROCESS, 0, 19);
  const int group = ::open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
  if (group < 0) return;
  // Whatever comes of it, the deliverer is to run.
  [[maybe_unused]] const ssize_t written = ::write(group, kGroupNice.data(), kGroupNice.size());
  ::close(group);
}

}  // namespace

std::string trunkgate_program() {
  return up(up(up(own_path()))) + "/bin/trunkgate";  // PREFIX/libexec/trunkgate/pre-receive
}

std::string network_program() {
  return up(up(own_path())) + "/libexec/trunkgate/deliver";  // PREFIX/bin/trunkgate
}

std::string program_beside(const std::string& name) { return up(own_path()) + "/" + name; }

void wake_deliverer(const std::string& repository) {
  wake_deliverer(repository, trunkgate_program());
}

void wake_deliverer(const std::string& repository, const std::string& program) {
  if (::access(program.c_str(), X_OK) != 0) return;
  // fork() and not posix_spawn(): a hook is a small process, and its parent need not wait until the
  // new program is loaded. The child's parent is init as soon as this process ends. Nothing but
  // system calls from here on: the C library may be in any state.
  const std::optional<int> turn = take_turn(repository);
  if (!turn) return;
  if (::fork() != 0) {
    // The child has it, however long this process still runs.
    if (*turn >= 0) ::close(*turn);
    return;
  }
  ::setsid();
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null, fd);
  // Any descriptor left open would keep the pusher's connection.
  constexpr int kTurn = STDERR_FILENO + 1;
  if (*turn > kTurn) ::dup3(*turn, kTurn, O_CLOEXEC);
  ::close_range(*turn < 0 ? kTurn : kTurn + 1, ~0U, 0);
  for (const int signal : {SIGPIPE, SIGXFSZ}) ::signal(signal, SIG_DFL);
  const std::array<const char*, 5> argv = {program.c_str(), "deliver", "--woken",
                                           repository.c_str(), nullptr};
  const std::array<const char*, 3> environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C",
                                                  nullptr};
  yield_to_pushes();
  const timespec soon{.tv_sec = 0, .tv_nsec = 100'000'000};
  ::nanosleep(&soon, nullptr);
  ::execve(program.c_str(), const_cast<char* const*>(argv.data()),
           const_cast<char* const*>(environment.data()));
  ::_exit(0);
}

}  // namespace trunkgate

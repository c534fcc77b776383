#include "hook/wake.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace trunkgate {
namespace {

std::string own_path() {
  std::array<char, 4096> path{};
  const ssize_t n = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
  return n <= 0 ? std::string() : std::string(path.data(), static_cast<std::size_t>(n));
}

std::string up(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

}  // namespace

std::string trunkgate_program() {
  return up(up(up(own_path()))) + "/bin/trunkgate";  // PREFIX/libexec/trunkgate/pre-receive
}

std::string program_beside(const std::string& name) { return up(own_path()) + "/" + name; }

void wake_deliverer(const std::string& repository) {
  const std::string program = trunkgate_program();
  if (::access(program.c_str(), X_OK) != 0) return;
  // Not fork(): copying the page tables of a process that is about to exit costs more than all the
  // rest of post-receive. The child's parent is init as soon as this process ends.
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
  if (::posix_spawnattr_init(&attributes) != 0) return;
  if (::posix_spawn_file_actions_init(&actions) != 0) {
    ::posix_spawnattr_destroy(&attributes);
    return;
  }
  sigset_t ignored;
  ::sigemptyset(&ignored);
  for (const int signal : {SIGPIPE, SIGXFSZ}) ::sigaddset(&ignored, signal);
  ::posix_spawnattr_setsigdefault(&attributes, &ignored);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    ::posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
  }
  // Any descriptor left open would keep the pusher's connection.
  ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  const std::array<const char*, 5> argv = {program.c_str(), "deliver", "--woken",
                                           repository.c_str(), nullptr};
  const std::array<const char*, 3> environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C",
                                                  nullptr};
  pid_t child = 0;
  ::posix_spawn(&child, program.c_str(), &actions, &attributes,
                const_cast<char* const*>(argv.data()),
                const_cast<char* const*>(environment.data()));
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
}

}  // namespace trunkgate

#include "hook/output_relay.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstddef>
#include <string_view>

namespace trunkgate {
namespace {

// True when standard error took all of it. A pipe that has room for anything has room for PIPE_BUF
// bytes, so that writing never blocks.
bool pass_on(std::string_view text, int patience) {
  while (!text.empty()) {
    pollfd out{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
    const int ready = ::poll(&out, 1, patience);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0 || (out.revents & POLLOUT) == 0) return false;
    const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

[[noreturn]] void relay(int input, int patience) {
  std::signal(SIGPIPE, SIG_IGN);
  ::close(STDIN_FILENO);
  ::close(STDOUT_FILENO);
  std::array<char, PIPE_BUF> buffer{};
  bool taken = true;
  while (true) {
    const ssize_t n = ::read(input, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) ::_exit(0);
    taken = taken && pass_on({buffer.data(), static_cast<std::size_t>(n)}, patience);
  }
}

}  // namespace

int start_output_relay(std::chrono::milliseconds patience) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[1]);
    relay(ends[0], static_cast<int>(patience.count()));
  }
  ::close(ends[0]);
  if (child > 0) return ends[1];
  ::close(ends[1]);
  return -1;
}

}  // namespace trunkgate

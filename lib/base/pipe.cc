// Pipes whose ends never leak into another program.
#include "base/pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>

namespace trunkgate {
namespace {

// A caller may have closed 0 to 2; the child's dup2() must not overwrite an end of a pipe.
Descriptor above_standard(int fd) {
  Descriptor first(fd);
  if (fd > STDERR_FILENO) return first;
  return Descriptor(::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

}  // namespace

void Descriptor::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

bool Pipe::open() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  read_end = above_standard(ends[0]);
  write_end = above_standard(ends[1]);
  return read_end.is_open() && write_end.is_open();
}

SigpipeBlocked::SigpipeBlocked() {
  sigemptyset(&only_sigpipe_);
  sigaddset(&only_sigpipe_, SIGPIPE);
  sigset_t pending;
  sigpending(&pending);
  was_pending_ = sigismember(&pending, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &only_sigpipe_, &before_);
}

SigpipeBlocked::~SigpipeBlocked() {
  const timespec no_wait{};
  if (!was_pending_) {
    while (sigtimedwait(&only_sigpipe_, nullptr, &no_wait) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace trunkgate

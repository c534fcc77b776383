// File descriptors that close themselves, pipes, and a thread's peace from SIGPIPE.
#pragma once

#include <signal.h>

#include <utility>

namespace trunkgate {

// Owns one descriptor, or none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      close();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  // Not closed from now on, but the caller's to close.
  int release() { return std::exchange(fd_, -1); }
  void close();

 private:
  int fd_ = -1;
};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;

  // Both ends are closed by exec and above 2. False with errno set when it cannot be opened.
  bool open();
};

// Keeps SIGPIPE from the calling thread while it lives, and swallows one that came meanwhile.
class SigpipeBlocked {
 public:
  SigpipeBlocked();
  SigpipeBlocked(const SigpipeBlocked&) = delete;
  SigpipeBlocked& operator=(const SigpipeBlocked&) = delete;
  ~SigpipeBlocked();

 private:
  sigset_t only_sigpipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

}  // namespace trunkgate

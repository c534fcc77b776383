#include "events/event_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <optional>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::chrono::seconds kLongestWait{10};
constexpr std::chrono::milliseconds kPause{5};

[[noreturn]] void fail(const std::string& what, const std::string& path, const std::string& why) {
  throw Error(ErrorKind::delivery,
              fmt::format("cannot {} {}: {}", what, printable(path, 1000), why));
}

[[noreturn]] void fail(const std::string& what, const std::string& path) {
  fail(what, path, errno == ELOOP ? "is a symbolic link" : std::strerror(errno));
}

// Never waits for the other end of a FIFO, never follows a link.
Descriptor open_file(const std::string& path, int flags) {
  return Descriptor(::open(path.c_str(), flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

std::optional<struct stat> status_of(const Descriptor& file) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return std::nullopt;
  return status;
}

std::string read_at(const Descriptor& file, std::uint64_t start, std::size_t bytes,
                    const std::string& path) {
  std::string text(bytes, '\0');
  std::size_t size = 0;
  while (size < bytes) {
    const ssize_t n =
        ::pread(file.get(), text.data() + size, bytes - size, static_cast<off_t>(start + size));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("read", path);
    if (n == 0) break;  // somebody else has cut it
    size += static_cast<std::size_t>(n);
  }
  text.resize(size);
  return text;
}

// At most so many bytes from its end, from a line's start on.
std::string last_lines_of(const Descriptor& file, std::uint64_t size, std::size_t bytes,
                          const std::string& path) {
  const std::uint64_t start = size > bytes ? size - bytes : 0;
  std::string text = read_at(file, start, static_cast<std::size_t>(size - start), path);
  if (start > 0) text.erase(0, std::min(text.find('\n'), text.size() - 1) + 1);
  return text;
}

void sync_folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open() || ::fsync(opened.get()) != 0) fail("sync", folder);
}

void rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) fail("rename " + printable(from, 1000) + " to", to);
}

}  // namespace

EventFile::EventFile(const FileSinkSettings& settings, const Sharing& sharing)
    : settings_(settings), sharing_(sharing) {
  open();
}

void EventFile::open() {
  const std::string& path = settings_.path;
  const auto deadline = std::chrono::steady_clock::now() + kLongestWait;
  while (true) {
    file_ = open_file(path, O_RDWR | O_APPEND);
    if (!file_.is_open() && errno == ENOENT) {
      create_file(path, "", sharing_, Durability::synced);
      file_ = open_file(path, O_RDWR | O_APPEND);
    }
    // Moved away between the two calls.
    if (!file_.is_open() && errno == ENOENT && std::chrono::steady_clock::now() < deadline)
      continue;
    if (!file_.is_open()) fail("open", path);
    const auto before = status_of(file_);
    if (!before || !S_ISREG(before->st_mode)) fail("write to", path, "is no regular file");
    while (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) fail("lock", path);
      if (std::chrono::steady_clock::now() >= deadline) {
        fail("lock", path, "another process holds it for more than ten seconds");
      }
      std::this_thread::sleep_for(kPause);
    }
    const auto locked = status_of(file_);
    struct stat named {};
    if (locked && ::lstat(path.c_str(), &named) == 0 && named.st_ino == locked->st_ino &&
        named.st_dev == locked->st_dev) {
      size_ = static_cast<std::uint64_t>(locked->st_size);
      return;
    }
    if (std::chrono::steady_clock::now() >= deadline) fail("open", path, "others keep moving it");
  }
}

bool EventFile::torn() const {
  return size_ > 0 && read_at(file_, size_ - 1, 1, settings_.path) != "\n";
}

std::string EventFile::moved(std::uint64_t number) const {
  return fmt::format("{}.{}", settings_.path, number);
}

std::string EventFile::last_lines(std::size_t bytes) const {
  std::string text = last_lines_of(file_, size_, bytes, settings_.path);
  std::uint64_t covered = size_;
  int missing = 0;
  // One number may be missing after a kill. Where another program moves the file away there is one
  // to look at, too.
  for (std::uint64_t k = 1; covered < bytes && k <= std::max<std::uint64_t>(settings_.keep, 1);
       ++k) {
    const std::string path = moved(k);
    const Descriptor file = open_file(path, O_RDONLY);
    const auto status = file.is_open() ? status_of(file) : std::nullopt;
    if (!status || !S_ISREG(status->st_mode)) {
      if (++missing > 1) break;
      continue;
    }
    const auto size = static_cast<std::uint64_t>(status->st_size);
    std::string older = last_lines_of(file, size, bytes - static_cast<std::size_t>(covered), path);
    if (!older.empty() && older.back() != '\n') older += '\n';
    text.insert(0, older);
    covered += size;
  }
  return text;
}

void EventFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file_.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail("write to", settings_.path);
    size_ += static_cast<std::uint64_t>(n);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::fsync(file_.get()) != 0) fail("sync", settings_.path);
}

void EventFile::move_away() {
  // Numbers above the first free one need not move.
  std::uint64_t free = 1;
  while (free < settings_.keep && exists(moved(free))) ++free;
  for (; free > 1; --free) rename_file(moved(free - 1), moved(free));
  // The name goes last: until then everybody else waits for this file's lock.
  if (settings_.keep == 0) {
    remove_file(settings_.path);
  } else {
    rename_file(settings_.path, moved(1));
  }
  sync_folder_of(settings_.path);
  open();
}

}  // namespace trunkgate

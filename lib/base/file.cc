#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "base/error.h"
#include "base/pipe.h"

namespace trunkgate {
namespace {

[[noreturn]] void fail(const std::string& what, const std::string& path) {
  throw Error(ErrorKind::delivery, what + " " + path + ": " + std::strerror(errno));
}

void write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail("cannot write", path);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

void sync_folder(const std::string& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open() || ::fsync(folder.get()) != 0) fail("cannot sync", path);
}

// A name beside `path` that no other process or call uses.
std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  return path + ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
}

void sync(const Descriptor& file, const std::string& path) {
  if (::fsync(file.get()) != 0) fail("cannot sync", path);
}

Descriptor write_temporary(const std::string& name, std::string_view bytes,
                           const Sharing& sharing) {
  Descriptor file(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.is_open()) fail("cannot create", name);
  // The umask of whoever pushes must not decide who can read it.
  if (sharing.extra != 0 && ::fchmod(file.get(), sharing.file_mode()) != 0) {
    fail("cannot set the mode of", name);
  }
  write_all(file.get(), bytes, name);
  return file;
}

}  // namespace

unsigned Sharing::folder_mode() const {
  unsigned mode = 0700;
  if ((extra & 0060U) != 0) mode |= (extra & 0060U) | 0010U;
  if ((extra & 0006U) != 0) mode |= (extra & 0006U) | 0001U;
  if ((extra & 0020U) != 0) mode |= 02000U;
  return mode;
}

FileText read_file(const std::string& path, std::size_t limit) {
  FileText result;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) {
    result.state = errno == ENOENT ? FileState::missing : FileState::unreadable;
    result.reason = std::strerror(errno);
    return result;
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    result.state = FileState::not_regular;
    result.reason = "is no regular file";
    return result;
  }
  if (static_cast<std::size_t>(status.st_size) > limit) {
    result.state = FileState::too_large;
    result.reason = "is larger than " + std::to_string(limit) + " bytes";
    return result;
  }
  result.text.resize(static_cast<std::size_t>(status.st_size));
  std::size_t size = 0;
  while (size < limit + 1) {
    if (size == result.text.size()) result.text.resize(std::min(limit + 1, size + 4096));
    const ssize_t n = ::read(file.get(), result.text.data() + size, result.text.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      result.state = FileState::unreadable;
      result.reason = std::strerror(errno);
      result.text.clear();
      return result;
    }
    if (n == 0) break;
    size += static_cast<std::size_t>(n);
  }
  result.text.resize(size);
  if (size > limit) {  // it grew while it was read
    result.state = FileState::too_large;
    result.reason = "is larger than " + std::to_string(limit) + " bytes";
    result.text.clear();
    return result;
  }
  result.state = FileState::present;
  return result;
}

void make_folder(const std::string& path, const Sharing& sharing) {
  if (::mkdir(path.c_str(), 0700) == 0) {
    if (::chmod(path.c_str(), sharing.folder_mode()) != 0) fail("cannot set the mode of", path);
    return;
  }
  if (errno == EEXIST) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return;
    errno = ENOTDIR;
    fail("cannot create", path);
  }
  if (errno != ENOENT || folder_of(path) == path || path.find('/') == std::string::npos) {
    fail("cannot create", path);
  }
  make_folder(folder_of(path), sharing);
  make_folder(path, sharing);
}

void write_file(const std::string& path, std::string_view bytes, const Sharing& sharing,
                Durability durability) {
  const std::string temporary = temporary_name(path);
  try {
    const Descriptor file = write_temporary(temporary, bytes, sharing);
    if (durability == Durability::synced) sync(file, temporary);
    if (::rename(temporary.c_str(), path.c_str()) != 0) fail("cannot rename to", path);
  } catch (const Error&) {
    ::unlink(temporary.c_str());
    throw;
  }
  if (durability == Durability::synced) sync_folder(folder_of(path));
}

void add_file(const std::string& path, std::string_view bytes, const Sharing& sharing) {
  const std::string temporary = temporary_name(path);
  try {
    const Descriptor file = write_temporary(temporary, bytes, sharing);
    if (::rename(temporary.c_str(), path.c_str()) != 0) fail("cannot rename to", path);
    try {
      sync(file, path);
      sync_folder(folder_of(path));
    } catch (const Error&) {
      ::unlink(path.c_str());
      throw;
    }
  } catch (const Error&) {
    ::unlink(temporary.c_str());
    throw;
  }
}

bool turn_file_into(const std::string& from, const std::string& path, std::string_view bytes) {
  const Descriptor file(::open(from.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return false;
  }
  if (::ftruncate(file.get(), 0) != 0) fail("cannot write", from);
  write_all(file.get(), bytes, from);
  if (::rename(from.c_str(), path.c_str()) != 0) fail("cannot rename to", path);
  return true;
}

bool create_file(const std::string& path, std::string_view bytes, const Sharing& sharing,
                 Durability durability) {
  const std::string temporary = temporary_name(path);
  bool created = true;
  try {
    const Descriptor file = write_temporary(temporary, bytes, sharing);
    if (durability == Durability::synced) sync(file, temporary);
    // link() fails when the name is taken, which rename() would not.
    if (::link(temporary.c_str(), path.c_str()) != 0) {
      if (errno != EEXIST) fail("cannot create", path);
      created = false;
    }
  } catch (const Error&) {
    ::unlink(temporary.c_str());
    throw;
  }
  ::unlink(temporary.c_str());
  if (created && durability == Durability::synced) sync_folder(folder_of(path));
  return created;
}

void append_file(const std::string& path, std::string_view bytes, const Sharing& sharing) {
  const Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.is_open()) fail("cannot open", path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    errno = EINVAL;
    fail("cannot append to", path);
  }
  // Only the owner can change the mode, and only the first call needs to.
  if (sharing.extra != 0 && status.st_size == 0) ::fchmod(file.get(), sharing.file_mode());
  const off_t end = ::lseek(file.get(), 0, SEEK_END);
  try {
    write_all(file.get(), bytes, path);
  } catch (const Error&) {
    // Where that fails, it stays cut short, and whoever reads it sees that.
    [[maybe_unused]] const bool undone = end >= 0 && ::ftruncate(file.get(), end) == 0;
    throw;
  }
  if (::fsync(file.get()) != 0) fail("cannot sync", path);
}

std::vector<std::string> list_folder(const std::string& path) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
  if (folder == nullptr) return names;
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

void remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail("cannot remove", path);
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

namespace {

int open_lock(const std::string& path, const Sharing& sharing) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.is_open()) fail("cannot open", path);
  if (sharing.extra != 0) ::fchmod(file.get(), sharing.file_mode());
  return file.release();
}

}  // namespace

FileLock FileLock::wait(const std::string& path, const Sharing& sharing) {
  FileLock lock(open_lock(path, sharing));
  while (::flock(lock.descriptor_, LOCK_EX) != 0) {
    if (errno != EINTR) fail("cannot lock", path);
  }
  return lock;
}

std::optional<FileLock> FileLock::try_now(const std::string& path, const Sharing& sharing) {
  FileLock lock(open_lock(path, sharing));
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::nullopt;
    fail("cannot lock", path);
  }
  return lock;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace trunkgate

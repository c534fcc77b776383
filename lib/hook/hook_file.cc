#include "hook/hook_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/file.h"
#include "base/pipe.h"
#include "base/text.h"

namespace trunkgate {
namespace {

// Kept: files in the field carry it. What follows it is the version.
constexpr std::string_view kMarker = "# trunkgate-managed";
constexpr std::size_t kMaxHookBytes = std::size_t{16} << 20U;
// Old kernels cut a first line at 127 bytes.
constexpr std::size_t kMaxInterpreter = 120;
constexpr std::string_view kTemporary = ".tmp-";

[[noreturn]] void fail(const std::string& what, const std::string& path) {
  throw Error(ErrorKind::delivery, what + " " + path + ": " + std::strerror(errno));
}

bool fits_first_line(std::string_view program) {
  return program.size() <= kMaxInterpreter &&
         program.find_first_of(" \t\n\r\v\f") == std::string_view::npos;
}

bool is_our_text(std::string_view text) {
  if (!text.starts_with("#!")) return false;
  const auto line = text.find('\n');
  return line != std::string_view::npos && text.substr(line + 1).starts_with(kMarker);
}

void write_executable(const std::string& path, std::string_view bytes, unsigned mode) {
  const Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.is_open()) fail("cannot create", path);
  while (!bytes.empty()) {
    const ssize_t n = ::write(file.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail("cannot write", path);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::fchmod(file.get(), mode) != 0) fail("cannot set the mode of", path);
  if (::fsync(file.get()) != 0) fail("cannot sync", path);
}

bool is_temporary(std::string_view name) {
  const auto at = name.rfind(kTemporary);
  if (at == std::string_view::npos || at + kTemporary.size() == name.size()) return false;
  name.remove_prefix(at + kTemporary.size());
  return std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string hook_text(std::string_view program) {
  const bool direct = fits_first_line(program);
  std::string text = "#!" + (direct ? std::string(program) : std::string("/bin/sh")) + "\n";
  text += kMarker;
  text += " v1\n";
  text +=
      "# The program judges each push. The last two lines run only when it cannot be started.\n";
  text += "# Take the gate off with: trunkgate uninstall REPOSITORY\n";
  if (!direct) {
    // A shell would run an empty program as a script that succeeds.
    const std::string word = shell_quote(program);
    text += "IFS= read -r start <" + word + "\n";
    text += "case $start in ?ELF* | '#!'*) exec " + word + " \"$0\" \"$@\" ;; esac\n";
  }
  text +=
      "echo \"error: the gate of this repository is not installed properly; ask an admin\" >&2\n"
      "exit 1\n";
  return text;
}

bool is_our_hook(const std::string& path) {
  const FileText file = read_file(path, kMaxHookBytes);
  return file.state == FileState::present && is_our_text(file.text);
}

HookState look_at_hook(const std::string& path, std::string_view text) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return HookState::absent;
    throw Error(ErrorKind::repository, "cannot look at " + path + ": " + std::strerror(errno));
  }
  if (S_ISLNK(status.st_mode)) {
    return is_our_hook(path) ? HookState::linked : HookState::foreign_link;
  }
  if (!S_ISREG(status.st_mode)) return HookState::foreign_folder;
  const FileText file = read_file(path, kMaxHookBytes);
  if (file.state != FileState::present || !is_our_text(file.text)) return HookState::foreign;
  const bool same = file.text == text && (status.st_mode & 07777U) == kHookMode;
  return same ? HookState::current : HookState::outdated;
}

void put_executable(const std::string& path, std::string_view bytes, unsigned mode) {
  const std::string temporary = path + std::string(kTemporary) + std::to_string(::getpid());
  remove_file(temporary);
  try {
    write_executable(temporary, bytes, mode);
    if (::rename(temporary.c_str(), path.c_str()) != 0) fail("cannot rename to", path);
  } catch (const Error&) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_names(folder_of(path));
}

void make_folder_alike(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) != 0) {
    struct stat there {};
    if (errno == EEXIST && ::stat(path.c_str(), &there) == 0 && S_ISDIR(there.st_mode)) return;
    if (errno == EEXIST) errno = ENOTDIR;
    fail("cannot create", path);
  }
  struct stat parent {};
  if (::stat(folder_of(path).c_str(), &parent) != 0 ||
      ::chmod(path.c_str(), (parent.st_mode & 02777U) | 0700U) != 0) {
    fail("cannot set the mode of", path);
  }
  sync_names(folder_of(path));
}

void sync_names(const std::string& folder) {
  const Descriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.is_open() || ::fsync(file.get()) != 0) fail("cannot sync", folder);
}

void remove_leftovers(const std::string& folder) {
  for (const std::string& name : list_folder(folder)) {
    if (!is_temporary(name)) continue;
    struct stat status {};
    const std::string path = folder + "/" + name;
    if (::lstat(path.c_str(), &status) == 0 && !S_ISDIR(status.st_mode)) remove_file(path);
  }
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace trunkgate

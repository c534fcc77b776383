#include "hook/foreign_hook.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>

#include "base/error.h"
#include "base/file.h"

namespace trunkgate {
namespace {

constexpr std::string_view kDisabled = ".disabled";
constexpr std::size_t kMaxHookBytes = std::size_t{1} << 30U;

[[noreturn]] void fail(const std::string& what, const std::string& path) {
  throw Error(ErrorKind::delivery, what + " " + path + ": " + std::strerror(errno));
}

struct stat status_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) fail("cannot look at", path);
  return status;
}

std::string link_target(const std::string& path) {
  std::array<char, PATH_MAX> target{};
  const ssize_t n = ::readlink(path.c_str(), target.data(), target.size());
  if (n < 0) fail("cannot read the link", path);
  return {target.data(), static_cast<std::size_t>(n)};
}

// A relative link says where to go from its own folder, and `<hook>.d` is one level deeper.
std::string target_in_folder(const std::string& target) {
  return target.starts_with("/") ? target : "../" + target;
}

std::string target_outside(const std::string& target, const std::string& folder_name) {
  if (target.starts_with("/")) return target;
  return target.starts_with("../") ? target.substr(3) : folder_name + "/" + target;
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// An earlier installation got as far as keeping `hook` at `place`.
bool is_kept(const std::string& hook, HookState state, const std::string& place) {
  if (state == HookState::foreign_folder || !exists(place)) return false;
  const struct stat there = status_of(place);
  if (state == HookState::foreign_link) {
    return S_ISLNK(there.st_mode) && link_target(place) == target_in_folder(link_target(hook));
  }
  const struct stat here = status_of(hook);
  if (here.st_dev == there.st_dev && here.st_ino == there.st_ino) return true;
  if (!S_ISREG(there.st_mode) || here.st_size != there.st_size ||
      ((here.st_mode ^ there.st_mode) & 0777U) != 0) {
    return false;
  }
  const FileText one = read_file(hook, kMaxHookBytes);
  const FileText other = read_file(place, kMaxHookBytes);
  return one.state == FileState::present && other.state == FileState::present &&
         one.text == other.text;
}

// A second name for the same file where the system allows it, else a copy.
void keep_file(const std::string& hook, const std::string& place) {
  if (::link(hook.c_str(), place.c_str()) == 0) return;
  if (errno == EEXIST) fail("cannot keep the hook that was there as", place);
  const FileText file = read_file(hook, kMaxHookBytes);
  if (file.state != FileState::present) {
    throw Error(ErrorKind::repository,
                "cannot read the hook that is there: " + hook + ": " + file.reason);
  }
  put_executable(place, file.text, status_of(hook).st_mode & 0777U);
}

void exchange(const std::string& one, const std::string& other) {
  if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) != 0) {
    fail("cannot put a hook in the place of the folder", other);
  }
}

// A file with more names may be in force somewhere: here still, or in other repositories.
void forbid_to_run(const std::string& hook, const std::string& path) {
  const struct stat status = status_of(path);
  if ((status.st_mode & 0111U) == 0) return;
  struct stat in_force {};
  if (::lstat(hook.c_str(), &in_force) == 0 && in_force.st_ino == status.st_ino &&
      in_force.st_dev == status.st_dev) {
    return;
  }
  if (status.st_nlink == 1) {
    if (::chmod(path.c_str(), status.st_mode & 0666U) != 0) fail("cannot set the mode of", path);
    return;
  }
  const FileText file = read_file(path, kMaxHookBytes);
  if (file.state == FileState::present) put_executable(path, file.text, status.st_mode & 0666U);
}

std::string place_name(unsigned number, ForeignMode mode) {
  return std::to_string(number) + "-previous" +
         std::string(mode == ForeignMode::set_aside ? kDisabled : "");
}

// The first number that nothing has, or that holds this very hook already.
std::string choose_place(const std::string& hook, HookState state, ForeignMode mode) {
  const std::string folder = hook + ".d/";
  for (unsigned number = 50; number < 100; ++number) {
    std::string name = place_name(number, mode);
    if (is_kept(hook, state, folder + name)) return name;
    if (!exists(folder + place_name(number, ForeignMode::chain)) &&
        !exists(folder + place_name(number, ForeignMode::set_aside))) {
      return name;
    }
  }
  throw Error(ErrorKind::repository, "there are 50 earlier hooks in " + hook + ".d",
              "remove those that nobody needs");
}

void keep_and_replace(const std::string& hook, HookState state, std::string_view text,
                      const std::string& place) {
  if (state == HookState::foreign_folder) {
    put_executable(place, text);
    try {
      exchange(place, hook);
    } catch (const Error&) {
      remove_file(place);
      throw;
    }
    return;
  }
  if (!is_kept(hook, state, place)) {
    if (state == HookState::foreign_link) {
      if (::symlink(target_in_folder(link_target(hook)).c_str(), place.c_str()) != 0) {
        fail("cannot create", place);
      }
    } else {
      keep_file(hook, place);
    }
  }
  // The kept name must be on disk before the only other one goes.
  sync_names(folder_of(place));
  put_executable(hook, text);
}

}  // namespace

std::string free_place(const std::string& hook, ForeignMode mode) {
  return choose_place(hook, look_at_hook(hook, {}), mode);
}

std::string replace_foreign_hook(const std::string& hook, HookState state, std::string_view text,
                                 ForeignMode mode) {
  const std::string folder = hook + ".d";
  make_folder_alike(folder);
  std::string name = choose_place(hook, state, mode);
  keep_and_replace(hook, state, text, folder + "/" + name);
  sync_names(folder);
  sync_names(folder_of(hook));
  tidy_hook_folder(hook);
  return name;
}

std::vector<std::string> chained_entries(const std::string& hook) {
  std::vector<std::string> names;
  for (const std::string& name : list_folder(hook + ".d")) {
    if (!name.ends_with(kDisabled) && !name.ends_with("~") && !name.ends_with(".sample")) {
      names.push_back(name);
    }
  }
  return names;
}

void restore_foreign_hook(const std::string& hook, const std::string& entry) {
  const std::string place = hook + ".d/" + entry;
  const struct stat status = status_of(place);
  if (S_ISLNK(status.st_mode)) {
    const std::string temporary = hook + ".tmp-" + std::to_string(::getpid());
    remove_file(temporary);
    const std::string target = target_outside(link_target(place), name_of(hook) + ".d");
    if (::symlink(target.c_str(), temporary.c_str()) != 0) fail("cannot create", temporary);
    if (::rename(temporary.c_str(), hook.c_str()) != 0) fail("cannot rename to", hook);
    remove_file(place);
  } else if (S_ISDIR(status.st_mode)) {
    exchange(place, hook);
    remove_file(place);
  } else if (::rename(place.c_str(), hook.c_str()) != 0) {
    fail("cannot rename to", hook);
  }
  sync_names(folder_of(hook));
}

void tidy_hook_folder(const std::string& hook) {
  const std::string folder = hook + ".d";
  remove_leftovers(folder);
  for (const std::string& name : list_folder(folder)) {
    const std::string path = folder + "/" + name;
    if (!S_ISREG(status_of(path).st_mode)) continue;
    // Left by an exchange that was cut short; run from here, the gate would judge twice.
    if (is_our_hook(path)) {
      remove_file(path);
    } else if (name.ends_with(kDisabled)) {
      forbid_to_run(hook, path);
    }
  }
}

}  // namespace trunkgate

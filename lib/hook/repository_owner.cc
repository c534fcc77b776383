#include "hook/repository_owner.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include "hook/hook_file.h"

namespace trunkgate {
namespace {

constexpr gid_t kNoGroup = 65534;
constexpr int kCannotBecome = 126;
constexpr int kKilled = 127;

using Stream = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

Stream open_table(const char* path) { return {std::fopen(path, "re"), std::fclose}; }

void find_account(Owner& owner) {
  const Stream table = open_table("/etc/passwd");
  if (table == nullptr) return;
  while (const passwd* entry = ::fgetpwent(table.get())) {
    if (entry->pw_uid != owner.user) continue;
    owner.name = entry->pw_name;
    owner.home = entry->pw_dir;
    owner.group = entry->pw_gid;
    return;
  }
}

// Without them a folder that is shared with a group would lose its setgid bit.
void find_groups(Owner& owner) {
  const Stream table = open_table("/etc/group");
  if (table == nullptr || owner.name.empty()) return;
  while (const group* entry = ::fgetgrent(table.get())) {
    for (char** member = entry->gr_mem; *member != nullptr; ++member) {
      if (owner.name == *member) owner.further_groups.push_back(entry->gr_gid);
    }
  }
}

bool become(const Owner& owner) {
  return ::setgroups(owner.further_groups.size(), owner.further_groups.data()) == 0 &&
         ::setresgid(owner.group, owner.group, owner.group) == 0 &&
         ::setresuid(owner.user, owner.user, owner.user) == 0;
}

}  // namespace

Owner owner_of(const std::string& path) {
  Owner owner{
      .user = ::geteuid(), .group = ::getegid(), .further_groups = {}, .name = {}, .home = {}};
  std::string at = path;
  while (at.size() > 1 && at.back() == '/') at.pop_back();
  struct stat status {};
  while (::stat(at.c_str(), &status) != 0) {
    if (errno != ENOENT || at == "/" || at == ".") return owner;
    at = folder_of(at);
  }
  owner.user = status.st_uid;
  // An account that nobody lists must not get root's group because of a folder.
  owner.group = status.st_gid == 0 && status.st_uid != 0 ? kNoGroup : status.st_gid;
  find_account(owner);
  find_groups(owner);
  return owner;
}

int run_as_owner(const Owner& owner, const std::function<int()>& work) {
  if (::geteuid() != 0 || owner.user == 0) return work();
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) return kCannotBecome;
  if (child == 0) {
    const int code = become(owner) ? work() : kCannotBecome;
    std::fflush(nullptr);
    ::_exit(code);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : kKilled;
}

}  // namespace trunkgate

#include "base/confinement.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <string_view>

#include "base/file.h"

namespace trunkgate {
namespace {

// Descendants that multiply faster than they can be killed are given up after so many rounds.
constexpr int kMaxRounds = 1000;

std::string map_to_itself(unsigned id) {
  return std::to_string(id) + " " + std::to_string(id) + " 1\n";
}

void write_to(const char* path, std::string_view text) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  [[maybe_unused]] const ssize_t written = ::write(fd, text.data(), text.size());
  ::close(fd);
}

bool limit_to(int resource, rlim_t value) {
  struct rlimit limit {};
  if (::getrlimit(static_cast<__rlimit_resource_t>(resource), &limit) != 0) return false;
  // Nobody but root may raise what is lower already.
  if (limit.rlim_max != RLIM_INFINITY) value = std::min(value, limit.rlim_max);
  limit.rlim_cur = limit.rlim_max = value;
  return ::setrlimit(static_cast<__rlimit_resource_t>(resource), &limit) == 0;
}

// Every child of this process, whichever thread started it.
std::vector<pid_t> children() {
  std::vector<pid_t> found;
  for (const std::string& thread : list_folder("/proc/self/task")) {
    std::ifstream file("/proc/self/task/" + thread + "/children");
    for (pid_t child = 0; file >> child;) found.push_back(child);
  }
  return found;
}

}  // namespace

ConfinementPlan::ConfinementPlan(const Confinement& confinement)
    : confinement_(confinement),
      parent_(::getpid()),
      user_map_(map_to_itself(::geteuid())),
      group_map_(map_to_itself(::getegid())) {}

bool ConfinementPlan::leave_network() const {
  if (confinement_.network) return true;
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return false;
  // Without the maps the program would only not know its own name: files stay as they are.
  write_to("/proc/self/setgroups", "deny");
  write_to("/proc/self/uid_map", user_map_);
  write_to("/proc/self/gid_map", group_map_);
  return true;
}

bool ConfinementPlan::limit() const {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !limit_to(RLIMIT_CORE, 0)) return false;
  if (confinement_.memory != 0 && !limit_to(RLIMIT_AS, confinement_.memory)) return false;
  // A new user namespace forgets this, so it comes after.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return false;
  if (::getppid() != parent_) ::_exit(127);
  return true;
}

Offspring::Offspring() : before_(children()) {
  ::prctl(PR_GET_CHILD_SUBREAPER, &was_subreaper_, 0, 0, 0);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

Offspring::~Offspring() {
  for (int round = 0; round < kMaxRounds; ++round) {
    bool any = false;
    for (const pid_t child : children()) {
      if (std::find(before_.begin(), before_.end(), child) != before_.end()) continue;
      any = true;
      // A child that has not been waited for keeps its number: no other process is hit.
      ::kill(child, SIGKILL);
      while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
    if (!any) break;
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, was_subreaper_, 0, 0, 0);
}

}  // namespace trunkgate

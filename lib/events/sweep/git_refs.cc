#include "events/sweep/git_refs.h"

#include <chrono>
#include <string_view>
#include <utility>

#include "base/child_process.h"
#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr auto kTimeLimit = std::chrono::seconds(60);

// Nothing of the caller's configuration takes part, nor of its environment.
ChildResult run_git(const std::string& repository, std::vector<std::string> arguments,
                    std::string_view input = {}) {
  ChildRequest request;
  request.argv = {"git", "--git-dir=" + repository};
  request.argv.insert(request.argv.end(), arguments.begin(), arguments.end());
  request.environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "HOME=/nonexistent",
                         "GIT_CONFIG_GLOBAL=/dev/null",
                         // For the log of a reference, where one is kept.
                         "GIT_COMMITTER_NAME=trunkgate", "GIT_COMMITTER_EMAIL=trunkgate@localhost"};
  request.input = input;
  request.timeout = kTimeLimit;
  return run_child(request);
}

std::string words_of(const ChildResult& result) { return printable(result.failure(), 400); }

}  // namespace

std::set<std::string> used_branches(const std::string& repository) {
  const ChildResult listed = run_git(
      repository, {"for-each-ref", "--format=%(refname)%00%(symref)%00%(worktreepath)", "refs/"});
  if (!listed.succeeded()) {
    throw Error(ErrorKind::repository, "git cannot list references: " + words_of(listed));
  }
  std::set<std::string> used;
  for (const std::string_view line : split(listed.output, '\n')) {
    const auto parts = split(line, '\0');
    if (parts.size() != 3) continue;
    if (!parts[1].empty()) used.emplace(parts[1]);
    if (!parts[2].empty()) used.emplace(parts[0]);
  }
  return used;
}

std::optional<std::string> change_refs(const std::string& repository,
                                       const std::vector<RefChange>& changes,
                                       const std::string& reason) {
  const std::string nul(1, '\0');
  std::string input;
  for (const RefChange& change : changes) {
    if (change.before == change.after) {
      input += "verify " + change.ref + nul + change.before.hex() + nul;
    } else if (change.before.is_zero()) {
      input += "create " + change.ref + nul + change.after.hex() + nul;
    } else if (change.after.is_zero()) {
      input += "delete " + change.ref + nul + change.before.hex() + nul;
    } else {
      input += "update " + change.ref + nul + change.after.hex() + nul + change.before.hex() + nul;
    }
  }
  const ChildResult result =
      run_git(repository, {"update-ref", "--no-deref", "-m", reason, "--stdin", "-z"}, input);
  if (result.succeeded()) return std::nullopt;
  return words_of(result);
}

}  // namespace trunkgate

#include "hook/uninstaller.h"

#include <unistd.h>

#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/real_path.h"
#include "hook/foreign_hook.h"
#include "hook/git_program.h"
#include "hook/hook_file.h"
#include "hook/hook_names.h"
#include "policy/landing_check.h"

namespace trunkgate {
namespace {

RemovedHook remove_hook(const std::string& folder, const std::string& name, bool dry_run) {
  RemovedHook result{.name = name, .removed = false, .restored = {}, .left = {}};
  const std::string hook = folder + "/" + name;
  const HookState state = look_at_hook(hook, {});
  if (state != HookState::current && state != HookState::outdated && state != HookState::linked) {
    return result;
  }
  result.removed = true;
  if (!dry_run) tidy_hook_folder(hook);
  const std::vector<std::string> entries = chained_entries(hook);
  const bool restores = entries.size() == 1 && entries[0].ends_with("-previous");
  if (restores) result.restored = "hooks/" + name + ".d/" + entries[0];
  if (!dry_run) {
    if (restores) {
      restore_foreign_hook(hook, entries[0]);
    } else {
      remove_file(hook);
      sync_names(folder);
    }
    ::rmdir((hook + ".d").c_str());  // when it is empty now
  }
  const std::size_t held = list_folder(hook + ".d").size();
  if (held > (restores && dry_run ? 1U : 0U)) result.left = "hooks/" + name + ".d";
  return result;
}

}  // namespace

std::vector<RemovedHook> uninstall_gate(const std::string& path, bool dry_run) {
  // Not through libgit2: a gate must come off whatever has become of the repository.
  const std::string repository = real_path(path);
  if (repository.empty() || !exists(repository + "/HEAD") || !exists(repository + "/objects")) {
    throw Error(ErrorKind::repository, "there is no bare repository at " + path);
  }
  std::vector<RemovedHook> hooks;
  for (const char* name : kHookNames) {
    hooks.push_back(remove_hook(repository + "/hooks", name, dry_run));
  }
  RemovedHook queue = remove_hook(repository + "/hooks", kQueueHook, dry_run);
  if (queue.removed) {
    hooks.push_back(std::move(queue));
    if (!dry_run) GitProgram({}).unset(repository, kProcReceiveRefs, kProcReceiveValue);
  }
  return hooks;
}

}  // namespace trunkgate

// Hooks that were there before the gate: moved into `<hook>.d`, where ours runs them, and back.
#pragma once

#include <string>
#include <vector>

#include "hook/hook_file.h"

namespace trunkgate {

enum class ForeignMode {
  chain,      // runs after the gate has accepted
  set_aside,  // kept, does not run any more
};

// Puts `text` at `hook`, where `state` says that a foreign hook stands, and keeps that one as
// `<hook>.d/50-previous` (51-previous when that is taken; with set_aside `50-previous.disabled`).
// Cut short at any point, either the foreign hook is in force or ours is, with the foreign one
// kept. Returns the name below `<hook>.d`. Throws Error(delivery) or Error(repository).
std::string replace_foreign_hook(const std::string& hook, HookState state, std::string_view text,
                                 ForeignMode mode);

// The name that replace_foreign_hook() would use.
std::string free_place(const std::string& hook, ForeignMode mode);

// What `<hook>.d` holds that our hook would run, in the order of names.
std::vector<std::string> chained_entries(const std::string& hook);

// Puts `<hook>.d/<entry>` in the place of our hook, in one step.
void restore_foreign_hook(const std::string& hook, const std::string& entry);

// A hook that was set aside loses its permission to run; done again on each installation, for one
// that was cut short. Also removes temporary files and copies of our own hook from `<hook>.d`.
void tidy_hook_folder(const std::string& hook);

}  // namespace trunkgate

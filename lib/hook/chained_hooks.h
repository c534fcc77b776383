// Hooks that were there before the gate, or stand beside it: `<hook file>.d/*`.
#pragma once

#include <string>
#include <vector>

#include "hook/invocation.h"

namespace trunkgate {

enum class ChainMode { stop_at_failure, run_all };

// Runs each executable file of `<hook_file>.d` in the order of names, with Git's own arguments,
// `input` on standard input and the hook's environment (without HTTP credentials). Their output
// goes to the pusher as it is; with `run_all`, after the push, it is dropped once nobody takes it
// for 20 seconds. Returns the names of those that failed.
std::vector<std::string> run_chained_hooks(const Invocation& call, const std::string& input,
                                           ChainMode mode);

// The chain of `update`, which judges one ref and has nothing on its standard input; tells the
// pusher which hook refused.
ExitCode run_update_chain(const Invocation& call);

}  // namespace trunkgate

// How a hook program is started and how it ends: arguments, guarded main, exit codes.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"

namespace trunkgate {

// Kept: Git takes everything but 0 as a refusal, people and scripts can tell the others apart.
enum class ExitCode : int { accepted = 0, rejected = 1, undecided = 2 };

struct Invocation {
  // The hook file in the repository that led here ("hooks/pre-receive"); empty when the program was
  // started by hand. Hooks that were there before live in `<hook_file>.d`.
  std::string hook_file;
  std::vector<std::string> arguments;  // Git's own
  Environment environment;
};

// Runs a hook's flow. Anything it throws becomes a clear message and ExitCode::undecided; signals
// that must not end it are ignored; processor time is limited.
// `git_arguments` is how many arguments Git gives this hook: the kernel puts the hook file before
// them, because the file names this program as its interpreter.
int run_hook(const char* name, std::size_t git_arguments, int argc, char** argv, char** envp,
             ExitCode (*flow)(const Invocation&));

// All of standard input, up to `limit` bytes. Throws Error(usage) beyond.
std::string read_standard_input(std::size_t limit);

// To the pusher, through Git. A reader that has gone away is no error.
void tell_pusher(const std::string& text);

}  // namespace trunkgate

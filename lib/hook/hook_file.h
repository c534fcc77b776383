// The hook file that stands in a repository: its text, how ours is told from others, how it is put
// in place in one step.
#pragma once

#include <string>
#include <string_view>

namespace trunkgate {

// The whole text of a hook file that leads to `program` (absolute). Its first line names the
// program as the interpreter, so no shell costs time. Whatever is wrong with the program, a push is
// refused: Git refuses when the interpreter is missing or may not be run, and hands an interpreter
// that the kernel cannot load to a shell, which then runs the lines below and fails. A path that
// does not fit into a first line gets a small shell script instead.
std::string hook_text(std::string_view program);

// What stands at a hook's place.
enum class HookState {
  absent,
  current,         // ours, exactly as it would be written
  outdated,        // ours, of another version, for another program or with another mode
  linked,          // a symbolic link to a file of ours
  foreign,         // a file
  foreign_link,    // a symbolic link, wherever it leads
  foreign_folder,  // or anything else that is no file: Git cannot run it
};

// Never follows the last link but to tell `linked`. Throws Error(repository) when it cannot look.
HookState look_at_hook(const std::string& path, std::string_view text);

// Ours by its marker line, whatever its version.
bool is_our_hook(const std::string& path);

inline constexpr unsigned kHookMode = 0755;

// Puts a file there in one step, complete, on disk and executable from its first moment on.
// Replaces what is there, except a folder. Throws Error(delivery).
void put_executable(const std::string& path, std::string_view bytes, unsigned mode = kHookMode);

// A folder with the permissions of the one it stands in: a hook that the account which serves the
// repository cannot reach is no hook. Nothing happens when it is there. Throws Error(delivery).
void make_folder_alike(const std::string& path);

// Makes the names in a folder durable. Throws Error(delivery).
void sync_names(const std::string& folder);

// Takes away what an installation that was cut short left in a folder of hooks: temporary files.
void remove_leftovers(const std::string& folder);

// "/a/b" of "/a/b/c".
std::string folder_of(const std::string& path);

}  // namespace trunkgate

// A file of owners: who has to look at changes of which paths, as CODEOWNERS on forges.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/path_set.h"
#include "push/people.h"

namespace trunkgate {

inline constexpr std::size_t kMaxOwnersBytes = std::size_t{256} << 10U;
inline constexpr std::size_t kMaxOwnersLines = 5000;

// "PATTERN OWNER...": the pattern as in .gitignore, but "!" takes nothing back; a "\ " in it is a
// space. "#" starts a comment. A line without owners takes its paths from lines above.
struct OwnersLine {
  std::size_t number = 0;  // from 1
  PathSet pattern;
  std::vector<std::string> owners;  // as they stand there, printable bytes or not
};

struct OwnersFile {
  std::vector<OwnersLine> lines;
  // What is wrong with it and where; empty and 0 when it can be used.
  std::string mistake;  // printable
  std::size_t mistake_line = 0;

  // The last line that matches; nullptr when the path has no owners.
  const OwnersLine* line_of(std::string_view path) const;
};

OwnersFile read_owners(std::string_view text);

// The users that an owner means: "@group" or "group", "@user" or "user", "@org/group", or an
// address of a user. Sorted; a name that is none of these is taken for a user's.
std::vector<std::string> users_called(std::string_view owner, const Groups& groups,
                                      const Users& users);

}  // namespace trunkgate

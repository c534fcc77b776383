// A commit message as people read it: decoded, with its title and body apart.
#pragma once

#include <cstddef>
#include <string>

#include "git/commit.h"

namespace trunkgate {

// All texts are valid UTF-8 whose lines end at LF alone, without blank lines at the start and white
// space at the end; what could not be decoded stands as U+FFFD.
struct MessageParts {
  std::string text;            // from the title on
  std::string title;           // the first line that is not blank
  std::string body;            // what follows, from its first line that is not blank
  std::size_t title_line = 1;  // 1-based, in the raw message
};

MessageParts read_message(const Commit& commit);

}  // namespace trunkgate

// Which commits are reverts: by what they do, not by what they say.
#pragma once

#include "git/commit.h"
#include "push/push.h"

namespace trunkgate {

// Whether the commit names another one as Git does ("This reverts commit ID"), has it in its own
// history, and takes back exactly what that one did. A commit that lies anywhere else may never
// have been judged, so its inverse could bring in anything. Answers are kept for the push.
bool is_revert(const Push& push, const Commit& commit);

}  // namespace trunkgate

// What others must know of the rule direct-push.
#pragma once

#include "push/landing.h"
#include "rules/rule.h"

namespace trunkgate {

// The ways to land, of those that take a search, that the rule lets pass; none for any other rule.
RewrittenWays rewritten_ways_of(const Rule& rule);

}  // namespace trunkgate

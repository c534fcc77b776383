// Deals the new commits of a push out to the ref updates that bring them.
#pragma once

#include <vector>

#include "git/object_id.h"
#include "policy/scope.h"
#include "push/push.h"
#include "rules/rule.h"

namespace trunkgate {

// `ids` are the commits that `refs` bring, children before their parents. Commits outside of the
// scope's conditions are left out, and so is a ref that brings nothing but such commits. Costs one
// look at each commit, however many refs there are.
std::vector<PushPart> parts_of(const Push& push, const Scope& scope,
                               const std::vector<const PushedRef*>& refs,
                               const std::vector<ObjectId>& ids);

}  // namespace trunkgate

// What is refused before any rule, whatever the policy says.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "git/repository.h"
#include "policy/policy.h"
#include "policy/verdict.h"
#include "push/ref_update.h"

namespace trunkgate {

// How the push reached the gate, beyond its lines.
struct PushConditions {
  bool shallow = false;  // the client pushes from a shallow clone
  std::int64_t now = 0;  // seconds since 1970
};

// Something that is refused without a rule of the policy.
struct AlwaysOn {
  std::string_view id;       // as findings have it
  std::string_view summary;  // what is refused, in one line
};
// All of them, by id.
std::span<const AlwaysOn> always_on();

// The ids of everything that is refused without a rule of the policy, wherever it is found;
// sorted.
std::span<const std::string_view> always_on_ids();

// Findings about the push as a whole: lines that are no updates, the same ref twice, too many refs,
// a shallow push, a pusher nobody knows. Any of them refuses everything.
std::vector<Finding> refuse_push(const RefUpdates& received, const Policy& policy,
                                 const Pusher& pusher, const PushConditions& conditions);

// Checks one update against the repository. Returns the update with its objects when it may go on
// to the rules; otherwise the reason is in `out`.
std::optional<PushedRef> check_update(const RefUpdate& update, const Policy& policy,
                                      const Repository& repository,
                                      const PushConditions& conditions, Answer& out);

}  // namespace trunkgate

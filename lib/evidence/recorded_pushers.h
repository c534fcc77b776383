// Who pushed which commit: recorded by the gate for the tip of each branch update it lets in, so
// that nobody approves what they pushed under somebody else's name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evidence/attestation_policy.h"
#include "evidence/state_log.h"
#include "git/commit.h"
#include "push/push.h"

namespace trunkgate {

struct RecordedPush {
  std::string pusher;
  std::int64_t time = 0;  // seconds since 1970, by the server's clock
  std::string ref;        // full name, inside the namespace
};

// What to keep about a branch that is let in: "COMMIT PUSHER TIME REF" in the log "pushers".
StateLine pusher_line(const ObjectId& tip, const std::string& pusher, std::int64_t time,
                      const std::string& ref);

// Every push that brought `commit` as the tip of a branch, in the order of the records. Empty for
// commits from before the gate and for those that were never a tip.
std::vector<RecordedPush> recorded_pushes(const Push& push, const ObjectId& commit);

// Who may have pushed `commit`: those who pushed it as a tip or, when nobody did, those who pushed
// any commit that branches with it have and it has not. Names, sorted. Nothing when those are too
// many to tell.
std::optional<std::vector<std::string>> pushers_of(const Push& push, const ObjectId& commit);

// Who may have had a hand in bringing any of `commits`: those who pushed one of them as a tip, and
// those who pushed a branch that holds one of them, as far as `hidden` do not reach it. `commits`
// are all that some tip reaches and `hidden` do not. Names, sorted; nothing when a branch has too
// many commits of its own to tell. Costs a walk over each branch's own commits.
std::optional<std::vector<std::string>> pushers_of_any(const Push& push,
                                                       const std::vector<ObjectId>& commits,
                                                       const std::vector<ObjectId>& hidden);

// Why `user` may not attest anything about `commit`: "is its author". Nothing when they may.
std::optional<std::string> own_part(const Push& push, const AttestationRules& rules,
                                    const Users& users, const std::string& user,
                                    const Commit& commit);

}  // namespace trunkgate

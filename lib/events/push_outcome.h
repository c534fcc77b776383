// What became of a push, put together from the spool files of its hooks.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/push_key.h"
#include "events/spool.h"

namespace trunkgate {

// A key of another host says nothing about life; its push counts as dead when it is this old.
inline constexpr std::int64_t kForeignPatience = std::int64_t{24} * 3600 * 1'000'000;

struct PushOutcome {
  std::string key;
  std::string push_id;
  std::int64_t time = 0;           // when refs moved, or the push was refused
  std::int64_t looked = 0;         // right before the gate saw what refs held
  std::vector<std::string> files;  // in the order to remove them: the intent last
  Actor actor;
  std::vector<SpoolRecord> rejects;  // by the gate
  std::string cause;                 // as in SpoolRecord; empty for a push
  std::vector<SpooledNotice> notices;
  std::int64_t noticed = 0;  // when they were given

  // Still going on, or with a file that cannot be read: to be left for a later pass. `applied` then
  // holds what it may have applied.
  bool pending = false;
  bool dead = false;  // ended without a result
  // No push: something changed a ref without the hooks. Then `applied` is all there is.
  bool external = false;
  // A part of a push, of which more is told after other pushes. Then `applied` is all that counts.
  bool goes_on = false;
  // Updates that change nothing are in neither list.
  std::vector<SpooledUpdate> applied;
  std::vector<SpooledUpdate> refused;  // accepted by the gate, not applied by Git

  // Of the intent.
  std::vector<SpooledFinding> findings;
  std::size_t findings_total = 0;
  std::vector<SpooledRequirement> requirements;
  std::vector<SpooledExemption> exemptions;
  std::vector<std::string> push_options;
  std::string policy_sha256;

  // What it asked for, when the gate judged it; without updates that change nothing.
  std::vector<SpooledUpdate> asked;
  std::int64_t judged = 0;
};

using LivenessOf = std::function<Liveness(const PushKey&)>;

// One outcome for each push with files among `names`, which the spool listed, by time and key.
// Damaged files are set aside; each is a line in `problems`. Of a dead push every update is in
// `refused` yet.
std::vector<PushOutcome> read_outcomes(const Spool& spool, std::span<const std::string> names,
                                       const LivenessOf& liveness, std::int64_t now,
                                       std::vector<std::string>& problems);

// The same for files that came after refs were read: nobody knows what those pushes had done by
// then, so all of them are pending.
std::vector<PushOutcome> read_late(const Spool& spool, std::span<const std::string> names);

}  // namespace trunkgate

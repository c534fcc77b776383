// How a commit came into the repository, from the journal's events: who pushed it, when, under
// which policy, and with which approvals and checks it landed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "events/sqlite.h"
#include "git/repository.h"

namespace trunkgate {

// All texts are printable.
struct StoryStep {
  std::string ref;        // full name
  std::string by;         // who pushed; empty when nobody knows
  std::int64_t time = 0;  // microseconds since 1970
  std::string push_id;
  std::string policy_sha256;  // empty when no policy was in force
};

struct StoryLanding {
  StoryStep step;
  std::string kind;                    // "merge", "fast-forward", ...
  std::vector<std::string> approvals;  // names
  std::vector<std::string> checks;     // "mini-val success (f1 0.913)"
};

struct CommitStory {
  ObjectId commit;
  bool present = false;  // in the repository; else all else is empty
  std::string title;     // printable
  std::string version;   // its best tag, else dev-<eight digits>; printable
  std::vector<std::string> tags;
  // The push that brought it first; nothing when that is older than the journal.
  std::optional<StoryStep> pushed;
  std::vector<StoryLanding> landings;  // on protected branches, in order
  // Of the commit itself, where it has not landed.
  std::vector<std::string> approvals;
  std::vector<std::string> checks;
};

// `journal` is null where there is none. Looks at each event once, and through the history only for
// pushes that brought more commits than an event lists.
CommitStory tell_commit(const Database* journal, const Repository& repository,
                        const ObjectId& commit);

}  // namespace trunkgate

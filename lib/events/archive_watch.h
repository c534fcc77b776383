// Branches that go into the archive and come back from it.
#pragma once

#include <optional>
#include <string_view>

#include "events/derived.h"
#include "events/push_outcome.h"
#include "events/sequence.h"
#include "events/spool.h"

namespace trunkgate {

// Where archived branches are kept. "refs/archive/heads/x" holds what "refs/heads/x" held.
inline constexpr std::string_view kArchive = "refs/archive/heads/";

// Whether the archive may keep a branch under this name; both are without what stands before the
// branch's own name. A name that is taken gets a number: "x.2", "a.2/b".
bool is_archive_name(std::string_view archive, std::string_view branch);

// What it says depends on the spool and on `sequence` alone, so that a pass that is repeated says
// the same again; so it does not matter who moved the references, or in how many steps.
class ArchiveWatch {
 public:
  // `sequence` outlives the watch.
  explicit ArchiveWatch(const Sequence& sequence) : sequence_(sequence) {}

  // To be called for each applied update, after its own event.
  std::optional<ToldArchive> after(const PushOutcome& outcome, const SpooledUpdate& update) const;

 private:
  const Sequence& sequence_;
};

}  // namespace trunkgate

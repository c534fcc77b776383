// The `data` object of an event, and how it is kept within an event's size.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/derived.h"
#include "events/git_facts.h"
#include "events/notice.h"
#include "events/spool.h"

namespace trunkgate {

// Additions to the schema so far: 1 brought `draft`, `requirements`, `waived_by`, hotfix.unmerged,
// lineage.recorded and more about landings, attestations and exemptions; 2 brought files, trees and
// messages of commits, `labels`, `aliases`, and the types of tags, policies and deliveries; 3
// brought trailers of commits, signatures that are good, and `dataref`.
inline constexpr int kSchemaMinor = 4;

// The repository as every event shows it.
struct RepositoryFacts {
  std::string id;    // UUID
  std::string name;  // the folder's name without ".git"; raw bytes, like the two below
  std::string path;
  std::string default_branch;                // full name; empty when HEAD is detached
  std::vector<std::string> clone_urls = {};  // where it is cloned from; without passwords
};

struct Change {
  SpooledUpdate update;
  bool forced = false;
};

// Borrows everything: made, turned into JSON and dropped within one function.
struct EventBody {
  const RepositoryFacts* repository = nullptr;
  const Actor* actor = nullptr;
  std::string_view cause;  // "push", "push-recovered", "external", "admin" or "timer"
  std::string push_id;
  bool draft = false;               // of an accepted push: its pusher wants no full pipeline
  std::vector<std::string> labels;  // of exemptions that let it in

  // An event that follows from a ref's; then also `change`, and `facts` where it tells a version.
  const DerivedPart* part = nullptr;

  // An event about delivery.
  const Notice* notice = nullptr;

  // A notice about a branch.
  const SpooledNotice* stale = nullptr;

  // One ref's event.
  const Change* change = nullptr;
  const RefFacts* facts = nullptr;

  // A push's event.
  std::span<const Change> changes;
  std::span<const std::string> push_options;
  // Accepted: new commits of all changes. A push that was received has neither these nor a stage.
  std::optional<std::size_t> commits_total;
  std::string_view stage;                    // rejected: where; else empty
  std::span<const SpooledFinding> findings;  // rejected: violations; accepted: warnings
  std::size_t findings_total = 0;
  std::span<const SpooledRequirement> requirements;
  std::string_view policy_sha256;  // may be empty
};

// One line of valid UTF-8, at most `limit` bytes as long as that is possible at all. First to go
// are the messages of commits, then files and trailers of each commit, then the files of all of
// them; then lists are cut, the longest one first, then texts. What was cut stands in `truncated`
// as JSON pointers.
struct BodyText {
  std::string json;
  bool cut = false;
};
BodyText body_text(const EventBody& body, std::size_t limit);

// All of it, however long it gets. What is not in the body itself stands in `truncated` still.
BodyText whole_body_text(const EventBody& body);

}  // namespace trunkgate

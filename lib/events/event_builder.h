// Turns what became of a push into its events.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "events/derived_events.h"
#include "events/event.h"
#include "events/event_body.h"
#include "events/git_facts.h"
#include "events/push_outcome.h"
#include "events/sequence.h"

namespace trunkgate {

// "file:///srv/git/a%20b.git" for a path.
std::string file_uri(std::string_view path);

// What tells the events of a ref from those of others, after the repository's id and a colon.
// Attributes are short texts; names that had to change must still be told apart.
std::string partition_of_ref(std::string_view ref);

class EventBuilder {
 public:
  // `facts`, `derived` and `sequence` outlive the builder; it counts `sequence` on. A later epoch
  // than the first gives other ids and another source to what would be counted twice.
  EventBuilder(RepositoryFacts repository, std::string source, std::uint64_t epoch, GitFacts& facts,
               DerivedEvents& derived, Sequence& sequence, bool tells_received);

  // Appends to `events`, in this order: policy.changed when the push was judged by another policy
  // than the one before, notices about stale branches, push.received if wanted, the gate's
  // rejections, push.accepted, one event for each ref and then those that follow from it, Git's
  // refusals. `now` is the recorded time.
  // Of a push that is told in parts, the last one brings all but the events of refs before it.
  void append(const PushOutcome& outcome, std::int64_t now, std::vector<Event>& events);
  // Parts of a push are told, and others are to follow.
  bool amid_push() const { return !parts_.empty(); }
  Event about_delivery(const Notice& notice, std::int64_t now);

 private:
  // What all events of a push share.
  Event common(const PushOutcome& outcome, std::string_view name, std::int64_t now) const;
  EventBody common_body(const PushOutcome& outcome, std::string_view cause) const;

  // `about` tells the event from others of the same push and type; it is part of its id.
  Event received(const PushOutcome& outcome, std::int64_t now);
  Event policy_changed(const PushOutcome& outcome, const ToldPolicy& told, std::int64_t now);
  Event push_event(Event event, const std::string& about, const EventBody& body);
  Event stale(const PushOutcome& outcome, const SpooledNotice& notice, std::int64_t now);
  Event rejected(const PushOutcome& outcome, const SpoolRecord& record, std::int64_t now);
  Event refused(const PushOutcome& outcome, std::int64_t now);
  Event accepted(const PushOutcome& outcome, std::span<const Change> changes,
                 std::size_t commits_total, std::int64_t now);
  Event ref_event(const PushOutcome& outcome, const Change& change, const RefFacts& facts,
                  std::int64_t now);

  // `cause` is the event of the ref that it follows from.
  Event derived_event(const PushOutcome& outcome, const Change& change, const RefFacts& facts,
                      const Derived& derived, const Event& cause);

  std::vector<Change> judged(std::span<const SpooledUpdate> updates);

  // What is told of a push so far.
  struct Parts {
    std::vector<Change> changes;
    std::size_t commits_total = 0;
  };

  std::map<std::string, Parts> parts_;  // of pushes that more is to follow of, by key
  RepositoryFacts repository_;
  std::string identity_;  // what ids are made of: the repository and the epoch
  std::string source_;
  GitFacts& facts_;
  DerivedEvents& derived_;
  Sequence& sequence_;
  bool tells_received_;
};

}  // namespace trunkgate

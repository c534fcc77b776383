// From the spool into the journal: what pushes did since the last pass, as events.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "events/event_body.h"
#include "events/journal.h"
#include "events/push_outcome.h"
#include "git/repository.h"
#include "policy/events_policy.h"

namespace trunkgate {

struct IngestSettings {
  std::string folder;        // <repo>/trunkgate
  std::string event_source;  // CloudEvents `source`
  EventsPolicy events = {};
  std::vector<Subscriber> subscribers;
  std::function<std::int64_t()> now;  // microseconds since 1970
  LivenessOf liveness = trunkgate::liveness;
};

struct IngestReport {
  std::size_t events = 0;
  std::vector<std::string> problems;  // one printable line each
};

// The repository as its events show it; `id` as repository_id() has it.
RepositoryFacts repository_facts(const Repository& repository, std::string id);

// Records every push that is over and whose place in the order is known, and every change of a ref
// that no push explains. A kill at any point loses nothing and repeats nothing: records of the
// spool go after their events are in the journal, which remembers them until then. `journal` is
// this process's alone. Throws Error(delivery).
IngestReport ingest(const Repository& repository, Journal& journal, const IngestSettings& settings);

}  // namespace trunkgate

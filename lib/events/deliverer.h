// One pass of `trunkgate deliver`: from the spool into the journal, from the journal to the sinks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "events/dispatcher.h"
#include "events/ingest.h"
#include "git/repository.h"
#include "policy/events_policy.h"

namespace trunkgate {

struct DeliverySettings {
  std::string folder;        // <repo>/trunkgate; spool/, state/ and journal.db are below
  std::string event_source;  // CloudEvents `source`; empty: the file:// URI of the repository
  EventsPolicy events = {};  // which tags and branches events tell more about
  PolicySource policy = {};
  std::vector<Receiver> receivers;
  std::function<std::int64_t()> now;                    // microseconds since 1970
  std::function<double()> chance = [] { return 0.5; };  // from 0 to 1; spreads retries
  std::function<bool()> stop = [] { return false; };    // asked between batches
  // Where another process sends to a sink: wait for it, or leave the rest to it.
  bool wait = true;
  LivenessOf liveness = trunkgate::liveness;
  // False while nobody can tell how long the journal is to keep events.
  bool prunes = true;
};

struct DeliveryReport {
  bool left_to_another = false;       // somebody waits already, and will see every record there is
  std::size_t events_written = 0;     // into the journal
  std::size_t delivered = 0;          // to sinks, all of them together
  std::size_t records_left = 0;       // spool files for a later pass
  std::optional<std::int64_t> next;   // when a sink has something to do again
  std::vector<std::string> problems;  // one printable line each
};

class Deliverer {
 public:
  // `repository` is opened without a Git namespace and outlives the deliverer.
  Deliverer(const Repository& repository, DeliverySettings settings);

  // Handles every record that was written before the call, or leaves it to a pass that has not
  // begun to look; waits for a running pass. Then each sink gets what is due, all sinks at the same
  // time, so that none waits for another. Throws Error(delivery) when the journal cannot be used;
  // the records stay in the spool then.
  DeliveryReport run();

 private:
  bool ingest_all(DeliveryReport& report);
  void prune(Journal& journal, std::span<const std::string> sinks) const;
  // True when something about delivery is to be told.
  bool dispatch_all(DeliveryReport& report);

  const Repository& repository_;
  DeliverySettings settings_;
  Sharing sharing_;
  std::string state_;
};

}  // namespace trunkgate

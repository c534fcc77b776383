// Turns spool files into events and hands them to the sinks: one pass of `trunkgate deliver`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/push_key.h"
#include "events/event.h"
#include "events/push_outcome.h"
#include "events/sequence.h"
#include "events/sink.h"
#include "events/spool.h"
#include "git/repository.h"
#include "policy/events_policy.h"

namespace trunkgate {

struct DeliverySettings {
  std::string folder;        // <repo>/trunkgate; spool/ and state/ are below
  std::string event_source;  // CloudEvents `source`; empty: the file:// URI of the repository
  EventsPolicy events = {};  // which tags and branches events tell more about
  std::vector<Sink*> sinks;  // outlive the deliverer; every event goes to each of them
  std::function<std::int64_t()> now;  // microseconds since 1970
  LivenessOf liveness = trunkgate::liveness;
};

struct DeliveryReport {
  bool left_to_another = false;       // somebody waits already, and will see every record there is
  std::size_t events_written = 0;     // with every sink
  std::size_t records_left = 0;       // spool files for a later pass
  std::vector<std::string> problems;  // one printable line each
};

class Deliverer {
 public:
  // `repository` is opened without a Git namespace and outlives the deliverer.
  Deliverer(const Repository& repository, DeliverySettings settings);

  // Handles every record that was written before the call, or leaves it to a pass that has not
  // begun to look. Waits for a running pass. Events go to the sinks before the state says so and
  // before their records go, so a kill at any point repeats some of them, with the same ids, and
  // loses none. A sink that fails stops the pass: later events must not overtake.
  // Throws Error(delivery) when the state cannot be read or written before the first event.
  DeliveryReport run();

 private:
  struct Batch {
    std::vector<Event> events;
    std::vector<std::string> files;
    std::size_t bytes = 0;
  };

  void deliver_all(DeliveryReport& report);
  std::vector<PushOutcome> plan(const Sequence& sequence, DeliveryReport& report) const;
  void remove(const std::vector<std::string>& files, DeliveryReport& report) const;
  bool flush(Batch& batch, Sequence& sequence, DeliveryReport& report) const;

  const Repository& repository_;
  DeliverySettings settings_;
  Sharing sharing_;
  Spool spool_;
  std::string state_;
};

}  // namespace trunkgate

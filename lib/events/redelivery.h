// What an operator does to deliveries by hand. The deliverer may be at work meanwhile; it sees the
// changes in its next batch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "events/journal.h"
#include "events/moment.h"

namespace trunkgate {

// What is to be sent again to one sink.
struct Redelivered {
  std::string sink;
  std::uint64_t events = 0;
  bool off = false;  // the sink is disabled: they wait until it is enabled
};

// Events of the range go to these sinks again, with the ids that they have: to each sink that was
// to get them, and to one that was not where it takes them now. One result for each sink.
// `folder` is <repo>/trunkgate. Throws Error(delivery).
std::vector<Redelivered> redeliver(const std::string& folder, const EventRange& range,
                                   std::span<const Subscriber> sinks, std::int64_t now);

// The same for what was given up only.
std::vector<Redelivered> redeliver_dead(const std::string& folder, const EventRange& range,
                                        std::span<const Subscriber> sinks, std::int64_t now);

// From the next batch on it gets nothing, and keeps what it has not got. `reason` is printable.
// False when it was disabled already.
bool disable_sink(const std::string& folder, const std::string& sink, const std::string& reason,
                  std::int64_t now);
// What it has not got is due at once. False when it was neither disabled nor failing.
bool enable_sink(const std::string& folder, const std::string& sink);

}  // namespace trunkgate

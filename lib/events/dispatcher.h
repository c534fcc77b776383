// From the journal to one sink: in order, again until it has arrived, with patience for receivers
// that are down.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "events/sink.h"
#include "events/sink_filter.h"

namespace trunkgate {

// A sink of the policy.
struct Receiver {
  std::string name;
  bool ordered = true;
  std::function<bool(const FilteredEvent&)> takes = {};  // none: everything
  // Made where it is used, because what it remembers is of one thread.
  std::function<std::unique_ptr<Sink>(SinkMemory&)> make;
};

struct DispatchSettings {
  std::string folder;  // <repo>/trunkgate
  Sharing sharing;
  std::function<std::int64_t()> now;  // microseconds since 1970
  std::function<double()> chance;     // from 0 to 1; spreads retries
  // Where another process is at the same sink: wait for it, or leave the rest to it.
  bool wait = true;
  std::function<bool()> stop = [] { return false; };  // asked between batches
};

struct DispatchReport {
  std::size_t delivered = 0;
  std::size_t failed = 0;
  // When there is something to do again; nothing when all is delivered or the sink is disabled.
  std::optional<std::int64_t> next;
  std::vector<std::string> problems;  // one printable line each
};

// Sends everything that is due. A process that leaves the rest to another one may do so: that one
// looks again when it has ended. A failure of the journal is thrown as Error(delivery), everything
// else is in the report.
//
// An event that the receiver refuses, or that fails while others come through, is tried ten times
// over three days and then given up, with a notice. While nothing comes through at all nothing is
// given up: after a wait of up to 15 minutes some events are tried again; after five days, or when
// the receiver says so, the sink is disabled. What it has not got stays.
DispatchReport dispatch(const Receiver& receiver, const DispatchSettings& settings);

}  // namespace trunkgate

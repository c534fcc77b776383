// Where events go.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

// One event on its way to a sink.
struct Delivery {
  std::uint64_t sequence = 0;  // of the repository
  std::string id;              // "evt_…", the same at every attempt
  std::string type;            // "dev.trunkgate.ref.updated.v1"
  std::string partition;       // events of one partition arrive in order
  std::int64_t time = 0;       // when it happened, microseconds since 1970
  int attempt = 1;             // 1 for the first
  std::string json;            // CloudEvents in structured mode: one line without LF, valid UTF-8
};

// What became of one of them.
struct DeliveryOutcome {
  enum class State {
    delivered,  // the receiver has it for good
    failed,     // to be tried again; it may have arrived
    skipped,    // not tried: an earlier one of its partition failed, or the sink gave up
  };

  State state = State::skipped;
  std::string reason = {};       // of a failure: printable, one line, without any secret
  std::int64_t retry_after = 0;  // microseconds that the receiver asks to wait; 0: it says nothing
  bool gone = false;             // the receiver wants nothing any more: the sink is to be disabled
  // Of a failure: the receiver answers, and does not want this event; others may come through.
  bool refused = false;
};

// What a sink remembers between passes.
class SinkMemory {
 public:
  virtual ~SinkMemory() = default;

  // Empty when nothing was set.
  virtual std::string get(std::string_view key) = 0;
  // Durable when it returns.
  virtual void set(std::string_view key, std::string_view value) = 0;
};

// Takes events for good. They are handed over in order and repeated, with the same ids, when it
// cannot be known that they arrived.
class Sink {
 public:
  virtual ~Sink() = default;

  // "webhook ci": names the sink in reports.
  virtual std::string name() const = 0;

  // One outcome for each event, in order. Sends those of one partition in order, and nothing of a
  // partition after one of it has failed. Bounded in time. What a receiver does is an outcome;
  // what is thrown counts as a failure of all of them.
  virtual std::vector<DeliveryOutcome> deliver(std::span<const Delivery> events) = 0;

  // Called before the first deliver() of a pass: the sequence from which on the receiver has lost
  // what it had acknowledged, so that it is sent again; nothing for the normal case.
  virtual std::optional<std::uint64_t> lost_since() { return std::nullopt; }

  // Events are kept back until the oldest is so old (microseconds); then all go at once.
  virtual std::int64_t gathers_for() const { return 0; }
};

}  // namespace trunkgate

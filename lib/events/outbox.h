// What one sink has still to get, as the journal says it. Each sink has a connection of its own, so
// that none waits for another.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/sink.h"
#include "events/sqlite.h"

namespace trunkgate {

// How a sink is doing.
struct SinkHealth {
  // After a clock was set back, waits that began in the future are over.
  bool rests(std::int64_t now) const {
    return disabled != 0 || (retry_at > now && tried_at <= now);
  }

  std::int64_t disabled = 0;       // since when; 0 for not. Microseconds since 1970, like all here
  std::string reason;              // of that, or of the last failure
  int failures = 0;                // since the last success
  std::int64_t failing_since = 0;  // 0 for not
  std::int64_t tried_at = 0;       // the last failure
  std::int64_t retry_at = 0;       // nothing is sent before
  std::int64_t last_success = 0;   // 0 for never
};

// As the journal says it; a sink that it does not know is doing well.
SinkHealth sink_health(const Database& database, std::string_view sink);

// What became of an event on its way to a sink. Kept on disk: never renumber.
enum class DeliveryState : std::int64_t {
  open = 0,
  delivered = 1,
  dead = 2,  // given up
};

// One event with what has been tried.
struct Attempted {
  Delivery delivery;
  int refusals = 0;
  std::int64_t first_tried = 0;  // 0 for never
};

class Outbox final : public SinkMemory {
 public:
  // `journal` is the path of a journal that exists. Throws Error(delivery).
  Outbox(const std::string& journal, std::string sink);

  SinkHealth health();
  void set_health(const SinkHealth& health);

  // Open deliveries that are due, in order, of at most `limit` events and `max_bytes` (one at
  // least). With `ordered`, none of a partition in which an earlier one has to wait. A wait that
  // began in the future, as it looks after a clock was set back, is over.
  std::vector<Attempted> due(std::int64_t now, bool ordered, std::size_t limit,
                             std::size_t max_bytes);
  // When due() has something next: 0 for at once, nothing when nothing is open.
  std::optional<std::int64_t> next_due(std::int64_t now, bool ordered);
  // When the oldest open delivery was recorded.
  std::optional<std::int64_t> oldest();

  void delivered(const Attempted& attempted, std::int64_t now);
  // Not before `due`; `reason` is printable.
  void postpone(const Attempted& attempted, std::int64_t now, std::int64_t due,
                const std::string& reason);
  void give_up(const Attempted& attempted, std::int64_t now, const std::string& reason);
  // Leaves something to tell as an event.
  void leave_notice(const std::string& type, const std::string& event, const std::string& reason,
                    std::int64_t now);

  // Opens deliveries again from this sequence on; returns how many.
  std::int64_t reopen_from(std::uint64_t sequence, std::int64_t now);

  std::string get(std::string_view key) override;
  void set(std::string_view key, std::string_view value) override;

  const Database& database() const { return database_; }

 private:
  Database database_;
  std::string sink_;
};

// Nothing can be sent to this sink now: it is disabled, or it has failed and waits. False where
// there is no journal, and whenever that cannot be known. Waits for nobody.
bool sink_rests(const std::string& journal, std::string_view sink, std::int64_t now);

// Whether the journal has sinks but this one. False where there is no journal, and in one that a
// deliverer is about to make: nothing was recorded for any sink yet.
bool knows_other_sinks(const std::string& journal, std::string_view sink);

}  // namespace trunkgate

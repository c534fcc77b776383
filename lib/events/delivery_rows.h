// What each sink has got and has still to get, for people to read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "events/journal_reader.h"
#include "events/outbox.h"

namespace trunkgate {

// One event on its way to one sink, as the journal has it.
struct DeliveryRow {
  std::string sink;
  std::uint64_t sequence = 0;
  DeliveryState state = DeliveryState::open;
  std::int64_t attempts = 0;
  std::int64_t due = 0;  // not before; 0 for at once. Microseconds since 1970, like the next one
  std::int64_t changed = 0;  // when it was last tried or its state set
  std::string reason = {};
};

// "open", "delivered" or "dead".
std::string_view to_string(DeliveryState state);
// "open since 2026-01-02T03:04:05Z" ..., with attempts and reason; printable.
std::string state_text(const DeliveryRow& row);

struct SinkStatus {
  std::string name;
  SinkHealth health;
  std::uint64_t open = 0;
  std::uint64_t dead = 0;
  std::int64_t oldest_open = 0;  // when that was recorded; 0 for none
};

// Of every sink that ever was to get something, by name.
std::vector<SinkStatus> sink_statuses(const JournalReader& journal);
// One printable line.
std::string status_text(const SinkStatus& status);
std::string status_json(const SinkStatus& status);

enum class DeliveryChoice {
  undelivered,  // open or dead
  open,
  failed,  // open, and tried at least once
  dead,
};

// In the order of events, until `take` returns false.
void each_delivery(const JournalReader& journal, const std::string& sink, DeliveryChoice choice,
                   const std::function<bool(const DeliveryRow&)>& take);
// All of one event, by sink.
std::vector<DeliveryRow> deliveries_of(const JournalReader& journal, std::uint64_t sequence);

// One row of a listing, with what the event is about.
std::string row_text(const JournalReader& journal, const DeliveryRow& row);
std::string row_json(const JournalReader& journal, const DeliveryRow& row);

}  // namespace trunkgate

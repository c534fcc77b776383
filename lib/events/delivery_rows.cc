#include "events/delivery_rows.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "base/text.h"
#include "events/event.h"
#include "events/event_line.h"
#include "policy/event_types.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kColumns =
    "SELECT sink, sequence, state, attempts, due, changed, reason FROM deliveries ";

DeliveryRow row_of(const Query& query) {
  return {.sink = query.text(0),
          .sequence = static_cast<std::uint64_t>(query.integer(1)),
          .state = static_cast<DeliveryState>(query.integer(2)),
          .attempts = query.integer(3),
          .due = query.integer(4),
          .changed = query.integer(5),
          .reason = query.text(6)};
}

std::string ascii(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string attempts_text(std::int64_t attempts) {
  return count_of(static_cast<std::size_t>(attempts), "attempt", "attempts");
}

const char* choice_condition(DeliveryChoice choice) {
  switch (choice) {
    case DeliveryChoice::open:
      return "state = 0";
    case DeliveryChoice::failed:
      return "state = 0 AND attempts > 0";
    case DeliveryChoice::dead:
      return "state = 2";
    case DeliveryChoice::undelivered:
      break;
  }
  return "state IN (0, 2)";
}

}  // namespace

std::string_view to_string(DeliveryState state) {
  switch (state) {
    case DeliveryState::open:
      break;
    case DeliveryState::delivered:
      return "delivered";
    case DeliveryState::dead:
      return "dead";
  }
  return "open";
}

std::string state_text(const DeliveryRow& row) {
  std::string shown(to_string(row.state));
  if (row.state == DeliveryState::delivered) {
    return fmt::format("{} {}, {}", shown, second_text(row.changed), attempts_text(row.attempts));
  }
  if (row.attempts > 0) {
    shown += fmt::format(", {}, last {}", attempts_text(row.attempts), second_text(row.changed));
  }
  if (row.due != 0) shown += ", next " + second_text(row.due);
  return row.reason.empty() ? shown : shown + ": " + printable(row.reason, 1000);
}

std::vector<SinkStatus> sink_statuses(const JournalReader& journal) {
  std::vector<SinkStatus> statuses;
  const Database& database = journal.database();
  // The first part is a few rows; the second one jumps from sink to sink in the table's own order.
  Query names = database.prepare(
      "WITH RECURSIVE sender(name) AS (SELECT min(sink) FROM deliveries UNION ALL "
      "SELECT (SELECT min(sink) FROM deliveries WHERE sink > name) FROM sender "
      "WHERE name IS NOT NULL) "
      "SELECT name FROM sinks UNION SELECT name FROM sender WHERE name IS NOT NULL ORDER BY 1");
  Query count = database.prepare(
      "SELECT (SELECT count(*) FROM deliveries WHERE sink = ?1 AND state = 0), "
      "(SELECT count(*) FROM deliveries WHERE sink = ?1 AND state = 2), "
      "coalesce((SELECT e.recorded FROM deliveries d JOIN events e USING(sequence) "
      "WHERE d.sink = ?1 AND d.state = 0 ORDER BY d.sequence LIMIT 1), 0)");
  while (names.step()) {
    SinkStatus status;
    status.name = names.text(0);
    status.health = sink_health(database, status.name);
    count.bind(1, status.name);
    count.step();
    status.open = static_cast<std::uint64_t>(count.integer(0));
    status.dead = static_cast<std::uint64_t>(count.integer(1));
    status.oldest_open = count.integer(2);
    count.reset();
    statuses.push_back(std::move(status));
  }
  return statuses;
}

std::string status_text(const SinkStatus& status) {
  const SinkHealth& health = status.health;
  std::string line = printable(status.name) + ": ";
  if (health.disabled != 0) {
    line += "off since " + second_text(health.disabled);
  } else {
    line += "on";
    if (health.failing_since != 0) line += ", failing since " + second_text(health.failing_since);
    if (health.retry_at != 0) line += ", next try " + second_text(health.retry_at);
  }
  line += fmt::format("; {} open", status.open);
  if (status.oldest_open != 0) line += ", the oldest of " + second_text(status.oldest_open);
  line += fmt::format("; {} dead", status.dead);
  return health.reason.empty() ? line : line + "; " + printable(health.reason, 1000);
}

std::string status_json(const SinkStatus& status) {
  const SinkHealth& health = status.health;
  const auto time_or_null = [](std::int64_t time) {
    return time == 0 ? Json() : Json(rfc3339(time));
  };
  return ascii({{"sink", printable(status.name)},
                {"on", health.disabled == 0},
                {"disabled", time_or_null(health.disabled)},
                {"failing_since", time_or_null(health.failing_since)},
                {"retry_at", time_or_null(health.retry_at)},
                {"last_success", time_or_null(health.last_success)},
                {"reason", printable(health.reason, 1000)},
                {"open", status.open},
                {"dead", status.dead},
                {"oldest_open", time_or_null(status.oldest_open)}});
}

void each_delivery(const JournalReader& journal, const std::string& sink, DeliveryChoice choice,
                   const std::function<bool(const DeliveryRow&)>& take) {
  Query query = journal.database().prepare(std::string(kColumns) + "WHERE sink = ? AND " +
                                           choice_condition(choice) + " ORDER BY sequence");
  query.bind(1, sink);
  while (query.step()) {
    if (!take(row_of(query))) return;
  }
}

std::vector<DeliveryRow> deliveries_of(const JournalReader& journal, std::uint64_t sequence) {
  std::vector<DeliveryRow> rows;
  for (const SinkStatus& sink : sink_statuses(journal)) {
    Query query =
        journal.database().prepare(std::string(kColumns) + "WHERE sink = ? AND sequence = ?");
    query.bind(1, sink.name).bind(2, sequence);
    if (query.step()) rows.push_back(row_of(query));
  }
  return rows;
}

std::string row_text(const JournalReader& journal, const DeliveryRow& row) {
  const auto event = journal.find(std::to_string(row.sequence));
  if (!event) return fmt::format("{:>6}  (not in the journal)  {}", row.sequence, state_text(row));
  return fmt::format("{:>6}  {}  {:<17}  {}  {}", row.sequence, second_text(event->time),
                     printable(plain_event_type(event->type)), about_text(*event), state_text(row));
}

std::string row_json(const JournalReader& journal, const DeliveryRow& row) {
  Json json{{"sink", printable(row.sink)}, {"sequence", row.sequence}};
  if (const auto event = journal.find(std::to_string(row.sequence))) {
    json["event"] = printable(event->id);
    json["type"] = printable(event->type);
    json["time"] = rfc3339(event->time);
    if (event->ref) json["ref"] = printable(*event->ref, 1000);
  }
  json["state"] = to_string(row.state);
  json["attempts"] = row.attempts;
  json["due"] = row.due == 0 ? Json() : Json(rfc3339(row.due));
  json["changed"] = rfc3339(row.changed);
  json["reason"] = printable(row.reason, 1000);
  return ascii(json);
}

}  // namespace trunkgate

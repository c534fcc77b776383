#include "events/outbox.h"

#include <optional>
#include <set>
#include <utility>

#include "base/file.h"
#include "events/journal_schema.h"

namespace trunkgate {

SinkHealth sink_health(const Database& database, std::string_view sink) {
  Query query = database.prepare(
      "SELECT disabled, reason, failures, failing_since, tried_at, retry_at, last_success "
      "FROM sinks WHERE name = ?");
  query.bind(1, sink);
  if (!query.step()) return {};
  return {.disabled = query.integer(0),
          .reason = query.text(1),
          .failures = static_cast<int>(query.integer(2)),
          .failing_since = query.integer(3),
          .tried_at = query.integer(4),
          .retry_at = query.integer(5),
          .last_success = query.integer(6)};
}

Outbox::Outbox(const std::string& journal, std::string sink)
    : database_(open_journal(journal)), sink_(std::move(sink)) {
  database_.prepare("INSERT OR IGNORE INTO sinks(name) VALUES(?)").bind(1, sink_).run();
}

SinkHealth Outbox::health() { return sink_health(database_, sink_); }

bool sink_rests(const std::string& journal, std::string_view sink, std::int64_t now) {
  try {
    const Database database(journal, Database::Access::read_only, 0);
    return sink_health(database, sink).rests(now);
  } catch (const Error&) {
    return false;
  }
}

bool knows_other_sinks(const std::string& journal, std::string_view sink) {
  if (!exists(journal)) return false;
  const std::optional<Database> database = look_into_journal(journal);
  if (!database) return false;
  Query query = database->prepare("SELECT 1 FROM sinks WHERE name <> ?");
  query.bind(1, sink);
  return query.step();
}

void Outbox::set_health(const SinkHealth& health) {
  database_
      .prepare(
          "INSERT OR REPLACE INTO sinks(name, disabled, reason, failures, failing_since, "
          "tried_at, retry_at, last_success) VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(1, sink_)
      .bind(2, health.disabled)
      .bind(3, health.reason)
      .bind(4, std::int64_t{health.failures})
      .bind(5, health.failing_since)
      .bind(6, health.tried_at)
      .bind(7, health.retry_at)
      .bind(8, health.last_success)
      .run();
}

std::vector<Attempted> Outbox::due(std::int64_t now, bool ordered, std::size_t limit,
                                   std::size_t max_bytes) {
  std::vector<Attempted> found;
  // Whatever waits for its time holds back what comes after it in its partition.
  std::set<std::string, std::less<>> blocked;
  if (ordered) {
    Query waiting = database_.prepare(
        "SELECT DISTINCT partition FROM deliveries INDEXED BY deliveries_waiting "
        "WHERE sink = ? AND state = 0 AND due > 0 AND due > ? AND changed <= ?");
    waiting.bind(1, sink_).bind(2, now).bind(3, now);
    while (waiting.step()) blocked.insert(waiting.text(0));
  }
  Query query = database_.prepare(
      "SELECT d.sequence, e.id, e.type, d.partition, e.time, d.attempts, e.json, d.refusals, "
      "d.first_tried FROM deliveries d INDEXED BY deliveries_open JOIN events e USING(sequence) "
      "WHERE d.sink = ? AND d.state = 0 AND (d.due <= ? OR d.changed > ?) ORDER BY d.sequence");
  query.bind(1, sink_).bind(2, now).bind(3, now);
  std::size_t bytes = 0;
  while (found.size() < limit && query.step()) {
    if (!blocked.empty() && blocked.contains(query.bytes(3))) continue;
    bytes += query.bytes(6).size();
    if (!found.empty() && bytes > max_bytes) break;
    found.push_back({.delivery = {.sequence = static_cast<std::uint64_t>(query.integer(0)),
                                  .id = query.text(1),
                                  .type = query.text(2),
                                  .partition = query.text(3),
                                  .time = query.integer(4),
                                  .attempt = static_cast<int>(query.integer(5)) + 1,
                                  .json = query.text(6)},
                     .refusals = static_cast<int>(query.integer(7)),
                     .first_tried = query.integer(8)});
  }
  return found;
}

std::optional<std::int64_t> Outbox::next_due(std::int64_t now, bool ordered) {
  if (!due(now, ordered, 1, 1).empty()) return 0;
  Query query = database_.prepare(
      "SELECT min(due) FROM deliveries INDEXED BY deliveries_waiting "
      "WHERE sink = ? AND state = 0 AND due > 0");
  query.bind(1, sink_);
  if (!query.step() || query.is_null(0)) return std::nullopt;
  return query.integer(0);
}

std::optional<std::int64_t> Outbox::oldest() {
  Query query = database_.prepare(
      "SELECT e.recorded FROM deliveries d INDEXED BY deliveries_open JOIN events e "
      "USING(sequence) "
      "WHERE d.sink = ? AND d.state = 0 ORDER BY d.sequence LIMIT 1");
  query.bind(1, sink_);
  if (!query.step()) return std::nullopt;
  return query.integer(0);
}

void Outbox::delivered(const Attempted& attempted, std::int64_t now) {
  database_
      .prepare(
          "UPDATE deliveries SET state = ?, attempts = ?, due = 0, changed = ?, reason = '' "
          "WHERE sink = ? AND sequence = ?")
      .bind(1, static_cast<std::int64_t>(DeliveryState::delivered))
      .bind(2, std::int64_t{attempted.delivery.attempt})
      .bind(3, now)
      .bind(4, sink_)
      .bind(5, attempted.delivery.sequence)
      .run();
}

void Outbox::postpone(const Attempted& attempted, std::int64_t now, std::int64_t due,
                      const std::string& reason) {
  database_
      .prepare(
          "UPDATE deliveries SET attempts = ?, refusals = ?, due = ?, first_tried = ?, "
          "changed = ?, reason = ? WHERE sink = ? AND sequence = ?")
      .bind(1, std::int64_t{attempted.delivery.attempt})
      .bind(2, std::int64_t{attempted.refusals})
      .bind(3, due)
      .bind(4, attempted.first_tried == 0 ? now : attempted.first_tried)
      .bind(5, now)
      .bind(6, reason)
      .bind(7, sink_)
      .bind(8, attempted.delivery.sequence)
      .run();
}

void Outbox::give_up(const Attempted& attempted, std::int64_t now, const std::string& reason) {
  database_
      .prepare(
          "UPDATE deliveries SET state = ?, attempts = ?, refusals = ?, due = 0, changed = ?, "
          "reason = ? WHERE sink = ? AND sequence = ?")
      .bind(1, static_cast<std::int64_t>(DeliveryState::dead))
      .bind(2, std::int64_t{attempted.delivery.attempt})
      .bind(3, std::int64_t{attempted.refusals})
      .bind(4, now)
      .bind(5, reason)
      .bind(6, sink_)
      .bind(7, attempted.delivery.sequence)
      .run();
}

void Outbox::leave_notice(const std::string& type, const std::string& event,
                          const std::string& reason, std::int64_t now) {
  database_.prepare("INSERT INTO notices VALUES(NULL, ?, ?, ?, ?, ?)")
      .bind(1, type)
      .bind(2, sink_)
      .bind(3, event)
      .bind(4, reason)
      .bind(5, now)
      .run();
}

std::int64_t Outbox::reopen_from(std::uint64_t sequence, std::int64_t now) {
  database_
      .prepare(
          "UPDATE deliveries SET state = 0, due = 0, refusals = 0, changed = ? "
          "WHERE sink = ? AND sequence >= ? AND state <> 0")
      .bind(1, now)
      .bind(2, sink_)
      .bind(3, sequence)
      .run();
  return database_.changes();
}

std::string Outbox::get(std::string_view key) {
  Query query = database_.prepare("SELECT value FROM sink_memory WHERE sink = ? AND key = ?");
  query.bind(1, sink_).bind(2, key);
  return query.step() ? query.text(0) : std::string();
}

void Outbox::set(std::string_view key, std::string_view value) {
  database_.prepare("INSERT OR REPLACE INTO sink_memory VALUES(?, ?, ?)")
      .bind(1, sink_)
      .bind(2, key)
      .bind(3, value)
      .run();
}

}  // namespace trunkgate

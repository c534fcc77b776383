#include "events/redelivery.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "events/event_view.h"
#include "events/journal_reader.h"
#include "events/journal_schema.h"
#include "events/outbox.h"

namespace trunkgate {
namespace {

// A deliverer must not wait long for what an operator does.
constexpr int kBatch = 500;

struct Picked {
  std::uint64_t sequence = 0;
  std::string json;
};

std::vector<Picked> next_batch(const Database& database, const EventRange& range,
                               std::uint64_t after) {
  Query query = database.prepare(
      "SELECT sequence, json FROM events WHERE sequence > ? AND sequence BETWEEN ? AND ? "
      "AND time BETWEEN ? AND ? ORDER BY sequence LIMIT ?");
  query.bind(1, after)
      .bind(2, range.first)
      .bind(3, range.last)
      .bind(4, range.begin)
      .bind(5, range.end)
      .bind(6, std::int64_t{kBatch});
  std::vector<Picked> batch;
  while (query.step()) {
    batch.push_back({static_cast<std::uint64_t>(query.integer(0)), query.text(1)});
  }
  return batch;
}

std::string partition_key(const std::string& json) {
  const EventJson event = EventJson::parse(json, nullptr, false);
  const EventJson& key = at(event, "partitionkey");
  return key.is_string() ? key.get<std::string>() : std::string();
}

class Reopening {
 public:
  Reopening(const Database& database, std::span<const Subscriber> sinks, std::int64_t now)
      : sinks_(sinks),
        now_(now),
        database_(database),
        reopen_(database.prepare("UPDATE deliveries SET state = 0, due = 0, refusals = 0, "
                                 "first_tried = 0, changed = ? WHERE sink = ? AND sequence = ?")),
        insert_(database.prepare("INSERT INTO deliveries VALUES(?, ?, ?, 0, 0, 0, 0, 0, ?, '')")) {
    for (const Subscriber& sink : sinks) {
      database.prepare("INSERT OR IGNORE INTO sinks(name) VALUES(?)").bind(1, sink.sink).run();
      results_.push_back({.sink = sink.sink});
    }
  }

  void add(const Picked& event) {
    std::optional<FilteredEvent> filtered;
    for (std::size_t i = 0; i < sinks_.size(); ++i) {
      reopen_.bind(1, now_).bind(2, sinks_[i].sink).bind(3, event.sequence).run();
      if (database_.changes() == 0) {
        if (sinks_[i].takes) {
          if (!filtered) filtered = filtered_event(event.json);
          if (!sinks_[i].takes(*filtered)) continue;
        }
        insert_.bind(1, sinks_[i].sink)
            .bind(2, event.sequence)
            .bind(3, partition_key(event.json))
            .bind(4, now_)
            .run();
      }
      ++results_[i].events;
    }
  }

  std::vector<Redelivered> results() {
    Query off = database_.prepare("SELECT disabled <> 0 FROM sinks WHERE name = ?");
    for (Redelivered& result : results_) {
      off.bind(1, result.sink);
      result.off = off.step() && off.integer(0) != 0;
      off.reset();
    }
    return std::move(results_);
  }

 private:
  std::span<const Subscriber> sinks_;
  std::int64_t now_;
  const Database& database_;
  Query reopen_;
  Query insert_;
  std::vector<Redelivered> results_;
};

// Opening to write would make a journal that is missing.
void check_there(const std::string& folder) { JournalReader journal(folder); }

}  // namespace

std::vector<Redelivered> redeliver(const std::string& folder, const EventRange& range,
                                   std::span<const Subscriber> sinks, std::int64_t now) {
  check_there(folder);
  const Database database = open_journal(Journal::path_in(folder));
  Reopening reopening(database, sinks, now);
  std::uint64_t after = 0;
  while (true) {
    Transaction transaction(database);
    const std::vector<Picked> batch = next_batch(database, range, after);
    for (const Picked& event : batch) reopening.add(event);
    transaction.commit();
    if (batch.size() < kBatch) return reopening.results();
    after = batch.back().sequence;
  }
}

std::vector<Redelivered> redeliver_dead(const std::string& folder, const EventRange& range,
                                        std::span<const Subscriber> sinks, std::int64_t now) {
  check_there(folder);
  const Database database = open_journal(Journal::path_in(folder));
  Transaction transaction(database);
  std::vector<Redelivered> results;
  for (const Subscriber& sink : sinks) {
    database
        .prepare(
            "UPDATE deliveries INDEXED BY deliveries_dead SET state = 0, due = 0, "
            "refusals = 0, first_tried = 0, changed = ? WHERE sink = ? AND state = 2 AND "
            "sequence IN (SELECT sequence FROM events WHERE sequence BETWEEN ? AND ? AND time "
            "BETWEEN ? AND ?)")
        .bind(1, now)
        .bind(2, sink.sink)
        .bind(3, range.first)
        .bind(4, range.last)
        .bind(5, range.begin)
        .bind(6, range.end)
        .run();
    results.push_back({.sink = sink.sink,
                       .events = static_cast<std::uint64_t>(database.changes()),
                       .off = sink_health(database, sink.sink).disabled != 0});
  }
  transaction.commit();
  return results;
}

bool disable_sink(const std::string& folder, const std::string& sink, const std::string& reason,
                  std::int64_t now) {
  check_there(folder);
  Outbox outbox(Journal::path_in(folder), sink);
  Transaction transaction(outbox.database());
  SinkHealth health = outbox.health();
  if (health.disabled != 0) return false;
  health.disabled = now;
  health.reason = reason;
  outbox.set_health(health);
  transaction.commit();
  return true;
}

bool enable_sink(const std::string& folder, const std::string& sink) {
  check_there(folder);
  Outbox outbox(Journal::path_in(folder), sink);
  Transaction transaction(outbox.database());
  const SinkHealth health = outbox.health();
  if (health.disabled == 0 && health.failing_since == 0 && health.retry_at == 0) return false;
  SinkHealth fresh;
  fresh.last_success = health.last_success;
  outbox.set_health(fresh);
  transaction.commit();
  return true;
}

}  // namespace trunkgate

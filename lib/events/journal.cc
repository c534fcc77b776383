#include "events/journal.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/clock.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "events/bytes_json.h"
#include "events/journal_schema.h"
#include "events/sequence_rows.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxMarkerBytes = 4096;
// How much longer than others events stay that a sink was not able to take, or will not.
constexpr std::int64_t kDeadPatience = std::int64_t{60} * 24 * 3600 * 1'000'000;
constexpr std::int64_t kNoEvent = std::numeric_limits<std::int64_t>::max();

std::string state_file(const std::string& folder, const char* name) {
  return folder + "/state/" + name;
}

// Renames the journal and what SQLite keeps beside it.
std::string set_journal_aside(const std::string& path) {
  std::string aside;
  for (int n = 1; aside.empty() || exists(aside); ++n) {
    aside = path + ".damaged-" + std::to_string(n);
  }
  for (const char* end : {"-wal", "-shm"}) {
    std::rename((path + end).c_str(), (aside + end).c_str());
  }
  if (std::rename(path.c_str(), aside.c_str()) != 0) {
    throw Error(ErrorKind::delivery, "cannot rename " + printable(path, 1000));
  }
  return aside;
}

enum class Found { nothing, empty, file, other };

Found look_at(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return Found::nothing;
  if (!S_ISREG(status.st_mode)) return Found::other;
  return status.st_size == 0 ? Found::empty : Found::file;
}

}  // namespace

JournalMarker read_journal_marker(const std::string& folder) {
  const FileText file = read_file(state_file(folder, "journal.json"), kMaxMarkerBytes);
  if (file.state == FileState::missing) return {};
  const nlohmann::json json = nlohmann::json::parse(file.text, nullptr, false);
  // One that cannot be read still says that there was a journal.
  if (file.state != FileState::present || !json.is_object()) return {.epoch = 1};
  try {
    return {.epoch = json.at("epoch").get<std::uint64_t>(),
            .last = json.at("last").get<std::uint64_t>()};
  } catch (const nlohmann::json::exception&) {
    return {.epoch = 1};
  }
}

std::string chained_hash(std::string_view previous, std::string_view json) {
  std::string text(previous);
  text += json;
  return sha256(text);
}

Journal::Journal(const std::string& folder, const Sharing& sharing)
    : folder_(folder), sharing_(sharing) {
  const std::string path = path_in(folder);
  const JournalMarker marker = read_journal_marker(folder);
  const Found found = look_at(path);
  try {
    if (found == Found::other) throw DamagedDatabase(ErrorKind::delivery, path + " is no file");
    if (found != Found::file) {
      // SQLite gives the files beside it the same mode.
      create_file(path, "", sharing, Durability::synced);
      state_ = marker.epoch == 0 ? JournalState::created : JournalState::lost;
    }
    open(folder);
  } catch (const DamagedDatabase& damage) {
    database_.reset();
    warning_ = std::string(damage.what()) + "; it was renamed to " +
               printable(set_journal_aside(path), 1000);
    create_file(path, "", sharing, Durability::synced);
    state_ = JournalState::damaged;
    open(folder);
  }
  if (state_ == JournalState::kept && marker.last > last_) {
    state_ = JournalState::rolled_back;
    warning_ = printable(path, 1000) + " is older than it was: event " +
               std::to_string(marker.last) + " is missing in it";
  }
  if (state_ == JournalState::lost) warning_ = printable(path, 1000) + " was gone";
  if (state_ == JournalState::lost || state_ == JournalState::damaged ||
      state_ == JournalState::rolled_back) {
    epoch_ = std::max(marker.epoch, epoch_) + 1;
    set_meta("epoch", std::to_string(epoch_));
    warning_ += "; events are counted in epoch " + std::to_string(epoch_) +
                " from now on, and what no sink had got is not sent again";
    write_marker();
  }
}

void Journal::open(const std::string& folder) {
  const JournalMarker marker = read_journal_marker(folder);
  database_.emplace(open_journal(path_in(folder)));
  migrate(*database_);
  // The pass that made the tables may have been killed before it filled them.
  const bool empty = meta("epoch").empty();
  if (empty && state_ == JournalState::kept) {
    state_ = marker.epoch == 0 ? JournalState::created : JournalState::lost;
  }
  if (empty) create_tables(folder);
  epoch_ = std::stoull("0" + meta("epoch"));
  refs_known_ = !meta("refs known").empty();
  Query query =
      database_->prepare("SELECT sequence, chain FROM events ORDER BY sequence DESC LIMIT 1");
  if (query.step()) {
    last_ = static_cast<std::uint64_t>(query.integer(0));
    head_ = query.text(1);
  } else {
    last_ = std::stoull("0" + meta("first"));
    head_ = meta("anchor");
  }
}

// Fills a new file: from the counters of before there was a journal, where they are.
void Journal::create_tables(const std::string& folder) {
  Transaction transaction(*database_);
  set_meta("epoch", "1");
  const std::string before = state_file(folder, "sequence.json");
  if (state_ == JournalState::created && exists(before)) {
    const Sequence sequence = read_sequence(before);
    std::vector<std::string> names;
    for (const auto& [name, history] : sequence.refs) names.push_back(name);
    write_refs(*database_, sequence, names);
    Query files = database_->prepare("INSERT OR IGNORE INTO recorded_files VALUES(?, ?)");
    for (const std::string& name : sequence.done)
      files.bind(1, name).bind(2, microseconds_now()).run();
    set_meta("first", std::to_string(sequence.last));
    state_ = JournalState::imported;
  }
  transaction.commit();
  if (state_ == JournalState::imported) remove_file(before);
}

std::string Journal::meta(std::string_view key) const {
  Query query = database_->prepare("SELECT value FROM meta WHERE key = ?");
  query.bind(1, key);
  return query.step() ? query.text(0) : std::string();
}

void Journal::set_meta(std::string_view key, std::string_view value) const {
  database_->prepare("INSERT OR REPLACE INTO meta VALUES(?, ?)").bind(1, key).bind(2, value).run();
}

// Without sync: one that is too old only lets a loss pass that happened together with a crash.
void Journal::write_marker() const {
  write_file(state_file(folder_, "journal.json"),
             "{\"epoch\":" + std::to_string(epoch_) + ",\"last\":" + std::to_string(last_) + "}\n",
             sharing_, Durability::none);
}

Sequence Journal::sequence() const {
  Sequence sequence;
  sequence.last = last_;
  read_refs(*database_, sequence);
  read_hotfixes(*database_, sequence);
  sequence.policy = known_policy(meta("policy"));
  return sequence;
}

std::vector<std::string> Journal::recorded_among(std::span<const std::string> files) const {
  std::vector<std::string> names;
  Query query = database_->prepare("SELECT 1 FROM recorded_files WHERE name = ?");
  for (const std::string& name : files) {
    query.bind(1, name);
    if (query.step()) names.push_back(name);
    query.reset();
  }
  return names;
}

std::vector<Notice> Journal::notices() const {
  std::vector<Notice> notices;
  Query query =
      database_->prepare("SELECT id, type, sink, event, reason, time FROM notices ORDER BY id");
  while (query.step()) {
    notices.push_back({.id = query.integer(0),
                       .type = query.text(1),
                       .sink = query.text(2),
                       .event = query.text(3),
                       .reason = query.text(4),
                       .time = query.integer(5)});
  }
  return notices;
}

void Journal::record(const Recording& recording) {
  Transaction transaction(*database_);
  Query event = database_->prepare("INSERT INTO events VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");
  Query delivery =
      database_->prepare("INSERT INTO deliveries VALUES(?, ?, ?, 0, 0, 0, 0, 0, ?, '')");
  std::string head = head_;
  for (const Event& each : recording.events) {
    const std::string json = to_json(each);
    head = chained_hash(head, json);
    event.bind(1, each.sequence).bind(2, each.id).bind(3, each.type);
    if (each.ref.empty()) {
      event.bind_null(4);
    } else {
      event.bind_blob(4, each.ref);
    }
    event.bind(5, each.correlation_id)
        .bind(6, each.time)
        .bind(7, each.recorded_time)
        .bind(8, json)
        .bind(9, head)
        .run();
    std::optional<FilteredEvent> filtered;  // made when somebody looks at it
    for (const Subscriber& subscriber : recording.subscribers) {
      if (subscriber.takes) {
        if (!filtered) filtered = filtered_event(json);
        if (!subscriber.takes(*filtered)) continue;
      }
      delivery.bind(1, subscriber.sink)
          .bind(2, each.sequence)
          .bind(3, each.partition_key)
          .bind(4, each.recorded_time)
          .run();
    }
  }
  write_refs(*database_, recording.sequence, recording.changed);
  write_hotfixes(*database_, recording.sequence);
  Query file = database_->prepare("INSERT OR IGNORE INTO recorded_files VALUES(?, ?)");
  for (const std::string& name : recording.files) file.bind(1, name).bind(2, recording.now).run();
  Query told = database_->prepare("DELETE FROM notices WHERE id = ?");
  for (const std::int64_t id : recording.notices) told.bind(1, id).run();
  const std::string policy = to_json(recording.sequence.policy);
  if (policy != meta("policy")) set_meta("policy", policy);
  if (!refs_known_) set_meta("refs known", "yes");
  if (recording.also) recording.also(*database_);
  transaction.commit();
  refs_known_ = true;
  if (recording.events.empty()) return;
  head_ = head;
  last_ = recording.events.back().sequence;
  write_marker();
}

void Journal::forget_files(std::int64_t before) {
  database_->prepare("DELETE FROM recorded_files WHERE time < ?").bind(1, before).run();
}

std::int64_t Journal::oldest_open(const std::string& sink, std::int64_t since) const {
  // The oldest of a sink stands first in the index: usually this is one row.
  Query query = database_->prepare(
      "SELECT sequence FROM deliveries INDEXED BY deliveries_open "
      "WHERE sink = ? AND state = 0 AND changed >= ? ORDER BY sequence LIMIT 1");
  query.bind(1, sink).bind(2, since);
  return query.step() ? query.integer(0) : kNoEvent;
}

Journal::Waiting Journal::waiting(std::int64_t before, std::span<const std::string> sinks) const {
  Waiting waiting{.needed = kNoEvent, .wanted = kNoEvent};
  std::set<std::string> idle;
  Query known = database_->prepare("SELECT name, disabled FROM sinks");
  std::set<std::string> active(sinks.begin(), sinks.end());
  while (known.step()) {
    std::string name = known.text(0);
    if (known.integer(1) != 0) active.erase(name);
    if (!active.contains(name)) idle.insert(std::move(name));
  }
  for (const std::string& sink : active) {
    waiting.needed = std::min(waiting.needed, oldest_open(sink, 0));
  }
  const std::int64_t since = before - kDeadPatience;
  for (const std::string& sink : idle) {
    waiting.wanted = std::min(waiting.wanted, oldest_open(sink, since));
  }
  Query dead = database_->prepare(
      "SELECT coalesce(min(sequence), ?) FROM deliveries INDEXED BY deliveries_dead "
      "WHERE state = 2 AND changed > ?");
  dead.bind(1, kNoEvent).bind(2, since);
  dead.step();
  waiting.wanted = std::min({waiting.wanted, waiting.needed, dead.integer(0)});
  return waiting;
}

void Journal::prune(std::int64_t before, std::int64_t max_bytes,
                    std::span<const std::string> sinks) {
  // An event goes only together with all that are older, so that the hashes of the rest stay
  // linked.
  const Waiting waiting = this->waiting(before, sinks);
  // Numbers rise with time, so this reads no more events than it removes.
  Query young = database_->prepare(
      "SELECT sequence FROM events WHERE recorded >= ? ORDER BY sequence LIMIT 1");
  young.bind(1, before);
  const std::int64_t first_kept =
      young.step() ? young.integer(0) : static_cast<std::int64_t>(last_) + 1;
  young.reset();
  std::int64_t upto = std::min(first_kept, waiting.wanted) - 1;
  const std::int64_t pages = database_->number("PRAGMA page_count").value_or(0) -
                             database_->number("PRAGMA freelist_count").value_or(0);
  const std::int64_t size = pages * database_->number("PRAGMA page_size").value_or(0);
  if (size > max_bytes) {
    const std::int64_t first = database_->number("SELECT min(sequence) FROM events").value_or(0);
    const std::int64_t count = static_cast<std::int64_t>(last_) - first + 1;
    // Events are about equally large.
    const std::int64_t cut = first + count * (size - max_bytes) / size;
    upto = std::max(upto, std::min(cut, waiting.needed - 1));
  }
  Query anchor = database_->prepare("SELECT chain FROM events WHERE sequence = ?");
  anchor.bind(1, upto);
  if (upto <= 0 || !anchor.step()) return;
  const std::string chain = anchor.text(0);
  anchor.reset();
  Transaction transaction(*database_);
  database_->prepare("DELETE FROM deliveries WHERE sequence <= ?").bind(1, upto).run();
  database_->prepare("DELETE FROM events WHERE sequence <= ?").bind(1, upto).run();
  set_meta("first", std::to_string(upto));
  set_meta("anchor", chain);
  transaction.commit();
}

}  // namespace trunkgate

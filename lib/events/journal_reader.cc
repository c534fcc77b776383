#include "events/journal_reader.h"

#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "events/event_view.h"
#include "events/journal.h"
#include "events/journal_schema.h"

namespace trunkgate {
namespace {

constexpr const char* kColumns =
    "SELECT sequence, id, type, ref, push_id, time, recorded, json, chain FROM events ";

RecordedEvent event_of(const Query& row) {
  RecordedEvent event{.sequence = static_cast<std::uint64_t>(row.integer(0)),
                      .id = row.text(1),
                      .type = row.text(2),
                      .ref = std::nullopt,
                      .push_id = row.text(4),
                      .time = row.integer(5),
                      .recorded = row.integer(6),
                      .json = row.text(7),
                      .chain = row.text(8)};
  if (!row.is_null(3)) event.ref = row.text(3);
  return event;
}

OpenedToRead open_existing(const std::string& path) {
  if (!exists(path)) {
    throw Error(ErrorKind::delivery,
                "there is no journal at " + printable(path, 1000) + ": nothing was recorded yet",
                "a push does that, or: trunkgate deliver REPOSITORY");
  }
  return open_journal_to_read(path);
}

bool pushed_by(const std::string& who, const std::string& json) {
  const EventJson event = EventJson::parse(json, nullptr, false);
  const EventJson& named = at(event, "authid");
  const EventJson& actor = at(at(at(event, "data"), "actor"), "id");
  return named == who || actor == who;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 19 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

JournalReader::FileMark JournalReader::mark_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size = status.st_size,
          .changed = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

JournalReader::JournalReader(const std::string& folder)
    : path_(Journal::path_in(folder)), mark_(mark_of(path_)), database_([this] {
        OpenedToRead opened = open_existing(path_);
        locks_ = opened.locks;
        return std::move(opened.database);
      }()) {}

std::string JournalReader::meta(std::string_view key) const {
  Query query = database_.prepare("SELECT value FROM meta WHERE key = ?");
  query.bind(1, key);
  return query.step() ? query.text(0) : std::string();
}

std::uint64_t JournalReader::last() const {
  return static_cast<std::uint64_t>(
      database_.number("SELECT max(sequence) FROM events").value_or(0));
}

bool JournalReader::takes(const EventQuery& query, const RecordedEvent& event) const {
  if (!query.by.empty() && !pushed_by(query.by, event.json)) return false;
  const bool filters = !query.filter.types.empty() || !query.filter.refs.empty();
  return !filters || trunkgate::takes(query.filter, filtered_event(event.json));
}

void JournalReader::each(const EventQuery& query,
                         const std::function<bool(const RecordedEvent&)>& take) const {
  const auto rows = [&](const char* order) {
    Query select = database_.prepare(std::string(kColumns) +
                                     "WHERE sequence BETWEEN ? AND ? AND time BETWEEN ? AND ? "
                                     "AND substr(push_id, 1, length(?)) = ? ORDER BY sequence " +
                                     order);
    select.bind(1, query.range.first)
        .bind(2, query.range.last)
        .bind(3, query.range.begin)
        .bind(4, query.range.end)
        .bind(5, query.push)
        .bind(6, query.push);
    return select;
  };
  std::uint64_t first = 0;
  if (query.newest > 0) {
    // From the end, to see where they begin: what is kept of them is one number.
    Query newest = rows("DESC");
    for (std::size_t n = 0; n < query.newest && newest.step();) {
      const RecordedEvent event = event_of(newest);
      if (!takes(query, event)) continue;
      first = event.sequence;
      ++n;
    }
  }
  Query select = rows("ASC");
  select.bind(1, std::max(first, query.range.first));
  while (select.step()) {
    const RecordedEvent event = event_of(select);
    if (takes(query, event) && !take(event)) return;
  }
}

std::optional<RecordedEvent> JournalReader::find(std::string_view name) const {
  constexpr std::size_t kLeastId = 8;  // "evt_" and four digits
  if (is_number(name)) {
    Query query = database_.prepare(std::string(kColumns) + "WHERE sequence = ?");
    query.bind(1, static_cast<std::uint64_t>(std::stoull(std::string(name))));
    if (!query.step()) return std::nullopt;
    return event_of(query);
  }
  if (name.size() < kLeastId) return std::nullopt;
  Query query = database_.prepare(std::string(kColumns) +
                                  "WHERE substr(id, 1, length(?)) = ? ORDER BY sequence LIMIT 2");
  query.bind(1, name).bind(2, name);
  if (!query.step()) return std::nullopt;
  RecordedEvent event = event_of(query);
  if (query.step()) {
    throw Error(ErrorKind::usage, "several events have an id that starts with " + printable(name),
                "write more of it");
  }
  return event;
}

void JournalReader::finish() const {
  if (locks_ || (mark_of(path_) == mark_ && mark_of(path_ + "-wal").size == 0)) return;
  throw Error(
      ErrorKind::delivery,
      printable(path_, 1000) + " has changed while it was read, so what was said may be off",
      "say it again, or run this as the account that owns the repository");
}

bool JournalReader::replaced() const {
  const FileMark mark = mark_of(path_);
  return mark.device != mark_.device || mark.inode != mark_.inode;
}

}  // namespace trunkgate

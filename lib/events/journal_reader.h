// Reads a journal while its deliverer may be writing: for people and checks, never for delivery.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "events/moment.h"
#include "events/sink_filter.h"
#include "events/sqlite.h"

namespace trunkgate {

// One row as it stands there, whoever wrote it: any bytes.
struct RecordedEvent {
  std::uint64_t sequence = 0;
  std::string id;
  std::string type;
  std::optional<std::string> ref;  // full name on disk
  std::string push_id;
  std::int64_t time = 0;  // microseconds since 1970, like the next one
  std::int64_t recorded = 0;
  std::string json;
  std::string chain;
};

struct EventQuery {
  EventRange range = {};
  SinkFilter filter = {};  // only its types and refs are looked at
  std::string push = {};   // a push's id or what it starts with; empty for any
  std::string by = {};     // who pushed; empty for anybody
  std::size_t newest = 0;  // at most so many, the newest of them; 0 for all
};

class JournalReader {
 public:
  // `folder` is <repo>/trunkgate. Throws Error(delivery) when there is no journal or it cannot be
  // read.
  explicit JournalReader(const std::string& folder);

  const Database& database() const { return database_; }
  std::string meta(std::string_view key) const;

  // In order, one at a time, until `take` returns false.
  void each(const EventQuery& query, const std::function<bool(const RecordedEvent&)>& take) const;
  // By its sequence, its id, or what its id starts with where only one does. Throws Error(usage)
  // where several do.
  std::optional<RecordedEvent> find(std::string_view name) const;
  // Of the newest event; 0 without any.
  std::uint64_t last() const;

  // To be called after the last row was read. Throws Error(delivery) when the file had to be read
  // without locks and somebody has written it meanwhile.
  void finish() const;
  // Another file stands in its place now.
  bool replaced() const;

 private:
  struct FileMark {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t changed = 0;  // nanoseconds
    bool operator==(const FileMark&) const = default;
  };
  static FileMark mark_of(const std::string& path);
  bool takes(const EventQuery& query, const RecordedEvent& event) const;

  std::string path_;
  FileMark mark_;
  bool locks_ = true;
  Database database_;
};

}  // namespace trunkgate

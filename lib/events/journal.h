// The journal: every event of a repository, in order and for good, and which of them each sink has.
// One SQLite file, <repo>/trunkgate/journal.db, written by the deliverer alone.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "events/event.h"
#include "events/notice.h"
#include "events/sequence.h"
#include "events/sink_filter.h"
#include "events/sqlite.h"

namespace trunkgate {

// Who gets an event. Decided once, when the event is recorded.
struct Subscriber {
  std::string sink;                                      // its name in the policy
  std::function<bool(const FilteredEvent&)> takes = {};  // none: everything
};

// What one pass adds, all of it or nothing.
struct Recording {
  std::span<const Event> events;
  const Sequence& sequence;              // after them
  std::span<const std::string> changed;  // names of refs whose rows in `sequence` changed
  std::span<const std::string> files;    // of the spool, to be removed afterwards
  std::span<const Subscriber> subscribers;
  std::span<const std::int64_t> notices;  // row ids of notices that the events tell
  std::int64_t now;                       // microseconds since 1970
  // What else belongs to it: called inside of the transaction. May be empty.
  std::function<void(const Database&)> also = {};
};

// What was found when the journal was opened.
enum class JournalState {
  kept,         // as it was left
  created,      // there was none before, and no sign of one
  imported,     // made of the counters that deliverers kept before there was a journal
  lost,         // it was gone: numbers begin again, in a new epoch
  damaged,      // it could not be read and was set aside; else like `lost`
  rolled_back,  // an older copy was put in its place: numbers go on in a new epoch
};

class Journal {
 public:
  static std::string path_in(const std::string& folder) { return folder + "/journal.db"; }

  // `folder` is <repo>/trunkgate. To be opened by one process at a time, which holds the
  // deliverer's lock; makes the file when it is missing. Throws Error(delivery) when it cannot be
  // opened although it may be sound (another account's file, a newer format).
  Journal(const std::string& folder, const Sharing& sharing);

  JournalState state() const { return state_; }
  // A line for the admin; empty when nothing is wrong.
  const std::string& warning() const { return warning_; }
  // 1 for the first; see EventBuilder.
  std::uint64_t epoch() const { return epoch_; }
  // No pass has taken down yet what refs hold.
  bool knows_no_refs() const { return !refs_known_; }

  Sequence sequence() const;
  // Those of the spool's files whose events are recorded; only their removal was missing.
  std::vector<std::string> recorded_among(std::span<const std::string> files) const;
  std::vector<Notice> notices() const;

  // Durable when it returns; the files may be removed then.
  void record(const Recording& recording);
  // Forgets files that were recorded before `before` (microseconds): a removal that a power loss
  // took back is long done again.
  void forget_files(std::int64_t before);

  // Removes events older than `before` (microseconds), then, where the file is larger than
  // `max_bytes`, the oldest until it is not; never what one of `sinks`, those of the policy, has
  // still to get. What was given up, or waits for a sink that is disabled or no longer there, goes
  // with the rest when the file is too large, and else stays two months longer: somebody may want
  // it sent after all. Hashes of what stays are linked.
  void prune(std::int64_t before, std::int64_t max_bytes, std::span<const std::string> sinks);

 private:
  void open(const std::string& folder);
  void create_tables(const std::string& folder);
  void set_meta(std::string_view key, std::string_view value) const;
  std::string meta(std::string_view key) const;
  void write_marker() const;
  // The first event that may not go, and the first that should not; the largest number for none.
  struct Waiting {
    std::int64_t needed;
    std::int64_t wanted;
  };
  Waiting waiting(std::int64_t before, std::span<const std::string> sinks) const;
  // Among those that were touched at `since` or later.
  std::int64_t oldest_open(const std::string& sink, std::int64_t since) const;

  std::string folder_;
  Sharing sharing_;
  std::optional<Database> database_;
  JournalState state_ = JournalState::kept;
  std::string warning_;
  std::uint64_t epoch_ = 1;
  bool refs_known_ = false;
  std::uint64_t last_ = 0;
  std::string head_;  // hash of the last event
};

// What is left beside the journal, in state/journal.json, so that its loss is seen.
struct JournalMarker {
  std::uint64_t epoch = 0;  // 0: there was no journal
  std::uint64_t last = 0;   // sequence
};
JournalMarker read_journal_marker(const std::string& folder);

// The hash that an event has in the journal: SHA-256 over the hash before it, in hexadecimal, and
// its JSON. The first one follows an empty text.
std::string chained_hash(std::string_view previous, std::string_view json);

}  // namespace trunkgate

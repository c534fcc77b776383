#include "events/journal_schema.h"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kApplicationId = 0x7467'4a31;  // "tgJ1": what `file` shows of it
constexpr std::int64_t kFormat = 1;
// Milliseconds. Whoever has sent something and gives up marking it sends it again.
constexpr int kPatience = 30'000;

constexpr const char* kTables = R"(
  -- epoch; first and anchor: sequence and hash before the oldest event that is kept; policy: the
  -- one that was told last
  CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE events(
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,           -- dev.trunkgate.ref.updated.v1
    ref BLOB,                     -- full name on disk; NULL for events about no ref
    push_id TEXT NOT NULL,        -- empty for what no push did
    time INTEGER NOT NULL,        -- microseconds since 1970, like all times here
    recorded INTEGER NOT NULL,
    json TEXT NOT NULL,           -- as it is sent
    chain TEXT NOT NULL);         -- chained_hash()
  CREATE INDEX events_ref ON events(ref, sequence) WHERE ref IS NOT NULL;
  CREATE INDEX events_push ON events(push_id);
  CREATE TABLE refs(
    name BLOB PRIMARY KEY,
    count INTEGER NOT NULL,
    last_event TEXT NOT NULL,
    value TEXT NOT NULL,          -- after that event
    value_before TEXT NOT NULL,
    not_before INTEGER NOT NULL,  -- when the ref came to hold the value; 0 for unknown
    not_after INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE hotfixes(
    place INTEGER PRIMARY KEY,
    hotfix TEXT NOT NULL, by TEXT NOT NULL, branch BLOB NOT NULL, trunk BLOB NOT NULL,
    lacking BLOB NOT NULL, since INTEGER NOT NULL);
  CREATE TABLE recorded_files(name TEXT PRIMARY KEY, time INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE deliveries(
    sink TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    partition TEXT NOT NULL,
    state INTEGER NOT NULL,       -- 0 open, 1 delivered, 2 given up
    attempts INTEGER NOT NULL,
    refusals INTEGER NOT NULL,    -- attempts that say something about this event
    due INTEGER NOT NULL,         -- not before; 0 for at once
    first_tried INTEGER NOT NULL, -- 0 for never
    changed INTEGER NOT NULL,     -- when it was last tried or its state set
    reason TEXT NOT NULL,
    PRIMARY KEY(sink, sequence)) WITHOUT ROWID;
  CREATE INDEX deliveries_open ON deliveries(sink, sequence) WHERE state = 0;
  CREATE INDEX deliveries_waiting ON deliveries(sink, due) WHERE state = 0 AND due > 0;
  CREATE INDEX deliveries_dead ON deliveries(sink, sequence) WHERE state = 2;
  CREATE TABLE sinks(
    name TEXT PRIMARY KEY,
    disabled INTEGER NOT NULL DEFAULT 0,       -- when; 0 for not
    reason TEXT NOT NULL DEFAULT '',           -- of that, or of the last failure
    failures INTEGER NOT NULL DEFAULT 0,       -- since the last success
    failing_since INTEGER NOT NULL DEFAULT 0,
    tried_at INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER NOT NULL DEFAULT 0,
    last_success INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
  CREATE TABLE sink_memory(
    sink TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY(sink, key)) WITHOUT ROWID;
  CREATE TABLE notices(
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL, sink TEXT NOT NULL, event TEXT NOT NULL, reason TEXT NOT NULL,
    time INTEGER NOT NULL);
)";

[[noreturn]] void refuse_newer(const std::string& path) {
  throw Error(ErrorKind::delivery, printable(path, 1000) + " was written by a newer trunkgate",
              "install that one again, or a newer one");
}

// 0 for a file without tables.
std::int64_t format_of(const Database& database) {
  return database.number("PRAGMA user_version").value_or(0);
}

void check_readable(const Database& database) {
  const std::int64_t format = format_of(database);
  if (format > kFormat) refuse_newer(database.path());
  if (format == 0) {
    throw Error(ErrorKind::delivery,
                printable(database.path(), 1000) + " is empty: nothing was recorded yet",
                "a push does that, or: trunkgate deliver REPOSITORY");
  }
}

// In a shared repository the files that SQLite keeps beside the journal are another account's for a
// moment before they are everybody's: tries again while that may be so. `access`: as of access(2),
// what this account may do with the journal.
template <typename Open>
auto once_it_is_everybodys(const std::string& path, int access, const Open& open) {
  constexpr int kTries = 20;
  constexpr std::chrono::milliseconds kMoment{50};
  for (int tries = 1;; ++tries) {
    try {
      return open();
    } catch (const ClosedDatabase&) {
      if (tries == kTries || ::access(path.c_str(), access) != 0) throw;
      std::this_thread::sleep_for(kMoment);
    }
  }
}

bool has_bytes(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && status.st_size > 0;
}

}  // namespace

OpenedToRead open_journal_to_read(const std::string& path) {
  constexpr int kPatience = 2000;  // milliseconds, while somebody repairs it after a crash
  try {
    return once_it_is_everybodys(path, R_OK | W_OK, [&]() -> OpenedToRead {
      Database database(path, Database::Access::read_only, kPatience);
      check_readable(database);
      database.execute("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;");
      return {std::move(database)};
    });
  } catch (const DamagedDatabase&) {
    throw;
  } catch (const Error&) {
    const std::string folder = path.substr(0, path.rfind('/'));
    if (::access(path.c_str(), R_OK) != 0 || ::access(folder.c_str(), W_OK) == 0) throw;
  }
  if (has_bytes(path + "-wal")) {
    throw Error(ErrorKind::delivery,
                printable(path, 1000) + " cannot be read by this account: events stand in " +
                    "journal.db-wal beside it, and those can be read only by who may write there",
                "run this as the account that owns the repository");
  }
  Database database(path, Database::Access::unchanging);
  check_readable(database);
  database.execute("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;");
  return {std::move(database), false};
}

// Whoever may only read the files beside it is told so when it writes.
Database open_journal(const std::string& path) {
  return once_it_is_everybodys(path, R_OK | W_OK, [&] {
    Database database(path, Database::Access::write, kPatience);
    database.execute(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000;"
        "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; BEGIN IMMEDIATE; ROLLBACK;");
    return database;
  });
}

std::optional<Database> look_into_journal(const std::string& path) {
  return once_it_is_everybodys(path, R_OK | W_OK, [&]() -> std::optional<Database> {
    Database database(path, Database::Access::read_only, kPatience);
    if (format_of(database) == 0) return std::nullopt;
    return database;
  });
}

void migrate(const Database& database) {
  const std::int64_t format = format_of(database);
  if (format == kFormat) return;
  if (format > kFormat) refuse_newer(database.path());
  Transaction transaction(database);
  // Another process may have done it while this one waited.
  if (format_of(database) != kFormat) {
    database.execute(kTables);
    database.execute("PRAGMA application_id=" + std::to_string(kApplicationId) +
                     "; PRAGMA user_version=" + std::to_string(kFormat));
  }
  transaction.commit();
}

}  // namespace trunkgate

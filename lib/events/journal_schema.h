// The tables of the journal. Kept on disk: a change is a new step in migrate().
#pragma once

#include <optional>

#include "events/sqlite.h"

namespace trunkgate {

// Opens with the journal's settings: WAL, so that readers never wait; every commit is on disk.
Database open_journal(const std::string& path);

// Opens a journal that exists to read it: nobody waits for that, neither a deliverer nor this
// process. Where the account may not make SQLite's files beside it and no deliverer has any, it is
// read without locks. Throws Error(delivery), with a hint, where that is not possible either.
struct OpenedToRead {
  Database database;
  bool locks = true;
};
OpenedToRead open_journal_to_read(const std::string& path);

// Brings the file to the newest format; an empty one gets all tables. Throws Error(delivery) for
// the file of a newer program.
void migrate(const Database& database);

// To read what a deliverer wants to know before it writes. Nothing where migrate() never was: the
// file is made before, and that takes its time.
std::optional<Database> look_into_journal(const std::string& path);

}  // namespace trunkgate

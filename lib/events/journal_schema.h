// The tables of the journal. Kept on disk: a change is a new step in migrate().
#pragma once

#include "events/sqlite.h"

namespace trunkgate {

// Opens with the journal's settings: WAL, so that readers never wait; every commit is on disk.
Database open_journal(const std::string& path);

// Brings the file to the newest format; an empty one gets all tables. Throws Error(delivery) for
// the file of a newer program.
void migrate(const Database& database);

}  // namespace trunkgate

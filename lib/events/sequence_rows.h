// The deliverer's memory between passes as rows of the journal (journal_schema.h).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "events/sequence.h"
#include "events/sqlite.h"

namespace trunkgate {

void read_refs(const Database& database, Sequence& sequence);
// Names that the sequence does not know are passed over.
void write_refs(const Database& database, const Sequence& sequence,
                std::span<const std::string> names);

void read_hotfixes(const Database& database, Sequence& sequence);
void write_hotfixes(const Database& database, const Sequence& sequence);

// JSON, in which the names of a policy may be any bytes (bytes_json.h).
std::string to_json(const KnownPolicy& policy);
// The reverse. Nothing is known when somebody has changed the text: the next push says which policy
// is in force.
KnownPolicy known_policy(std::string_view json);

}  // namespace trunkgate

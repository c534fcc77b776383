// The lineage of a repository as tables of the journal, for questions in both directions.
//
// They can be made anew from the references at any time: what counts is what refs/attest/ holds. A
// node is an artifact, known by its identity whoever speaks of it; a mention is what one statement
// says of it; an edge leads from what was used to what was made. Forms are kept on disk: a change
// needs new names of tables, and reindex().
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "events/spool.h"
#include "events/sqlite.h"
#include "evidence/attestation.h"
#include "git/repository.h"

namespace trunkgate {

// Makes the tables where they are missing; true when it made them, so that they need reindex().
bool create_lineage_tables(const Database& database);
// Whether they are there.
bool has_lineage_tables(const Database& database);

// A statement with where it stands and who left it.
struct IndexedStatement {
  std::string ref;  // full name on disk, raw bytes
  ObjectId commit;  // what it was left about
  std::string predicate_type = {};
  LineageStatement lineage = {};
  std::string left_by = {};   // a user's name; empty when nobody knows
  bool is_signed = false;     // that is told by a signature
  std::int64_t recorded = 0;  // when it was left, microseconds since 1970; 0 when nobody knows
};

// None of these begins a transaction; the caller does where several belong together.
class LineageIndex {
 public:
  // Puts a statement in the place of what its reference said before.
  static void index_statement(const Database& database, const IndexedStatement& statement);
  // The attestation was withdrawn.
  static void forget_ref(const Database& database, std::string_view ref);

  // What one push changed, after it was applied. Other references are passed over, and so is what
  // is gone from the repository by now or never was a statement. Throws Error(delivery).
  static void apply(const Database& database, const Repository& repository,
                    std::span<const SpooledUpdate> applied, const Actor& actor, std::int64_t time);

  // Everything anew from what the references hold. Returns how many statements there are. A
  // repository opened without a Git namespace.
  static std::size_t reindex(const Database& database, const Repository& repository);
};

}  // namespace trunkgate

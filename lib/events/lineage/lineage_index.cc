#include "events/lineage/lineage_index.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <vector>

#include "base/text.h"
#include "events/version.h"
#include "evidence/evidence.h"

namespace trunkgate {
namespace {

constexpr const char* kTables = R"(
CREATE TABLE lineage_node(
  id INTEGER PRIMARY KEY,
  identity TEXT NOT NULL UNIQUE);
CREATE TABLE lineage_statement(
  id INTEGER PRIMARY KEY,
  ref BLOB NOT NULL UNIQUE,
  about TEXT NOT NULL,
  step TEXT NOT NULL,
  predicate_type TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  left_by TEXT NOT NULL,
  is_signed INTEGER NOT NULL,
  recorded INTEGER NOT NULL);
CREATE TABLE lineage_mention(
  statement INTEGER NOT NULL,
  node INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  uri TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY(statement, node)) WITHOUT ROWID;
CREATE INDEX lineage_mention_node ON lineage_mention(node);
CREATE INDEX lineage_mention_name ON lineage_mention(name);
CREATE INDEX lineage_mention_uri ON lineage_mention(uri);
CREATE TABLE lineage_edge(
  source INTEGER NOT NULL,
  target INTEGER NOT NULL,
  statement INTEGER NOT NULL,
  PRIMARY KEY(source, target, statement)) WITHOUT ROWID;
CREATE INDEX lineage_edge_target ON lineage_edge(target, source);
CREATE INDEX lineage_edge_statement ON lineage_edge(statement);
)";

std::optional<AttestationName> lineage_name(std::string_view ref) {
  auto name = parse_attestation_name(parts_of(ref).name);
  if (name && name->kind != AttestationKind::lineage) name.reset();
  return name;
}

std::string state_of(const Repository& repository) {
  return repository.path() + "/trunkgate/state";
}

// What `object` says; nothing when it is gone, or nothing that the gate would let in.
std::optional<IndexedStatement> read_statement(const Repository& repository,
                                               const AttestationName& name, const std::string& ref,
                                               const ObjectId& object) {
  try {
    AttestationObject read = read_attestation_object(repository, name, object);
    if (!read.mistakes.empty()) return std::nullopt;
    return IndexedStatement{.ref = ref,
                            .commit = name.commit,
                            .predicate_type = std::move(read.body.predicate_type),
                            .lineage = std::move(read.body.lineage)};
  } catch (const std::exception&) {
    // The index must not wait for an admin; reindex() finds it when it is readable again.
    return std::nullopt;
  }
}

std::int64_t node_of(const Database& database, const std::string& identity) {
  database.prepare("INSERT OR IGNORE INTO lineage_node(identity) VALUES(?)")
      .bind(1, std::string_view(identity))
      .run();
  Query query = database.prepare("SELECT id FROM lineage_node WHERE identity = ?");
  query.bind(1, std::string_view(identity)).step();
  return query.integer(0);
}

}  // namespace

bool has_lineage_tables(const Database& database) {
  return database.number("SELECT 1 FROM sqlite_master WHERE name = 'lineage_statement'")
      .has_value();
}

bool create_lineage_tables(const Database& database) {
  if (has_lineage_tables(database)) return false;
  database.execute(kTables);
  return true;
}

void LineageIndex::index_statement(const Database& database, const IndexedStatement& statement) {
  forget_ref(database, statement.ref);
  const LineageStatement& lineage = statement.lineage;
  database
      .prepare(
          "INSERT INTO lineage_statement(ref, about, step, predicate_type, sha256, left_by, "
          "is_signed, recorded) VALUES(?,?,?,?,?,?,?,?)")
      .bind_blob(1, statement.ref)
      .bind(2, std::string_view(statement.commit.hex()))
      .bind(3, std::string_view(lineage.step))
      .bind(4, std::string_view(statement.predicate_type))
      .bind(5, std::string_view(lineage.sha256))
      .bind(6, std::string_view(statement.left_by))
      .bind(7, std::int64_t{statement.is_signed ? 1 : 0})
      .bind(8, statement.recorded)
      .run();
  Query last = database.prepare("SELECT last_insert_rowid()");
  last.step();
  const std::int64_t id = last.integer(0);
  Query mention = database.prepare(
      "INSERT INTO lineage_mention(statement, node, kind, name, uri, note) VALUES(?,?,?,?,?,?)");
  std::vector<std::int64_t> nodes;
  for (const Artifact& artifact : lineage.artifacts) {
    nodes.push_back(node_of(database, artifact.identity));
    mention.bind(1, id)
        .bind(2, nodes.back())
        .bind(3, to_string(artifact.kind))
        .bind(4, std::string_view(artifact.name))
        .bind(5, std::string_view(artifact.uri))
        .bind(6, std::string_view(artifact.note))
        .run();
  }
  Query edge = database.prepare(
      "INSERT OR IGNORE INTO lineage_edge(source, target, statement) VALUES(?,?,?)");
  for (const LineageEdge& each : lineage.edges) {
    edge.bind(1, nodes[each.from]).bind(2, nodes[each.to]).bind(3, id).run();
  }
}

void LineageIndex::forget_ref(const Database& database, std::string_view ref) {
  Query known = database.prepare("SELECT id FROM lineage_statement WHERE ref = ?");
  if (!known.bind_blob(1, ref).step()) return;
  const std::int64_t id = known.integer(0);
  known.reset();
  for (const char* sql :
       {"DELETE FROM lineage_edge WHERE statement = ?",
        // Nodes that nobody else speaks of.
        "DELETE FROM lineage_node WHERE id IN (SELECT node FROM lineage_mention WHERE statement = "
        "?1) AND NOT EXISTS (SELECT 1 FROM lineage_mention AS other WHERE other.node = "
        "lineage_node.id AND other.statement <> ?1)",
        "DELETE FROM lineage_mention WHERE statement = ?",
        "DELETE FROM lineage_statement WHERE id = ?"}) {
    database.prepare(sql).bind(1, id).run();
  }
}

void LineageIndex::apply(const Database& database, const Repository& repository,
                         std::span<const SpooledUpdate> applied, const Actor& actor,
                         std::int64_t time) {
  for (const SpooledUpdate& update : applied) {
    const auto name = lineage_name(update.ref);
    if (!name) continue;
    std::optional<IndexedStatement> statement;
    if (!update.after.is_zero()) {
      statement = read_statement(repository, *name, update.ref, update.after);
    }
    if (!statement) {
      forget_ref(database, update.ref);
      continue;
    }
    // Who signed a tag left it, whoever pushed it.
    const Issuer issuer =
        recorded_issuer(state_of(repository), update.ref, name->commit, update.after);
    statement->left_by = printable(issuer.name.empty() ? actor.id : issuer.name);
    statement->is_signed = issuer.is_signed;
    statement->recorded = time;
    index_statement(database, *statement);
  }
}

std::size_t LineageIndex::reindex(const Database& database, const Repository& repository) {
  database.execute(
      "DELETE FROM lineage_edge; DELETE FROM lineage_mention; DELETE FROM lineage_statement; "
      "DELETE FROM lineage_node");
  std::vector<Ref> refs = repository.refs(kAttestationPrefix);
  // Those of Git namespaces are no attestations of the repository's own.
  for (Ref& ref : repository.refs("refs/namespaces/")) refs.push_back(std::move(ref));
  std::vector<IndexedStatement> statements;
  for (const Ref& ref : refs) {
    const auto name = lineage_name(ref.name);
    if (!name) continue;
    auto statement = read_statement(repository, *name, ref.name, ref.id);
    if (!statement) continue;
    const Issuer issuer = recorded_issuer(state_of(repository), ref.name, name->commit, ref.id);
    statement->left_by = printable(issuer.name);
    statement->is_signed = issuer.is_signed;
    statement->recorded = issuer.time * 1'000'000;
    statements.push_back(std::move(*statement));
  }
  // As they were left: of two names for one thing the first counts.
  std::stable_sort(
      statements.begin(), statements.end(),
      [](const IndexedStatement& a, const IndexedStatement& b) { return a.recorded < b.recorded; });
  for (const IndexedStatement& statement : statements) index_statement(database, statement);
  return statements.size();
}

}  // namespace trunkgate

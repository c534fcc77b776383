#include "events/lineage/lineage_graph.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace trunkgate {
namespace {

// UNION drops what was found before, so that circles end; found in the order of distance.
constexpr std::string_view kUp =
    "WITH RECURSIVE walk(node) AS (SELECT value FROM json_each(?1) UNION "
    "SELECT edge.source FROM walk JOIN lineage_edge AS edge ON edge.target = walk.node LIMIT ?2) "
    "SELECT walk.node, identity FROM walk JOIN lineage_node ON lineage_node.id = walk.node";
constexpr std::string_view kDown =
    "WITH RECURSIVE walk(node) AS (SELECT value FROM json_each(?1) UNION "
    "SELECT edge.target FROM walk JOIN lineage_edge AS edge ON edge.source = walk.node LIMIT ?2) "
    "SELECT walk.node, identity FROM walk JOIN lineage_node ON lineage_node.id = walk.node";

ArtifactKind kind_called(std::string_view word) {
  for (const ArtifactKind kind : kArtifactKinds) {
    if (to_string(kind) == word) return kind;
  }
  return ArtifactKind::file;
}

std::string json_list(std::span<const std::int64_t> ids) {
  std::string text;
  for (const std::int64_t id : ids) text += (text.empty() ? "[" : ",") + std::to_string(id);
  return text.empty() ? "[]" : text + "]";
}

class Tracer {
 public:
  Tracer(const Database& database, LineageDirection direction)
      : database_(database), up_(direction == LineageDirection::up) {}

  LineageGraph trace(std::span<const std::int64_t> start, std::size_t max_nodes) {
    Query walk = database_.prepare(up_ ? kUp : kDown);
    walk.bind(1, std::string_view(json_list(start))).bind(2, std::uint64_t{max_nodes + 1});
    while (walk.step()) {
      if (graph_.nodes.size() == max_nodes) {
        graph_.cut = true;
        break;
      }
      places_.emplace(walk.integer(0), graph_.nodes.size());
      TracedNode node;
      node.id = walk.integer(0);
      node.identity = walk.text(1);
      graph_.nodes.push_back(std::move(node));
    }
    describe();
    link();
    return std::move(graph_);
  }

 private:
  // A file is what no statement says more of: any other kind wins.
  void describe() {
    Query query = database_.prepare(
        "SELECT kind, name, uri, note FROM lineage_mention WHERE node = ? ORDER BY statement "
        "LIMIT 1000");
    for (TracedNode& node : graph_.nodes) {
      query.bind(1, node.id);
      while (query.step()) {
        const ArtifactKind kind = kind_called(query.bytes(0));
        const bool better = node.kind == ArtifactKind::file && kind != ArtifactKind::file;
        if (better) node.kind = kind;
        if (better ? !query.bytes(1).empty() : node.name.empty()) node.name = query.text(1);
        if (better ? !query.bytes(2).empty() : node.uri.empty()) node.uri = query.text(2);
        const std::string note = query.text(3);
        if (!note.empty() && node.notes.size() < 20 &&
            std::find(node.notes.begin(), node.notes.end(), note) == node.notes.end()) {
          node.notes.push_back(note);
        }
      }
      query.reset();
      std::sort(node.notes.begin(), node.notes.end());
    }
  }

  void link() {
    Query query = database_.prepare(
        up_ ? "SELECT source, min(statement) FROM lineage_edge WHERE target = ? GROUP BY source"
            : "SELECT target, min(statement) FROM lineage_edge WHERE source = ? GROUP BY target");
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      query.bind(1, graph_.nodes[i].id);
      while (query.step()) {
        const auto other = places_.find(query.integer(0));
        if (other == places_.end()) continue;
        if (graph_.edges.size() == kMaxTracedEdges) {
          graph_.cut = true;
          return;
        }
        const std::size_t statement = statement_of(query.integer(1));
        graph_.edges.push_back(up_ ? TracedEdge{other->second, i, statement}
                                   : TracedEdge{i, other->second, statement});
      }
      query.reset();
    }
  }

  std::size_t statement_of(std::int64_t id) {
    const auto [known, is_new] = statements_.try_emplace(id, graph_.statements.size());
    if (!is_new) return known->second;
    Query query = database_.prepare(
        "SELECT ref, step, predicate_type, sha256, left_by, is_signed, recorded FROM "
        "lineage_statement WHERE id = ?");
    TracedStatement statement;
    if (query.bind(1, id).step()) {
      statement = {.ref = query.text(0),
                   .step = query.text(1),
                   .predicate_type = query.text(2),
                   .sha256 = query.text(3),
                   .left_by = query.text(4),
                   .is_signed = query.integer(5) != 0,
                   .recorded = query.integer(6)};
    }
    graph_.statements.push_back(std::move(statement));
    return known->second;
  }

  const Database& database_;
  bool up_;
  LineageGraph graph_;
  std::unordered_map<std::int64_t, std::size_t> places_;
  std::map<std::int64_t, std::size_t> statements_;
};

std::vector<std::int64_t> numbers(Query& query) {
  std::vector<std::int64_t> found;
  while (query.step()) found.push_back(query.integer(0));
  return found;
}

}  // namespace

LineageGraph trace_lineage(const Database& database, std::span<const std::int64_t> start,
                           LineageDirection direction, std::size_t max_nodes) {
  return Tracer(database, direction).trace(start, max_nodes);
}

std::optional<std::int64_t> node_of_identity(const Database& database, std::string_view identity) {
  Query query = database.prepare("SELECT id FROM lineage_node WHERE identity = ?");
  if (!query.bind(1, identity).step()) return std::nullopt;
  return query.integer(0);
}

std::vector<std::int64_t> nodes_of_prefix(const Database& database, std::string_view prefix) {
  Query query = database.prepare(
      "SELECT id FROM lineage_node WHERE identity >= ?1 AND identity < ?1 || char(1114111) "
      "ORDER BY identity LIMIT 3");
  query.bind(1, prefix);
  return numbers(query);
}

std::vector<std::int64_t> nodes_of_name(const Database& database, std::string_view name) {
  Query query = database.prepare(
      "SELECT node, max(statement) AS latest FROM lineage_mention WHERE name = ?1 OR uri IN "
      "(?1, 'oci://' || ?1, 'docker://' || ?1) GROUP BY node ORDER BY latest DESC LIMIT 100");
  query.bind(1, name);
  return numbers(query);
}

std::vector<std::string> lineage_names(const Database& database) {
  Query query = database.prepare(
      "SELECT DISTINCT name FROM lineage_mention WHERE name <> '' AND kind <> 'commit' "
      "LIMIT 20000");
  std::vector<std::string> names;
  while (query.step()) names.push_back(query.text(0));
  return names;
}

}  // namespace trunkgate

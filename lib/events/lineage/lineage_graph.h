// What is known of an artifact's origin and of what became of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/sqlite.h"
#include "evidence/lineage_statement.h"

namespace trunkgate {

// Of one answer; a commit may have become thousands of images.
inline constexpr std::size_t kMaxTracedNodes = 2000;
inline constexpr std::size_t kMaxTracedEdges = 10'000;

// up: what it was made from; down: what was made from it.
enum class LineageDirection { up, down };

struct TracedStatement {
  std::string ref;  // full name on disk, raw bytes
  std::string step;
  std::string predicate_type;
  std::string sha256;
  std::string left_by;  // printable; empty when nobody knows
  bool is_signed = false;
  std::int64_t recorded = 0;  // microseconds since 1970; 0 when nobody knows
};

struct TracedNode {
  std::int64_t id = 0;  // in the tables
  ArtifactKind kind = ArtifactKind::file;
  std::string identity;
  std::string name;                // UTF-8 of whoever wrote it
  std::string uri;                 // the same
  std::vector<std::string> notes;  // each once, sorted
};

// Indexes of nodes and statements; each pair of nodes once, with the statement that said it first.
struct TracedEdge {
  std::size_t from = 0;
  std::size_t to = 0;
  std::size_t statement = 0;
};

struct LineageGraph {
  std::vector<TracedNode> nodes;  // nearest first; those that were asked for come first
  std::vector<TracedEdge> edges;
  std::vector<TracedStatement> statements;
  bool cut = false;  // there is more
};

// Everything that can be reached from `start` in one direction. Circles are no matter.
LineageGraph trace_lineage(const Database& database, std::span<const std::int64_t> start,
                           LineageDirection direction, std::size_t max_nodes = kMaxTracedNodes);

// The node with this identity.
std::optional<std::int64_t> node_of_identity(const Database& database, std::string_view identity);
// Nodes whose identity begins so, three at most.
std::vector<std::int64_t> nodes_of_prefix(const Database& database, std::string_view prefix);
// Nodes that a statement calls so, by name or by URI (with or without oci:// or docker://); the one
// spoken of last comes first. 100 at most.
std::vector<std::int64_t> nodes_of_name(const Database& database, std::string_view name);
// What can be asked for by name, 20,000 at most: models, servings and names of artifacts.
std::vector<std::string> lineage_names(const Database& database);

}  // namespace trunkgate

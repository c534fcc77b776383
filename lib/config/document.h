// Reads YAML into a strict tree of our own that keeps positions. The only user of yaml-cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostics.h"

namespace trunkgate {

struct Entry;

// One value of a policy file. Nodes are values: they own what is below them.
struct Node {
  enum class Kind { null, scalar, sequence, map };

  Kind kind = Kind::null;
  Location where;
  std::string text;     // of a scalar, unquoted
  bool quoted = false;  // the scalar stood in quotes or in a block
  std::vector<Node> items;
  std::vector<Entry> entries;  // in the order of the file; keys are unique

  // The value at `key` of a map, or nullptr. Valid as long as this node is not changed.
  const Node* find(std::string_view key) const;
};

struct Entry {
  std::string key;
  Location key_where;
  Node value;
};

// "a map", "a list", "text", "nothing"
std::string_view to_string(Node::Kind kind);

inline constexpr std::size_t kMaxDocumentBytes = 1024 * 1024;
inline constexpr std::size_t kMaxDocumentDepth = 64;

// Parses one document whose top level is a block map. Mistakes go to `diagnostics`: syntax errors
// (the first one only, in our own words), duplicate keys (naming the first one's line), anchors,
// aliases, tags, merge keys, quotes that are never closed, several documents, text after the
// document, keys that are no plain text, tabs as indentation, NUL, bytes that are no UTF-8, a byte
// order mark, more than kMaxDocumentBytes or kMaxDocumentDepth. Returns the tree as far as it could
// be read (a null node when nothing could).
Node parse_document(std::shared_ptr<const Source> source, Diagnostics& diagnostics);

// A node for the text of an option's default value: a scalar, or a flow list of scalars such as
// "[main, 'feature/**']". Not for text from users.
Node parse_default(std::string_view text);

}  // namespace trunkgate

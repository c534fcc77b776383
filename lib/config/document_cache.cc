#include "config/document_cache.h"

#include <cstdint>
#include <utility>

namespace trunkgate {
namespace {

// Kept on disk. The number counts changes to this format and to what the parser makes of a text.
constexpr std::string_view kHeader = "trunkgate documents 1\n";

void put(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7U) out += static_cast<char>(number | 0x80U);
  out += static_cast<char>(number);
}

void put(std::string& out, std::string_view text) {
  put(out, text.size());
  out += text;
}

void put(std::string& out, const Location& where) {
  put(out, where.line);
  put(out, where.column);
  put(out, where.length);
}

void put(std::string& out, const Node& node) {
  put(out, static_cast<std::uint64_t>(node.kind) * 2 + (node.quoted ? 1 : 0));
  put(out, node.where);
  switch (node.kind) {
    case Node::Kind::null:
      break;
    case Node::Kind::scalar:
      put(out, node.text);
      break;
    case Node::Kind::sequence:
      put(out, node.items.size());
      for (const Node& item : node.items) put(out, item);
      break;
    case Node::Kind::map:
      put(out, node.entries.size());
      for (const Entry& entry : node.entries) {
        put(out, entry.key);
        put(out, entry.key_where);
        put(out, entry.value);
      }
      break;
  }
}

// Takes the same back; after the first thing that does not fit, everything is nothing.
class Taker {
 public:
  explicit Taker(std::string_view bytes, std::shared_ptr<const Source> source = nullptr)
      : rest_(bytes), source_(std::move(source)) {}

  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<std::uint8_t>(rest_[0]);
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    good_ = false;
    return 0;
  }

  std::string_view text() {
    const std::uint64_t size = number();
    if (size > rest_.size()) good_ = false;
    if (!good_) return {};
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  Node node(std::size_t depth) {
    Node node;
    const std::uint64_t kind = number();
    if (kind > static_cast<std::uint64_t>(Node::Kind::map) * 2 + 1 || depth > kMaxDocumentDepth) {
      good_ = false;
      return node;
    }
    node.kind = static_cast<Node::Kind>(kind / 2);
    node.quoted = kind % 2 == 1;
    node.where = where();
    if (node.kind == Node::Kind::scalar) node.text = text();
    if (node.kind == Node::Kind::sequence) {
      const std::size_t items = count();
      node.items.reserve(items);
      for (std::size_t i = 0; i < items && good_; ++i) node.items.push_back(this->node(depth + 1));
    }
    if (node.kind == Node::Kind::map) {
      const std::size_t entries = count();
      node.entries.reserve(entries);
      for (std::size_t i = 0; i < entries && good_; ++i) {
        Entry entry;
        entry.key = text();
        entry.key_where = where();
        entry.value = this->node(depth + 1);
        node.entries.push_back(std::move(entry));
      }
    }
    return node;
  }

 private:
  Location where() {
    Location where;
    where.source = source_;
    where.line = number();
    where.column = number();
    where.length = number();
    return where;
  }

  // Each of that many things takes bytes, so no more can be announced than are left.
  std::size_t count() {
    const std::uint64_t count = number();
    if (count > rest_.size()) good_ = false;
    return good_ ? count : 0;
  }

  std::string_view rest_;
  std::shared_ptr<const Source> source_;
  bool good_ = true;
};

}  // namespace

DocumentCache::DocumentCache(std::string_view bytes) {
  if (!bytes.starts_with(kHeader)) return;
  Taker taker(bytes.substr(kHeader.size()));
  while (!taker.at_end()) {
    const std::string_view text = taker.text();
    const std::string_view tree = taker.text();
    if (!taker.good()) {
      trees_.clear();
      return;
    }
    trees_.emplace(text, Tree{std::string(tree)});
  }
}

std::optional<Node> DocumentCache::find(const std::shared_ptr<const Source>& source) const {
  const auto found = trees_.find(source->text);
  if (found == trees_.end()) return std::nullopt;
  found->second.used = true;
  Taker taker(found->second.bytes, source);
  Node root = taker.node(0);
  if (!taker.good() || !taker.at_end()) return std::nullopt;
  return root;
}

void DocumentCache::add(const std::string& text, const Node& root) {
  std::string tree;
  put(tree, root);
  trees_[text] = {std::move(tree), true};
  changed_ = true;
}

std::string DocumentCache::bytes() const {
  std::string bytes(kHeader);
  for (const auto& [text, tree] : trees_) {
    if (!tree.used) continue;
    put(bytes, std::string_view(text));
    put(bytes, std::string_view(tree.bytes));
  }
  return bytes;
}

}  // namespace trunkgate

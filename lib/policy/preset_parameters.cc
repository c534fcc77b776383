#include "policy/preset_parameters.h"

#include <algorithm>
#include <map>
#include <vector>

#include "base/nearest.h"
#include "base/text.h"

namespace trunkgate {
namespace {

// A scalar that YAML reads back as the same text, also inside a flow list.
std::string yaml_text(const Node& node) {
  const std::string& text = node.text;
  const bool plain =
      !text.empty() && !node.quoted && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '/' || c == '-' || c == ' ';
      });
  if (plain && text.front() != '-' && text.front() != ' ' && text.back() != ' ') return text;
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + "'";
}

// The values of a preset's parameters. A default may name other parameters: `<trunk>` stands for
// the whole list among the items of one, and for its first item where a text is wanted.
class Parameters {
 public:
  Parameters(const Node* declared, const Node* values, Diagnostics& diagnostics)
      : diagnostics_(diagnostics) {
    if (declared != nullptr) {
      for (const Entry& entry : declared->entries) nodes_[entry.key] = &entry.value;
    }
    if (values == nullptr) return;
    for (const Entry& entry : values->entries) {
      if (const auto known = nodes_.find(entry.key); known != nodes_.end()) {
        known->second = &entry.value;
      } else {
        report_unknown(entry);
      }
    }
  }

  bool contains(const std::string& name) const { return nodes_.contains(name); }

  // As it stands in YAML, a list as a flow list.
  std::string text(const std::string& name) {
    const Node& node = *nodes_.at(name);
    const std::vector<std::string> items = items_of(node, 0);
    if (node.kind == Node::Kind::scalar) return items.empty() ? "''" : items[0];
    return "[" + join(items, ", ") + "]";
  }

  // As a part of a longer word: "missing-check.<evaluation>". Quotes would become part of it.
  std::string word(const std::string& name) {
    const Node& node = *nodes_.at(name);
    if (node.kind == Node::Kind::scalar && is_word(node.text)) return node.text;
    diagnostics_.error(node.where,
                       "the parameter '" + name + "' is a word of letters, digits and . _ @ + -");
    return "x";
  }

 private:
  static constexpr int kMaxDepth = 8;

  static bool is_word(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '.' || c == '_' || c == '@' || c == '+' || c == '-';
    });
  }

  std::vector<std::string> items_of(const Node& node, int depth) {
    std::vector<std::string> items;
    if (node.kind == Node::Kind::scalar) {
      add(node, depth, items);
    } else if (node.kind == Node::Kind::sequence &&
               std::all_of(node.items.begin(), node.items.end(),
                           [](const Node& item) { return item.kind == Node::Kind::scalar; })) {
      for (const Node& item : node.items) add(item, depth, items);
    } else {
      diagnostics_.error(node.where, "a parameter is a text or a list of texts");
    }
    return items;
  }

  void add(const Node& scalar, int depth, std::vector<std::string>& items) {
    const std::string& text = scalar.text;
    const bool named = !scalar.quoted && text.starts_with('<') && text.ends_with('>');
    const auto other = named ? nodes_.find(text.substr(1, text.size() - 2)) : nodes_.end();
    if (other == nodes_.end() || depth == kMaxDepth) return items.push_back(yaml_text(scalar));
    const std::vector<std::string> more = items_of(*other->second, depth + 1);
    items.insert(items.end(), more.begin(), more.end());
  }

  void report_unknown(const Entry& entry) {
    std::vector<std::string_view> names;
    for (const auto& [name, node] : nodes_) names.push_back(name);
    const auto known = nearest(entry.key, names);
    diagnostics_.error(entry.key_where,
                       "the preset has no parameter '" + printable(entry.key) + "'",
                       known ? "did you mean '" + *known + "'?" : "");
  }

  std::map<std::string, const Node*> nodes_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::string fill_parameters(std::string_view text, const Node& document, const Node* values,
                            Diagnostics& diagnostics) {
  Parameters parameters(document.find("parameters"), values, diagnostics);
  std::string out;
  while (!text.empty()) {
    const auto open = text.find('<');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    text.remove_prefix(open);
    const auto close = text.find('>');
    const std::string name(text.substr(1, close == std::string_view::npos ? 0 : close - 1));
    const bool known = parameters.contains(name);
    const bool inside = known && !out.empty() &&
                        std::string_view(" [,{\n").find(out.back()) == std::string_view::npos;
    out += !known ? "<" : (inside ? parameters.word(name) : parameters.text(name));
    text.remove_prefix(known ? close + 1 : 1);
  }
  return out;
}

}  // namespace trunkgate

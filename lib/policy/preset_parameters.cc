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

std::string yaml_value(const Node& node, Diagnostics& diagnostics) {
  if (node.kind == Node::Kind::scalar) return yaml_text(node);
  std::vector<std::string> items;
  for (const Node& item : node.items) {
    if (item.kind == Node::Kind::scalar) items.push_back(yaml_text(item));
  }
  if (node.kind != Node::Kind::sequence || items.size() != node.items.size()) {
    diagnostics.error(node.where, "a parameter is a text or a list of texts");
    return "[]";
  }
  return "[" + join(items, ", ") + "]";
}

}  // namespace

std::string fill_parameters(std::string_view text, const Node& document, const Node* values,
                            Diagnostics& diagnostics) {
  std::map<std::string, std::string> filled;
  if (const Node* declared = document.find("parameters"); declared != nullptr) {
    for (const Entry& entry : declared->entries) {
      filled[entry.key] = yaml_value(entry.value, diagnostics);
    }
  }
  if (values != nullptr) {
    for (const Entry& entry : values->entries) {
      if (filled.contains(entry.key)) {
        filled[entry.key] = yaml_value(entry.value, diagnostics);
        continue;
      }
      std::vector<std::string_view> names;
      for (const auto& [name, value] : filled) names.push_back(name);
      const auto known = nearest(entry.key, names);
      diagnostics.error(entry.key_where,
                        "the preset has no parameter '" + printable(entry.key) + "'",
                        known ? "did you mean '" + *known + "'?" : "");
    }
  }
  std::string out;
  while (!text.empty()) {
    const auto open = text.find('<');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    text.remove_prefix(open);
    const auto close = text.find('>');
    const auto value = close == std::string_view::npos
                           ? filled.end()
                           : filled.find(std::string(text.substr(1, close - 1)));
    out += value == filled.end() ? "<" : value->second;
    text.remove_prefix(value == filled.end() ? 1 : close + 1);
  }
  return out;
}

}  // namespace trunkgate

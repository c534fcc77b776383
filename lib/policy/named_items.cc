#include "policy/named_items.h"

#include <algorithm>

namespace trunkgate {

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

bool is_empty_list(const Node& node) {
  return node.kind == Node::Kind::sequence && node.items.empty();
}

}  // namespace trunkgate

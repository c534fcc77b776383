#include "push/ref_update.h"

namespace trunkgate {
namespace {

void add_line(std::string_view line, RefUpdates& out) {
  const auto first = line.find(' ');
  const auto second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) {
    ++out.malformed;
    return;
  }
  const std::string_view old_text = line.substr(0, first);
  const std::string_view new_text = line.substr(first + 1, second - first - 1);
  if (old_text.size() == 64 && new_text.size() == 64) out.sha256 = true;
  const auto old_id = ObjectId::parse(old_text);
  const auto new_id = ObjectId::parse(new_text);
  if (!old_id || !new_id) {
    ++out.malformed;
    return;
  }
  if (out.updates.size() > kMaxRefs) return;
  out.updates.push_back({*old_id, *new_id, std::string(line.substr(second + 1))});
}

}  // namespace

RefUpdates parse_ref_updates(std::string_view input) {
  RefUpdates out;
  while (!input.empty()) {
    const auto end = input.find('\n');
    add_line(input.substr(0, end), out);
    if (end == std::string_view::npos) {
      ++out.malformed;  // Git ends every line
      break;
    }
    input.remove_prefix(end + 1);
  }
  return out;
}

RefUpdates parse_update_arguments(std::string_view name, std::string_view old_id,
                                  std::string_view new_id) {
  RefUpdates out;
  add_line(std::string(old_id) + " " + std::string(new_id) + " " + std::string(name), out);
  return out;
}

}  // namespace trunkgate

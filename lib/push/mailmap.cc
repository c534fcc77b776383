// Follows Git's mailmap.c.
#include "push/mailmap.h"

#include "base/text.h"

namespace trunkgate {
namespace {

struct Part {
  std::optional<std::string> name;
  std::string address;
};

// Takes "Name <address>" off the front; nothing when there is none.
std::optional<Part> take_part(std::string_view& line, bool may_be_empty) {
  const auto open = line.find('<');
  if (open == std::string_view::npos) return std::nullopt;
  const auto close = line.find('>', open + 1);
  if (close == std::string_view::npos || (close == open + 1 && !may_be_empty)) return std::nullopt;
  Part part;
  if (const std::string_view name = trim(line.substr(0, open)); !name.empty()) part.name = name;
  part.address = line.substr(open + 1, close - open - 1);
  line.remove_prefix(close + 1);
  return part;
}

}  // namespace

Mailmap::Mailmap(std::string_view text) {
  for (const std::string_view line : split(text, '\n')) add_line(line);
}

void Mailmap::add_line(std::string_view line) {
  if (line.starts_with('#')) return;
  const std::optional<Part> first = take_part(line, false);
  if (!first) return;
  const std::optional<Part> second = take_part(line, true);
  Target target;
  target.name = first->name;
  if (second) target.address = first->address;
  Entry& entry = people_[ascii_lower(second ? second->address : first->address)];
  if (second && second->name) {
    entry.by_name[ascii_lower(*second->name)] = std::move(target);
  } else {
    if (target.name) entry.simple.name = target.name;
    if (target.address) entry.simple.address = target.address;
  }
}

MappedPerson Mailmap::map(std::string_view name, std::string_view address) const {
  MappedPerson person{std::string(name), std::string(address)};
  const auto found = people_.find(ascii_lower(address));
  if (found == people_.end()) return person;
  const auto named = found->second.by_name.find(ascii_lower(name));
  const Target& target =
      named == found->second.by_name.end() ? found->second.simple : named->second;
  if (target.name) person.name = *target.name;
  if (target.address) person.address = *target.address;
  return person;
}

}  // namespace trunkgate

#include "policy/test/test_names.h"

#include <algorithm>
#include <vector>

#include "base/nearest.h"
#include "git/ref_name.h"

namespace trunkgate {

std::string full_ref_name(std::string_view name) {
  if (name.starts_with("refs/") || name == "HEAD") return std::string(name);
  return "refs/heads/" + std::string(name);
}

bool TestNames::knows(std::string_view name) const {
  return commits_.contains(name) || refs_.contains(name) ||
         refs_.contains("refs/heads/" + std::string(name)) ||
         refs_.contains("refs/tags/" + std::string(name));
}

std::optional<std::string> TestNames::nearest_to(std::string_view name) const {
  std::vector<std::string_view> known(commits_.begin(), commits_.end());
  for (const std::string& ref : refs_) known.push_back(short_name(ref));
  return nearest(name, known);
}

std::optional<std::string> TestNames::in_the_way_of(const std::string& full_name) const {
  for (const std::string& ref : refs_) {
    if (ref.starts_with(full_name + "/") || full_name.starts_with(ref + "/")) return ref;
  }
  return std::nullopt;
}

}  // namespace trunkgate

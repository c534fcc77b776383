#include "base/environment.h"

#include <charconv>
#include <cstring>

namespace trunkgate {

Environment::Environment(const char* const* entries) {
  for (; entries != nullptr && *entries != nullptr; ++entries) {
    const char* equals = std::strchr(*entries, '=');
    if (equals == nullptr) continue;
    // The first of two equal names is what getenv() would give.
    values_.emplace(std::string(*entries, equals), std::string(equals + 1));
  }
}

std::optional<std::string> Environment::get(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> Environment::push_options(std::size_t limit) const {
  std::vector<std::string> options;
  const std::string text = get("GIT_PUSH_OPTION_COUNT").value_or("0");
  std::size_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  for (std::size_t i = 0; i < count && i < limit; ++i) {
    options.push_back(get("GIT_PUSH_OPTION_" + std::to_string(i)).value_or(""));
  }
  return options;
}

std::vector<std::string> Environment::entries() const {
  std::vector<std::string> result;
  for (const auto& [name, value] : values_) result.push_back(name + "=" + value);
  return result;
}

}  // namespace trunkgate

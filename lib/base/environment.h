// A snapshot of the process environment, passed in: the library never calls getenv.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

class Environment {
 public:
  Environment() = default;
  // `entries` ends with nullptr, each is "NAME=value" (the third argument of main).
  explicit Environment(const char* const* entries);

  void set(std::string name, std::string value) { values_[std::move(name)] = std::move(value); }
  void unset(const std::string& name) { values_.erase(name); }
  // The value, or nothing when the variable is missing. An empty value counts as set.
  std::optional<std::string> get(std::string_view name) const;
  // GIT_PUSH_OPTION_0 to COUNT-1, in order. Variables beyond the count are the caller's, not Git's.
  // At most `limit` options are read.
  std::vector<std::string> push_options(std::size_t limit = 1000) const;
  // "NAME=value" for each variable.
  std::vector<std::string> entries() const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace trunkgate

#include "rules/push/command_environment.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::string_view kPlaces[] = {"GIT_DIR", "GIT_OBJECT_DIRECTORY",
                                        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH"};

// An entry of a list with ':' between; Git reads C quoting there.
std::string list_entry(const std::string& path) {
  if (path.find(':') == std::string::npos && !path.starts_with('"')) return path;
  std::string quoted = "\"";
  for (const char c : path) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

std::vector<std::string> command_environment(const Push& push,
                                             const std::vector<std::string>& extra) {
  std::map<std::string, std::string> values{
      {"PATH", "/usr/local/bin:/usr/bin:/bin"},
      {"HOME", "/nonexistent"},
      {"LANG", "C.UTF-8"},
      {"GIT_DIR", push.repository.path()},
      {"GIT_CONFIG_NOSYSTEM", "1"},
      {"GIT_CONFIG_GLOBAL", "/dev/null"},
      {"GIT_NO_REPLACE_OBJECTS", "1"},
      {"GIT_TERMINAL_PROMPT", "0"},
  };
  if (const std::string& quarantine = push.repository.quarantine(); !quarantine.empty()) {
    values["GIT_QUARANTINE_PATH"] = quarantine;
    values["GIT_OBJECT_DIRECTORY"] = quarantine;
    values["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = list_entry(push.repository.path() + "/objects");
  }
  for (const std::string& entry : extra) {
    const auto equals = entry.find('=');
    if (equals != std::string::npos) {
      values[entry.substr(0, equals)] = entry.substr(equals + 1);
    } else if (push.environment != nullptr) {
      if (const auto value = push.environment->get(entry)) values[entry] = *value;
    }
  }
  std::vector<std::string> entries;
  for (const auto& [name, value] : values) entries.push_back(name + "=" + value);
  return entries;
}

std::string variable_mistake(std::string_view entry) {
  const std::string_view name = entry.substr(0, entry.find('='));
  const bool is_name = !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
                       std::all_of(name.begin(), name.end(), [](char c) {
                         return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                (c >= '0' && c <= '9') || c == '_';
                       });
  if (!is_name || entry.find('\0') != std::string_view::npos) {
    return "expected NAME or NAME=value, not '" + printable(entry, 60) + "'";
  }
  if (std::find(std::begin(kPlaces), std::end(kPlaces), name) != std::end(kPlaces)) {
    return "the gate itself sets '" + std::string(name) + "'";
  }
  return {};
}

}  // namespace trunkgate

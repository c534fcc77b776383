// package.json of npm.
#include "base/text.h"
#include "rules/file/dependencies/dependency.h"

namespace trunkgate {

void read_package_json(std::string_view text, Dependencies& out) {
  ConfigFile file = read_config_file(text, ConfigFormat::json);
  out.mistakes = std::move(file.mistakes);
  if (file.documents.empty()) return;
  for (const std::string_view section :
       {"dependencies", "devDependencies", "optionalDependencies", "peerDependencies"}) {
    const ConfigValue* map = file.documents.front().find(section);
    if (map == nullptr) continue;
    for (const ConfigEntry& entry : map->entries) {
      Dependency dependency{entry.key, entry.value.text, false, entry.line};
      std::string_view version = trim(entry.value.text);
      // "npm:other@1.2.3"
      if (version.starts_with("npm:")) version.remove_prefix(version.rfind('@') + 1);
      if (version.starts_with('=')) version = trim(version.substr(1));
      dependency.pinned = is_full_version(version) || is_pinned_url(version);
      out.list.push_back(std::move(dependency));
    }
  }
}

}  // namespace trunkgate

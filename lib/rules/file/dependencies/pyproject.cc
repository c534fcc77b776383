// pyproject.toml: PEP 621, dependency groups (PEP 735), build requirements, Poetry, uv and PDM.
#include "base/text.h"
#include "rules/file/dependencies/dependency.h"

namespace trunkgate {
namespace {

using Kind = ConfigValue::Kind;

// A list of requirements of PEP 508.
void read_list(const ConfigValue* list, Dependencies& out) {
  if (list == nullptr) return;
  for (const ConfigValue& item : list->items) {
    if (item.kind == Kind::text) read_requirement(item.text, item.line, out);
  }
}

void read_lists(const ConfigValue* map, Dependencies& out) {
  if (map == nullptr) return;
  for (const ConfigEntry& entry : map->entries) read_list(&entry.value, out);
}

// "2.1.0" and "==2.1.0" name one version to Poetry; "^2.1", "2.*" and ">=2,<3" do not.
void read_poetry_version(std::string name, const ConfigValue& value, std::size_t line,
                         Dependencies& out) {
  Dependency dependency{std::move(name), {}, false, line};
  if (value.kind == Kind::text) {
    std::string_view version = trim(value.text);
    while (version.starts_with('=')) version.remove_prefix(1);
    version = trim(version);
    dependency.pinned = is_exact_version(version);
    dependency.version = std::string(dependency.pinned ? version : trim(value.text));
    if (dependency.version == "*") dependency.version.clear();
  } else if (const ConfigValue* inner = value.find("version")) {
    return read_poetry_version(std::move(dependency.name), *inner, line, out);
  } else if (value.kind == Kind::map) {
    for (const std::string_view key : {"git", "url", "path", "tag", "branch", "rev"}) {
      const ConfigValue* part = value.find(key);
      if (part == nullptr || part->kind != Kind::text) continue;
      dependency.version += (dependency.version.empty() ? "" : "@") + part->text;
    }
    dependency.pinned = is_pinned_url(dependency.version);
  }
  out.list.push_back(std::move(dependency));
}

void read_poetry(const ConfigValue* table, Dependencies& out) {
  if (table == nullptr) return;
  for (const ConfigEntry& entry : table->entries) {
    if (entry.value.kind != Kind::list) {
      read_poetry_version(entry.key, entry.value, entry.line, out);
      continue;
    }
    for (const ConfigValue& one : entry.value.items) {
      read_poetry_version(entry.key, one, entry.line, out);
    }
  }
}

}  // namespace

void read_pyproject(std::string_view text, Dependencies& out) {
  ConfigFile file = read_config_file(text, ConfigFormat::toml);
  out.mistakes = std::move(file.mistakes);
  if (file.documents.empty()) return;
  const ConfigValue& root = file.documents.front();
  read_list(root.find_path({"project", "dependencies"}), out);
  read_lists(root.find_path({"project", "optional-dependencies"}), out);
  read_lists(root.find_path({"dependency-groups"}), out);
  read_list(root.find_path({"build-system", "requires"}), out);
  read_list(root.find_path({"tool", "uv", "dev-dependencies"}), out);
  read_lists(root.find_path({"tool", "pdm", "dev-dependencies"}), out);
  read_poetry(root.find_path({"tool", "poetry", "dependencies"}), out);
  read_poetry(root.find_path({"tool", "poetry", "dev-dependencies"}), out);
  if (const ConfigValue* groups = root.find_path({"tool", "poetry", "group"})) {
    for (const ConfigEntry& group : groups->entries) {
      read_poetry(group.value.find("dependencies"), out);
    }
  }
}

}  // namespace trunkgate

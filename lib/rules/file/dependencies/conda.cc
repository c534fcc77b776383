// environment.yml of conda, with pip's list in it.
#include <algorithm>

#include "base/text.h"
#include "rules/file/dependencies/dependency.h"

namespace trunkgate {
namespace {

constexpr std::string_view kNameEnd = " \t=<>!~[";

// "pytorch=2.1.0=py3.10_cuda", "conda-forge::pytorch==2.1.0", "pytorch >=2", "pytorch 2.1.0 build"
void read_spec(std::string_view text, std::size_t line, Dependencies& out) {
  text = trim(text);
  if (const auto channel = text.find("::"); channel != std::string_view::npos) {
    text.remove_prefix(channel + 2);
  }
  const auto name_end = std::min(text.find_first_of(kNameEnd), text.size());
  if (name_end == 0) return;
  Dependency dependency{std::string(text.substr(0, name_end)), {}, false, line};
  const std::string_view rest = trim(text.substr(name_end));
  dependency.version = std::string(rest);
  const bool spaced = name_end < text.size() && (text[name_end] == ' ' || text[name_end] == '\t');
  if (rest.starts_with("==")) {
    dependency.version = std::string(trim(rest.substr(2)));
    dependency.pinned = is_exact_version(dependency.version);
  } else if (rest.starts_with('=')) {
    dependency.version = std::string(trim(rest.substr(1)));
    const auto build = dependency.version.find('=');
    const std::string_view version = std::string_view(dependency.version).substr(0, build);
    // "=3.11" stands for 3.11 and all below it; three numbers leave nothing open in practice.
    dependency.pinned =
        build != std::string::npos ? is_exact_version(version) : is_full_version(version);
  } else if (spaced) {
    const std::string_view version = rest.substr(0, rest.find_first_of(" \t"));
    dependency.pinned = is_exact_version(version);
  }
  out.list.push_back(std::move(dependency));
}

}  // namespace

void read_conda(std::string_view text, Dependencies& out) {
  ConfigFile file = read_config_file(text, ConfigFormat::yaml);
  out.mistakes = std::move(file.mistakes);
  for (const ConfigValue& document : file.documents) {
    const ConfigValue* list = document.find("dependencies");
    if (list == nullptr) continue;
    for (const ConfigValue& item : list->items) {
      if (item.kind == ConfigValue::Kind::text) read_spec(item.text, item.line, out);
      const ConfigValue* pip = item.find("pip");
      if (pip == nullptr) continue;
      for (const ConfigValue& each : pip->items) {
        if (each.kind == ConfigValue::Kind::text) read_requirement(each.text, each.line, out);
      }
    }
  }
}

}  // namespace trunkgate

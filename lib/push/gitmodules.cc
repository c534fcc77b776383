#include "push/gitmodules.h"

#include <algorithm>

#include "git/config_text.h"
#include "git/tree.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20U;

}  // namespace

std::vector<SubmoduleEntry> read_gitmodules(std::string_view content) {
  std::vector<SubmoduleEntry> entries;
  for (const ConfigSetting& setting : read_config_text(content).settings) {
    if (setting.section != "submodule") continue;
    auto entry = std::find_if(entries.begin(), entries.end(), [&](const SubmoduleEntry& known) {
      return known.name == setting.subsection;
    });
    if (entry == entries.end()) {
      entries.push_back({.name = setting.subsection, .path = {}, .url = {}});
      entry = entries.end() - 1;
    }
    if (setting.key == "path") entry->path = setting.value;
    if (setting.key == "url") {
      entry->url = setting.value;
      entry->line = setting.line;
    }
  }
  return entries;
}

std::string submodule_url(const Repository& repository, const ObjectId& commit,
                          std::string_view path) {
  const Bytes raw = repository.tree(repository.commit(commit).tree);
  TreeReader reader(raw.view());
  TreeEntry entry;
  while (reader.next(entry)) {
    if (entry.name != ".gitmodules" || entry.folder()) continue;
    for (const SubmoduleEntry& known : read_gitmodules(repository.blob(entry.id, kMaxBytes))) {
      if (known.path == path) return known.url;
    }
  }
  return {};
}

}  // namespace trunkgate

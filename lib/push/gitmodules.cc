#include "push/gitmodules.h"

#include <algorithm>

#include "base/text.h"
#include "git/tree.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20U;

// A value without its quotes and without a comment behind it.
std::string value_of(std::string_view text) {
  std::string value;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      quoted = !quoted;
    } else if (c == '\\' && i + 1 < text.size()) {
      value += text[++i];
    } else if (!quoted && (c == '#' || c == ';')) {
      break;
    } else {
      value += c;
    }
  }
  return std::string(trim(value));
}

}  // namespace

std::vector<SubmoduleEntry> read_gitmodules(std::string_view content) {
  std::vector<SubmoduleEntry> entries;
  bool inside = false;
  std::size_t number = 0;
  for (std::string_view line : split(content, '\n')) {
    ++number;
    line = trim(line);
    if (line.starts_with('[')) {
      const auto close = line.rfind(']');
      const auto open = line.find('"');
      const auto quote = line.rfind('"', close);
      inside = ascii_lower(line).starts_with("[submodule") && close != std::string_view::npos &&
               open < quote && quote != std::string_view::npos;
      if (!inside) continue;
      const std::string name = value_of(line.substr(open, quote - open + 1));
      const auto known = std::find_if(entries.begin(), entries.end(),
                                      [&](const SubmoduleEntry& e) { return e.name == name; });
      if (known == entries.end()) {
        entries.push_back({.name = name, .path = {}, .url = {}});
      } else {
        std::rotate(known, known + 1, entries.end());
      }
      line = trim(line.substr(close + 1));
    }
    const auto equals = line.find('=');
    if (!inside || equals == std::string_view::npos) continue;
    const std::string key = ascii_lower(trim(line.substr(0, equals)));
    const std::string value = value_of(trim(line.substr(equals + 1)));
    if (key == "path") entries.back().path = value;
    if (key == "url") {
      entries.back().url = value;
      entries.back().line = number;
    }
  }
  return entries;
}

std::string submodule_url(const Repository& repository, const ObjectId& commit,
                          std::string_view path) {
  const std::string raw = repository.tree(repository.commit(commit).tree);
  TreeReader reader(raw);
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

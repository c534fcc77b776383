#include "policy/repository_globs.h"

#include <utility>

#include "base/text.h"
#include "config/option.h"
#include "config/option_reader.h"

namespace trunkgate {

RepositoryGlobs::RepositoryGlobs(const std::vector<std::string>& texts) {
  std::vector<Glob> globs;
  for (const std::string& text : texts) {
    globs.emplace_back(text.starts_with('/') ? text : "/**/" + text);
  }
  globs_ = GlobSet(std::move(globs));
}

std::optional<std::string> RepositoryGlobs::mistake(std::string_view text) {
  if (text.starts_with('!')) return "'!' means nothing here; except: {repositories: ...} does";
  if (text.starts_with('~')) return "'~' is nobody's home here; write the whole path";
  if (text.ends_with('/')) return "a path of a repository ends without '/'";
  for (const std::string_view part : split(text, '/')) {
    if (part == "." || part == "..") return "no path of a repository has '.' or '..' in it";
  }
  if (text.find("//") != std::string_view::npos) return "no path of a repository has '//' in it";
  return Glob::mistake(text);
}

bool RepositoryGlobs::matches(std::string_view path) const {
  if (path.ends_with("/.git")) path.remove_suffix(5);
  if (globs_.matches(path)) return true;
  return path.ends_with(".git") && globs_.matches(path.substr(0, path.size() - 4));
}

RepositoryGlobs read_repositories(const Node& node, Diagnostics& diagnostics) {
  std::vector<std::string> texts;
  if (!OptionType<std::vector<std::string>>::read(node, diagnostics, texts)) return {};
  if (texts.empty()) {
    diagnostics.error(node.where, "'repositories' is empty: it would be for none");
  }
  std::vector<std::string> good;
  for (std::string& text : texts) {
    if (const auto mistake = RepositoryGlobs::mistake(text)) {
      diagnostics.error(item_location(node, text),
                        "'" + printable(text) + "' is no glob over repositories: " + *mistake);
    } else {
      good.push_back(std::move(text));
    }
  }
  return RepositoryGlobs(good);
}

}  // namespace trunkgate

// Reads lists of references: globs, HEAD, and maps with an expression, `{match: 'rel-[0-9]+'}`.
#include <span>

#include "base/ref_glob.h"
#include "base/text.h"
#include "config/option.h"
#include "config/option_reader.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<Pattern>> kMatch{"match", "", "an expression for whole names"};
constexpr const OptionInfo* kKeys[] = {&kMatch.info};

// The expression that somebody meant who wrote it as a glob; empty when it is none.
std::string as_expression(std::string_view text) {
  if (text.starts_with('^')) text.remove_prefix(1);
  if (text.ends_with('$')) text.remove_suffix(1);
  if (text.empty() || !is_printable(text) || text.find('\'') != std::string_view::npos) return {};
  if (Pattern::mistake(text)) return {};
  return "write it as {match: '" + std::string(text) + "'}";
}

bool read_glob(const Node& node, Diagnostics& diagnostics, RefPatterns& value) {
  if (node.text == "HEAD") {
    value.add_head();
    return true;
  }
  const auto mistake = ref_glob_mistake(node.text);
  if (!mistake) {
    value.add(Glob(node.text));
    return true;
  }
  diagnostics.error(node.where, "bad glob: " + mistake->what,
                    mistake->expression ? as_expression(node.text) : mistake->instead);
  return false;
}

bool read_expressions(const Node& node, Diagnostics& diagnostics, RefPatterns& value) {
  const std::size_t before = diagnostics.list().size();
  const OptionReader reader(node, kKeys, diagnostics, "an item of a list of refs");
  const Node* match = reader.find(kMatch.info.name);
  if (match == nullptr) {
    // Another key in its place has been reported.
    if (node.entries.empty()) {
      diagnostics.error(node.where, "a map in a list of refs needs 'match': an expression");
    }
    return false;
  }
  for (const Pattern& pattern : reader.get(kMatch)) {
    std::string_view text = pattern.text();
    if (text.starts_with('^')) text.remove_prefix(1);
    // "(refs/heads|refs/tags)/x" would be taken for a branch of that name, which nobody has.
    if (!text.starts_with("refs/") && text.find("refs/") != std::string_view::npos) {
      diagnostics.error(item_location(*match, pattern.text()),
                        "an expression for full names starts with refs/, one for branches has no "
                        "refs/ in it",
                        "for example refs/(heads|tags)/x");
    }
    value.add(pattern);
  }
  return diagnostics.list().size() == before;
}

}  // namespace

bool OptionType<RefPatterns>::read(const Node& node, Diagnostics& diagnostics, RefPatterns& value) {
  value = RefPatterns();
  const std::span<const Node> items = node.kind == Node::Kind::sequence
                                          ? std::span<const Node>(node.items)
                                          : std::span<const Node>(&node, 1);
  bool good = true;
  for (const Node& item : items) {
    switch (item.kind) {
      case Node::Kind::scalar:
        good = read_glob(item, diagnostics, value) && good;
        break;
      case Node::Kind::map:
        good = read_expressions(item, diagnostics, value) && good;
        break;
      default:
        diagnostics.error(item.where,
                          "expected a list of refs, found " + std::string(to_string(item.kind)),
                          "as in [main, 'release/**', refs/tags/v1, {match: 'rel-[0-9]+'}]");
        good = false;
    }
  }
  return good;
}

}  // namespace trunkgate

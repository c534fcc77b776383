#include "rules/commit/message_options.h"

#include <array>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<std::string>> kTypes{
    "types", "[build, chore, ci, docs, feat, fix, perf, refactor, revert, style, test]",
    "accepted types; [] for any"};
constexpr Option<std::vector<std::string>> kScopes{"scopes", "",
                                                   "accepted scopes (globs); any when left out"};
constexpr Option<bool> kScopeRequired{"scope-required", "false", "every title needs a scope"};
constexpr Option<std::int64_t> kMaxTitle{"max-title", "100",
                                         "longest title in characters (code points); 0 for any"};
constexpr Option<std::string> kTypeCase{"type-case", "warn",
                                        "warn or reject a type that is not in lower case"};
constexpr Option<std::string> kAutosquash{"autosquash", "reject",
                                          "reject or allow fixup!, squash! and amend! titles"};
constexpr Option<std::string> kBreaking{
    "breaking", "any",
    "how a breaking change is marked: any way, mark (!), footer (BREAKING CHANGE:), both, or none "
    "where there may be none"};
constexpr std::array<std::string_view, 5> kBreakingWords{"any", "mark", "footer", "both", "none"};

bool second_word(const OptionReader& options, const Option<std::string>& option,
                 const std::array<std::string_view, 2>& words) {
  const Node* node = options.find(option.info.name);
  return node != nullptr && read_word(*node, words, 0, options.diagnostics()) == 1;
}

}  // namespace

constinit const OptionInfo* const kMessageOptions[] = {
    &kTypes.info,    &kScopes.info,     &kScopeRequired.info, &kMaxTitle.info,
    &kTypeCase.info, &kAutosquash.info, &kBreaking.info};

MessageOptions read_message_options(const OptionReader& options) {
  MessageOptions result;
  result.types = options.get(kTypes);
  for (std::string& type : result.types) type = ascii_lower(type);
  result.scopes = options.get(kScopes);
  if (const Node* node = options.find(kScopes.info.name); node != nullptr) {
    for (const std::string& scope : result.scopes) {
      if (const auto mistake = Glob::mistake(scope)) {
        options.diagnostics().error(item_location(*node, scope),
                                    "'" + printable(scope) + "' is no glob: " + *mistake);
      }
    }
  }
  result.scope_required = options.get(kScopeRequired);
  result.title_length = static_cast<std::size_t>(options.get(kMaxTitle));
  result.strict_type_case = second_word(options, kTypeCase, {"warn", "reject"});
  result.allow_autosquash = second_word(options, kAutosquash, {"reject", "allow"});
  if (const Node* breaking = options.find(kBreaking.info.name); breaking != nullptr) {
    result.breaking =
        static_cast<BreakingMarks>(read_word(*breaking, kBreakingWords, 0, options.diagnostics()));
  }
  return result;
}

}  // namespace trunkgate

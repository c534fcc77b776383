// forbidden-content: a new line that matches what the policy does not want to see.
#include <algorithm>
#include <optional>

#include "base/literal.h"
#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<Pattern>> kMatch{"match", "",
                                              "expressions that no new line may match anywhere"};
constexpr Option<PathSet> kPaths{"paths", "", "which files; all without it"};
constexpr Option<PathSet> kExclude{"exclude", "", "files that are left alone"};
constexpr Option<bool> kBinary{"binary", "false", "look into binary files, too"};
constexpr Option<bool> kShow{"show", "false",
                             "show the line that matches; not for what could be a password"};
constexpr Option<std::string> kHint{"hint", "", "what to do instead"};
constexpr const OptionInfo* kOptions[] = {&kMatch.info,  &kPaths.info, &kExclude.info,
                                          &kBinary.info, &kShow.info,  &kHint.info};
// A file says it often enough in so many places.
constexpr std::size_t kMaxPlaces = 20;

class ForbiddenContent final : public Rule {
 public:
  explicit ForbiddenContent(const RuleSetup& setup)
      : match_(setup.options.get(kMatch)),
        paths_(setup.options.get(kPaths)),
        exclude_(setup.options.get(kExclude)),
        binary_(setup.options.get(kBinary)),
        show_(setup.options.get(kShow)),
        hint_(printable(setup.options.get(kHint), 400)) {
    if (match_.empty()) {
      setup.options.diagnostics().error(setup.options.where(),
                                        "the rule needs 'match': what is forbidden");
    }
  }

  bool looks_at(const ChangedFile& file) const override {
    return file.plain() && (paths_.empty() || paths_.matches(file.path)) &&
           !exclude_.matches(file.path);
  }

  void check_file(const Push& push, const PushedFile& file, Answer& out) const override {
    if (const auto text = file.decoded()) return check_file(push, *text, out);
    // Most changes match nowhere, and then their lines need not be told apart.
    const std::string_view content = file.added_text();
    const bool asks_all = any_ && content.find('\r') == std::string_view::npos;
    if (asks_all && !any_matches(content)) return;
    if (!binary_ && file.binary()) return;
    std::size_t places = 0;
    for (const std::string_view line : file.added_lines()) {
      for (const Pattern& pattern : match_) {
        if (!matches(pattern, line)) continue;
        if (++places <= kMaxPlaces) out.add(finding(file, line, pattern));
        break;
      }
    }
    if (places > kMaxPlaces) {
      out.add({.message = "and " + std::to_string(places - kMaxPlaces) + " more like these"});
    }
  }

  bool may_find(const Passage& passage) const override {
    // Of UTF-16 every line has NULs, but these are not what the expressions speak of.
    return !any_ || passage.lines.find('\r') != std::string_view::npos ||
           passage.lines.find('\0') != std::string_view::npos || any_matches(passage.lines);
  }

  std::optional<bool> accepts(std::string_view example) const override {
    return std::none_of(match_.begin(), match_.end(),
                        [&](const Pattern& pattern) { return pattern.matches_anywhere(example); });
  }

 private:
  Finding finding(const PushedFile& file, std::string_view line, const Pattern& pattern) const {
    Finding finding{.message = "matches '" + printable(pattern.text()) + "'",
                    .hint = hint_,
                    .line = file.line_number(line)};
    // Whoever reads the log of a CI job must not learn what was refused.
    if (show_) finding.details = {printable(trim(line), 60)};
    return finding;
  }

  bool any_matches(std::string_view text) const {
    return (!literals_ || literals_->any_in(text)) && any_->matches_anywhere(text);
  }

  // '$' means the end of the line, whichever way it ends.
  static bool matches(const Pattern& pattern, std::string_view line) {
    if (pattern.matches_anywhere(line)) return true;
    return line.ends_with('\r') && pattern.matches_anywhere(line.substr(0, line.size() - 1));
  }

  // One expression that matches in a text wherever one of these does in a line of it, and perhaps
  // elsewhere; nothing when there is none.
  static std::optional<Pattern> joined(const std::vector<Pattern>& patterns) {
    std::string text;
    for (const Pattern& pattern : patterns) {
      if (may_be_about_text(pattern.text())) return std::nullopt;
      text += (text.empty() ? "(?m:" : "|(?m:") + pattern.text() + ")";
    }
    if (Pattern::mistake(text)) return std::nullopt;  // too large
    return Pattern(text);
  }

  // Nothing when one of the patterns has none.
  static std::optional<LiteralSet> literals(const std::vector<Pattern>& patterns) {
    std::vector<std::string> texts;
    for (const Pattern& pattern : patterns) {
      auto literal = literal_of(pattern.text());
      if (!literal) return std::nullopt;
      texts.push_back(std::move(*literal));
    }
    return LiteralSet(texts);
  }

  // Whether it may have \A or \z, which mean a line's ends in a line only, or flags that
  // take (?m) back.
  static bool may_be_about_text(const std::string& pattern) {
    for (std::size_t at = pattern.find("(?"); at != std::string::npos;
         at = pattern.find("(?", at + 2)) {
      if (pattern.compare(at + 2, 1, ":") != 0 && pattern.compare(at + 2, 2, "i)") != 0)
        return true;
    }
    for (std::size_t at = pattern.find('\\'); at != std::string::npos;
         at = pattern.find('\\', at + 2)) {
      const char quoted = at + 1 < pattern.size() ? pattern[at + 1] : ' ';
      if (quoted == 'A' || quoted == 'z' || quoted == 'Q') return true;
    }
    return false;
  }

  std::vector<Pattern> match_;
  PathSet paths_;
  PathSet exclude_;
  bool binary_;
  bool show_;
  std::string hint_;
  std::optional<Pattern> any_ = joined(match_);
  std::optional<LiteralSet> literals_ = literals(match_);
};

constexpr Example kExamples[] = {
    {"{match: 'import pdb'}", "add a.py\nimport os\n", true},
    {"{match: 'import pdb'}", "add a.py\nimport pdb\n", false},
    {"{match: 'import pdb'}", "change a.py\nimport pdb\n=====\nimport pdb\nx = 1\n", true},
    {"{match: 'import pdb', paths: '*.py'}", "add a.md\nimport pdb\n", true},
    {"{match: 'import pdb', exclude: [tests/]}", "add tests/a.py\nimport pdb\n", true},
    {"{match: '^x$'}", "add a\ny\nx\n", false},
    {"{match: 'x', binary: true}", std::string_view("add a\n\0x", 8), false},
    {"{match: 'x'}", std::string_view("add a\n\0x", 8), true},
};

}  // namespace

constinit const RuleInfo forbidden_content{
    .id = "forbidden-content",
    .subject = Subject::file,
    .summary = "a new line holds what must not be committed",
    .rationale = "Debugging aids and internal addresses are forgotten easily.",
    .remedy = "Remove the line from the commit that added it.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<ForbiddenContent>,
    .content = true,
    .concurrent = true,
    .passages = true,
};

}  // namespace trunkgate

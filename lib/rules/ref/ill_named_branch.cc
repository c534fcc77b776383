// ill-named-branch: a new branch whose name the policy does not allow.
#include <algorithm>
#include <span>

#include "base/nearest.h"
#include "base/text.h"
#include "git/ref_name.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<GlobSet> kAllow{"allow", "['**']",
                                 "branch names that may be created, without refs/heads/"};
constexpr Option<GlobSet> kDeny{"deny", "", "names that may not, even when allowed"};
constexpr Option<std::vector<Pattern>> kMatch{
    "match", "", "the whole name must match one of these expressions as well"};
constexpr Option<bool> kUnicode{
    "unicode", "false",
    "letters outside of ASCII are fine (A-Z a-z 0-9 . _ / - + = @ # otherwise)"};
constexpr Option<std::int64_t> kMaxLength{"max-length", "200", "longest name in bytes; 0 for any"};
constexpr const OptionInfo* kOptions[] = {&kAllow.info, &kDeny.info, &kMatch.info, &kUnicode.info,
                                          &kMaxLength.info};

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._/-+=@#").find(c) != std::string_view::npos;
}

class IllNamedBranch final : public Rule {
 public:
  explicit IllNamedBranch(const RuleSetup& setup)
      : allow_(setup.options.get(kAllow)),
        deny_(setup.options.get(kDeny)),
        match_(setup.options.get(kMatch)),
        unicode_(setup.options.get(kUnicode)),
        max_length_(static_cast<std::size_t>(setup.options.get(kMaxLength))) {}

  // Branches that exist keep their names: only creation is judged.
  void check_ref(const Push&, const PushedRef& ref, Answer& out) const override {
    if (ref.kind != RefKind::branch || !ref.creates() || ref.deletes()) return;
    const std::string_view name = short_name(ref.name);
    Finding finding;
    finding.message = mistake(name);
    if (finding.message.empty()) return;
    for (const Glob& glob : allow_.globs()) finding.details.push_back(glob.text());
    if (!finding.details.empty()) {
      finding.details = {"allowed: " + join(finding.details, ", ")};
    }
    if (!match_.empty()) {
      std::vector<std::string> texts;
      for (const Pattern& pattern : match_) texts.push_back(pattern.text());
      finding.details.push_back("must match: " + join(texts, " or "));
    }
    if (const std::string better = suggestion(name); !better.empty()) {
      finding.message += "; did you mean '" + better + "'?";
      finding.commands = {"git branch -m " + shell_quote(name) + " " + shell_quote(better),
                          "git push origin " + shell_quote(better)};
    } else if (is_printable(name)) {
      finding.commands = {std::string("git branch -m ") + (name.starts_with('-') ? "-- " : "") +
                          shell_quote(name) + " NEW-NAME"};
    }
    out.add(std::move(finding));
  }

 private:
  // Empty when the name is fine.
  std::string mistake(std::string_view name) const {
    if (max_length_ != 0 && name.size() > max_length_) {
      return "the branch name has " + std::to_string(name.size()) + " bytes; the limit is " +
             std::to_string(max_length_);
    }
    if (name.front() == '-') return "the branch name starts with '-'";
    if (!std::all_of(name.begin(), name.end(), plain)) {
      if (!unicode_) return "the branch name has characters other than A-Z a-z 0-9 . _ / - + = @ #";
      if (!is_utf8(name)) return "the branch name is not valid UTF-8";
      if (!is_printable(name)) return "the branch name has invisible or control characters";
    }
    if (deny_.matches(name)) return "branch name '" + printable(name) + "' is not allowed";
    if (!allow_.matches(name) || !matches_pattern(name)) {
      return "branch name '" + printable(name) + "' is not allowed";
    }
    return {};
  }

  bool matches_pattern(std::string_view name) const {
    return match_.empty() || std::any_of(match_.begin(), match_.end(),
                                         [&](const Pattern& p) { return p.matches_all(name); });
  }

  // The name with its prefix replaced by the nearest allowed one: "feat/x" for "feature/x".
  std::string suggestion(std::string_view name) const {
    const auto slash = name.find('/');
    if (slash == std::string_view::npos || !is_printable(name)) return {};
    std::vector<std::string> prefixes;
    for (const Glob& glob : allow_.globs()) {
      const auto end = glob.text().find("/**");
      if (end == std::string::npos || !Glob(glob.text().substr(0, end)).literal()) continue;
      prefixes.push_back(glob.text().substr(0, end));
    }
    const std::vector<std::string_view> known(prefixes.begin(), prefixes.end());
    std::string_view head = name.substr(0, slash);
    static constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
        {"feat", "feature"}, {"features", "feature"}, {"fix", "bugfix"},     {"bug", "bugfix"},
        {"patch", "hotfix"}, {"rel", "release"},      {"experiment", "exp"}, {"exp", "experiment"}};
    for (const auto& [from, to] : kAliases) {
      if (head == from && std::find(known.begin(), known.end(), to) != known.end()) head = to;
    }
    const auto prefix = nearest(head, known);
    if (!prefix) return {};
    const std::string better = *prefix + std::string(name.substr(slash));
    return better != name && mistake(better).empty() ? better : std::string();
  }

  GlobSet allow_;
  GlobSet deny_;
  std::vector<Pattern> match_;
  bool unicode_;
  std::size_t max_length_;
};

constexpr Example kExamples[] = {
    {"{allow: [main, 'feature/**']}", "create refs/heads/feature/login", true},
    {"{allow: [main, 'feature/**']}", "create refs/heads/main", true},
    {"{allow: [main, 'feature/**']}", "create refs/heads/login", false},
    {"{allow: [main, 'feature/**']}", "create refs/heads/feature", false},
    {"{allow: [main, 'feature/**']}", "create refs/heads/Main", false},
    {"{allow: [main, 'feature/**']}", "create refs/heads/feat/login", false},
    {"{allow: [main, 'feature/**']}", "update refs/heads/login", true},
    {"{allow: [main, 'feature/**']}", "delete refs/heads/login", true},
    {"{allow: [main, 'feature/**']}", "create refs/tags/login", true},
    {"{deny: ['tmp/**']}", "create refs/heads/tmp/x", false},
    {"{match: 'exp/[0-9]{8}-[a-z-]+'}", "create refs/heads/exp/20260131-moe", true},
    {"{match: 'exp/[0-9]{8}-[a-z-]+'}", "create refs/heads/exp/moe", false},
    {"{max-length: 5}", "create refs/heads/abcde", true},
    {"{max-length: 5}", "create refs/heads/abcdef", false},
    {"", "create refs/heads/-f", false},
    {"", "create refs/heads/m\xd0\xb0in", false},
    {"{unicode: true}", "create refs/heads/m\xd0\xb0in", true},
    {"{unicode: true}", "create refs/heads/ma\xe2\x80\x8bin", false},
    {"{unicode: true}", "create refs/heads/\xff\xfe", false},
};

}  // namespace

constinit const RuleInfo ill_named_branch{
    .id = "ill-named-branch",
    .subject = Subject::ref,
    .summary = "a new branch has a name the policy does not allow",
    .rationale = "Prefixes tell people and pipelines what a branch is for.",
    .remedy = "Rename the branch and push the new name.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<IllNamedBranch>,
};

}  // namespace trunkgate

// unintended-merge: a merge that `git pull` made by accident, or whose message was left as it was.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "git/ref_name.h"
#include "push/message_parts.h"
#include "rules/catalogue.h"
#include "rules/commit/commit_finding.h"

namespace trunkgate {
namespace {

constexpr Option<bool> kSameBranch{
    "same-branch", "true", "refuse merges of a branch with what the server has of the same branch"};
constexpr Option<bool> kDefaultMessage{
    "default-message", "false", "refuse every merge that has the title Git writes for a pull"};
constexpr Option<bool> kConflicts{"conflicts", "true",
                                  "refuse messages that list conflicts, as Git prepares them"};
constexpr const OptionInfo* kOptions[] = {&kSameBranch.info, &kDefaultMessage.info,
                                          &kConflicts.info};

// What the title of a pull says.
struct Pull {
  std::string_view source;  // "feature/x"
  std::string_view into;    // the same way; empty when the title does not say
};

// Takes text up to the next quote off the front.
std::optional<std::string_view> take_quoted(std::string_view& rest) {
  const auto end = rest.find('\'');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view text = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return text;
}

// "Merge branch 'x' of URL into y" and "Merge remote-tracking branch 'origin/x' into y"; without
// "into" when y is what Git takes for the main branch.
std::optional<Pull> pull_of(std::string_view title) {
  constexpr std::string_view kBranch = "Merge branch '";
  constexpr std::string_view kTracking = "Merge remote-tracking branch '";
  const bool tracking = title.starts_with(kTracking);
  if (!tracking && !title.starts_with(kBranch)) return std::nullopt;
  std::string_view rest = title.substr(tracking ? kTracking.size() : kBranch.size());
  const auto source = take_quoted(rest);
  if (!source) return std::nullopt;
  Pull pull{*source, {}};
  if (tracking) {
    // Names of remotes seldom have a slash.
    const auto slash = source->find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    pull.source = source->substr(slash + 1);
  } else if (!rest.starts_with(" of ")) {
    return std::nullopt;
  }
  if (const auto into = rest.rfind(" into "); into != std::string_view::npos) {
    pull.into = trim(rest.substr(into + 6));
    if (pull.into.size() > 1 && pull.into.front() == '\'' && pull.into.back() == '\'') {
      pull.into = pull.into.substr(1, pull.into.size() - 2);
    }
  }
  return pull;
}

bool is_same_branch(const Pull& pull, const Push& push) {
  if (!pull.into.empty()) return pull.into == pull.source;
  if (pull.source == "main" || pull.source == "master") return true;
  return std::any_of(push.refs.begin(), push.refs.end(), [&](const PushedRef& ref) {
    return ref.kind == RefKind::branch && short_name(ref.name) == pull.source;
  });
}

// "Conflicts:" or "# Conflicts:" with the indented names of files below. The line's number in the
// text, from 1; 0 for none.
std::size_t conflicts_line(std::string_view text) {
  bool heading = false;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    ++number;
    if (heading && (line.starts_with('\t') || line.starts_with("#\t"))) return number - 1;
    heading = line == "Conflicts:" || line == "# Conflicts:";
  }
  return 0;
}

class UnintendedMerge final : public Rule {
 public:
  explicit UnintendedMerge(const RuleSetup& setup)
      : same_branch_(setup.options.get(kSameBranch)),
        default_message_(setup.options.get(kDefaultMessage)),
        conflicts_(setup.options.get(kConflicts)) {}

  void check_commit(const Push& push, const Commit& commit, Answer& out) const override {
    if (commit.parents.size() < 2) return;
    const MessageParts parts = read_message(commit);
    const auto pull = pull_of(parts.title);
    if (pull && same_branch_ && is_same_branch(*pull, push)) {
      Finding finding = finding_about(
          commit, parts,
          "the merge joins '" + printable(pull->source, 60) + "' with itself, as git pull does");
      mark_whole_title(finding, parts);
      finding.hint = "git config pull.rebase true avoids it from now on";
      finding.commands = {"git rebase " + commit.parents[1].brief()};
      out.add(std::move(finding));
    } else if (pull && default_message_) {
      Finding finding =
          finding_about_message(commit, parts, "the merge has the title that git pull writes");
      mark_whole_title(finding, parts);
      finding.hint = "say why the branches were merged, or rebase instead";
      out.add(std::move(finding));
    }
    if (!conflicts_) return;
    if (const std::size_t line = conflicts_line(parts.text); line != 0) {
      Finding finding =
          finding_about_message(commit, parts, "the message still has Git's list of conflicts");
      finding.line = parts.title_line + line - 1;
      finding.details = {"line " + std::to_string(finding.line)};
      finding.hint = "take the list out; say how the conflicts were resolved if that matters";
      out.add(std::move(finding));
    }
  }

 private:
  bool same_branch_;
  bool default_message_;
  bool conflicts_;
};

constexpr Example kExamples[] = {
    {"", "feat: add login", true},
    {"", "parents: 2\n\nMerge branch 'feature/login'", true},
    {"", "parents: 2\n\nMerge branch 'main' of example.com:x into feature/login", true},
    {"", "parents: 2\n\nMerge branch 'feature/login' of example.com:x into feature/login", false},
    {"", "parents: 2\n\nMerge branch 'main' of example.com:x", false},
    {"", "parents: 2\n\nMerge remote-tracking branch 'origin/dev' into dev", false},
    {"{same-branch: false}", "parents: 2\n\nMerge remote-tracking branch 'origin/dev' into dev",
     true},
    {"", "Merge branch 'main' of example.com:x", true},
    {"", "parents: 2\n\nMerge branch 'x'\n\n# Conflicts:\n#\tmain.cc", false},
    {"", "parents: 2\n\nMerge branch 'x'\n\nConflicts: none", true},
    {"{conflicts: false}", "parents: 2\n\nMerge branch 'x'\n\n# Conflicts:\n#\tmain.cc", true},
    {"{default-message: true}",
     "parents: 2\n\nMerge branch 'main' of example.com:x into feature/login", false},
    {"{default-message: true}", "parents: 2\n\nMerge branch 'feature/login'", true},
};

}  // namespace

constinit const RuleInfo unintended_merge{
    .id = "unintended-merge",
    .subject = Subject::commit,
    .summary = "a merge was made by git pull, or its message was never looked at",
    .rationale = "A merge of a branch with itself says nothing and makes the history hard to read.",
    .remedy = "Rebase onto what the server has: git pull --rebase.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<UnintendedMerge>,
};

}  // namespace trunkgate

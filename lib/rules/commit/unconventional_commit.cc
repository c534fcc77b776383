// unconventional-commit: a message that is no Conventional Commit.
#include <algorithm>

#include "base/text.h"
#include "git/diff.h"
#include "push/commit_message.h"
#include "rules/catalogue.h"
#include "rules/commit/message_options.h"

namespace trunkgate {
namespace {

class UnconventionalCommit final : public Rule {
 public:
  explicit UnconventionalCommit(const RuleSetup& setup)
      : options_(read_message_options(setup.options)) {}

  void check_commit(const Push& push, const Commit& commit, Answer& out) const override {
    const CommitMessage message = judge_message(
        commit.message, options_, {.parents = commit.parents.size(), .encoding = commit.encoding});
    if (message.verdict == MessageVerdict::exempt) {
      if (message.exemption == "git-revert") check_revert(push, commit, message, out);
      return;
    }
    for (const MessageProblem& problem : message.problems) {
      Finding finding = finding_about(commit, message);
      finding.message = problem.message;
      finding.advice = problem.severity == MessageSeverity::warn;
      finding.line = problem.line;
      if (problem.line == message.title_line) {
        finding.title_column = problem.column;
        finding.title_length = problem.length;
      } else {
        finding.details = {"line " + std::to_string(problem.line) + ", column " +
                           std::to_string(problem.column)};
      }
      out.add(std::move(finding));
    }
  }

  std::optional<bool> accepts(std::string_view example) const override {
    const MessageVerdict verdict =
        judge_message(example, options_, {.parents = 1, .encoding = {}}).verdict;
    return verdict != MessageVerdict::reject;
  }

  const MessageOptions& options() const { return options_; }

 private:
  static Finding finding_about(const Commit& commit, const CommitMessage& message) {
    Finding finding;
    finding.commit = commit.id;
    finding.title = message.title;
    finding.reword = true;
    finding.corrected_title = message.corrected_title;
    finding.keeps_body = message.has_body;
    return finding;
  }

  // "This reverts commit X" exempts only a commit that takes back what X did.
  static void check_revert(const Push& push, const Commit& commit, const CommitMessage& message,
                           Answer& out) {
    const auto id = ObjectId::parse(message.reverted.value_or(""));
    Finding finding = finding_about(commit, message);
    finding.corrected_title.reset();
    finding.title_column = 1;
    finding.title_length = 6;
    if (!id || push.repository.header(*id).type != ObjectType::commit) {
      finding.message = "it says it reverts " + (id ? id->brief() : std::string("a commit")) +
                        ", which is not on the server";
    } else if (!is_inverse(push.repository, commit, push.repository.commit(*id))) {
      finding.message = "it says it reverts " + id->brief() + " but does not take back its changes";
    } else {
      return;
    }
    finding.hint = "write a title of your own, for example revert: what is taken back";
    out.add(std::move(finding));
  }

  MessageOptions options_;
};

constexpr Example kExamples[] = {
    {"", "feat: add login", true},
    {"", "fix(api)!: drop the v1 routes\n\nBREAKING CHANGE: clients must use v2\n", true},
    {"", "feature: add login", false},
    {"", "add login", false},
    {"", "feat:add login", false},
    {"", "feat: add login\nand logout", false},
    {"{types: [feat, fix]}", "docs: tell about login", false},
    {"{types: [feat, wibble]}", "wibble: tell about login", true},
    {"{scopes: [api, 'ui-*']}", "feat(ui-login): add a button", true},
    {"{scopes: [api, 'ui-*']}", "feat(db): add a table", false},
    {"{scope-required: true}", "feat: add login", false},
    {"{max-title: 20}", "feat: add one letter", true},
    {"{max-title: 20}", "feat: add one letters", false},
    {"{type-case: reject}", "Feat: add login", false},
    {"{autosquash: allow}", "fixup! feat: add login", true},
    {"", "fixup! feat: add login", false},
    {"{breaking: both}", "feat!: drop v1\n\nBREAKING CHANGE: use v2\n", true},
    {"{breaking: both}", "feat!: drop v1", false},
    {"{breaking: mark}", "feat: drop v1\n\nBREAKING CHANGE: use v2\n", false},
    {"{breaking: footer}", "feat: drop v1\n\nBREAKING CHANGE: use v2\n", true},
    {"{breaking: none}", "feat!: drop v1", false},
};

}  // namespace

const MessageOptions* message_options_of(const Rule& rule) {
  const auto* found = dynamic_cast<const UnconventionalCommit*>(&rule);
  return found == nullptr ? nullptr : &found->options();
}

constinit const RuleInfo unconventional_commit{
    .id = "unconventional-commit",
    .subject = Subject::commit,
    .summary = "a commit message does not follow Conventional Commits 1.0.0",
    .rationale = "Change logs, versions and people can read what a commit is about.",
    .remedy = "Reword the commit: type(scope): description.",
    .options = kMessageOptions,
    .examples = kExamples,
    .make = make_rule<UnconventionalCommit>,
};

}  // namespace trunkgate

// What the pusher reads, compared whole.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "report/report.h"

namespace trunkgate {
namespace {

const ObjectId kTip = *ObjectId::parse("5d6e7f8100000000000000000000000000000000");
const ObjectId kOlder = *ObjectId::parse("9a8b7c6d00000000000000000000000000000000");
const ObjectId kOldest = *ObjectId::parse("1111111100000000000000000000000000000000");

Finding found(const std::string& message, const std::string& rule = "direct-push") {
  Finding finding;
  finding.message = message;
  finding.rule = rule;
  finding.ruleset = "trunk";
  finding.origin = "policy.yaml:7";
  return finding;
}

Finding bad_type(const ObjectId& commit = kTip, const std::string& title = "feature: add login") {
  Finding finding =
      found("type 'feature' is not allowed; did you mean 'feat'?", "unconventional-commit");
  finding.commit = commit;
  finding.title = title;
  finding.title_column = 1;
  finding.title_length = 7;
  finding.line = 1;
  finding.reword = true;
  finding.corrected_title = "feat" + title.substr(7);
  return finding;
}

RefVerdict ref(const std::string& name, Outcome outcome, std::vector<Finding> findings) {
  RefVerdict result;
  result.name = name;
  result.kind = kind_of(name);
  result.new_commit = kTip;
  result.outcome = outcome;
  result.findings = std::move(findings);
  return result;
}

Verdict rejected(std::vector<Finding> findings, const std::string& name = "refs/heads/main") {
  Verdict verdict;
  verdict.refs = {ref(name, Outcome::rejected, std::move(findings))};
  return verdict;
}

// Renders, and looks at what must hold for every report: nothing unprintable, and no line over the
// width but commands, titles and the first line.
std::string report(const Verdict& verdict, ReportContext context = {}) {
  context.push_id = "push_3f9c1e2200112233445566778899aabb";
  const std::string text = text_report(verdict, context);
  bool first = true;
  for (const std::string_view line : split(text, '\n')) {
    EXPECT_TRUE(is_printable(line)) << printable(line);
    const bool command = line.find("git ") != std::string_view::npos;
    const bool title = line.starts_with("    title  ") || line.find(" \"") == 10;
    if (!first && !command && !title) {
      EXPECT_LE(columns(line), kReportColumns) << line;
    }
    first = false;
  }
  EXPECT_LE(text.size(), kMaxReportBytes);
  EXPECT_TRUE(text.empty() || text.ends_with("\n"));
  return text;
}

TEST(TextReport, SaysNothingWhenThereIsNothingToSay) {
  EXPECT_EQ(report({}), "");
  Verdict verdict;
  verdict.refs = {ref("refs/heads/main", Outcome::accepted, {found("x")})};
  verdict.refs[0].findings[0].mode = Mode::audit;
  EXPECT_EQ(report(verdict), "");
}

TEST(TextReport, GivesReasonFixRuleAndPushId) {
  EXPECT_EQ(report(rejected({bad_type()})),
            "error: REJECTED refs/heads/main: type 'feature' is not allowed\n"
            "\n"
            "  5d6e7f81 \"feature: add login\"\n"
            "            ^^^^^^^  type 'feature' is not allowed; did you mean 'feat'?\n"
            "    fix    git commit --amend -m 'feat: add login'\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, KeepsAShortReasonWhole) {
  Finding finding = found("type 'x' is wrong; write 'feat'");
  EXPECT_EQ(report(rejected({finding})),
            "error: REJECTED refs/heads/main: type 'x' is wrong; write 'feat'\n"
            "\n"
            "  type 'x' is wrong; write 'feat'\n"
            "    rule   direct-push (trunk, policy.yaml:7)\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, PutsAMessageThatIsTooWideBelowTheCaret) {
  Finding finding = bad_type();
  finding.message = "type 'feature' is not allowed here at all; did you mean 'feat'?";
  EXPECT_EQ(report(rejected({finding})),
            "error: REJECTED refs/heads/main: type 'feature' is not allowed here at all\n"
            "\n"
            "  5d6e7f81 \"feature: add login\"\n"
            "            ^^^^^^^\n"
            "    type 'feature' is not allowed here at all; did you mean 'feat'?\n"
            "    fix    git commit --amend -m 'feat: add login'\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, ShowsDetailsHintAndSeveralCommands) {
  Finding finding = found("no direct push to 'main'");
  finding.details = {
      "may land: feature/**, bugfix/**, hotfix/**, release/**, experiment/**, exp/**"};
  finding.hint =
      "push your commits as a branch of their own, then land that branch here when it was seen";
  finding.commands = {
      "git push origin 5d6e7f81:refs/heads/feature/NAME",
      "git push origin HEAD:a-branch-with-a-name-that-is-much-longer-than-the-width"};
  EXPECT_EQ(report(rejected({finding})),
            "error: REJECTED refs/heads/main: no direct push to 'main'\n"
            "\n"
            "  no direct push to 'main'\n"
            "    may land: feature/**, bugfix/**, hotfix/**, release/**,\n"
            "    experiment/**, exp/**\n"
            "    hint   push your commits as a branch of their own, then land that\n"
            "           branch here when it was seen\n"
            "    fix    git push origin 5d6e7f81:refs/heads/feature/NAME\n"
            "           git push origin "
            "HEAD:a-branch-with-a-name-that-is-much-longer-than-the-width\n"
            "    rule   direct-push (trunk, policy.yaml:7)\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, PutsAllFindingsAboutACommitTogether) {
  Finding second = bad_type();
  second.message = "the description ends with a full stop";
  second.title_length = 0;
  second.advice = true;
  EXPECT_EQ(report(rejected({second, bad_type()})),
            "error: REJECTED refs/heads/main: type 'feature' is not allowed\n"
            "error: and 1 more\n"
            "\n"
            "  5d6e7f81 \"feature: add login\"\n"
            "            ^^^^^^^  type 'feature' is not allowed; did you mean 'feat'?\n"
            "    warning: the description ends with a full stop\n"
            "    fix    git commit --amend -m 'feat: add login'\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, GivesOneRepairForEveryRule) {
  Finding unsigned_off = bad_type();
  unsigned_off.message = "nobody has signed it off";
  unsigned_off.title_length = 0;
  unsigned_off.reword = false;
  unsigned_off.corrected_title.reset();
  unsigned_off.amendment = {.wanted = true, .sign_off = true};
  unsigned_off.rule = "missing-signoff";
  EXPECT_EQ(report(rejected({unsigned_off, bad_type(), unsigned_off})),
            "error: REJECTED refs/heads/main: nobody has signed it off\n"
            "error: and 2 more\n"
            "\n"
            "  5d6e7f81 \"feature: add login\"\n"
            "            ^^^^^^^  type 'feature' is not allowed; did you mean 'feat'?\n"
            "    nobody has signed it off\n"
            "    nobody has signed it off\n"
            "    fix    git commit --amend -m 'feat: add login' -s\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "    rule   missing-signoff (trunk, policy.yaml:7)\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, GivesOneCommandForSeveralCommits) {
  const Verdict verdict =
      rejected({bad_type(kOldest, "feature: one"), bad_type(kOlder, "feature: two"), bad_type()});
  EXPECT_EQ(report(verdict),
            "error: REJECTED refs/heads/main: type 'feature' is not allowed\n"
            "error: and 2 more (3 commits)\n"
            "\n"
            "  11111111 \"feature: one\"\n"
            "            ^^^^^^^  type 'feature' is not allowed; did you mean 'feat'?\n"
            "    title  feat: one\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "\n"
            "  9a8b7c6d \"feature: two\"\n"
            "            ^^^^^^^  type 'feature' is not allowed; did you mean 'feat'?\n"
            "    title  feat: two\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "\n"
            "  5d6e7f81 \"feature: add login\"\n"
            "            ^^^^^^^  type 'feature' is not allowed; did you mean 'feat'?\n"
            "    title  feat: add login\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "\n"
            "    fix    git rebase -i 11111111^\n"
            "           and mark the 3 commits with 'reword'\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, GivesOneRebaseForAllThatIsWrong) {
  Finding dropped = found("forbidden: matches '*.ckpt'", "forbidden-path");
  dropped.commit = kOldest;
  dropped.path = "a.ckpt";
  dropped.drop_path = true;
  dropped.newer = 2;
  Finding renamed = bad_type(kOlder, "feature: two");
  renamed.newer = 1;
  Finding unsigned_tip = found("the commit is not signed", "unsigned-commit");
  unsigned_tip.commit = kTip;
  unsigned_tip.title = "feat: three";
  unsigned_tip.amendment = {.wanted = true, .sign = true};
  EXPECT_EQ(report(rejected({dropped, renamed, unsigned_tip})),
            "error: REJECTED refs/heads/main: a.ckpt: forbidden: matches '*.ckpt'\n"
            "error: and 2 more (3 commits)\n"
            "\n"
            "  11111111 a.ckpt\n"
            "    forbidden: matches '*.ckpt'\n"
            "    rule   forbidden-path (trunk, policy.yaml:7)\n"
            "\n"
            "  9a8b7c6d \"feature: two\"\n"
            "            ^^^^^^^  type 'feature' is not allowed; did you mean 'feat'?\n"
            "    title  feat: two\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "\n"
            "  5d6e7f81 \"feat: three\"\n"
            "    the commit is not signed\n"
            "    rule   unsigned-commit (trunk, policy.yaml:7)\n"
            "\n"
            "    fix    git rebase -i --exec 'git commit --amend --no-edit -S' 11111111^\n"
            "           and mark 9a8b7c6d with 'reword', 11111111 with 'edit', then\n"
            "           git rm --cached -- a.ckpt\n"
            "           git commit --amend --no-edit && git rebase --continue\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, MendsTheCommitsBeforeTheBranch) {
  Finding direct = found("no direct push to 'main'");
  direct.commands = {"git push origin 5d6e7f81:refs/heads/feature/NAME"};
  EXPECT_EQ(report(rejected({direct, bad_type()})),
            "error: REJECTED refs/heads/main: no direct push to 'main'\n"
            "error: and 1 more\n"
            "\n"
            "  5d6e7f81 \"feature: add login\"\n"
            "            ^^^^^^^  type 'feature' is not allowed; did you mean 'feat'?\n"
            "    fix    git commit --amend -m 'feat: add login'\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "\n"
            "  no direct push to 'main'\n"
            "    fix    git push origin HEAD:refs/heads/feature/NAME\n"
            "    rule   direct-push (trunk, policy.yaml:7)\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, LeavesTheRestForTheNextPushAfterARebaseOfItsOwn) {
  Finding squash = found("the fixup! commit is not squashed yet", "autosquash-commit");
  squash.commit = kOlder;
  squash.title = "fixup! feat: x";
  squash.commands = {"git rebase -i --autosquash 11111111^"};
  EXPECT_EQ(report(rejected({squash, bad_type()})),
            "error: REJECTED refs/heads/main: the fixup! commit is not squashed yet\n"
            "error: and 1 more (2 commits)\n"
            "\n"
            "  9a8b7c6d \"fixup! feat: x\"\n"
            "    the fixup! commit is not squashed yet\n"
            "    fix    git rebase -i --autosquash 11111111^\n"
            "    rule   autosquash-commit (trunk, policy.yaml:7)\n"
            "\n"
            "  5d6e7f81 \"feature: add login\"\n"
            "            ^^^^^^^  type 'feature' is not allowed; did you mean 'feat'?\n"
            "    title  feat: add login\n"
            "    hint   after that rebase push again: the commits have new ids, and\n"
            "           what is left to mend is told anew\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, TellsWhichCommitToRewordWhenItIsNotTheTip) {
  Finding finding = bad_type(kOlder);
  finding.keeps_body = true;
  EXPECT_EQ(report(rejected({finding})),
            "error: REJECTED refs/heads/main: type 'feature' is not allowed\n"
            "\n"
            "  9a8b7c6d \"feature: add login\"\n"
            "            ^^^^^^^  type 'feature' is not allowed; did you mean 'feat'?\n"
            "    title  feat: add login\n"
            "    fix    git rebase -i 9a8b7c6d^\n"
            "           and mark 9a8b7c6d with 'reword'\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, NamesEachRefWhenThereAreSeveral) {
  Verdict verdict = rejected({found("no direct push to 'main'")});
  verdict.refs.insert(verdict.refs.begin(), ref("refs/heads/fine", Outcome::accepted, {}));
  verdict.refs.push_back(
      ref("refs/tags/v1", Outcome::rejected, {found("the tag exists and must not move")}));
  EXPECT_EQ(report(verdict),
            "error: REJECTED refs/heads/main: no direct push to 'main'\n"
            "error: and 1 more\n"
            "\n"
            "refs/heads/main\n"
            "  no direct push to 'main'\n"
            "    rule   direct-push (trunk, policy.yaml:7)\n"
            "\n"
            "refs/tags/v1\n"
            "  the tag exists and must not move\n"
            "    rule   direct-push (trunk, policy.yaml:7)\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, ShowsFindingsAboutThePushFirst) {
  Verdict verdict;
  Finding finding;
  finding.rule = "shallow-push";
  finding.message = "the push comes from a shallow clone";
  finding.hint = "run git fetch --unshallow, then push again";
  verdict.findings = {finding};
  verdict.refs = {ref("refs/heads/main", Outcome::accepted, {})};
  EXPECT_EQ(report(verdict),
            "error: REJECTED push: the push comes from a shallow clone\n"
            "\n"
            "  the push comes from a shallow clone\n"
            "    hint   run git fetch --unshallow, then push again\n"
            "    rule   shallow-push\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, ShowsWarningsOfAPushThatWasAccepted) {
  Verdict verdict;
  verdict.refs = {ref("refs/heads/main", Outcome::accepted, {bad_type()})};
  verdict.refs[0].findings[0].mode = Mode::warn;
  EXPECT_EQ(report(verdict),
            "warning: refs/heads/main: type 'feature' is not allowed\n"
            "\n"
            "  5d6e7f81 \"feature: add login\"\n"
            "            ^^^^^^^\n"
            "    warning: type 'feature' is not allowed; did you mean 'feat'?\n"
            "    fix    git commit --amend -m 'feat: add login'\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "\n"
            "hint: the push was accepted; push id 3f9c1e22\n");
}

TEST(TextReport, AnswersACheck) {
  EXPECT_EQ(report({}, {.push_id = {}, .checked_only = true}),
            "CHECK OK: the push would be accepted; nothing was changed\n");
  Verdict verdict;
  verdict.refs = {ref("refs/heads/main", Outcome::accepted, {found("x is old")})};
  verdict.refs[0].findings[0].mode = Mode::warn;
  EXPECT_EQ(report(verdict, {.push_id = {}, .checked_only = true}),
            "warning: refs/heads/main: x is old\n"
            "\n"
            "  warning: x is old\n"
            "    rule   direct-push (trunk, policy.yaml:7)\n"
            "\n"
            "CHECK OK: the push would be accepted; nothing was changed\n");
}

TEST(TextReport, SaysWhoseFaultItIsWhenNothingCouldBeDecided) {
  Finding finding;
  finding.rule = "unconventional-commit";
  finding.message = "could not decide: object dddddddd is missing, not a commit";
  finding.undecided = true;
  Verdict verdict = rejected({finding});
  verdict.refs[0].outcome = Outcome::undecided;
  verdict.contact = "the Git admins (git-admins@example.com), or in the room behind the kitchen";
  EXPECT_EQ(report(verdict),
            "error: UNDECIDED refs/heads/main: could not decide: object dddddddd is missing, not a "
            "commit\n"
            "\n"
            "  could not decide: object dddddddd is missing, not a commit\n"
            "    rule   unconventional-commit\n"
            "\n"
            "hint: this is the server's fault, not yours; nothing was changed\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n"
            "hint: questions? ask the Git admins (git-admins@example.com), or in the\n"
            "hint: room behind the kitchen\n");
}

TEST(TextReport, GivesTheReasonWhyItIsUndecidedFirst) {
  Finding finding = found("could not decide: out of memory", "unconventional-commit");
  finding.undecided = true;
  Verdict verdict = rejected({found("branch name 'x' is not allowed"), finding});
  verdict.refs[0].outcome = Outcome::undecided;
  const std::string text = report(verdict);
  EXPECT_EQ(text.substr(0, text.find('\n')),
            "error: UNDECIDED refs/heads/main: could not decide: out of memory");
}

TEST(TextReport, SaysThatOtherRefsMayHaveBeenLetIn) {
  Verdict verdict = rejected({found("no direct push to 'main'")});
  verdict.ref_by_ref = true;
  EXPECT_TRUE(
      report(verdict).ends_with("hint: nothing on the server was changed; push id 3f9c1e22\n"));
  verdict.refs.emplace_back().name = "refs/heads/x";
  const std::string last = "hint: only what is named above was refused; push id 3f9c1e22\n";
  EXPECT_TRUE(report(verdict).ends_with(last));
  verdict.ref_by_ref = false;
  EXPECT_TRUE(
      report(verdict, {.push_id = {}, .checked_only = false, .partly = true}).ends_with(last));
}

TEST(TextReport, MakesHostileTitlesPrintable) {
  Finding finding = bad_type(kTip, "feature: \x1b[2J\xff\xe2\x80\xae x");
  finding.title_column = 10;
  finding.title_length = 1;
  finding.message = "no control characters";
  finding.corrected_title = "feat: \x1b[2J";
  EXPECT_EQ(report(rejected({finding}, "refs/heads/\x1b]0;x\x07")),
            "error: REJECTED refs/heads/\\x1b]0;x\\x07: no control characters\n"
            "\n"
            "  5d6e7f81 \"feature: \\x1b[2J\\xff<U+202E> x\"\n"
            "                     ^^^^  no control characters\n"
            "    fix    git commit --amend\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, PutsCaretsUnderWideCharacters) {
  Finding finding = bad_type(kTip, "日本: 語 x");
  finding.title_column = 5;
  finding.title_length = 1;
  finding.message = "wide";
  finding.corrected_title.reset();
  EXPECT_EQ(report(rejected({finding})),
            "error: REJECTED refs/heads/main: wide\n"
            "\n"
            "  5d6e7f81 \"日本: 語 x\"\n"
            "                  ^^  wide\n"
            "    fix    git commit --amend\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, CutsALongTitleAndLeavesOutCaretsBeyondIt) {
  Finding finding = bad_type(kTip, "feature: " + std::string(100, 'x'));
  finding.message = "the title is long";
  finding.title_column = 101;
  finding.title_length = 9;
  finding.corrected_title.reset();
  EXPECT_EQ(report(rejected({finding})),
            "error: REJECTED refs/heads/main: the title is long\n"
            "\n"
            "  5d6e7f81 \"feature: " +
                std::string(49, 'x') +
                "...\"\n"
                "    the title is long\n"
                "    fix    git commit --amend\n"
                "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
                "\n"
                "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, ShowsTenCommitsAndCountsTheRest) {
  std::vector<Finding> findings;
  for (int i = 0; i < 25; ++i) {
    Finding finding = bad_type(*ObjectId::parse(std::to_string(10 + i) + std::string(38, '0')));
    finding.message = "no such type";
    findings.push_back(finding);
  }
  const std::string text = report(rejected(findings));
  EXPECT_NE(text.find("error: and 24 more (25 commits)\n"), std::string::npos);
  EXPECT_NE(text.find("  19000000 \"feature"), std::string::npos);
  EXPECT_EQ(text.find("  20000000 \"feature"), std::string::npos);
  EXPECT_TRUE(
      text.ends_with("  ... and 15 more\n"
                     "\n"
                     "    fix    git rebase -i 10000000^\n"
                     "           and mark the 25 commits with 'reword'\n"
                     "\n"
                     "hint: nothing on the server was changed; push id 3f9c1e22\n"));
}

TEST(TextReport, CountsFindingsThatWereDropped) {
  Verdict verdict = rejected({found("x")});
  verdict.findings_dropped = 41;
  EXPECT_NE(report(verdict).find("error: and 41 more\n"), std::string::npos);
}

TEST(TextReport, IsCutAtItsLimit) {
  Verdict verdict;
  for (int i = 0; i < 500; ++i) {
    verdict.refs.push_back(ref("refs/heads/b" + std::to_string(i), Outcome::rejected,
                               {found("branch name 'b' is not allowed")}));
  }
  const std::string text = report(verdict);
  EXPECT_GT(text.size(), kMaxReportBytes - 256);
  EXPECT_TRUE(text.ends_with("\n... the rest is cut\n"));
}

TEST(TextReport, HasTheReasonInItsFirstLineEvenWithNotices) {
  Verdict verdict = rejected({found("no direct push to 'main'")});
  verdict.notices = {"the policy has 1 mistake (policy.yaml:3: unknown key 'x');",
                     "the last good one stays in force; please tell the Git admins"};
  const std::string text = report(verdict);
  EXPECT_TRUE(text.starts_with("error: REJECTED refs/heads/main: no direct push to 'main'\n"))
      << text;
  EXPECT_NE(text.find("warning: the last good one stays in force"), std::string::npos);
}

TEST(TextReport, WrapsNotices) {
  Verdict verdict;
  verdict.notices = {
      "the policy has 3 mistakes (policy.yaml:3: unknown key 'rulset' in the policy);",
      "the last good one stays in force; please tell the Git admins of example.com"};
  const std::string text = report(verdict);
  for (const std::string_view line : split(text, '\n')) {
    EXPECT_LE(columns(line), kReportColumns) << line;
    EXPECT_TRUE(line.empty() || line.starts_with("warning: ")) << line;
  }
}

Requirement asked(RequirementState state, const std::string& what, const std::string& why) {
  return {.state = state, .what = what, .why = why, .rule = "missing-check"};
}

TEST(TextReport, ShowsHowAllEvidenceStandsOfWhatIsRefused) {
  Verdict verdict = rejected({found("check 'mini-val' of feature/x is missing", "missing-check")});
  verdict.refs[0].requirements = {
      asked(RequirementState::satisfied, "1 approval by reviewers", "approved by bo"),
      asked(RequirementState::unsatisfied, "check mini-val", "missing"),
      asked(RequirementState::not_applicable, "check docs",
            "no file of docs/**, *.md, manuals/** changes, however long the list"),
      asked(RequirementState::overridden, "check lint", "")};
  EXPECT_EQ(report(verdict),
            "error: REJECTED refs/heads/main: check 'mini-val' of feature/x is missing\n"
            "\n"
            "  check 'mini-val' of feature/x is missing\n"
            "    rule   missing-check (trunk, policy.yaml:7)\n"
            "\n"
            "  evidence for landing\n"
            "    satisfied       1 approval by reviewers: approved by bo\n"
            "    unsatisfied     check mini-val: missing\n"
            "    not applicable  check docs: no file of docs/**, *.md, manuals/**\n"
            "                    changes, however long the list\n"
            "    overridden      check lint\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(TextReport, SaysNothingOfEvidenceWhenThePushIsAccepted) {
  Verdict verdict;
  verdict.refs = {ref("refs/heads/main", Outcome::accepted, {})};
  verdict.refs[0].requirements = {asked(RequirementState::satisfied, "check unit", "success")};
  EXPECT_EQ(report(verdict), "");
  Finding warning = found("check 'unit' of feature/x is missing", "missing-check");
  warning.mode = Mode::warn;
  verdict.refs[0].findings = {warning};
  EXPECT_EQ(report(verdict).find("evidence for landing"), std::string::npos);
}

}  // namespace
}  // namespace trunkgate

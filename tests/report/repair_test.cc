// What mends the commits of a ref.
#include "report/repair.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace trunkgate {
namespace {

using Lines = std::vector<std::string>;

const ObjectId kTip = *ObjectId::parse("5d6e7f8100000000000000000000000000000000");
const ObjectId kOlder = *ObjectId::parse("9a8b7c6d00000000000000000000000000000000");
const ObjectId kOldest = *ObjectId::parse("1111111100000000000000000000000000000000");

// One finding about a commit; `newer` commits of the push come after it.
Finding about(const ObjectId& commit, std::size_t newer = 0) {
  Finding finding;
  finding.commit = commit;
  finding.newer = newer;
  return finding;
}
Finding reword(const ObjectId& commit, std::size_t newer = 0) {
  Finding finding = about(commit, newer);
  finding.reword = true;
  finding.corrected_title = "feat: add login";
  return finding;
}
Finding amend(const ObjectId& commit, std::size_t newer, Amendment amendment) {
  Finding finding = about(commit, newer);
  finding.amendment = std::move(amendment);
  finding.amendment.wanted = true;
  return finding;
}
Finding drop(const ObjectId& commit, std::size_t newer, const std::string& path) {
  Finding finding = about(commit, newer);
  finding.path = path;
  finding.drop_path = true;
  return finding;
}
Finding sign(const ObjectId& commit, std::size_t newer) {
  return amend(commit, newer, {.sign = true});
}
Finding sign_off(const ObjectId& commit, std::size_t newer) {
  return amend(commit, newer, {.sign_off = true});
}

RefVerdict branch(std::vector<Finding> findings) {
  RefVerdict ref;
  ref.name = "refs/heads/x";
  ref.new_commit = kTip;
  ref.findings = std::move(findings);
  return ref;
}

// Instructions stand in brackets.
Lines shown(const RefVerdict& ref) {
  Lines lines;
  for (const RepairStep& step : repair_of(ref).steps) {
    lines.push_back(step.command ? step.text : "[" + step.text + "]");
  }
  return lines;
}
Lines shown(std::vector<Finding> findings) { return shown(branch(std::move(findings))); }

TEST(Repair, AmendsTheTipWithItsCorrectedTitle) {
  EXPECT_EQ(shown({reword(kTip)}), Lines{"git commit --amend -m 'feat: add login'"});
  Finding finding = reword(kTip);
  finding.corrected_title = "feat: it's $(x) `y` \"z\"";
  EXPECT_EQ(shown({finding}), Lines{"git commit --amend -m 'feat: it'\\''s $(x) `y` \"z\"'"});
}

TEST(Repair, OpensTheEditorWhereATitleAloneWouldLoseTheBody) {
  Finding finding = reword(kTip);
  finding.keeps_body = true;
  EXPECT_EQ(shown({finding}), Lines{"git commit --amend"});
}

TEST(Repair, OpensTheEditorWhereNoTitleIsCertainOrSafeToPaste) {
  Finding finding = reword(kTip);
  finding.corrected_title.reset();
  EXPECT_EQ(shown({finding}), Lines{"git commit --amend"});
  EXPECT_EQ(shown({finding, reword(kTip)}), Lines{"git commit --amend"});
  EXPECT_EQ(shown({reword(kTip), finding}), Lines{"git commit --amend"});
  EXPECT_EQ(shown({reword(kTip), reword(kTip)}), Lines{"git commit --amend -m 'feat: add login'"});
  for (const char* title : {"feat: \x1b[2J", "feat: \xe2\x80\xae", "feat: \xff", "feat: a\nb"}) {
    finding.corrected_title = title;
    EXPECT_EQ(shown({finding}), Lines{"git commit --amend"}) << title;
  }
}

TEST(Repair, AmendsTheTipOnceWhateverIsWrongWithIt) {
  EXPECT_EQ(shown({sign(kTip, 0), sign_off(kTip, 0)}), Lines{"git commit --amend --no-edit -s -S"});
  Finding author = amend(kTip, 0, {.reset_author = true, .settings = {"git config user.email A"}});
  Finding committer = amend(kTip, 0, {.settings = {"git config user.email A"}});
  EXPECT_EQ(shown({sign_off(kTip, 0), reword(kTip), author, committer,
                   amend(kTip, 0, {.reset_date = true}),
                   amend(kTip, 0, {.trailers = {"Reviewed-by: VALUE"}}), sign(kTip, 0),
                   amend(kTip, 0, {.changes = {"git update-index --chmod=+x -- a"}}),
                   drop(kTip, 0, "b c"), drop(kTip, 0, "d")}),
            (Lines{"git config user.email A", "git update-index --chmod=+x -- a",
                   "git rm --cached -- 'b c'", "git rm --cached -- d",
                   "git commit --amend -m 'feat: add login' --reset-author "
                   "--trailer 'Reviewed-by: VALUE' -s -S"}));
}

TEST(Repair, RebasesFromAnOlderCommit) {
  const std::string mark = "[and mark 9a8b7c6d with 'reword']";
  EXPECT_EQ(shown({reword(kOlder, 1)}), (Lines{"git rebase -i 9a8b7c6d^", mark}));
  RefVerdict ref = branch({reword(kOlder, 1)});
  ref.has_merges = true;
  EXPECT_EQ(shown(ref), (Lines{"git rebase -i --rebase-merges 9a8b7c6d^", mark}));
  ref.findings[0].root = true;
  EXPECT_EQ(shown(ref), (Lines{"git rebase -i --rebase-merges --root", mark}));
}

TEST(Repair, RebasesOnceFromTheOldestCommitInWhateverOrderTheyWereFound) {
  EXPECT_EQ(shown({reword(kOlder, 1), reword(kTip), reword(kOldest, 2)}),
            (Lines{"git rebase -i 11111111^", "[and mark the 3 commits with 'reword']"}));
}

TEST(Repair, SignsAndSignsOffAllThatARebaseMakesAnew) {
  EXPECT_EQ(shown({sign(kOldest, 2), sign_off(kOldest, 2), sign_off(kTip, 0)}),
            Lines{"git rebase --exec 'git commit --amend --no-edit -s -S' 11111111^"});
  EXPECT_EQ(shown({sign(kOldest, 2), reword(kOlder, 1)}),
            (Lines{"git rebase -i --exec 'git commit --amend --no-edit -S' 11111111^",
                   "[and mark 9a8b7c6d with 'reword']"}));
}

TEST(Repair, KeepsSignaturesThatARuleWants) {
  RefVerdict ref = branch({reword(kTip)});
  ref.stays_signed = true;
  EXPECT_EQ(shown(ref), Lines{"git commit --amend -m 'feat: add login' -S"});
  ref.findings = {reword(kOlder, 1)};
  EXPECT_EQ(shown(ref), (Lines{"git rebase -i --exec 'git commit --amend --no-edit -S' 9a8b7c6d^",
                               "[and mark 9a8b7c6d with 'reword']"}));
  ref.findings = {drop(kTip, 0, "a")};
  EXPECT_EQ(shown(ref), (Lines{"git rm --cached -- a", "git commit --amend --no-edit -S"}));
}

TEST(Repair, TakesNobodysCommitsOverButThoseAtFault) {
  const Amendment author{.reset_author = true, .settings = {"git config user.email A"}};
  EXPECT_EQ(shown({amend(kOlder, 1, author), amend(kTip, 0, author)}),
            (Lines{"git config user.email A",
                   "git rebase --exec 'git commit --amend --no-edit --reset-author' 9a8b7c6d^"}));
  EXPECT_EQ(shown({amend(kOlder, 1, author), reword(kTip)}),
            (Lines{"git config user.email A", "git rebase -i 9a8b7c6d^",
                   "[and mark 5d6e7f81 with 'reword', 9a8b7c6d with 'edit', then]",
                   "git commit --amend --no-edit --reset-author && git rebase --continue"}));
  EXPECT_EQ(shown({amend(kOlder, 1, {.reset_date = true})}),
            (Lines{"git rebase -i 9a8b7c6d^", "[mark 9a8b7c6d with 'edit', then]",
                   "git commit --amend --no-edit --date=now && git rebase --continue"}));
  EXPECT_EQ(shown({amend(kOlder, 1, {})}),
            Lines{"git rebase --exec 'git commit --amend --no-edit' 9a8b7c6d^"});
  // On the other side of a merge there may be commits of others.
  RefVerdict merged = branch({amend(kOlder, 1, author), amend(kTip, 0, author)});
  merged.has_merges = true;
  EXPECT_EQ(shown(merged)[1], "git rebase -i --rebase-merges 9a8b7c6d^");
}

TEST(Repair, SaysWhatToDoAtEachStop) {
  Finding bit = amend(kOlder, 1, {.changes = {"git update-index --chmod=-x -- b"}});
  EXPECT_EQ(shown({drop(kOldest, 2, "a"), bit, reword(kOlder, 1), sign_off(kTip, 0)}),
            (Lines{"git rebase -i --exec 'git commit --amend --no-edit -s' 11111111^",
                   "[mark 11111111 and 9a8b7c6d with 'edit', then]", "[at 11111111:]",
                   "git rm --cached -- a", "git commit --amend --no-edit && git rebase --continue",
                   "[at 9a8b7c6d:]", "git update-index --chmod=-x -- b",
                   "git commit --amend -m 'feat: add login' && git rebase --continue"}));
}

TEST(Repair, IsNoEndlessList) {
  std::vector<Finding> findings;
  for (int i = 0; i < 12; ++i) {
    const ObjectId id = *ObjectId::parse(std::to_string(10 + i) + std::string(38, '0'));
    findings.push_back(drop(id, static_cast<std::size_t>(12 - i), "a"));
  }
  const Lines lines = shown(findings);
  EXPECT_EQ(lines[0], "git rebase -i 10000000^");
  EXPECT_EQ(lines[1], "[mark the 12 commits with 'edit', then]");
  EXPECT_EQ(lines[2], "[at 10000000:]");
  EXPECT_EQ(lines.size(), 2U + 10 * 3 + 1);
  EXPECT_EQ(lines.back(), "[and so on for 2 more commits]");
}

TEST(Repair, IsForWhatRefusesAndElseForWhatIsShown) {
  Finding warned = reword(kTip);
  warned.mode = Mode::warn;
  Finding audited = sign(kTip, 0);
  audited.mode = Mode::audit;
  EXPECT_EQ(shown({warned, audited}), Lines{"git commit --amend -m 'feat: add login'"});
  EXPECT_EQ(shown({warned, sign_off(kTip, 0)}), Lines{"git commit --amend --no-edit -s"});
}

TEST(Repair, RewritesOnlyWhatIsNoTagAndNoNote) {
  for (const RefKind kind : {RefKind::tag, RefKind::note}) {
    RefVerdict ref = branch({reword(kTip), sign(kTip, 0)});
    ref.kind = kind;
    EXPECT_EQ(shown(ref), Lines());
  }
  RefVerdict ref = branch({sign(kTip, 0)});
  ref.kind = RefKind::other;
  EXPECT_EQ(shown(ref), Lines{"git commit --amend --no-edit -S"});
}

TEST(Repair, HasNothingForFindingsThatNeedNoOtherCommit) {
  EXPECT_EQ(shown({about(kTip)}), Lines());
  Finding finding = reword(kTip);
  finding.commit.reset();
  EXPECT_EQ(shown({finding}), Lines());
  EXPECT_EQ(shown({drop(kTip, 0, "\x1b")}), Lines());
}

TEST(Repair, NamesTheCommitsItIsAbout) {
  const Repair repair = repair_of(branch({sign(kOlder, 1), reword(kTip), sign(kTip, 0)}));
  EXPECT_EQ(repair.commits, (std::vector<ObjectId>{kOlder, kTip}));
}

TEST(Repair, WaitsForARebaseThatARuleAsksFor) {
  Finding squash = about(kOlder, 1);
  squash.commands = {"git rebase -i --autosquash 11111111^"};
  EXPECT_EQ(shown({squash, reword(kTip)}),
            Lines{"[after that rebase push again: the commits have new ids, and what is left to "
                  "mend is told anew]"});
  EXPECT_EQ(shown({squash}), Lines());
}

TEST(Repair, LeavesCommandsOfRulesAsTheyAreUnlessTheTipGetsANewId) {
  Finding direct;
  direct.commands = {"git fetch origin", "git push origin 5d6e7f81:refs/heads/x"};
  const RefVerdict alone = branch({direct});
  EXPECT_EQ(commands_of(alone, direct, repair_of(alone)), direct.commands);
  const RefVerdict both = branch({direct, reword(kTip)});
  EXPECT_EQ(commands_of(both, direct, repair_of(both)),
            (Lines{"git fetch origin", "git push origin HEAD:refs/heads/x"}));
}

}  // namespace
}  // namespace trunkgate

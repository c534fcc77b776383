// Commands that repair a finding.
#include "report/repair.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace trunkgate {
namespace {

using Lines = std::vector<std::string>;

const ObjectId kTip = *ObjectId::parse("5d6e7f8100000000000000000000000000000000");
const ObjectId kOlder = *ObjectId::parse("9a8b7c6d00000000000000000000000000000000");

RefVerdict branch() {
  RefVerdict ref;
  ref.name = "refs/heads/x";
  ref.new_commit = kTip;
  return ref;
}
Finding reword(const ObjectId& commit) {
  Finding finding;
  finding.commit = commit;
  finding.reword = true;
  finding.corrected_title = "feat: add login";
  return finding;
}

TEST(Repair, AmendsTheTipWithItsCorrectedTitle) {
  EXPECT_EQ(repair_commands(branch(), reword(kTip), true),
            Lines{"git commit --amend -m 'feat: add login'"});
  Finding finding = reword(kTip);
  finding.corrected_title = "feat: it's $(x) `y` \"z\"";
  EXPECT_EQ(repair_commands(branch(), finding, true),
            Lines{"git commit --amend -m 'feat: it'\\''s $(x) `y` \"z\"'"});
}

TEST(Repair, OpensTheEditorWhereATitleAloneWouldLoseTheBody) {
  Finding finding = reword(kTip);
  finding.keeps_body = true;
  EXPECT_EQ(repair_commands(branch(), finding, true), Lines{"git commit --amend"});
}

TEST(Repair, OpensTheEditorWhereNoTitleIsCertainOrSafeToPaste) {
  Finding finding = reword(kTip);
  finding.corrected_title.reset();
  EXPECT_EQ(repair_commands(branch(), finding, true), Lines{"git commit --amend"});
  for (const char* title : {"feat: \x1b[2J", "feat: \xe2\x80\xae", "feat: \xff", "feat: a\nb"}) {
    finding.corrected_title = title;
    EXPECT_EQ(repair_commands(branch(), finding, true), Lines{"git commit --amend"}) << title;
  }
}

TEST(Repair, RebasesFromAnOlderCommit) {
  EXPECT_EQ(repair_commands(branch(), reword(kOlder), true), Lines{"git rebase -i 9a8b7c6d^"});
  RefVerdict ref = branch();
  ref.has_merges = true;
  EXPECT_EQ(repair_commands(ref, reword(kOlder), true),
            Lines{"git rebase -i --rebase-merges 9a8b7c6d^"});
  Finding finding = reword(kOlder);
  finding.root = true;
  EXPECT_EQ(repair_commands(branch(), finding, true), Lines{"git rebase -i --root"});
  EXPECT_EQ(reword_command(ref, finding), "git rebase -i --rebase-merges --root");
}

TEST(Repair, LeavesSeveralCommitsToOneCommandForAll) {
  EXPECT_EQ(repair_commands(branch(), reword(kTip), false), Lines());
  EXPECT_EQ(reword_command(branch(), reword(kOlder)), "git rebase -i 9a8b7c6d^");
}

TEST(Repair, PrefersTheCommandsOfTheRule) {
  Finding finding = reword(kTip);
  finding.commands = {"git fetch origin", "git merge origin/main"};
  EXPECT_EQ(repair_commands(branch(), finding, true),
            (Lines{"git fetch origin", "git merge origin/main"}));
  EXPECT_EQ(repair_commands(branch(), finding, false),
            (Lines{"git fetch origin", "git merge origin/main"}));
}

TEST(Repair, RewordsOnlyWhatIsABranch) {
  for (const RefKind kind : {RefKind::tag, RefKind::note, RefKind::other}) {
    RefVerdict ref = branch();
    ref.kind = kind;
    EXPECT_EQ(repair_commands(ref, reword(kTip), true), Lines());
  }
}

TEST(Repair, HasNothingForFindingsThatNeedNoOtherWords) {
  Finding finding = reword(kTip);
  finding.reword = false;
  EXPECT_EQ(repair_commands(branch(), finding, true), Lines());
  finding = reword(kTip);
  finding.commit.reset();
  EXPECT_EQ(repair_commands(branch(), finding, true), Lines());
}

}  // namespace
}  // namespace trunkgate

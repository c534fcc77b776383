// direct-push: ways to land and everything that is none; whole findings.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rules/ref/direct_push_fixture.h"

namespace trunkgate {
namespace {

TEST_F(DirectPush, AcceptsAMergeThatGitWouldMake) {
  const Answer answer = land(merge({main_, work_}, kMerged));
  EXPECT_TRUE(answer.findings.empty());
  EXPECT_EQ(answer.relied, (Relied{{"refs/heads/feature/x", work_}}));
}

TEST_F(DirectPush, AcceptsSeveralMergesOneAfterTheOther) {
  const ObjectId fix = temporary_.commit("fix: it", {base_}, {{"a", "1\n"}, {"f", "1\n"}});
  temporary_.set_ref("refs/heads/hotfix/y", fix);
  const ObjectId one = merge({main_, work_}, kMerged);
  const ObjectId two = merge({one, fix}, {{"a", "1\n"}, {"m", "1\n"}, {"w", "1\n"}, {"f", "1\n"}});
  const Answer answer = land(two);
  EXPECT_TRUE(answer.findings.empty());
  EXPECT_EQ(answer.relied, (Relied{{"refs/heads/hotfix/y", fix}, {"refs/heads/feature/x", work_}}));
}

TEST_F(DirectPush, AcceptsAnOlderCommitOfABranchToo) {
  const ObjectId later = temporary_.commit("feat: later", {work_}, {{"a", "2\n"}});
  temporary_.set_ref("refs/heads/feature/x", later);
  const Answer answer = land(merge({main_, work_}, kMerged));
  EXPECT_TRUE(answer.findings.empty());
  EXPECT_EQ(answer.relied, (Relied{{"refs/heads/feature/x", later}}));
}

TEST_F(DirectPush, AcceptsAFastForwardToABranch) {
  const ObjectId next = temporary_.commit("feat: next", {main_}, {{"n", "1\n"}});
  temporary_.set_ref("refs/heads/feature/y", next);
  const Answer answer = land(next);
  EXPECT_TRUE(answer.findings.empty());
  EXPECT_EQ(answer.relied, (Relied{{"refs/heads/feature/y", next}}));
}

TEST_F(DirectPush, AcceptsAFastForwardToABranchThatEndsInAMerge) {
  // On the branch somebody merged main and settled a conflict; the branch has been looked at.
  const ObjectId settled = merge({main_, work_}, {{"a", "settled\n"}});
  temporary_.set_ref("refs/heads/feature/x", settled);
  EXPECT_TRUE(land(settled).findings.empty());
}

TEST_F(DirectPush, IsNotAboutDeletionsAndUpdatesThatMoveNothing) {
  EXPECT_TRUE(judge(update(main_, ObjectId())).findings.empty());
  EXPECT_TRUE(judge(update(main_, main_)).findings.empty());
}

TEST_F(DirectPush, RejectsCommitsOfTheirOwn) {
  const ObjectId next = temporary_.commit("feat: next", {main_}, {{"n", "1\n"}});
  expect_finding(
      land(next), "no direct push to 'main'", {},
      "push your commits as a branch, then land that branch here (feature/**, hotfix/**)",
      {"git push origin " + next.brief() + ":refs/heads/feature/NAME", "git fetch origin",
       "git switch --detach origin/main", "git merge --no-ff origin/feature/NAME",
       "git push origin HEAD:main"});
}

TEST_F(DirectPush, RejectsAMergeWithACommitOnTop) {
  const ObjectId next = temporary_.commit("feat: next", {merge({main_, work_}, kMerged)}, kMerged);
  EXPECT_EQ(land(next).findings.at(0).message, "no direct push to 'main'");
}

TEST_F(DirectPush, TellsHowToFastForwardWhereNothingElseIsAllowed) {
  with("{land: [fast-forward], from: ['feature/**']}");
  const ObjectId next = temporary_.commit("feat: next", {main_}, {{"n", "1\n"}});
  expect_finding(land(next), "no direct push to 'main'", {},
                 "push your commits as a branch, then land that branch here (feature/**)",
                 {"git push origin " + next.brief() + ":refs/heads/feature/NAME",
                  "git push origin " + next.brief() + ":main"});
  EXPECT_EQ(land(merge({main_, work_}, kMerged)).findings.at(0).message,
            "no direct push to 'main'");
}

TEST_F(DirectPush, RejectsAFastForwardWhereOnlyMergesLand) {
  with("{land: [merge], from: ['feature/**']}");
  const ObjectId next = temporary_.commit("feat: next", {main_}, {{"n", "1\n"}});
  temporary_.set_ref("refs/heads/feature/y", next);
  EXPECT_EQ(land(next).findings.at(0).message, "no direct push to 'main'");
}

TEST_F(DirectPush, RejectsEverythingWhereNothingLands) {
  with("{land: []}");
  expect_finding(land(merge({main_, work_}, kMerged)), "no direct push to 'main'", {},
                 "nothing lands here by push; ask an admin", {});
}

TEST_F(DirectPush, RejectsAMergeOfWhatIsOnNoBranchThatMayLand) {
  const ObjectId other = temporary_.commit("feat: other", {base_}, {{"a", "1\n"}, {"o", "1\n"}});
  temporary_.set_ref("refs/heads/wip/o", other);
  const ObjectId merged = merge({main_, other}, {{"a", "1\n"}, {"m", "1\n"}, {"o", "1\n"}});
  const Answer answer = land(merged);
  expect_finding(answer,
                 "the merge brings in " + other.brief() +
                     ", which is on no branch of the server that may land here",
                 {"may land: feature/**, hotfix/**"},
                 "push that branch first, in a push of its own",
                 {"git push origin " + other.brief() + ":refs/heads/feature/NAME",
                  "git push origin " + merged.brief() + ":refs/heads/main"});
  EXPECT_EQ(answer.findings[0].commit, merged);
  EXPECT_EQ(answer.findings[0].title, "Merge branch 'feature/x'");
}

TEST_F(DirectPush, RejectsAMergeOfItsOwnOldCommits) {
  // What main holds already is a branch of the server, but main itself does not land on main.
  EXPECT_EQ(land(merge({main_, base_}, {{"a", "1\n"}, {"m", "1\n"}})).findings.size(), 0U)
      << "base is on feature/x";
  temporary_.git({"update-ref", "-d", "refs/heads/feature/x"});
  EXPECT_EQ(land(merge({main_, base_}, {{"a", "1\n"}, {"m", "1\n"}})).findings.size(), 1U);
}

TEST_F(DirectPush, RejectsAMergeThatSlipsSomethingIn) {
  const ObjectId merged =
      merge({main_, work_}, {{"a", "1\n"}, {"m", "1\n"}, {"w", "1\n"}, {"evil\x1b", "1\n"}});
  const Answer answer = land(merged);
  expect_finding(answer, "the merge holds changes that are on neither side", {"evil\\x1b"},
                 "merge again and change nothing in the merge commit",
                 {"git reset --keep " + main_.brief(), "git merge --no-ff " + work_.brief(),
                  "git push origin HEAD:main"});
  EXPECT_EQ(answer.findings[0].commit, merged);
  EXPECT_EQ(id_of(answer), "direct-push.evil-merge");
}

TEST_F(DirectPush, RejectsAMergeThatSettlesAConflict) {
  const ObjectId other = temporary_.commit("feat: other", {base_}, {{"a", "3\n"}});
  temporary_.set_ref("refs/heads/feature/o", other);
  const ObjectId next = temporary_.commit("feat: next", {base_}, {{"a", "2\n"}});
  const ObjectId merged = merge({next, other}, {{"a", "2\n"}});
  const Answer answer = judge(update(next, merged));
  EXPECT_EQ(id_of(answer), "direct-push.evil-merge");
  expect_finding(answer, "the merge settles a conflict, which nobody has reviewed", {"a"},
                 "settle it on the branch: merge 'main' into it, push it, then land it",
                 {"git switch --detach " + other.brief(), "git merge " + next.brief(),
                  "git push origin HEAD:BRANCH"});
}

TEST_F(DirectPush, RejectsAMergeOfHistoriesThatHaveNothingInCommon) {
  const ObjectId other = temporary_.commit("feat: other", {}, {{"o", "1\n"}});
  temporary_.set_ref("refs/heads/feature/o", other);
  const Answer answer = land(merge({main_, other}, {{"a", "1\n"}, {"m", "1\n"}, {"o", "1\n"}}));
  EXPECT_EQ(id_of(answer), "direct-push.evil-merge");
  expect_finding(answer, "the merge brings in a history that has nothing in common with 'main'", {},
                 "begin the branch from 'main'", {});
}

TEST_F(DirectPush, AcceptsAMergeOfABranchThatHoldsMerges) {
  const ObjectId other = temporary_.commit("feat: other", {base_}, {{"a", "1\n"}, {"o", "1\n"}});
  const Files both{{"a", "1\n"}, {"w", "1\n"}, {"o", "1\n"}};
  const ObjectId inner = merge({work_, other}, both);
  temporary_.set_ref("refs/heads/feature/x", inner);
  Files all = both;
  all["m"] = "1\n";
  EXPECT_TRUE(land(merge({main_, inner}, all)).findings.empty());
  // What the branch's own merges hold has been looked at with the branch.
  Files slipped = both;
  slipped["settled"] = "1\n";
  const ObjectId odd = merge({work_, other}, slipped);
  temporary_.set_ref("refs/heads/feature/x", odd);
  slipped["m"] = "1\n";
  EXPECT_TRUE(land(merge({main_, odd}, slipped)).findings.empty());
}

TEST_F(DirectPush, JudgesHistoriesThatCrossByBothOfTheirBases) {
  // main and the branch have merged each other before: there are two bases.
  const Files both{{"a", "1\n"}, {"m", "1\n"}, {"w", "1\n"}};
  const ObjectId ours = merge({main_, work_}, both);
  const ObjectId theirs = merge({work_, main_}, both);
  Files later = both;
  later["w"] = "2\n";
  const ObjectId work = temporary_.commit("feat: later", {theirs}, later);
  temporary_.set_ref("refs/heads/feature/x", work);
  EXPECT_TRUE(judge(update(ours, merge({ours, work}, later))).findings.empty());
  const Answer answer = judge(update(ours, merge({ours, work}, both)));
  EXPECT_EQ(id_of(answer), "direct-push.evil-merge");
  EXPECT_EQ(answer.findings[0].details, Lines{"w"});
}

TEST_F(DirectPush, RejectsAnEvilMergeBelowAGoodOne) {
  Files files = kMerged;
  files["evil"] = "1\n";
  const ObjectId evil = merge({main_, work_}, files);
  const ObjectId fix = temporary_.commit("fix: it", {base_}, {{"a", "1\n"}, {"f", "1\n"}});
  temporary_.set_ref("refs/heads/hotfix/y", fix);
  files["f"] = "1\n";
  const Answer answer = land(merge({evil, fix}, files));
  EXPECT_EQ(id_of(answer), "direct-push.evil-merge");
  EXPECT_EQ(answer.findings[0].commit, evil);
  EXPECT_EQ(answer.findings[0].details, Lines{"evil"});
}

TEST_F(DirectPush, CutsALongListOfPaths) {
  Files files = kMerged;
  for (int i = 10; i < 35; ++i) files["evil" + std::to_string(i)] = "1";
  const Answer answer = land(merge({main_, work_}, files));
  ASSERT_EQ(answer.findings.size(), 1U);
  ASSERT_EQ(answer.findings[0].details.size(), 21U);
  EXPECT_EQ(answer.findings[0].details[0], "evil10");
  EXPECT_EQ(answer.findings[0].details[20], "and 5 more");
}

TEST_F(DirectPush, RejectsAMergeOfThree) {
  const ObjectId other = temporary_.commit("feat: other", {base_}, {{"a", "1\n"}, {"o", "1\n"}});
  temporary_.set_ref("refs/heads/feature/o", other);
  const Files files{{"a", "1\n"}, {"m", "1\n"}, {"w", "1\n"}, {"o", "1\n"}};
  expect_finding(land(merge({main_, work_, other}, files)),
                 "a merge of 3 parents cannot land; land one branch at a time", {}, "", {});
}

TEST_F(DirectPush, RejectsMainAsTheSecondParent) {
  const ObjectId merged = merge({work_, main_}, kMerged);
  expect_finding(land(merged), "'main' would become the second parent of a merge",
                 {"its first-parent line must go on from " + main_.brief()},
                 "merge your branch into 'main', not the other way round",
                 {"git fetch origin", "git switch --detach origin/main",
                  "git merge --no-ff " + merged.brief(), "git push origin HEAD:main"});
}

TEST_F(DirectPush, RejectsWhatDoesNotBuildOnTheBranch) {
  expect_finding(land(work_),
                 "the push does not build on what 'main' holds (" + main_.brief() + ")", {},
                 "merge your branch into 'main', not the other way round",
                 {"git fetch origin", "git switch --detach origin/main",
                  "git merge --no-ff " + work_.brief(), "git push origin HEAD:main"});
  EXPECT_EQ(land(base_).findings.size(), 1U);
}

TEST_F(DirectPush, CreatesABranchOnlyByFastForward) {
  const auto create = [&](const ObjectId& tip) {
    return judge(update(ObjectId(), tip, "refs/heads/develop"));
  };
  const Answer answer = create(work_);
  EXPECT_TRUE(answer.findings.empty());
  EXPECT_EQ(answer.relied, (Relied{{"refs/heads/feature/x", work_}}));
  const ObjectId next = temporary_.commit("feat: next", {main_}, {{"n", "1\n"}});
  expect_finding(
      create(next), "'develop' does not exist yet and cannot be pushed directly", {},
      "push the commits as a branch that may land, then push the same commit again; or ask an "
      "admin to create 'develop' on the server",
      {"git push origin " + next.brief() + ":refs/heads/feature/NAME",
       "git push origin " + next.brief() + ":refs/heads/develop"});
  with("{land: [merge]}");
  expect_finding(create(work_), "'develop' does not exist yet and cannot be pushed directly", {},
                 "ask an admin to create it on the server with git update-ref", {});
}

TEST_F(DirectPush, LetsOnlyThoseLandWhoMay) {
  with("{from: ['feature/**'], by: [maintainers, cy]}");
  const PushedRef landing = update(main_, merge({main_, work_}, kMerged));
  for (const char* name : {"ada", "bo", "cy"}) EXPECT_TRUE(judge(landing, name).findings.empty());
  expect_finding(judge(landing, "dan"), "'dan' may not land on 'main'", {"may land: ada, bo, cy"},
                 "ask one of them to land it", {});
  EXPECT_EQ(judge(landing, "maintainers").findings.size(), 1U);
  EXPECT_EQ(judge(landing, "").findings.size(), 1U);
  with("{by: []}");
  EXPECT_EQ(judge(landing, "ada").findings.size(), 1U);
}

TEST_F(DirectPush, RejectsWhatIsNoCommit) {
  PushedRef ref = update(main_, temporary_.tree({{"a", "1"}}), "refs/wip/x");
  ref.new_commit = ObjectId();
  expect_finding(judge(ref), "what is pushed to 'refs/wip/x' is no commit", {}, "", {});
}

TEST_F(DirectPush, LandsAtMostAThousandCommitsAtOnce) {
  std::string stream;
  for (int i = 1; i <= 1002; ++i) {
    stream += "commit refs/heads/feature/long\nmark :" + std::to_string(i) +
              "\ncommitter Ada <ada@example.com> 0 +0000\ndata 2\nx\n";
    if (i > 1) stream += "from :" + std::to_string(i - 1) + "\n";
    stream += "\n";
  }
  temporary_.git({"fast-import", "--quiet"}, stream);
  const auto at = [&](const std::string& name) {
    return *ObjectId::parse(temporary_.git({"rev-parse", name}));
  };
  EXPECT_TRUE(judge(update(at("feature/long~1000"), at("feature/long"))).findings.empty());
  expect_finding(judge(update(at("feature/long~1001"), at("feature/long"))),
                 "the push adds more than 1000 commits to 'main' at once", {},
                 "land in smaller steps", {});
}

TEST_F(DirectPush, LandsAtMostSixtyFourMergesAtOnce) {
  temporary_.set_ref("refs/heads/feature/base", base_);
  const ObjectId tree = temporary_.tree({{"a", "1\n"}, {"m", "1\n"}});
  ObjectId tip = main_;
  for (int i = 0; i < 65; ++i) tip = temporary_.commit_of_tree("Merge", {tip, base_}, tree);
  expect_finding(land(tip), "the push lands more than 64 merges at once", {},
                 "land in smaller steps", {});
}

TEST_F(DirectPush, QuotesNamesInCommandsOrLeavesThemOut) {
  const ObjectId next = temporary_.commit("feat: next", {main_}, {{"n", "1\n"}});
  Answer answer = judge(update(main_, next, "refs/heads/it's"));
  EXPECT_EQ(answer.findings.at(0).message, "no direct push to 'it's'");
  EXPECT_EQ(answer.findings[0].commands.at(4), "git push origin HEAD:'it'\\''s'");
  answer = judge(update(main_, next, "refs/heads/\xc2\x9b"));
  EXPECT_EQ(answer.findings.at(0).message, "no direct push to '<U+009B>'");
  for (const std::string& command : answer.findings[0].commands) {
    EXPECT_EQ(command.find('\xc2'), std::string::npos) << command;
  }
}

}  // namespace
}  // namespace trunkgate

// missing-approval: who has to have looked at what lands.
#include "rules/evidence/evidence_rule_test.h"

namespace trunkgate {
namespace {

class MissingApproval : public EvidenceRuleTest {
 protected:
  MissingApproval() : EvidenceRuleTest("missing-approval") {}
};

TEST_F(MissingApproval, AcceptsWorkThatSomebodyHasApproved) {
  with("{}");
  const ObjectId x = feature();
  approve(x, "bo");
  EXPECT_EQ(land(x), "satisfied 1 approval: approved by bo\nrelies on <x>/approval/bo\n");
}

TEST_F(MissingApproval, RefusesWorkThatNobodyHasApproved) {
  with("{by: [reviewers]}");
  EXPECT_EQ(land(feature()),
            "unsatisfied 1 approval by reviewers: none yet\n"
            "refused: feature/x needs 1 approval by reviewers and has none\n"
            "? these may approve it: bo, cy\n"
            "$ git push origin <x>:refs/attest/<x>/approval/YOU\n");
}

TEST_F(MissingApproval, AcceptsJustAsManyAsAreAskedForAndRefusesOneLess) {
  with("{count: 2}");
  const ObjectId x = feature();
  approve(x, "bo");
  EXPECT_EQ(land(x),
            "unsatisfied 2 approvals: 1 of 2, by bo\n"
            "refused: feature/x needs 2 approvals and has 1 (bo)\n"
            "? these may approve it: cy, dee\n"
            "$ git push origin <x>:refs/attest/<x>/approval/YOU\n");
  approve(x, "cy");
  EXPECT_EQ(land(x),
            "satisfied 2 approvals: approved by bo, cy\n"
            "relies on <x>/approval/bo\nrelies on <x>/approval/cy\n");
}

TEST_F(MissingApproval, HoldsOnlyWhileNobodyElseSpeaksUp) {
  with("{by: [reviewers]}");
  const ObjectId x = feature();
  approve(x, "bo");
  EXPECT_EQ(silent(update("refs/heads/main", main_, x)), "cy about <x>\n");
  EXPECT_EQ(silent(update("refs/heads/main", main_, feature("y"))), "");
}

TEST_F(MissingApproval, CountsTheVetoOfWhomACommitCallsItsAuthor) {
  with("{}");
  const ObjectId x = branch("feature/x", commit_by("bo", "x", main_, {{"a", "1\n"}, {"b", "1\n"}}));
  approve(x, "cy");
  veto(x, "bo");
  EXPECT_TRUE(land(x).starts_with("unsatisfied 1 approval: vetoed by bo\n")) << land(x);
}

TEST_F(MissingApproval, SaysWhichApprovalsDoNotCountAndWhy) {
  with("{by: [reviewers]}");
  const ObjectId x = feature();
  branch("other", x, "bo");
  approve(x, "bo");
  approve(x, "cy", R"({"target": "develop"})");
  approve(x, "dee");
  EXPECT_EQ(land(x),
            "unsatisfied 1 approval by reviewers: none yet\n"
            "refused: feature/x needs 1 approval by reviewers and has none\n"
            "  approval 'dee' does not count: it is not by reviewers\n"
            "  approval 'bo' does not count: it was left by 'bo', who pushed it\n"
            "  approval 'cy' is for refs/heads/develop only\n"
            "? these may approve it: cy\n"
            "$ git push origin <x>:refs/attest/<x>/approval/YOU\n");
}

TEST_F(MissingApproval, IsNotSatisfiedByTheApprovalOfAnotherCommit) {
  with("{}");
  const ObjectId x = feature();
  approve(x, "bo");
  const ObjectId more = branch("feature/x", commit("more", {x}, {{"a", "1\n"}, {"b", "2\n"}}));
  EXPECT_EQ(land(more),
            "unsatisfied 1 approval: none yet\n"
            "refused: feature/x needs 1 approval and has none\n"
            "? these may approve it: bo, cy, dee\n"
            "$ git push origin <more>:refs/attest/<more>/approval/YOU\n");
}

TEST_F(MissingApproval, DoesNotCountThoseWhoMadeAnyOfTheCommits) {
  with("{}");
  const ObjectId first = commit_by("bo", "first", main_, {{"a", "1\n"}, {"b", "1\n"}});
  const ObjectId tip = branch("feature/x", commit("tip", {first}, {{"a", "1\n"}, {"b", "2\n"}}));
  approve(tip, "bo");
  EXPECT_EQ(land(tip),
            "unsatisfied 1 approval: none yet\n"
            "refused: feature/x needs 1 approval and has none\n"
            "  approval 'bo' does not count: <first> lands with it, and 'bo' is its author\n"
            "? these may approve it: cy, dee\n"
            "$ git push origin <tip>:refs/attest/<tip>/approval/YOU\n");
}

TEST_F(MissingApproval, DoesNotCountThoseWhoPushedAnyOfTheCommits) {
  with("{}");
  const ObjectId first = branch("feature/x", commit("first", {main_}, {{"b", "1\n"}}), "bo");
  const ObjectId tip = branch("feature/x", commit("tip", {first}, {{"b", "2\n"}}));
  approve(tip, "bo");
  EXPECT_NE(land(tip).find("does not count: <first> lands with it, and 'bo' pushed it\n"),
            std::string::npos);
}

TEST_F(MissingApproval, DoesNotCountThoseWhoMayHavePushedACommitThatWasNeverATip) {
  with("{}");
  const ObjectId first = commit("first", {main_}, {{"b", "1\n"}});
  const ObjectId tip = branch("feature/x", commit("tip", {first}, {{"b", "2\n"}}));
  branch("try", commit("try", {first}, {{"b", "3\n"}}), "bo");
  approve(tip, "bo");
  EXPECT_NE(land(tip).find("does not count: 'bo' pushed a branch with some of what lands\n"),
            std::string::npos);
  approve(tip, "cy");
  EXPECT_TRUE(land(tip).starts_with("satisfied 1 approval: approved by cy\n"));
}

TEST_F(MissingApproval, CountsTheAuthorWhereThePolicySaysSo) {
  not_ = ", not: []";
  with("{}");
  const ObjectId tip = branch("feature/x", commit_by("bo", "tip", main_, {{"b", "1\n"}}), "bo");
  approve(tip, "bo");
  EXPECT_EQ(land(tip), "satisfied 1 approval: approved by bo\nrelies on <tip>/approval/bo\n");
}

TEST_F(MissingApproval, IsBlockedByAVetoHoweverManyApprove) {
  with("{}");
  const ObjectId x = feature();
  approve(x, "bo");
  approve(x, "cy");
  veto(x, "dee", "leaks the key");
  EXPECT_EQ(land(x),
            "unsatisfied 1 approval: vetoed by dee\n"
            "refused: 'dee' vetoes feature/x\n"
            "  it says: leaks the key\n"
            "? it goes away when whoever left it changes or deletes it\n"
            "$ git push origin :refs/attest/<x>/approval/dee\n");
}

TEST_F(MissingApproval, IsNotBlockedByTheVetoOfSomebodyElseOrForAnotherBranch) {
  with("{by: [reviewers]}");
  const ObjectId x = feature();
  approve(x, "bo");
  veto(x, "dee");
  approve(x, "cy", R"({"verdict": "veto", "target": "develop"})");
  EXPECT_EQ(land(x),
            "satisfied 1 approval by reviewers: approved by bo\nrelies on <x>/approval/bo\n");
}

TEST_F(MissingApproval, IsAskedOfEachBranchThatLands) {
  with("{}");
  const ObjectId x = feature("x", {{"a", "1\n"}, {"x", "1\n"}});
  const ObjectId y = feature("y", {{"a", "1\n"}, {"y", "1\n"}});
  approve(x, "bo");
  const ObjectId one = commit("one", {main_, x}, {{"a", "1\n"}, {"x", "1\n"}});
  const ObjectId two = commit("two", {one, y}, {{"a", "1\n"}, {"x", "1\n"}, {"y", "1\n"}});
  EXPECT_EQ(land(two),
            "unsatisfied 1 approval: feature/y: none yet\n"
            "refused: feature/y needs 1 approval and has none\n"
            "? these may approve it: bo, cy, dee\n"
            "$ git push origin <y>:refs/attest/<y>/approval/YOU\n");
  approve(y, "cy");
  EXPECT_EQ(land(two),
            "satisfied 1 approval: feature/y: approved by cy; feature/x: approved by bo\n"
            "relies on <y>/approval/cy\nrelies on <x>/approval/bo\n");
}

TEST_F(MissingApproval, MayBeOfTheMergeItself) {
  with("{}");
  const ObjectId x = feature();
  const ObjectId merge =
      branch("try/merge", commit("merge", {main_, x}, {{"a", "1\n"}, {"b", "1\n"}}));
  approve(merge, "bo");
  EXPECT_EQ(land(merge), "satisfied 1 approval: approved by bo\nrelies on <merge>/approval/bo\n");
}

TEST_F(MissingApproval, CannotBeGivenToWhatIsNotOnTheServer) {
  with("{}");
  const ObjectId tip = commit("tip", {main_}, {{"b", "1\n"}});
  EXPECT_EQ(land(tip),
            "unsatisfied 1 approval: none yet\n"
            "refused: <tip> needs 1 approval and has none\n"
            "  no branch of the server holds <tip> yet, so there can be no evidence about it\n"
            "? these may approve it: bo, cy, dee\n"
            "$ git push origin <tip>:refs/heads/BRANCH\n"
            "$ git push origin <tip>:refs/attest/<tip>/approval/YOU\n");
}

TEST_F(MissingApproval, IsNotApplicableWhereNothingLands) {
  with("{}");
  EXPECT_EQ(judge(update("refs/heads/main", main_, ObjectId())),
            "not applicable 1 approval: nothing lands\n");
}

TEST_F(MissingApproval, SurvivesACleanRebaseWhereThePolicySaysSo) {
  const ObjectId x = feature();
  const ObjectId old_main = main_;
  main_ = commit("newer", {old_main}, {{"a", "2\n"}});
  server_.set_ref("refs/heads/main", main_);
  with("{}");
  approve(x, "bo");
  // The same author, message and patch, on top of what main is now.
  const ObjectId again =
      branch("feature/x",
             named("again", server_.commit("feat: x", {main_}, {{"a", "2\n"}, {"b", "1\n"}})));
  EXPECT_NE(land(again).find("feature/x needs 1 approval and has none"), std::string::npos);
  with("{survives: [clean-rebase]}");
  EXPECT_EQ(land(again), "satisfied 1 approval: approved by bo\nrelies on <x>/approval/bo\n");
}

TEST_F(MissingApproval, DoesNotSurviveARebaseThatChangesAnything) {
  with("{survives: [clean-rebase]}");
  const ObjectId x = feature();
  approve(x, "bo");
  const ObjectId old_main = main_;
  main_ = commit("newer", {old_main}, {{"a", "2\n"}});
  const auto again = [&](const std::string& message, const Files& files) {
    return land(branch("feature/x", server_.commit(message, {main_}, files)));
  };
  EXPECT_TRUE(again("feat: y", {{"a", "2\n"}, {"b", "1\n"}}).starts_with("unsatisfied"));
  EXPECT_TRUE(again("feat: x", {{"a", "2\n"}, {"b", "1 \n"}}).starts_with("unsatisfied"));
  EXPECT_TRUE(again("feat: x", {{"a", "2\n"}, {"b", "1\n"}, {"c", "1\n"}}).starts_with("unsat"));
  const ObjectId theirs =
      branch("feature/x", commit_by("bo", "theirs", main_, {{"a", "2\n"}, {"b", "1\n"}}));
  EXPECT_TRUE(land(theirs).starts_with("unsatisfied"));
}

TEST_F(MissingApproval, KeepsAVetoThroughACleanRebase) {
  with("{survives: [clean-rebase]}");
  const ObjectId x = feature();
  approve(x, "bo");
  veto(x, "cy");
  const ObjectId old_main = main_;
  main_ = commit("newer", {old_main}, {{"a", "2\n"}});
  const ObjectId again =
      branch("feature/x", server_.commit("feat: x", {main_}, {{"a", "2\n"}, {"b", "1\n"}}));
  EXPECT_TRUE(land(again).starts_with("unsatisfied 1 approval: vetoed by cy\n"));
  // Whoever has changed their mind says so about what is there now.
  approve(again, "cy");
  EXPECT_TRUE(land(again).starts_with("satisfied 1 approval: approved by bo, cy\n"));
}

TEST_F(MissingApproval, CannotBeToldOfMoreCommitsThanItLooksAt) {
  with("{}");
  const auto tip_after = [&](std::size_t commits) {
    std::string stream;
    for (std::size_t i = 1; i <= commits; ++i) {
      stream += "commit refs/heads/feature/x\nmark :" + std::to_string(i) +
                "\ncommitter Ada <ada@example.com> 1700000000 +0000\ndata 0\n" +
                (i == 1 ? "from " + main_.hex() + "\n" : "") + "\n";
    }
    server_.git({"fast-import", "--quiet", "--force"}, stream);
    return named("tip", server_.open()->ref("refs/heads/feature/x").id);
  };
  const ObjectId most = tip_after(1000);
  approve(most, "bo");
  EXPECT_TRUE(land(most).starts_with("satisfied 1 approval: approved by bo\n"));
  const ObjectId more = tip_after(1001);
  approve(more, "bo");
  EXPECT_EQ(land(more),
            "error 1 approval: more than 1000 commits\n"
            "refused: feature/x brings more than 1000 commits: nobody can tell who had a part in "
            "them\n"
            "? land it in smaller steps\n");
}

TEST_F(MissingApproval, HasMistakesWhereItsOptionsMakeNoSense) {
  EXPECT_NE(mistakes("{count: 0}").find("'count: 0' asks for nothing unless there are 'owners'"),
            std::string::npos);
  EXPECT_NE(mistakes("{count: 3, by: [reviewers]}").find("'by' names 2 people, and 'count' is 3"),
            std::string::npos);
  EXPECT_NE(mistakes("{survives: [rebase]}").find("expected one of clean-rebase; found 'rebase'"),
            std::string::npos);
  EXPECT_NE(mistakes("{by: [zed]}").find("counts only what is left by zed, none of whom may leave"),
            std::string::npos);
  EXPECT_NE(mistakes("{owners: /CODEOWNERS}").find("without a slash at either end"),
            std::string::npos);
}

}  // namespace
}  // namespace trunkgate

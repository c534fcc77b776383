// misbased-branch: real histories, whole findings.
//
//   first --- release                 main
//      `----- dev --- dev2            develop
//               `---- feature         feature/old
#include "support/rule_test.h"

namespace trunkgate {
namespace {

class MisbasedBranch : public RuleTest {
 protected:
  MisbasedBranch() : RuleTest("misbased-branch") {
    server_.set_ref("refs/heads/main", release_);
    server_.set_ref("refs/heads/develop", dev2_);
    server_.set_ref("refs/heads/feature/old", feature_);
  }
  ObjectId on(const std::vector<ObjectId>& parents) {
    return server_.commit("feat: work", {server_.commit("feat: begin", parents)});
  }
  std::string push(const ObjectId& tip) { return judge("refs/heads/new", {}, tip); }
  static std::string refusal(const std::string& why, const std::string& base,
                             const std::string& upstream) {
    return "refused: 'new' " + why +
           "\n? put your own commits on top of it, then push again\n"
           "$ git fetch origin\n$ git rebase --onto origin/" +
           base + " " + upstream +
           " new\n"
           "$ git push origin new\n";
  }
  ObjectId first_ = server_.commit("feat: first", {});
  ObjectId release_ = server_.commit("feat: release", {first_});
  ObjectId dev_ = server_.commit("feat: dev", {first_});
  ObjectId dev2_ = server_.commit("feat: dev2", {dev_});
  ObjectId feature_ = server_.commit("feat: feature", {dev_});
};

TEST_F(MisbasedBranch, AcceptsABranchFromItsBaseWhereverItStarts) {
  with("{from: [develop]}");
  for (const ObjectId& base : {dev2_, dev_, first_}) EXPECT_EQ(push(on({base})), kFine);
  EXPECT_EQ(push(dev2_), kFine);
  with("{from: ['ma*', develop]}");
  EXPECT_EQ(push(on({release_})), kFine);
}

TEST_F(MisbasedBranch, RejectsABranchFromAnotherBranch) {
  with("{from: [develop]}");
  EXPECT_EQ(push(on({release_})),
            refusal("starts from " + release_.brief() + ", which is not on develop", "develop",
                    release_.brief()));
  with("{from: [main]}");
  EXPECT_EQ(push(on({dev2_})), refusal("starts from " + dev2_.brief() + ", which is not on main",
                                       "main", dev2_.brief()));
  EXPECT_EQ(push(dev2_), refusal("starts from " + dev2_.brief() + ", which is not on main", "main",
                                 dev2_.brief()));
  EXPECT_EQ(answer(ref("refs/heads/new", {}, dev2_)).findings.at(0).title, "feat: dev2");
}

TEST_F(MisbasedBranch, RejectsABranchOnTopOfOneThatHasNotLanded) {
  with("{from: [develop]}");
  EXPECT_EQ(push(on({feature_})),
            refusal("starts from " + feature_.brief() + ", which is not on develop", "develop",
                    feature_.brief()));
}

TEST_F(MisbasedBranch, LooksThroughCommitsThatNoBranchHolds) {
  with("{from: [develop]}");
  // What a deleted branch left behind is on the server, and no base.
  const ObjectId left = server_.commit("feat: left", {dev_});
  EXPECT_EQ(push(on({left})), kFine);
  EXPECT_NE(push(on({server_.commit("feat: left", {release_})})), kFine);
}

TEST_F(MisbasedBranch, FindsTheStartBelowALongLineThatNoBranchHolds) {
  with("{from: [develop]}");
  ObjectId good = dev_;
  ObjectId bad = feature_;
  for (int i = 0; i < 12; ++i) {
    good = server_.commit("feat: left", {good});
    bad = server_.commit("feat: left", {bad});
    EXPECT_EQ(push(good), kFine);
    EXPECT_EQ(push(bad), refusal("starts from " + feature_.brief() + ", which is not on develop",
                                 "develop", feature_.brief()));
  }
}

TEST_F(MisbasedBranch, RejectsAHistoryOfItsOwn) {
  with("{from: [main]}");
  EXPECT_EQ(push(on({})), refusal("has no commit in common with main", "main", "--root"));
}

TEST_F(MisbasedBranch, RejectsWhatIsMergedFromABranchThatIsExcluded) {
  with("{from: [main]}");
  const ObjectId work = on({release_});
  const ObjectId merged = server_.commit("Merge", {work, dev2_});
  EXPECT_EQ(push(merged), kFine);
  with("{from: [main], not: [develop]}");
  EXPECT_EQ(push(work), kFine);
  EXPECT_EQ(push(merged), refusal("holds " + dev_.brief() + ", which is on develop and not on main",
                                  "main", dev_.brief()));
  EXPECT_EQ(push(server_.commit("feat: after", {merged})), push(merged));
}

TEST_F(MisbasedBranch, AcceptsWhatBothBranchesHold) {
  with("{from: [main], not: ['**']}");
  EXPECT_EQ(push(on({first_})), kFine);
  EXPECT_EQ(push(server_.commit("Merge", {release_, first_})), kFine);
}

TEST_F(MisbasedBranch, IsNotAboutUpdatesDeletionTagsAndAnEmptyServer) {
  with("{from: [main]}");
  EXPECT_EQ(judge("refs/heads/new", first_, dev2_), kFine);
  EXPECT_EQ(judge("refs/heads/new", first_, {}), kFine);
  EXPECT_EQ(judge("refs/tags/new", {}, dev2_), kFine);
  with("{from: [trunk]}");
  EXPECT_EQ(push(on({dev2_})), kFine);
}

TEST_F(MisbasedBranch, GivesNoCommandForANameThatCannotBePrinted) {
  with("{from: ['ma?n']}");
  EXPECT_EQ(judge("refs/heads/\xff", {}, dev2_),
            "refused: '\\xff' starts from " + dev2_.brief() +
                ", which is not on ma?n\n"
                "? put your own commits on top of it, then push again\n");
}

}  // namespace
}  // namespace trunkgate

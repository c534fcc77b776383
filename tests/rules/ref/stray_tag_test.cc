// stray-tag: whole findings.
#include "support/rule_test.h"

namespace trunkgate {
namespace {

class StrayTag : public RuleTest {
 protected:
  StrayTag() : RuleTest("stray-tag") {
    with("{on: [main, 'release/**']}");
    server_.set_ref("refs/heads/main", main_);
    server_.set_ref("refs/heads/feature/x", work_);
  }
  static std::string refusal(const ObjectId& commit) {
    return "refused: the tagged commit " + commit.brief() +
           " is on none of the branches it must be on\n"
           "  must be on: main, release/**\n"
           "? land the commit there first, or tag a commit that is there\n"
           "$ git branch -r --contains " +
           commit.brief() +
           "\n"
           "$ git tag -f v1 COMMIT\n$ git push origin refs/tags/v1\n";
  }
  std::string create(const ObjectId& id) const { return judge("refs/tags/v1", {}, id); }

  ObjectId base_ = server_.commit("feat: base", {});
  ObjectId main_ = server_.commit("feat: main", {base_});
  ObjectId work_ = server_.commit("feat: work", {base_});
};

TEST_F(StrayTag, AcceptsTheTipAndWhatItReaches) {
  EXPECT_EQ(create(main_), kFine);
  EXPECT_EQ(create(base_), kFine);
  EXPECT_EQ(create(server_.tag("v1", base_, "x")), kFine);
  server_.set_ref("refs/heads/release/1", work_);
  EXPECT_EQ(create(work_), kFine);
}

TEST_F(StrayTag, RejectsACommitOfAnotherBranchAndOfNone) {
  EXPECT_EQ(create(work_), refusal(work_));
  EXPECT_EQ(create(server_.tag("v1", work_, "x")), refusal(work_));
  const ObjectId none = server_.commit("feat: none", {main_});
  EXPECT_EQ(create(none), refusal(none));
  EXPECT_EQ(judge("refs/tags/v1", main_, none), refusal(none));
  const Answer answer = RuleTest::answer(ref("refs/tags/v1", {}, none));
  EXPECT_EQ(answer.findings.at(0).title, "feat: none");
}

TEST_F(StrayTag, AcceptsACommitThatTheSamePushPutsOnABranch) {
  const ObjectId next = server_.commit("feat: next", {main_});
  others_ = {ref("refs/heads/main", main_, next)};
  const Answer answer = RuleTest::answer(ref("refs/tags/v1", {}, next));
  EXPECT_TRUE(answer.findings.empty());
  ASSERT_EQ(answer.needed.size(), 1U);
  EXPECT_EQ(answer.needed[0].first, "refs/heads/main");
  EXPECT_EQ(answer.needed[0].second.message,
            "the tagged commit " + next.brief() + " is on none of the branches it must be on");
  others_ = {ref("refs/heads/other", main_, next)};
  EXPECT_EQ(create(next), refusal(next));
}

TEST_F(StrayTag, NeedsNoBranchOfThePushThatHeldTheCommitBefore) {
  others_ = {ref("refs/heads/main", main_, server_.commit("feat: next", {main_}))};
  const Answer answer = RuleTest::answer(ref("refs/tags/v1", {}, base_));
  EXPECT_TRUE(answer.findings.empty());
  EXPECT_TRUE(answer.needed.empty());
}

TEST_F(StrayTag, DoesNotCountABranchThatTheSamePushDeletesOrRewinds) {
  others_ = {ref("refs/heads/main", main_, {})};
  EXPECT_EQ(create(main_), refusal(main_));
  others_ = {ref("refs/heads/main", main_, base_)};
  EXPECT_EQ(create(main_), refusal(main_));
  EXPECT_EQ(create(base_), kFine);
}

TEST_F(StrayTag, RejectsATagOfSomethingElse) {
  EXPECT_EQ(create(server_.raw("blob", "x")),
            "refused: the tag is on no commit, so it is on no branch\n");
}

TEST_F(StrayTag, IsNotAboutDeletionNothingAndOtherReferences) {
  EXPECT_EQ(judge("refs/tags/v1", work_, {}), kFine);
  EXPECT_EQ(judge("refs/tags/v1", work_, work_), kFine);
  EXPECT_EQ(judge("refs/heads/v1", {}, work_), kFine);
}

}  // namespace
}  // namespace trunkgate

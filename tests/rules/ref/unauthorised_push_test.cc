// unauthorised-push: whole findings.
#include "support/rule_test.h"

namespace trunkgate {
namespace {

class UnauthorisedPush : public RuleTest {
 protected:
  UnauthorisedPush() : RuleTest("unauthorised-push") {
    server_.set_ref("refs/heads/main", main_);
    server_.set_ref("refs/heads/feature/x", work_);
    pusher_ = "eve";
  }
  static std::string refusal(const std::string& action, const std::string& who) {
    return "refused: 'eve' may not " + action + " '" + who;
  }
  ObjectId base_ = server_.commit("feat: base", {}, {{"a", "1"}});
  ObjectId main_ = server_.commit("feat: main", {base_}, {{"m", "1"}});
  ObjectId work_ = server_.commit("feat: work", {main_}, {{"w", "1"}});
  ObjectId new_ = server_.commit("feat: new", {main_}, {{"n", "1"}});
};

TEST_F(UnauthorisedPush, SaysNothingOfActionsThatAreLeftOut) {
  with("{create: []}");
  EXPECT_EQ(judge("refs/heads/main", main_, new_), kFine);
  EXPECT_EQ(judge("refs/heads/main", main_, base_), kFine);
  EXPECT_EQ(judge("refs/heads/main", main_, {}), kFine);
  with("{delete: []}");
  EXPECT_EQ(judge("refs/heads/new", {}, new_), kFine);
}

TEST_F(UnauthorisedPush, HasToSaySomething) {
  EXPECT_EQ(mistakes("{}"),
            "policy.yaml:3:68: error: the rule says nothing: it needs 'create', 'update', "
            "'rewind', 'delete', 'land' or 'own'\n"
            "    3 | rulesets: [{name: x, refs: ['refs/**'], rules: {unauthorised-push: {}}}]\n"
            "      |                                                                    ^\n"
            "1 mistake\n");
}

TEST_F(UnauthorisedPush, NamesThoseWhoMay) {
  with("{create: [devs, cy], update: [cy], rewind: [], delete: [devs]}");
  EXPECT_EQ(judge("refs/heads/new", {}, new_),
            "refused: 'eve' may not create branch 'new'\n  these may: ada, bo, cy\n"
            "? ask one of them\n");
  EXPECT_EQ(judge("refs/heads/main", main_, new_),
            "refused: 'eve' may not update branch 'main'\n  these may: cy\n"
            "? ask one of them\n");
  EXPECT_EQ(judge("refs/heads/main", main_, base_),
            "refused: 'eve' may not rewind branch 'main'\n  nobody may\n? ask an admin\n");
  EXPECT_EQ(judge("refs/tags/v1", main_, {}),
            "refused: 'eve' may not delete tag 'v1'\n  these may: ada, bo\n"
            "? ask one of them\n");
  pusher_ = "cy";
  EXPECT_EQ(judge("refs/heads/new", {}, new_), kFine);
  EXPECT_EQ(judge("refs/heads/main", main_, new_), kFine);
  EXPECT_NE(judge("refs/heads/main", main_, base_), kFine);
}

TEST_F(UnauthorisedPush, TakesARewindForAnUpdateWhenNothingElseIsSaid) {
  with("{update: [ada]}");
  EXPECT_EQ(judge("refs/heads/main", main_, base_),
            "refused: 'eve' may not rewind branch 'main'\n  these may: ada\n"
            "? ask one of them\n");
  with("{rewind: [ada]}");
  EXPECT_EQ(judge("refs/heads/main", main_, new_), kFine);
}

TEST_F(UnauthorisedPush, TakesATagOfSomethingElseThatMovesForARewind) {
  with("{update: [eve], rewind: []}");
  EXPECT_NE(judge("refs/tags/v1", main_, server_.raw("blob", "x")), kFine);
}

TEST_F(UnauthorisedPush, LetsThoseOfLandBringInWhatTheServerHas) {
  with("{update: [], land: [eve]}");
  EXPECT_EQ(judge("refs/heads/main", main_, work_), kFine);
  const ObjectId merge = server_.commit("Merge", {main_, work_}, {{"w", "1"}});
  EXPECT_EQ(judge("refs/heads/main", main_, merge), kFine);
  const std::string refused =
      "refused: 'eve' may not update branch 'main'\n  nobody may\n? ask an admin\n";
  EXPECT_EQ(judge("refs/heads/main", main_, new_), refused);
  EXPECT_EQ(judge("refs/heads/main", main_, server_.commit("Merge", {main_, new_})), refused);
  EXPECT_EQ(judge("refs/heads/main", main_, server_.commit("feat: more", {merge})), refused);
}

TEST_F(UnauthorisedPush, LetsThoseWhoMayUpdateLandAsWell) {
  with("{update: [eve], land: [ada]}");
  EXPECT_EQ(judge("refs/heads/main", main_, work_), kFine);
}

TEST_F(UnauthorisedPush, TakesALandingForAnUpdateWhenNothingElseIsSaid) {
  with("{update: [ada]}");
  EXPECT_EQ(judge("refs/heads/main", main_, work_),
            "refused: 'eve' may not update branch 'main'\n  these may: ada\n"
            "? ask one of them\n");
  with("{land: [ada]}");
  EXPECT_EQ(judge("refs/heads/main", main_, work_),
            "refused: 'eve' may not land on branch 'main'\n  these may: ada\n"
            "? ask one of them\n");
  EXPECT_EQ(judge("refs/heads/main", main_, new_), kFine);
}

TEST_F(UnauthorisedPush, TakesANewBranchAtWhatTheServerHasForALanding) {
  with("{create: [], land: [eve]}");
  EXPECT_EQ(judge("refs/heads/release/1", {}, base_), kFine);
  EXPECT_NE(judge("refs/heads/release/1", {}, new_), kFine);
}

TEST_F(UnauthorisedPush, GivesEverybodyBranchesOfTheirOwn) {
  with("{create: [], update: [], rewind: [], delete: [], own: ['user/{me}/**', '{me}-*']}");
  for (const char* name :
       {"refs/heads/user/eve/x", "refs/heads/user/eve/a/b", "refs/heads/eve-1"}) {
    EXPECT_EQ(judge(name, {}, new_), kFine);
    EXPECT_EQ(judge(name, main_, base_), kFine);
    EXPECT_EQ(judge(name, main_, {}), kFine);
  }
  with("{own: ['user/{me}/**']}");
  EXPECT_EQ(judge("refs/heads/user/ada/x", {}, new_),
            "refused: the branch 'user/ada/x' belongs to somebody else than 'eve'\n"
            "  yours: user/eve/**\n? push it under a name of your own\n");
  EXPECT_NE(judge("refs/heads/user/Eve/x", {}, new_), kFine);
  EXPECT_EQ(judge("refs/heads/user/eve", {}, new_), kFine);
  EXPECT_EQ(judge("refs/tags/user/ada/x", {}, new_), kFine);
}

TEST_F(UnauthorisedPush, GivesOtherRefsToTheirOwnersToo) {
  with("{create: [], update: [], delete: [], own: ['refs/tags/{me}/*', 'refs/wip/{me}/**']}");
  for (const char* name : {"refs/tags/eve/nightly", "refs/wip/eve/a/b"}) {
    EXPECT_EQ(judge(name, {}, new_), kFine);
    EXPECT_EQ(judge(name, main_, base_), kFine);
    EXPECT_EQ(judge(name, main_, {}), kFine);
  }
  EXPECT_EQ(judge("refs/tags/ada/nightly", {}, new_),
            "refused: the tag 'ada/nightly' belongs to somebody else than 'eve'\n"
            "  yours: refs/tags/eve/*, refs/wip/eve/**\n? push it under a name of your own\n");
  EXPECT_EQ(judge("refs/wip/ada/x", main_, {}),
            "refused: the reference 'refs/wip/ada/x' belongs to somebody else than 'eve'\n"
            "  yours: refs/tags/eve/*, refs/wip/eve/**\n? push it under a name of your own\n");
  // No branch is meant, whatever it is called.
  with("{own: ['refs/tags/{me}/*']}");
  EXPECT_EQ(judge("refs/heads/ada/x", {}, new_), kFine);
}

TEST_F(UnauthorisedPush, GivesAnUnknownUserNothing) {
  with("{create: [ada], own: ['user/{me}/**']}");
  pusher_.clear();
  EXPECT_EQ(judge("refs/heads/user//x", {}, new_).substr(0, 7), "refused");
  EXPECT_EQ(judge("refs/heads/user/a/x", {}, new_),
            "refused: the branch 'user/a/x' belongs to somebody else than an unknown user\n");
  EXPECT_EQ(judge("refs/heads/x", {}, new_),
            "refused: an unknown user may not create branch 'x'\n  these may: ada\n"
            "? ask one of them\n");
}

TEST_F(UnauthorisedPush, WantsANameInWhatIsOwn) {
  EXPECT_NE(mistakes("{own: ['user/**']}").find("'user/**' has no {me}"), std::string::npos);
  EXPECT_NE(mistakes("{own: ['^{me}']}").find("bad glob: no reference has '^' in its name"),
            std::string::npos);
}

}  // namespace
}  // namespace trunkgate

// ill-named-ref: whole findings.
#include "support/rule_test.h"

namespace trunkgate {
namespace {

class IllNamedRef : public RuleTest {
 protected:
  IllNamedRef() : RuleTest("ill-named-ref") { with("{}"); }
  std::string create(const std::string& name) const { return judge(name, {}, one_); }
  ObjectId one_ = server_.commit("feat: one", {});
};

TEST_F(IllNamedRef, AcceptsOrdinaryNames) {
  for (const char* name : {"refs/heads/main", "refs/tags/v1", "refs/notes/x", "refs/wip/x"}) {
    EXPECT_EQ(create(name), kFine);
  }
}

TEST_F(IllNamedRef, WantsAListedNamespace) {
  with("{namespaces: ['refs/heads/**', 'refs/tags/*']}");
  EXPECT_EQ(create("refs/heads/a/b"), kFine);
  EXPECT_EQ(create("refs/tags/a/b"),
            "refused: no reference may be created with the name 'refs/tags/a/b'\n"
            "  allowed: refs/heads/**, refs/tags/*\n? choose another name\n"
            "$ git tag NEW-NAME " +
                one_.brief() + "\n$ git tag -d a/b\n");
  EXPECT_EQ(create("refs/wip/\x1b"),
            "refused: no reference may be created with the name 'refs/wip/\\x1b'\n"
            "  allowed: refs/heads/**, refs/tags/*\n? choose another name\n");
}

TEST_F(IllNamedRef, RejectsAbbreviatedObjectIds) {
  EXPECT_EQ(create("refs/heads/DeadBee"),
            "refused: the name 'DeadBee' can be taken for an abbreviated object id\n"
            "? choose another name\n$ git branch -m DeadBee NEW-NAME\n");
  EXPECT_EQ(create("refs/heads/deadbe"), kFine);
  EXPECT_EQ(create("refs/heads/x/deadbee"), kFine);
  EXPECT_EQ(create("refs/heads/deadbeeg"), kFine);
  with("{hex-like: 4}");
  EXPECT_NE(create("refs/heads/beef"), kFine);
  with("{hex-like: 0}");
  EXPECT_EQ(create("refs/heads/deadbeef"), kFine);
}

TEST_F(IllNamedRef, RejectsWhatLooksLikeAnExistingName) {
  server_.set_ref("refs/heads/Login", one_);
  EXPECT_EQ(create("refs/heads/login"),
            "refused: the name can be taken for 'Login', which exists already\n"
            "? choose another name\n$ git branch -m login NEW-NAME\n");
  EXPECT_EQ(create("refs/heads/L\xd0\xbegin"),
            "refused: the name can be taken for 'Login', which exists already\n"
            "  it has letters outside of ASCII\n"
            "? choose another name\n$ git branch -m 'L\xd0\xbegin' NEW-NAME\n");
  EXPECT_EQ(create("refs/tags/login"), kFine);
  EXPECT_EQ(create("refs/heads/logins"), kFine);
  with("{look-alike: false}");
  EXPECT_EQ(create("refs/heads/login"), kFine);
}

TEST_F(IllNamedRef, ComparesTheNamesOfOnePush) {
  const PushedRef first = ref("refs/heads/login", {}, one_);
  const PushedRef second = ref("refs/heads/1ogin", {}, one_);
  others_ = {first};
  EXPECT_EQ(judge(second),
            "refused: the name can be taken for 'login', which exists already\n"
            "? choose another name\n$ git branch -m 1ogin NEW-NAME\n");
  EXPECT_EQ(judge(first), kFine);
}

TEST_F(IllNamedRef, JudgesOnlyCreation) {
  EXPECT_EQ(judge("refs/heads/deadbeef", one_, server_.commit("feat: two", {one_})), kFine);
  EXPECT_EQ(judge("refs/heads/deadbeef", one_, {}), kFine);
}

}  // namespace
}  // namespace trunkgate

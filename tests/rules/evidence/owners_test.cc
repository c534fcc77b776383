// missing-approval with owners: a file on the branch says who has to look at what.
#include "rules/evidence/requirements/owners.h"

#include "rules/evidence/evidence_rule_test.h"

namespace trunkgate {
namespace {

class Owners : public EvidenceRuleTest {
 protected:
  Owners() : EvidenceRuleTest("missing-approval") {}

  // Main has this file of owners.
  void own(const std::string& text) {
    main_ = commit("main", {main_}, {{"a", "1\n"}, {"OWNERS", text}});
    server_.set_ref("refs/heads/main", main_);
    text_ = text;
    with("{count: 0, owners: OWNERS}");
  }
  ObjectId change(const std::string& path) {
    const ObjectId tip = commit("x", {main_}, {{"a", "1\n"}, {"OWNERS", text_}, {path, "new\n"}});
    return branch("feature/x", tip);
  }

  std::string text_;
};

TEST_F(Owners, HaveToApproveWhatTheyOwn) {
  own("*.md @bo\nmodels/ @ml\n");
  const ObjectId x = change("models/vit.yaml");
  approve(x, "bo");
  EXPECT_EQ(land(x),
            "unsatisfied approvals by owners: no owner of models/vit.yaml\n"
            "refused: an owner of models/vit.yaml has to approve\n"
            "  owners by OWNERS:2: dee\n"
            "$ git push origin <x>:refs/attest/<x>/approval/YOU\n");
  approve(x, "dee");
  EXPECT_EQ(land(x),
            "satisfied approvals by owners: approved by bo, dee\n"
            "relies on <x>/approval/bo\nrelies on <x>/approval/dee\n");
}

TEST_F(Owners, AreNotNeededForWhatNobodyOwns) {
  own("models/ @ml\n");
  EXPECT_EQ(land(change("src/a.cc")), "satisfied approvals by owners: no approval needed\n");
}

TEST_F(Owners, AreThoseOfTheLastLineThatMatches) {
  own("* @bo\n*.py d@ml.example # by address\n/docs/\n");
  EXPECT_NE(land(change("x.py")).find("owners by OWNERS:2: dee\n"), std::string::npos);
  EXPECT_NE(land(change("x.txt")).find("owners by OWNERS:1: bo\n"), std::string::npos);
  EXPECT_TRUE(land(change("docs/x.py")).starts_with("satisfied"));
}

TEST_F(Owners, AreReadFromTheBranchAndNotFromThePush) {
  own("models/ @ml\n");
  const ObjectId x = branch(
      "feature/x",
      commit("x", {main_},
             {{"a", "1\n"}, {"OWNERS", "# nobody owns anything\n"}, {"models/vit.yaml", "1\n"}}));
  EXPECT_TRUE(land(x).starts_with("unsatisfied"));
}

TEST_F(Owners, CannotBeToldFromABrokenFile) {
  own("* @bo\n!docs/ @cy\n");
  const ObjectId x = change("b");
  approve(x, "bo");
  EXPECT_EQ(
      land(x),
      "error approvals by owners: OWNERS:2: a pattern here cannot take back: '!' has no "
      "meaning\n"
      "refused: the owners cannot be told: OWNERS:2: a pattern here cannot take back: '!' has "
      "no meaning\n"
      "? an admin can repair the file on the server\n");
}

TEST_F(Owners, CannotBeToldWithoutTheFile) {
  with("{owners: OWNERS}");
  const ObjectId x = feature();
  approve(x, "bo");
  EXPECT_TRUE(land(x).starts_with("error 1 approval, and by owners: OWNERS is not there\n"));
}

TEST_F(Owners, KeepTheirFileUsable) {
  own("* @bo\n");
  const ObjectId broken =
      branch("feature/x", commit("x", {main_}, {{"a", "1\n"}, {"OWNERS", "[Docs] @bo\n"}}));
  approve(broken, "bo");
  EXPECT_TRUE(land(broken).starts_with(
      "error approvals by owners: after this push, OWNERS:1: sections are not read"));
  const ObjectId gone = branch("feature/y", commit("y", {main_}, {{"a", "1\n"}}));
  approve(gone, "bo");
  EXPECT_TRUE(
      land(gone).starts_with("error approvals by owners: after this push, OWNERS is not there\n"));
}

TEST(OwnersFile, KeepsSpacesAndHashesThatABackslashKeeps) {
  const OwnersFile file = read_owners("my\\ file.txt @a # why\r\n\\#x @b\n\n  # nothing\n");
  EXPECT_EQ(file.mistake, "");
  ASSERT_EQ(file.lines.size(), 2U);
  EXPECT_EQ(file.line_of("my file.txt")->owners, std::vector<std::string>{"@a"});
  EXPECT_EQ(file.line_of("#x")->number, 2U);
  EXPECT_EQ(file.line_of("other"), nullptr);
}

TEST(OwnersFile, NamesGroupsUsersAndAddresses) {
  const Groups groups{{"ml", {"dee", "bo"}}};
  const Users users{{"cy", {{"Cy@example.com"}, {}, {}}}};
  using Names = std::vector<std::string>;
  EXPECT_EQ(users_called("@ml", groups, users), (Names{"bo", "dee"}));
  EXPECT_EQ(users_called("@org/ml", groups, users), (Names{"bo", "dee"}));
  EXPECT_EQ(users_called("ml", groups, users), (Names{"bo", "dee"}));
  EXPECT_EQ(users_called("@zed", groups, users), Names{"zed"});
  EXPECT_EQ(users_called("cy@EXAMPLE.com", groups, users), Names{"cy"});
}

}  // namespace
}  // namespace trunkgate

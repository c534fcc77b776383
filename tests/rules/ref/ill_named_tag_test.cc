// ill-named-tag: whole findings. What names are is tested with ill-named-branch.
#include "support/rule_test.h"

namespace trunkgate {
namespace {

class IllNamedTag : public RuleTest {
 protected:
  IllNamedTag() : RuleTest("ill-named-tag") {}
  std::string create(const std::string& name) const { return judge("refs/tags/" + name, {}, one_); }
  ObjectId one_ = server_.commit("feat: one", {});
};

TEST_F(IllNamedTag, AcceptsWhatIsAllowed) {
  with("{}");
  EXPECT_EQ(create("anything"), kFine);
  with("{allow: ['v*'], match: 'v[0-9.]+', deny: [v0]}");
  EXPECT_EQ(create("v1.0"), kFine);
}

TEST_F(IllNamedTag, RejectsANameAndSaysHowToRenameALightweightTag) {
  with("{allow: ['v*']}");
  EXPECT_EQ(create("release one"),
            "refused: the tag name has characters other than A-Z a-z 0-9 . _ / - + = @ #\n"
            "  allowed: v*\n"
            "$ git tag NEW-NAME " +
                one_.brief() +
                "\n"
                "$ git push origin refs/tags/NEW-NAME\n$ git tag -d 'release one'\n");
  EXPECT_EQ(create("a/b"),
            "refused: tag name 'a/b' is not allowed\n  allowed: v*\n"
            "$ git tag NEW-NAME " +
                one_.brief() +
                "\n"
                "$ git push origin refs/tags/NEW-NAME\n$ git tag -d a/b\n");
}

TEST_F(IllNamedTag, SaysHowToRenameAnAnnotatedTag) {
  with("{allow: ['v[0-9]*']}");
  EXPECT_EQ(judge("refs/tags/1.0", {}, server_.tag("1.0", one_, "x")),
            "refused: tag name '1.0' is not allowed; did you mean 'v1.0'?\n  allowed: v[0-9]*\n"
            "$ git tag -a v1.0 " +
                one_.brief() +
                "\n"
                "$ git push origin refs/tags/v1.0\n$ git tag -d 1.0\n");
}

TEST_F(IllNamedTag, SuggestsTheNameThatWasMeant) {
  const auto first_line = [&](const std::string& name) {
    const std::string text = create(name);
    return text.substr(0, text.find('\n'));
  };
  with("{match: 'v[0-9.]+'}");
  EXPECT_EQ(first_line("V1.0"), "refused: tag name 'V1.0' is not allowed; did you mean 'v1.0'?");
  EXPECT_EQ(first_line("x1.0"), "refused: tag name 'x1.0' is not allowed");
  with("{match: '[0-9.]+'}");
  EXPECT_EQ(first_line("v1.0"), "refused: tag name 'v1.0' is not allowed; did you mean '1.0'?");
  with("{allow: ['release/**']}");
  EXPECT_EQ(first_line("releases/1"),
            "refused: tag name 'releases/1' is not allowed; did you mean 'release/1'?");
}

TEST_F(IllNamedTag, GivesNoCommandForANameThatCannotBePrinted) {
  with("{}");
  EXPECT_EQ(create("\xff"),
            "refused: the tag name has characters other than A-Z a-z 0-9 . _ / - + = @ #\n");
  EXPECT_EQ(create("-d"), "refused: the tag name starts with '-'\n");
}

TEST_F(IllNamedTag, JudgesOnlyTagsThatAreCreated) {
  with("{allow: [v1]}");
  EXPECT_EQ(judge("refs/tags/bad", one_, {}), kFine);
  EXPECT_EQ(judge("refs/tags/bad", one_, server_.commit("feat: two", {one_})), kFine);
  EXPECT_EQ(judge("refs/heads/bad", {}, one_), kFine);
}

}  // namespace
}  // namespace trunkgate

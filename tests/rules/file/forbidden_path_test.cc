// forbidden-path: whole findings.
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

std::string refusal(const std::string& pattern) {
  return "0: forbidden: matches '" + pattern + "'\n- take the path out\n";
}

class ForbiddenPath : public ContentRuleTest {
 protected:
  ForbiddenPath() : ContentRuleTest("forbidden-path") { with("{paths: ['*.ckpt', wandb/]}"); }
};

TEST_F(ForbiddenPath, AcceptsOtherPaths) {
  for (const char* path : {"ckpt", "a.ckpt.md", "a.CKPT", "wandb", "wandb.md", "docs/wandb2/a"}) {
    EXPECT_EQ(judge(path, "x"), kNotAsked) << path;
  }
}

TEST_F(ForbiddenPath, RejectsPathsAsGitIgnoresThem) {
  EXPECT_EQ(judge("a.ckpt", ""), refusal("*.ckpt"));
  EXPECT_EQ(judge("a/b/.ckpt", "x"), refusal("*.ckpt"));
  EXPECT_EQ(judge("wandb/a", "x"), refusal("wandb/"));
  EXPECT_EQ(judge("x/wandb/y/z", "x"), refusal("wandb/"));
  EXPECT_EQ(judge("caf\xe9.ckpt", "x"), refusal("*.ckpt"));
  EXPECT_EQ(judge("new\nline.ckpt", "x"), refusal("*.ckpt"));
}

TEST_F(ForbiddenPath, KnowsTheTopAndAnyFolders) {
  with("{paths: [/build, 'a/**/z', '**/tmp/*.log', 'b/**']}");
  EXPECT_EQ(judge("build", "x"), refusal("/build"));
  EXPECT_EQ(judge("build/x/y", "x"), refusal("/build"));
  EXPECT_EQ(judge("a/z", "x"), refusal("a/**/z"));
  EXPECT_EQ(judge("a/b/c/z", "x"), refusal("a/**/z"));
  EXPECT_EQ(judge("tmp/a.log", "x"), refusal("**/tmp/*.log"));
  EXPECT_EQ(judge("x/y/tmp/a.log", "x"), refusal("**/tmp/*.log"));
  EXPECT_EQ(judge("b/c", "x"), refusal("b/**"));
  for (const char* path : {"src/build", "x/a/z", "a/bz", "tmp/x/a.log", "b", "x/b/c"}) {
    EXPECT_EQ(judge(path, "x"), kNotAsked) << path;
  }
}

TEST_F(ForbiddenPath, IsAboutFilesLinksAndSubmodules) {
  EXPECT_EQ(change("a.ckpt", "1", "2"), refusal("*.ckpt"));
  EXPECT_EQ(judge(added("a.ckpt", "x", 0100755)), refusal("*.ckpt"));
  EXPECT_EQ(judge(link("a.ckpt", "/data/a")), refusal("*.ckpt"));
  EXPECT_EQ(judge(submodule("a.ckpt")), refusal("*.ckpt"));
  EXPECT_EQ(judge(deleted("a.ckpt", "x")), kNotAsked);
}

TEST_F(ForbiddenPath, TakesBackWithAnExclamationMark) {
  with("{paths: ['*.env', '!example.env', 'secret/', '!secret/README']}");
  EXPECT_EQ(judge("a.env", "x"), refusal("*.env"));
  EXPECT_EQ(judge("x/example.env", "x"), kNotAsked);
  EXPECT_EQ(judge("secret/README", "x"), refusal("secret/"));
}

TEST_F(ForbiddenPath, MatchesWholePathsWithExpressions) {
  with("{match: ['(?i).*\\.exe', 'a/b']}");
  EXPECT_EQ(judge("x/Setup.EXE", "x"), refusal("(?i).*\\.exe"));
  EXPECT_EQ(judge("a/b", "x"), refusal("a/b"));
  EXPECT_EQ(judge("a/b/c", "x"), kNotAsked);
  EXPECT_EQ(judge("Setup.exe.md", "x"), kNotAsked);
  with("{paths: '*.exe', match: '.*'}");
  EXPECT_EQ(judge("a.exe", "x"), refusal("*.exe"));
  EXPECT_EQ(judge("a", "x"), refusal(".*"));
}

TEST_F(ForbiddenPath, AllowsPathsAllTheSame) {
  with("{paths: '*.env', allow: [tests/, /a.env]}");
  EXPECT_EQ(judge("x/tests/a.env", "x"), kNotAsked);
  EXPECT_EQ(judge("a.env", "x"), kNotAsked);
  EXPECT_EQ(judge("x/a.env", "x"), refusal("*.env"));
}

TEST_F(ForbiddenPath, LeavesOldFilesAloneWhenAsked) {
  with("{paths: '*.ckpt', new-only: true}");
  EXPECT_EQ(change("a.ckpt", "1", "2"), kNotAsked);
  EXPECT_EQ(judge("a.ckpt", "1"), refusal("*.ckpt"));
}

TEST_F(ForbiddenPath, TakesNamesForOneAsSomeSystemsDo) {
  with("{paths: ['*.Exe', '/Build/'], allow: Tools/, ignore-case: true}");
  EXPECT_EQ(judge("a/SETUP.EXE", "x"), refusal("*.Exe"));
  EXPECT_EQ(judge("build/x", "x"), refusal("/Build/"));
  EXPECT_EQ(judge("TOOLS/a.exe", "x"), kNotAsked);
  with("{paths: '*.Exe'}");
  EXPECT_EQ(judge("a.exe", "x"), kNotAsked);
}

TEST_F(ForbiddenPath, TakesASubmoduleForAFolder) {
  with("{paths: [third_party/, x]}");
  EXPECT_EQ(judge(submodule("third_party")), refusal("third_party/"));
  EXPECT_EQ(judge(submodule("x")), refusal("x"));
  EXPECT_EQ(judge("third_party", "a file"), kNotAsked);
}

TEST_F(ForbiddenPath, GivesTheHintOfThePolicy) {
  with("{paths: a, hint: keep it in the bucket}");
  EXPECT_EQ(judge("a", "x"),
            "0: forbidden: matches 'a'\n? keep it in the bucket\n- take the path out\n");
}

TEST_F(ForbiddenPath, NeedsToKnowWhatIsForbidden) {
  EXPECT_NE(mistakes("{allow: a}").find("the rule needs 'paths' or 'match': what is forbidden"),
            std::string::npos);
  EXPECT_NE(mistakes("{paths: 'a**'}"), "");
}

}  // namespace
}  // namespace trunkgate

// forbidden-content: whole findings.
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

std::string refusal(int line, const std::string& pattern, const std::string& shown) {
  return std::to_string(line) + ": matches '" + pattern + "'\n  " + shown + "\n";
}

class ForbiddenContent : public ContentRuleTest {
 protected:
  ForbiddenContent() : ContentRuleTest("forbidden-content") {
    with("{match: 'import pdb', show: true}");
  }
};

TEST_F(ForbiddenContent, AcceptsOtherLines) {
  EXPECT_EQ(judge("a.py", ""), kFine);
  EXPECT_EQ(judge("a.py", "import os\nIMPORT PDB\nimport\npdb\n"), kFine);
}

TEST_F(ForbiddenContent, RejectsEachNewLineThatMatches) {
  EXPECT_EQ(judge("a.py", "x\n  import pdb; pdb.set_trace()\n\nimport pdb"),
            refusal(2, "import pdb", "import pdb; pdb.set_trace()") +
                refusal(4, "import pdb", "import pdb"));
}

TEST_F(ForbiddenContent, LooksAtNewLinesOnly) {
  EXPECT_EQ(change("a.py", "import pdb\n", "import pdb\nx\n"), kFine);
  EXPECT_EQ(change("a.py", "import pdb\n", "x\n"), kFine);
  EXPECT_EQ(change("a.py", "x\nimport pdb\n", "x\ny\nimport pdb # 2\n"),
            refusal(3, "import pdb", "import pdb # 2"));
}

TEST_F(ForbiddenContent, SaysTheFirstExpressionOfALine) {
  with("{match: ['b.', 'a', '\\d{4}'], show: true}");
  EXPECT_EQ(judge("x", "abc\na1\n1234\n"),
            refusal(1, "b.", "abc") + refusal(2, "a", "a1") + refusal(3, "\\d{4}", "1234"));
}

TEST_F(ForbiddenContent, TakesAnchorsForThoseOfALine) {
  with("{match: ['^x$', '\\bTODO$'], show: true}");
  EXPECT_EQ(judge("a", "y\nx\ny\n"), refusal(2, "^x$", "x"));
  EXPECT_EQ(judge("a", "y\nx"), refusal(2, "^x$", "x"));
  EXPECT_EQ(judge("a", "xx\n x\nTODO \nTODOS\n"), kFine);
}

TEST_F(ForbiddenContent, FindsInALineWhatItWouldNotFindInTheTextOfAllNewLines) {
  with("{match: ['\\Ax\\z', 'y'], show: true}");
  EXPECT_EQ(judge("a", "a\nx\nb\n"), refusal(2, "\\Ax\\z", "x"));
  with("{match: '(?-m)^x$', show: true}");
  EXPECT_EQ(judge("a", "a\nx\nb\n"), refusal(2, "(?-m)^x$", "x"));
  with("{match: '^$', show: true}");
  EXPECT_EQ(judge("a", "\n"), refusal(1, "^$", ""));
  EXPECT_EQ(change("a", "x\ny\n", "\nx\ny\nz\n"), refusal(1, "^$", ""));
  with("{match: '(?i)X', show: true}");
  EXPECT_EQ(judge("a", "a\nx\n"), refusal(2, "(?i)X", "x"));
}

TEST_F(ForbiddenContent, TakesACarriageReturnForThePartOfALineEnding) {
  with("{match: '^x$', show: true}");
  EXPECT_EQ(judge("a", "y\r\nx\r\n"), refusal(2, "^x$", "x"));
  with("{match: 'x\\r$', show: true}");
  EXPECT_EQ(judge("a", "x\nx\r\n"), refusal(2, "x\\r$", "x"));
}

TEST_F(ForbiddenContent, FindsWhatStandsBesideBytesThatAreNoText) {
  EXPECT_EQ(judge("a", "\xff\x1b import pdb\n"), refusal(1, "import pdb", "\\xff\\x1b import pdb"));
  EXPECT_EQ(judge("a", std::string(100, 'x') + "import pdb\n"),
            refusal(1, "import pdb", std::string(60, 'x') + "..."));
}

TEST_F(ForbiddenContent, LooksAtItsPathsOnly) {
  with("{match: x, paths: ['*.py', '/src/**/gen.*'], exclude: [tests/], show: true}");
  EXPECT_EQ(judge("a/b.py", "x"), refusal(1, "x", "x"));
  EXPECT_EQ(judge("src/gen.cc", "x"), refusal(1, "x", "x"));
  EXPECT_EQ(judge("src/a/b/gen.cc", "x"), refusal(1, "x", "x"));
  for (const char* path : {"a.md", "a.PY", "lib/gen.cc", "tests/a.py", "a/tests/b/c.py"}) {
    EXPECT_EQ(judge(path, "x"), kNotAsked) << path;
  }
}

TEST_F(ForbiddenContent, LooksIntoBinaryFilesWhenAsked) {
  const std::string binary = std::string(1, '\0') + "\nimport pdb\n";
  EXPECT_EQ(judge("a", binary), kFine);
  with("{match: 'import pdb', binary: true, show: true}");
  EXPECT_EQ(judge("a", binary), refusal(2, "import pdb", "import pdb"));
}

TEST_F(ForbiddenContent, ReadsUtf16) {
  with("{match: 'import pdb', show: true}");
  std::string text = "\xff\xfe";
  for (const char c : std::string("one\nimport pdb\n")) text += std::string{c, '\0'};
  EXPECT_EQ(judge("a", text), refusal(2, "import pdb", "import pdb"));
}

TEST_F(ForbiddenContent, GivesTheHintOfThePolicy) {
  with("{match: x, hint: use the logger, show: true}");
  EXPECT_EQ(judge("a", "x"), refusal(1, "x", "x") + "? use the logger\n");
}

TEST_F(ForbiddenContent, RepeatsNothingOfTheLineUnlessAsked) {
  with("{match: 'password *= *\\S+'}");
  EXPECT_EQ(judge("a", "x\npassword = hunter2\n"), "2: matches 'password *= *\\S+'\n");
}

TEST_F(ForbiddenContent, ShowsTwentyPlacesAndCountsTheRest) {
  std::string text;
  std::string all;
  for (int i = 1; i <= 20; ++i) {
    text += "import pdb\n";
    all += refusal(i, "import pdb", "import pdb");
  }
  EXPECT_EQ(judge("a", text), all);
  EXPECT_EQ(judge("a", text + "import pdb\nx\nimport pdb\n"), all + "0: and 2 more like these\n");
}

TEST_F(ForbiddenContent, IsNotAboutLinksSubmodulesAndDeletions) {
  EXPECT_EQ(judge(link("a", "import pdb")), kNotAsked);
  EXPECT_EQ(judge(submodule("a")), kNotAsked);
  EXPECT_EQ(judge(deleted("a", "import pdb")), kNotAsked);
}

TEST_F(ForbiddenContent, NeedsToKnowWhatIsForbidden) {
  EXPECT_NE(mistakes("{paths: a}").find("the rule needs 'match': what is forbidden"),
            std::string::npos);
  EXPECT_NE(mistakes("{match: '('}"), "");
}

}  // namespace
}  // namespace trunkgate

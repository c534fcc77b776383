// line-endings: whole findings.
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

constexpr const char* kHint =
    "? git add --renormalize after setting 'text=auto' in .gitattributes\n";

std::string crlf(int line, const std::string& count = "1 new line ends") {
  return std::to_string(line) + ": " + count + " with CR LF instead of LF\n" + kHint;
}
std::string lf(int line, const std::string& count = "1 new line ends") {
  return std::to_string(line) + ": " + count + " with LF instead of CR LF\n" + kHint;
}

class LineEndings : public ContentRuleTest {
 protected:
  LineEndings() : ContentRuleTest("line-endings") { with("{}"); }
};

TEST_F(LineEndings, AcceptsLineFeeds) {
  EXPECT_EQ(judge("a", ""), kFine);
  EXPECT_EQ(judge("a", "\n"), kFine);
  EXPECT_EQ(judge("a", "one"), kFine);
  EXPECT_EQ(judge("a", "one\n\ntwo\rthree\n"), kFine);
}

TEST_F(LineEndings, CountsTheWrongOnesAndSaysTheFirst) {
  EXPECT_EQ(judge("a", "one\ntwo\r\nthree\n"), crlf(2));
  EXPECT_EQ(judge("a", "\r\n"), crlf(1));
  EXPECT_EQ(judge("a", "one\ntwo\r\nthree\nfour\r\nfive"), crlf(2, "2 new lines end"));
  EXPECT_EQ(judge("a", "one\ntwo\r"), crlf(2));
}

TEST_F(LineEndings, LooksAtNewLinesOnly) {
  EXPECT_EQ(change("a", "one\r\ntwo\r\n", "one\r\nnew\ntwo\r\n"), kFine);
  EXPECT_EQ(change("a", "one\r\n", "one\r\ntwo\r\n"), crlf(2));
  EXPECT_EQ(change("a", "one\ntwo\n", "one\r\ntwo\r\n"), crlf(1, "2 new lines end"));
  EXPECT_EQ(change("a", "one\r\ntwo\r\n", "one\ntwo\n"), kFine);
}

TEST_F(LineEndings, WantsCrlfWhereThePolicyDoes) {
  with("{crlf: ['*.bat', '/win/**']}");
  EXPECT_EQ(judge("a.bat", "one\r\n\r\n"), kFine);
  EXPECT_EQ(judge("a.bat", "one\r\ntwo"), kFine);
  EXPECT_EQ(judge("win/x/a", "one\r\ntwo\n\nthree\n"), lf(2, "3 new lines end"));
  EXPECT_EQ(judge("a.bat", "\n"), lf(1));
  EXPECT_EQ(judge("a.BAT", "one\r\n"), crlf(1));
}

TEST_F(LineEndings, WantsALineFeedAtTheEndWhenAsked) {
  with("{final-newline: true}");
  EXPECT_EQ(judge("a", ""), kFine);
  EXPECT_EQ(judge("a", "one\n"), kFine);
  EXPECT_EQ(judge("a", "one\ntwo"), "2: does not end with a line feed\n");
  EXPECT_EQ(change("a", "one\ntwo\n", "one\ntwo"), "2: does not end with a line feed\n");
  EXPECT_EQ(judge("a", "one\r\ntwo"), crlf(1) + "2: does not end with a line feed\n");
}

TEST_F(LineEndings, LeavesAnOldEndWithoutALineFeedAlone) {
  with("{final-newline: true}");
  EXPECT_EQ(change("a", "one\ntwo", "ONE\ntwo"), kFine);
  EXPECT_EQ(change("a", "one\ntwo", "two"), kFine);
  EXPECT_EQ(change("a", "one\ntwo", "one\nTWO"), "2: does not end with a line feed\n");
}

TEST_F(LineEndings, LeavesExcludedFilesAlone) {
  with("{exclude: ['*.svg', vendor/], final-newline: true}");
  EXPECT_EQ(judge("x/a.svg", "one\r\ntwo"), kNotAsked);
  EXPECT_EQ(judge("x/vendor/y/a", "one\r\n"), kNotAsked);
  EXPECT_EQ(judge("vendor", "one\r\n"), crlf(1));
}

TEST_F(LineEndings, IsAboutTextOnly) {
  with("{final-newline: true}");
  EXPECT_EQ(judge("a", std::string("\0\r\nx", 4)), kFine);
  EXPECT_EQ(judge("a", "caf\xe9\r\n"), crlf(1));
  EXPECT_EQ(judge(link("a", "b")), kNotAsked);
  EXPECT_EQ(judge(submodule("a")), kNotAsked);
  EXPECT_EQ(judge(deleted("a", "one\r\n")), kNotAsked);
}

}  // namespace
}  // namespace trunkgate

// overlong-message: whole findings.
#include <string>

#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

constexpr const char* kRest = "say the rest below an empty line";
constexpr const char* kWrap =
    "wrap the text; URLs, trailers and indented lines may stay as they are";

std::string xs(std::size_t count) { return std::string(count, 'x'); }

class OverlongMessage : public CommitRuleTest {
 protected:
  OverlongMessage() : CommitRuleTest("overlong-message") {}
};

TEST_F(OverlongMessage, AcceptsUpToTheLimits) {
  expect(xs(72) + "\n\n" + xs(80) + "\n" + xs(80) + " \r\n", {});
  expect(xs(72), {});
  expect("", {});
}

TEST_F(OverlongMessage, RefusesALongTitle) {
  expect(xs(73), {{.message = "the title has 73 characters, 72 are allowed",
                   .hint = kRest,
                   .title_column = 73,
                   .title_length = 1,
                   .line = 1,
                   .reword = true}});
  with("{title: 3}");
  expect("\n\xc3\xa4\xc3\xb6\xc3\xbc\n", {});
  expect("\n\xc3\xa4\xc3\xb6\xc3\xbcxy\n\nz\n",
         {{.message = "the title has 5 characters, 3 are allowed",
           .hint = kRest,
           .title_column = 4,
           .title_length = 2,
           .line = 2,
           .reword = true,
           .keeps_body = true}});
  with("{title: 0}");
  expect(xs(1000), {});
}

TEST_F(OverlongMessage, DoesNotCountWhatGitWritesIntoATitle) {
  with("{title: 5}");
  expect("parents: 2\n\nMerge branch 'feature/login'\n", {});
  expect("Revert \"12345\"\n", {});
  expect("Reapply \"Revert \"12345\"\"\n", {});
  expect("Revert \"123456\"\n", {{.message = "the title has 6 characters, 5 are allowed",
                                  .hint = kRest,
                                  .title_column = 14,
                                  .title_length = 1,
                                  .line = 1,
                                  .reword = true}});
  EXPECT_EQ(judge("Revert \"12345\n").size(), 1U);
  EXPECT_EQ(judge("Revert \"\n").size(), 1U);
}

TEST_F(OverlongMessage, RefusesTextRightBelowTheTitle) {
  expect("Add login\nand logout\n",
         {{.message = "no empty line stands below the title",
           .hint = "Git takes all lines up to the first empty one for the title",
           .line = 2,
           .reword = true,
           .keeps_body = true}});
  expect("Add login\n \t\r\nand logout\n", {});
  with("{blank-line: false}");
  expect("Add login\nand logout\n", {});
}

TEST_F(OverlongMessage, NamesTheLinesThatAreTooLong) {
  with("{body: 10}");
  expect("Add login\n\n" + xs(11) + "\n", {{.message = "line 3 has 11 characters, 10 are allowed",
                                            .hint = kWrap,
                                            .line = 3,
                                            .reword = true,
                                            .keeps_body = true}});
  expect("\nAdd login\n\n" + xs(11) + "\nx\n" + xs(12) + "\n" + xs(13) + "\n" + xs(14) + "\n",
         {{.message = "line 4 has 11 characters, 10 are allowed",
           .details = {"line 6 has 12", "line 7 has 13", "line 8 has 14"},
           .hint = kWrap,
           .line = 4,
           .reword = true,
           .keeps_body = true}});
  EXPECT_EQ(judge("x\n\n" + xs(11) + "\n" + xs(11) + "\n" + xs(11) + "\n" + xs(11) + "\n" + xs(11) +
                  "\n" + xs(11) + "\n")
                .at(0)
                .details.back(),
            "and 2 more like these");
  with("{body: 0}");
  expect("x\n\n" + xs(1000), {});
}

TEST_F(OverlongMessage, LeavesAloneWhatCannotBeBroken) {
  with("{body: 10, ignore: ['^\\|', 'CVE-']}");
  expect("x\n\nsee https://example.com/a/b/c\n", {});
  expect("x\n\n    $ git log --oneline\n\tindented with a tab\n", {});
  expect("x\n\n> what somebody else has written\n", {});
  expect("x\n\n```\n" + xs(99) + "\n```\n", {});
  expect("x\n\n| a table | of two |\nthis is about CVE-2026-1\n", {});
  expect("x\n\nwhy\n\nSigned-off-by: Ada Lovelace <ada@example.com>\nTicket: " + xs(20) + "\n", {});
  // Only while the code lasts, and only in the last paragraph.
  EXPECT_EQ(judge("x\n\n```\ncode\n```\n" + xs(11) + "\n").size(), 1U);
  EXPECT_EQ(judge("x\n\nTicket: " + xs(20) + "\n\nThe end.\n").size(), 1U);
  EXPECT_EQ(judge("x\n\n   three spaces\n").size(), 1U);
}

TEST_F(OverlongMessage, JudgesExamplesOfThePolicy) {
  with("{title: 5}");
  EXPECT_EQ(rule().accepts("12345"), true);
  EXPECT_EQ(rule().accepts("123456"), false);
}

TEST_F(OverlongMessage, KnowsItsOptions) {
  EXPECT_NE(mistakes("{titel: 50}").find("did you mean 'title'"), std::string::npos);
  EXPECT_NE(mistakes("{ignore: '('}"), "");
}

}  // namespace
}  // namespace trunkgate

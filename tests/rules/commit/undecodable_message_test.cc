// undecodable-message: whole findings.
#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

constexpr const char* kEncodingHint = "git config i18n.commitEncoding UTF-8";
constexpr const char* kTypeHint = "type the message again instead of pasting it";

class UndecodableMessage : public CommitRuleTest {
 protected:
  UndecodableMessage() : CommitRuleTest("undecodable-message") {}
};

TEST_F(UndecodableMessage, AcceptsWhatItsHeaderSays) {
  expect("feat: caf\xc3\xa9\n\ttab\r\n", {});
  expect("encoding: latin1\n\nfeat: caf\xe9\n", {});
  expect("", {});
}

TEST_F(UndecodableMessage, MarksBytesThatAreNotUtf8) {
  expect("feat: \xc3\xa9 caf\xe9 x\n",
         {{.message = "these bytes are not valid UTF-8; re-encode the message",
           .hint = kEncodingHint,
           .title_column = 12,
           .title_length = 1,
           .line = 1,
           .reword = true}});
}

TEST_F(UndecodableMessage, TellsTheLineBelowTheTitle) {
  expect("feat: x\n\nok\nhere \x07\n",
         {{.message = "the message has the control character U+0007 BELL",
           .details = {"line 4, column 6"},
           .hint = kTypeHint,
           .line = 4,
           .reword = true,
           .keeps_body = true}});
}

TEST_F(UndecodableMessage, RefusesAByteOrderMarkAtTheStartOnly) {
  expect(
      "\xef\xbb\xbf"
      "feat: x\n",
      {{.message = "the message starts with a byte order mark",
        .hint = kTypeHint,
        .title_column = 1,
        .title_length = 1,
        .line = 1,
        .reword = true}});
}

TEST_F(UndecodableMessage, RefusesANul) {
  const Findings findings = judge(std::string_view("feat: x\0y\n", 10));
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].message, "the message has a NUL, behind which Git shows nothing");
}

TEST_F(UndecodableMessage, RefusesWhatReordersText) {
  const Findings findings = judge("feat: x \xe2\x80\xae y\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].title_column, 9U);
  EXPECT_NE(findings[0].message.find("U+202E"), std::string::npos);
}

TEST_F(UndecodableMessage, RefusesACarriageReturnWithinALine) {
  EXPECT_EQ(judge("feat: x\rfeat: y\n").size(), 1U);
}

TEST_F(UndecodableMessage, CanAskForUtf8AndAsciiTitles) {
  with("{any-encoding: false, ascii-title: true}");
  expect("encoding: utf-8\n\nfeat: x\n\ncaf\xc3\xa9\n", {});
  expect("encoding: latin1\n\nfeat: x\n", {{.message = "the message is in 'latin1', not UTF-8",
                                            .hint = kEncodingHint,
                                            .reword = true}});
  const Findings findings = judge("feat: caf\xc3\xa9\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].title_column, 10U);
  EXPECT_NE(findings[0].message.find("U+00E9"), std::string::npos);
}

}  // namespace
}  // namespace trunkgate

// Title, body and text of a commit message.
#include "push/message_parts.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

namespace trunkgate {
namespace {

std::tuple<std::string, std::string, std::string, std::size_t> parts_of(
    const std::string& message, const std::string& encoding = "") {
  Commit commit;
  commit.message = message;
  commit.encoding = encoding;
  const MessageParts parts = read_message(commit);
  return {parts.title, parts.body, parts.text, parts.title_line};
}

TEST(MessageParts, AreTitleAndBody) {
  EXPECT_EQ(parts_of("feat: x\n\none\n\ntwo\n\n"),
            std::tuple("feat: x", "one\n\ntwo", "feat: x\n\none\n\ntwo", 1U));
  EXPECT_EQ(parts_of("feat: x\ny"), std::tuple("feat: x", "y", "feat: x\ny", 1U));
  EXPECT_EQ(parts_of("feat: x"), std::tuple("feat: x", "", "feat: x", 1U));
}

TEST(MessageParts, StartAtTheFirstLineWithText) {
  EXPECT_EQ(parts_of("\n \t\n feat: x \n\nbody"),
            std::tuple(" feat: x", "body", " feat: x \n\nbody", 3U));
}

TEST(MessageParts, AreEmptyWithoutText) {
  EXPECT_EQ(parts_of(""), std::tuple("", "", "", 1U));
  EXPECT_EQ(parts_of("\n  \n"), std::tuple("", "", "", 1U));
}

TEST(MessageParts, HaveNoCarriageReturnsAtLineEnds) {
  EXPECT_EQ(parts_of("feat: x\r\n\r\nbody\r\n"),
            std::tuple("feat: x", "body", "feat: x\n\nbody", 1U));
}

TEST(MessageParts, AreDecoded) {
  EXPECT_EQ(parts_of("caf\xe9", "ISO-8859-1"), std::tuple("caf\xc3\xa9", "", "caf\xc3\xa9", 1U));
  EXPECT_EQ(parts_of("caf\xe9"), std::tuple("caf\xef\xbf\xbd", "", "caf\xef\xbf\xbd", 1U));
}

TEST(MessageParts, EndAtANulAsEverythingThatGitShows) {
  EXPECT_EQ(parts_of(std::string("feat: x\n\nwhy\0\nSigned-off-by: Ada <a@x>\n", 37)),
            std::tuple("feat: x", "why", "feat: x\n\nwhy", 1U));
  EXPECT_EQ(parts_of(std::string("\0feat: x", 8)), std::tuple("", "", "", 1U));
}

}  // namespace
}  // namespace trunkgate

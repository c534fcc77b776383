// Trailers; compared with git interpret-trailers on many generated messages.
#include "push/trailers.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "base/text.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

using Trailers = std::vector<Trailer>;

TEST(Trailers, AreTheLinesOfTheLastParagraph) {
  EXPECT_EQ(read_trailers("feat: x\n\nbody\n\nAcked-by: Bo\nRefs : 12\n"),
            (Trailers{{"Acked-by", "Bo"}, {"Refs", "12"}}));
}

TEST(Trailers, AreNoneInTheTitleOrWithOtherTextBesideThem) {
  EXPECT_EQ(read_trailers("Acked-by: Bo\n"), Trailers());
  EXPECT_EQ(read_trailers("feat: x\n\nAcked-by: Bo\nand so on\n"), Trailers());
  EXPECT_EQ(read_trailers("feat: x\n\nAcked-by: Bo\n\nThe end.\n"), Trailers());
  EXPECT_EQ(read_trailers(""), Trailers());
}

TEST(Trailers, MayStandBesideTextWhenGitWroteOne) {
  EXPECT_EQ(read_trailers("x\n\nand so on\nSigned-off-by: Bo <b@c>\n"),
            (Trailers{{"Signed-off-by", "Bo <b@c>"}}));
}

TEST(Trailers, AreUnfolded) {
  EXPECT_EQ(read_trailers("x\n\nNote: one\n  two\n\tthree\n"),
            (Trailers{{"Note", "one two three"}}));
}

TEST(Trailers, EndAtANul) {
  EXPECT_EQ(read_trailers(std::string_view("x\n\nA: 1\0\nB: 2\n", 13)), (Trailers{{"A", "1"}}));
}

TEST(TrailerToken, HasLettersDigitsAndHyphens) {
  EXPECT_TRUE(is_trailer_token("Reviewed-by"));
  EXPECT_FALSE(is_trailer_token(""));
  EXPECT_FALSE(is_trailer_token("Reviewed by"));
  EXPECT_FALSE(is_trailer_token("Ticket:"));
  EXPECT_TRUE(same_token("reviewed-BY", "Reviewed-by"));
}

// What git says, in one process for many messages: notes of %(trailers) would need commits, so
// each message is given by itself.
Trailers by_git(const TemporaryRepository& repository, const std::string& message) {
  Trailers trailers;
  const std::string out =
      repository.git({"interpret-trailers", "--parse", "--no-divider"}, message);
  if (out.empty()) return {};
  for (const std::string_view line : split(out, '\n')) {
    const auto colon = line.find(':');
    trailers.push_back(
        {std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
  }
  return trailers;
}

TEST(Trailers, AreThoseOfGit) {
  const std::vector<std::string> kLines = {
      "",
      "",
      "\n",
      "text",
      "some more text",
      "Acked-by: Bo <bo@example.com>",
      "Signed-off-by: Ada <ada@example.com>",
      "Signed-off-by:",
      "Signed-off-by: ",
      "(cherry picked from commit 1234)",
      "Token : value",
      "Token\t: value",
      "two words: value",
      "-: x",
      ": x",
      "Tok=en: x",
      " indented",
      "\tindented: x",
      "  ",
      "# a comment",
      "#Token: x",
      "Conflicts:",
      "\tpath/of/file",
      "---",
      "--- a/file",
      "# ------------------------ >8 ------------------------",
      "Empty:",
      "Url: http://x",
      "A:b",
      "A::b",
      "T\xc3\xb6ken: x",
      "Token: v\r",
      "\r",
  };
  const TemporaryRepository repository;
  std::mt19937 random(20260131);
  const auto below = [&](std::size_t n) { return random() % n; };
  std::size_t found = 0;
  for (int i = 0; i < 600; ++i) {
    std::string message = below(4) == 0 ? "" : "feat: title\n";
    if (below(3) != 0) message += "\n";
    const std::size_t lines = below(7);
    for (std::size_t line = 0; line < lines; ++line) {
      message += kLines[below(kLines.size())];
      // The last line may have no end.
      if (line + 1 < lines || below(8) != 0) message += "\n";
    }
    const Trailers expected = by_git(repository, message);
    found += expected.empty() ? 0 : 1;
    EXPECT_EQ(read_trailers(message), expected) << printable(message, 1000);
  }
  EXPECT_GT(found, 60U);
}

}  // namespace
}  // namespace trunkgate

// Items of BER: whole, cut short, of unknown length, nested without end.
#include "push/ber.h"

#include <gtest/gtest.h>

#include <string>

namespace trunkgate {
namespace {

std::string bytes(std::string_view text) { return std::string(text); }

// What take_ber() gives and what it leaves, in words.
std::string taken(std::string_view input) {
  const std::string_view whole = input;
  const auto item = take_ber(input);
  if (!item) return input == whole ? "nothing" : "nothing, but bytes are gone";
  return std::to_string(item->tag) + " '" + std::string(item->content) + "' then '" +
         std::string(input) + "'";
}

TEST(Ber, TakesOneItemAndLeavesTheRest) {
  EXPECT_EQ(taken("\x04\x02xyrest"), "4 'xy' then 'rest'");
  EXPECT_EQ(taken(std::string_view("\x05\x00z", 3)), "5 '' then 'z'");
  EXPECT_EQ(taken("\x04\x81\x02xy"), "4 'xy' then ''");
  EXPECT_EQ(taken(bytes("\x04\x82") + std::string("\x01\x00", 2) + std::string(256, 'a')),
            "4 '" + std::string(256, 'a') + "' then ''");
}

TEST(Ber, TakesWhatIsOfUnknownLengthUpToItsEnd) {
  EXPECT_EQ(taken(std::string_view("\x30\x80\x04\x01x\x00\x00y", 8)), "48 '\x04\x01x' then 'y'");
  const std::string inner = std::string("\x30\x80\x04\x01x\x00\x00", 7);
  EXPECT_EQ(taken("\x30\x80" + inner + std::string("\0\0", 2) + "z"),
            "48 '" + inner + "' then 'z'");
}

TEST(Ber, TakesNothingThatIsNotWhole) {
  for (const std::string_view input :
       {std::string_view(), std::string_view("\x04"), std::string_view("\x04\x03xy"),
        std::string_view("\x04\x82\x01"), std::string_view("\x04\x84\xff\xff\xff\xff"),
        std::string_view("\x04\x85\x01\x01\x01\x01\x01"), std::string_view("\x30\x80\x04\x01x"),
        std::string_view("\x30\x80\x04\x01x\x00", 6),
        std::string_view("\x30\x80\x04\x09x\x00\x00", 7)}) {
    EXPECT_EQ(taken(input), "nothing") << input.size();
  }
}

TEST(Ber, TakesNoLongTagsAndNoTextOfUnknownLength) {
  EXPECT_EQ(taken("\x1f\x81\x01x"), "nothing");
  EXPECT_EQ(taken(std::string_view("\x04\x80\x04\x01x\x00\x00", 7)), "nothing");
}

TEST(Ber, IsNotLedDownWithoutEnd) {
  const auto nested = [](std::size_t levels) {
    std::string text;
    for (std::size_t i = 0; i < levels; ++i) text += "\x30\x80";
    return text + std::string(2 * levels, '\0');
  };
  EXPECT_NE(taken(nested(16)), "nothing");
  EXPECT_EQ(taken(nested(17)), "nothing");
  EXPECT_EQ(taken(nested(100'000)), "nothing");
}

TEST(Ber, TakesOnlyTheTagThatIsWanted) {
  std::string_view input("\x04\x01x");
  EXPECT_EQ(take_ber(input, kBerSequence), std::nullopt);
  EXPECT_EQ(input.size(), 3U);
  EXPECT_EQ(take_ber(input, kBerOctets), "x");
  EXPECT_TRUE(input.empty());
  EXPECT_EQ(take_ber(input, kBerOctets), std::nullopt);
}

}  // namespace
}  // namespace trunkgate

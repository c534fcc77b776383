#include "base/fold.h"

#include <gtest/gtest.h>

#include <string>

namespace trunkgate {
namespace {

std::string times(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

const std::string kAcute = "\xcc\x81";     // above
const std::string kUnderdot = "\xcc\xa3";  // below: comes before what is above

TEST(FoldName, MakesOneOfWhatFileSystemsTakeForOne) {
  EXPECT_EQ(fold_name("ReadMe"), "readme");
  EXPECT_EQ(fold_name("Caf\xc3\xa9"), fold_name("cafe" + kAcute));
  EXPECT_EQ(fold_name("a" + kAcute + kUnderdot), fold_name("A" + kUnderdot + kAcute));
  EXPECT_EQ(fold_name("a\xe2\x80\x8d"
                      "b"),
            "ab");  // a joiner takes no room
  EXPECT_EQ(fold_name("ReadMe", {.letter_case = false, .unicode = true}), "ReadMe");
  EXPECT_NE(fold_name("Caf\xc3\xa9", {.letter_case = true, .unicode = false}),
            fold_name("cafe" + kAcute, {.letter_case = true, .unicode = false}));
}

TEST(FoldName, LeavesBytesAloneThatAreNoUtf8) {
  EXPECT_EQ(fold_name("A\xff"
                      "B\xc3\xa9"),
            "a\xff"
            "b\xc3\xa9");
}

// Their order would take time by the square of their number.
TEST(FoldName, LeavesVeryManyMarksInARowAlone) {
  const std::string thirty = times(15, kAcute) + times(15, kUnderdot);
  EXPECT_EQ(fold_name("A" + thirty), "a" + times(15, kUnderdot) + times(15, kAcute));
  EXPECT_EQ(fold_name("A" + thirty + "x" + thirty), "a" + times(15, kUnderdot) + times(15, kAcute) +
                                                        "x" + times(15, kUnderdot) +
                                                        times(15, kAcute));
  EXPECT_EQ(fold_name("A" + thirty + kAcute), "a" + thirty + kAcute);
  const std::string many = times(200'000, kAcute) + times(200'000, kUnderdot);
  EXPECT_EQ(fold_name("A" + many), "a" + many);
}

TEST(FoldedHash, IsTheSameForNamesThatAreOneWhenFolded) {
  EXPECT_EQ(folded_hash("README"), folded_hash("readme"));
  EXPECT_EQ(folded_hash("CAF\xc3\x89"), folded_hash("cafe" + kAcute));
  EXPECT_EQ(folded_hash("a\xe2\x80\x8d"
                        "b"),
            folded_hash("AB"));
  EXPECT_NE(folded_hash("README"), folded_hash("README", {.letter_case = false, .unicode = true}));
  EXPECT_NE(folded_hash("a"), folded_hash("b"));
}

}  // namespace
}  // namespace trunkgate

// The lines Git gives a hook.
#include "push/ref_update.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

namespace trunkgate {
namespace {

const std::string kZero(40, '0');
const std::string kOne(40, '1');
const std::string kTwo(40, '2');

using Line = std::tuple<std::string, std::string, std::string>;

std::vector<Line> lines(const RefUpdates& received) {
  std::vector<Line> result;
  for (const RefUpdate& update : received.updates) {
    result.emplace_back(update.old_id.hex(), update.new_id.hex(), update.name);
  }
  return result;
}

TEST(RefUpdates, AreReadLineByLine) {
  const RefUpdates received =
      parse_ref_updates(kZero + " " + kOne + " refs/heads/a\n" + kOne + " " + kTwo +
                        " refs/heads/b\n" + kTwo + " " + kZero + " refs/tags/v1\n");
  EXPECT_EQ(lines(received), (std::vector<Line>{{kZero, kOne, "refs/heads/a"},
                                                {kOne, kTwo, "refs/heads/b"},
                                                {kTwo, kZero, "refs/tags/v1"}}));
  EXPECT_EQ(received.malformed, 0U);
  EXPECT_FALSE(received.sha256);
}

TEST(RefUpdates, KeepEveryByteOfAName) {
  const std::string name = "refs/heads/a  b\xff\t\r";
  EXPECT_EQ(lines(parse_ref_updates(kZero + " " + kOne + " " + name + "\n")),
            (std::vector<Line>{{kZero, kOne, name}}));
}

TEST(RefUpdates, AreNoneForNoInput) {
  EXPECT_EQ(lines(parse_ref_updates("")), std::vector<Line>());
  EXPECT_EQ(parse_ref_updates("").malformed, 0U);
}

TEST(RefUpdates, CountWhatIsNoUpdate) {
  for (const std::string& line :
       {std::string(), std::string(" "), kZero, kZero + " " + kOne, kZero + "  refs/heads/a",
        kZero.substr(1) + " " + kOne + " refs/heads/a", "refs/heads/a " + kZero + " " + kOne,
        " " + kZero + " " + kOne + " refs/heads/a",
        std::string(40, 'g') + " " + kOne + " refs/heads/a"}) {
    const RefUpdates received = parse_ref_updates(line + "\n");
    EXPECT_EQ(received.malformed, 1U) << line;
    EXPECT_EQ(lines(received), std::vector<Line>()) << line;
  }
}

TEST(RefUpdates, AreTwoWhenANameHasALineFeed) {
  const RefUpdates received = parse_ref_updates(kZero + " " + kOne + " refs/heads/a\nb\n");
  EXPECT_EQ(lines(received), (std::vector<Line>{{kZero, kOne, "refs/heads/a"}}));
  EXPECT_EQ(received.malformed, 1U);
}

TEST(RefUpdates, MustEndWithALineFeed) {
  const RefUpdates received = parse_ref_updates(kZero + " " + kOne + " refs/heads/a");
  EXPECT_EQ(received.malformed, 1U);
}

TEST(RefUpdates, NoticeIdsOfALongFormat) {
  const RefUpdates received =
      parse_ref_updates(std::string(64, '0') + " " + std::string(64, '1') + " refs/heads/a\n");
  EXPECT_TRUE(received.sha256);
  EXPECT_EQ(received.malformed, 1U);
}

TEST(RefUpdates, AreKeptUpToOneBeyondTheLimit) {
  std::string input;
  for (std::size_t i = 0; i < kMaxRefs + 10; ++i) {
    input += kZero + " " + kOne + " refs/heads/b" + std::to_string(i) + "\n";
  }
  input += "nonsense\n";
  const RefUpdates received = parse_ref_updates(input);
  EXPECT_EQ(received.updates.size(), kMaxRefs + 1);
  EXPECT_EQ(received.malformed, 1U);
}

TEST(RefUpdates, ComeFromTheArgumentsOfUpdateToo) {
  EXPECT_EQ(lines(parse_update_arguments("refs/heads/a b", kOne, kTwo)),
            (std::vector<Line>{{kOne, kTwo, "refs/heads/a b"}}));
  EXPECT_EQ(parse_update_arguments("refs/heads/a", kOne, "x").malformed, 1U);
  EXPECT_TRUE(
      parse_update_arguments("refs/heads/a", std::string(64, '0'), std::string(64, '1')).sha256);
}

}  // namespace
}  // namespace trunkgate

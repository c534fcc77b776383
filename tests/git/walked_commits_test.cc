#include "git/walked_commits.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace trunkgate {
namespace {

ObjectId id(unsigned number) {
  std::string hex = std::to_string(number);
  return *ObjectId::parse(std::string(ObjectId::kHexSize - hex.size(), '0') + hex);
}

TEST(WalkedCommits, GivesWhatItWasGivenUntilThatIsDropped) {
  WalkedCommits commits;
  EXPECT_EQ(commits.find(id(1)), std::nullopt);
  commits.keep(id(1), "one");
  commits.keep(id(2), "");
  commits.keep(id(1), "another");
  EXPECT_EQ(commits.find(id(1)), "one");
  EXPECT_EQ(commits.find(id(2)), "");
  commits.drop(id(1));
  commits.drop(id(1));
  commits.drop(id(3));
  EXPECT_EQ(commits.find(id(1)), std::nullopt);
  EXPECT_EQ(commits.find(id(2)), "");
  commits.drop(id(2));
  commits.keep(id(1), "again");
  EXPECT_EQ(commits.find(id(1)), "again");
}

TEST(WalkedCommits, LeavesBytesWhereTheyAreWhileOthersCome) {
  WalkedCommits commits;
  const auto bytes = [](unsigned number) {
    return std::string(number * 37 % 9000, static_cast<char>('a' + number % 26));
  };
  commits.keep(id(0), "the first");
  const char* const first = commits.find(id(0))->data();
  for (unsigned number = 1; number < 2000; ++number) commits.keep(id(number), bytes(number));
  EXPECT_EQ(commits.find(id(0))->data(), first);
  for (unsigned number = 1; number < 2000; ++number) {
    EXPECT_EQ(commits.find(id(number)), bytes(number));
  }
}

TEST(WalkedCommits, TakesFortyEightMebibytesAtMostAndMoreWhenAllAreDropped) {
  WalkedCommits commits;
  const std::string mebibyte(std::size_t{1} << 20U, 'x');
  const auto fill = [&] {
    unsigned kept = 0;
    for (unsigned number = 0; number < 60; ++number) {
      commits.keep(id(number), mebibyte);
      kept += commits.find(id(number)) ? 1 : 0;
    }
    return kept;
  };
  EXPECT_GE(fill(), 44U);
  EXPECT_LE(fill(), 48U);
  commits.keep(id(100), mebibyte + mebibyte + mebibyte + mebibyte);
  EXPECT_EQ(commits.find(id(100)), std::nullopt);
  for (unsigned number = 0; number < 60; ++number) commits.drop(id(number));
  EXPECT_GE(fill(), 44U);
}

}  // namespace
}  // namespace trunkgate

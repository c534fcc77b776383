// Object ids as values: text, order, hash.
#include "git/object_id.h"

#include <gtest/gtest.h>

#include <string>
#include <unordered_set>

namespace trunkgate {
namespace {

constexpr const char* kHex = "0123456789abcdef0123456789abcdef01234567";

TEST(ObjectId, GivesBackTheDigitsItWasReadFrom) {
  const auto id = ObjectId::parse(kHex);
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(id->hex(), kHex);
  EXPECT_EQ(id->brief(), "01234567");
  EXPECT_EQ(id->bytes()[0], 0x01);
  EXPECT_EQ(id->bytes()[19], 0x67);
  EXPECT_EQ(ObjectId(id->bytes()), *id);
}

TEST(ObjectId, ReadsUpperCaseAndWritesLowerCase) {
  EXPECT_EQ(ObjectId::parse("ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD")->hex(),
            "abcdefabcdefabcdefabcdefabcdefabcdefabcd");
}

TEST(ObjectId, ReadsFortyHexadecimalDigitsOnly) {
  const std::string hex = kHex;
  for (const std::string& text :
       {std::string(), hex.substr(1), hex + "0", hex + "\n", " " + hex.substr(1),
        "g" + hex.substr(1), hex.substr(1) + "G", "0x" + hex.substr(2), "-" + hex.substr(1),
        hex.substr(0, 20) + '\0' + hex.substr(21), std::string(64, 'a')}) {
    EXPECT_EQ(ObjectId::parse(text), std::nullopt) << text;
  }
}

TEST(ObjectId, IsZeroUntilItIsSet) {
  EXPECT_TRUE(ObjectId().is_zero());
  EXPECT_EQ(ObjectId().hex(), std::string(40, '0'));
  EXPECT_EQ(ObjectId::parse(std::string(40, '0')), ObjectId());
  EXPECT_FALSE(ObjectId::parse(std::string(39, '0') + "1")->is_zero());
}

TEST(ObjectId, IsOrderedAsItsDigitsAre) {
  const ObjectId low = *ObjectId::parse("7f" + std::string(38, 'f'));
  const ObjectId high = *ObjectId::parse("80" + std::string(38, '0'));
  EXPECT_LT(low, high);
  EXPECT_NE(low, high);
}

TEST(ObjectId, CanBeAKeyOfASet) {
  const std::unordered_set<ObjectId> ids{*ObjectId::parse(kHex), ObjectId()};
  EXPECT_TRUE(ids.contains(*ObjectId::parse(kHex)));
  EXPECT_FALSE(ids.contains(*ObjectId::parse(std::string(40, 'a'))));
}

}  // namespace
}  // namespace trunkgate

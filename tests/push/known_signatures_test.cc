#include "push/known_signatures.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace trunkgate {
namespace {

constexpr std::int64_t kNow = 1'767'323'045;
constexpr std::int64_t kDay = 24 * 3600;

class KnownSignaturesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "signatures-XXXXXX").string();
    state_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(state_); }

  KnownSignatures known() const { return KnownSignatures(state_); }
  void keep(std::int64_t time, std::vector<std::string> signers = {"ada"}) const {
    known().keep(id_, {.keys = "ab12", .time = time, .signers = std::move(signers)}, Sharing{});
  }
  void write(const std::string& text) const {
    std::filesystem::create_directories(state_ + "/signatures");
    std::ofstream(state_ + "/signatures/" + id_.hex()) << text;
  }

  std::string state_;
  const ObjectId id_ = *ObjectId::parse(std::string(40, 'a'));
};

TEST_F(KnownSignaturesTest, AreFoundAsTheyWereKept) {
  EXPECT_FALSE(known().find(id_, kNow));
  keep(kNow - 5, {"ada", "carol@example.com"});
  const auto found = known().find(id_, kNow);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->keys, "ab12");
  EXPECT_EQ(found->time, kNow - 5);
  EXPECT_EQ(found->signers, (std::vector<std::string>{"ada", "carol@example.com"}));
  EXPECT_FALSE(known().find(*ObjectId::parse(std::string(40, 'b')), kNow));
}

TEST_F(KnownSignaturesTest, AreForgottenAfterADayOrWhenAsked) {
  keep(kNow - kDay);
  EXPECT_TRUE(known().find(id_, kNow));
  EXPECT_FALSE(known().find(id_, kNow + 1));
  EXPECT_FALSE(known().find(id_, kNow - kDay - 1));  // it would be of the future
  known().forget(id_);
  known().forget(id_);
  EXPECT_FALSE(known().find(id_, kNow));
}

TEST_F(KnownSignaturesTest, AreNothingInAFileThatIsNoneOfOurs) {
  const std::string time = std::to_string(kNow);
  for (const std::string& text :
       {std::string(), std::string("\n"), "2 ab12 " + time + "\n", std::string("1 ab12\n"),
        std::string("1 ab12 soon\n"), "1 ab12 " + time,
        "1 ab12 " + time + "\n" + std::string(20'000, 'a') + "\n"}) {
    write(text);
    EXPECT_FALSE(known().find(id_, kNow)) << text.substr(0, 40);
  }
}

TEST_F(KnownSignaturesTest, AreNotKeptWithoutAFolderOrAnIdOrOfANameOfTwoLines) {
  const KnownSignatures nowhere{std::string()};
  nowhere.keep(id_, {.keys = "ab12", .time = kNow, .signers = {}}, Sharing{});
  EXPECT_FALSE(nowhere.find(id_, kNow));
  nowhere.forget(id_);
  known().keep(ObjectId(), {.keys = "ab12", .time = kNow, .signers = {}}, Sharing{});
  EXPECT_FALSE(known().find(ObjectId(), kNow));
  keep(kNow, {"ada\nroot"});
  EXPECT_FALSE(known().find(id_, kNow));
}

}  // namespace
}  // namespace trunkgate

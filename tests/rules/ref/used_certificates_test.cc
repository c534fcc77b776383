// A certificate lets one push in, for as long as its nonce could count.
#include "rules/ref/used_certificates.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kNow = 1'700'000'000;

class UsedCertificatesTest : public testing::Test {
 protected:
  bool take(const std::string& text, const std::string& push_id, std::int64_t now = kNow,
            std::int64_t nonce = kNow) {
    const auto repository = server_.open();
    Push push{.repository = *repository, .pusher = {}, .options = {}, .refs = {}, .scratch = {}};
    push.state = state_;
    push.id = push_id;
    push.now = now;
    return UsedCertificates(push).take(text, nonce);
  }

  TemporaryRepository server_;
  std::string state_ = server_.beside("state");
};

TEST_F(UsedCertificatesTest, CountOnceForOnePush) {
  EXPECT_TRUE(take("a", "push 1"));
  EXPECT_FALSE(take("a", "push 2"));
  EXPECT_TRUE(take("b", "push 2"));
}

TEST_F(UsedCertificatesTest, CountForEveryRuleOfThatPush) {
  EXPECT_TRUE(take("a", "push 1"));
  EXPECT_TRUE(take("a", "push 1"));
}

TEST_F(UsedCertificatesTest, CountOnceForAPushWithoutAName) {
  EXPECT_TRUE(take("a", ""));
  EXPECT_FALSE(take("a", ""));
}

TEST_F(UsedCertificatesTest, AreKeptUntilTheirNonceIsADayOld) {
  constexpr std::int64_t kHour = 3600;
  EXPECT_TRUE(take("a", "push 1"));
  std::filesystem::create_directory(state_ + "/certificates/other");
  const std::string of_then = state_ + "/certificates/" + std::to_string(kNow / kHour);
  EXPECT_EQ(list_folder(of_then).size(), 1U);
  const std::int64_t day = kNow + kMaxNonceAge;
  EXPECT_TRUE(take("b", "push 2", day, day));
  EXPECT_FALSE(take("a", "push 3", day));
  EXPECT_TRUE(take("c", "push 4", day + kHour, day + kHour));
  EXPECT_EQ(list_folder(state_ + "/certificates"),
            (std::vector<std::string>{std::to_string(day / kHour), std::to_string(day / kHour + 1),
                                      "other"}));
}

TEST_F(UsedCertificatesTest, AreForgottenWhereNoStateIsKept) {
  state_.clear();
  EXPECT_TRUE(take("a", "push 1"));
  EXPECT_TRUE(take("a", "push 2"));
}

}  // namespace
}  // namespace trunkgate

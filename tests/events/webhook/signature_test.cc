#include "events/webhook/signature.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "events/webhook/retry_after.h"

namespace trunkgate {
namespace {

// The vector of the Standard Webhooks libraries.
constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::int64_t kTimestamp = 1'614'265'330;
constexpr const char* kBody = R"({"test": 2432232314})";
constexpr const char* kSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

TEST(WebhookKeys, SignAsThePublishedVectorOfStandardWebhooks) {
  EXPECT_EQ(WebhookKeys(kSecret, "key").standard(kId, kTimestamp, kBody), kSignature);
}

TEST(WebhookKeys, SignAsThePublishedVectorOfGitHub) {
  EXPECT_EQ(WebhookKeys("It's a Secret to Everybody", "key").plain("Hello, World!"),
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
}

TEST(WebhookKeys, SignWithEachSecretOfAFile) {
  const WebhookKeys keys(std::string(kSecret) + "\n\n  second  \r\n", "key");
  const std::string second =
      "v1," + base64(hmac_sha256("second", std::string(kId) + ".1614265330." + kBody));
  EXPECT_EQ(keys.standard(kId, kTimestamp, kBody), std::string(kSignature) + " " + second);
  // Only one fits into the headers of older receivers: the first, as people paste it.
  EXPECT_EQ(keys.plain(kBody), hex(hmac_sha256(kSecret, kBody)));
}

TEST(WebhookKeys, TakeBase64WithoutItsPadding) {
  EXPECT_EQ(WebhookKeys("whsec_AAECAw", "key").standard("a", 1, "b"),
            WebhookKeys("whsec_AAECAw==", "key").standard("a", 1, "b"));
}

TEST(WebhookKeys, AreEmptyWithoutSecrets) {
  EXPECT_TRUE(WebhookKeys().empty());
  EXPECT_FALSE(WebhookKeys(kSecret, "key").empty());
}

TEST(WebhookKeys, NameTheLineThatIsNoBase64AndNotTheSecret) {
  for (const char* line : {"whsec_not!base64", "whsec_"}) {
    try {
      const WebhookKeys keys(std::string("good\n") + line, "/etc/ci.key");
      FAIL() << line;
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "line 2 of /etc/ci.key has no base64 after \"whsec_\"");
      EXPECT_EQ(error.hint(), "printf 'whsec_%s\\n' \"$(openssl rand -base64 32)\" >/etc/ci.key");
    }
  }
}

// RFC 4231, cases 2 and 6 (a key that is longer than a block).
TEST(Digest, HmacSha256IsThatOfTheRfc) {
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(std::string(131, '\xAA'),
                            "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(RetryAfter, IsSecondsOrADateAndADayAtMost) {
  constexpr std::int64_t kNow = 1'700'000'000'000'000;  // Tue, 14 Nov 2023 22:13:20 GMT
  constexpr std::int64_t kSecond = 1'000'000;
  constexpr std::int64_t kDay = 86'400 * kSecond;
  EXPECT_EQ(retry_after("120", kNow), 120 * kSecond);
  EXPECT_EQ(retry_after(" 0 ", kNow), 0);
  EXPECT_EQ(retry_after("86401", kNow), kDay);
  EXPECT_EQ(retry_after("99999999999999999999999", kNow), kDay);
  EXPECT_EQ(retry_after("Tue, 14 Nov 2023 22:14:20 GMT", kNow), 60 * kSecond);
  EXPECT_EQ(retry_after("Tue, 14 Nov 2028 22:14:20 GMT", kNow), kDay);
  EXPECT_EQ(retry_after("Tue, 14 Nov 2023 22:12:20 GMT", kNow), 0);
  for (const char* nothing : {"", "soon", "-5", "1.5 hours", "\x01\xFF"}) {
    EXPECT_EQ(retry_after(nothing, kNow), 0) << nothing;
  }
}

}  // namespace
}  // namespace trunkgate

#include "rules/file/secrets/placeholder.h"

#include <gtest/gtest.h>

#include <string>

#include "rules/file/secret_samples.h"

namespace trunkgate {
namespace {

TEST(Placeholder, IsWhatPeopleWriteWhereASecretBelongs) {
  for (const std::string value : {"",
                                  "x",
                                  "xxxxxxxxxxxx",
                                  "aaaaaaaaaaaaaaaa",
                                  "XXXX-k7Rw2vPz9",
                                  "k7Rw****Lq4Xn8T",
                                  "<your-token>",
                                  "${TOKEN}",
                                  "$TOKEN",
                                  "%TOKEN%",
                                  "{{ token }}",
                                  "k7%sRw2",
                                  "k7%(x)sRw2",
                                  "changeme",
                                  "CHANGE_ME_1",
                                  "k7Rw2-example",
                                  "DUMMY-k7Rw2",
                                  "notreal123",
                                  "fake-k7Rw2",
                                  "abcdefgh9",
                                  "k712345678",
                                  "0123456789abcdef",
                                  "987654321",
                                  "00000000-0000",
                                  "testtoken",
                                  "os.environ['X']",
                                  "getenv('X')",
                                  "process.env.X",
                                  "ENC[AES256_GCM,k7Rw2]",
                                  "op://vault/item",
                                  "deadbeefdeadbeef",
                                  "abababababababab"}) {
    EXPECT_TRUE(is_placeholder(value)) << value;
  }
}

TEST(Placeholder, IsNoValueDrawnAtRandom) {
  for (unsigned seed = 1; seed <= 500; ++seed) {
    EXPECT_FALSE(is_placeholder(draw("{A40}", seed).text)) << seed;
    EXPECT_FALSE(is_placeholder(draw("{h32}", seed).text)) << seed;
  }
  EXPECT_FALSE(is_placeholder("hunter2"));
  EXPECT_FALSE(is_placeholder("%2Fk7Rw2vPz9"));
  EXPECT_FALSE(is_placeholder("a<b7Rw2"));
}

TEST(Entropy, CountsBitsForEachByte) {
  EXPECT_DOUBLE_EQ(entropy(""), 0);
  EXPECT_DOUBLE_EQ(entropy("aaaa"), 0);
  EXPECT_DOUBLE_EQ(entropy("abab"), 1);
  EXPECT_DOUBLE_EQ(entropy("abcd"), 2);
}

}  // namespace
}  // namespace trunkgate

// oversized-file: whole findings.
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

constexpr const char* kRest = "\n? store it with Git LFS or outside of Git\n- take the path out\n";

class OversizedFile : public ContentRuleTest {
 protected:
  OversizedFile() : ContentRuleTest("oversized-file") { with("{limit: 4}"); }
};

TEST_F(OversizedFile, AcceptsAFileAtTheLimit) {
  EXPECT_EQ(judge("a", ""), kFine);
  EXPECT_EQ(judge("a", "1234"), kFine);
  EXPECT_EQ(judge("a", "12345"), std::string("0: 5 bytes; the limit is 4 bytes") + kRest);
}

TEST_F(OversizedFile, TakesTenMebibytesWithoutALimit) {
  with("{}");
  const std::string text(10U << 20U, 'x');
  EXPECT_EQ(judge("a", text), kFine);
  EXPECT_EQ(judge("a", text + "x"),
            std::string("0: 10485761 bytes; the limit is 10485760") + kRest);
  EXPECT_EQ(judge("a", text + text), std::string("0: 20.0 MiB; the limit is 10.0 MiB") + kRest);
}

TEST_F(OversizedFile, TakesZeroForNothing) {
  with("{limit: 0}");
  EXPECT_EQ(judge("a", ""), kFine);
  EXPECT_EQ(judge("a", "x"), std::string("0: 1 byte; the limit is 0 bytes") + kRest);
}

TEST_F(OversizedFile, JudgesAChangeByWhatComes) {
  EXPECT_EQ(change("a", "123456789", "12345"),
            std::string("0: 5 bytes; the limit is 4 bytes") + kRest);
  EXPECT_EQ(change("a", "123456789", "1234"), kFine);
}

TEST_F(OversizedFile, LooksAtItsPathsOnly) {
  with("{limit: 4, paths: ['*.npy', 'data/**/x'], exclude: [vendor/, '/a.npy']}");
  for (const char* path : {"b.npy", "x/a.npy", "data/x", "data/y/z/x"}) {
    EXPECT_EQ(judge(path, "12345"), std::string("0: 5 bytes; the limit is 4 bytes") + kRest)
        << path;
  }
  for (const char* path : {"a.npy", "b.NPY", "vendor/b.npy", "x/vendor/b.npy", "y/data/x", "b"}) {
    EXPECT_EQ(judge(path, "12345"), kNotAsked) << path;
  }
}

TEST_F(OversizedFile, GivesTheHintOfThePolicy) {
  with("{limit: 4, hint: 'ask eve'}");
  EXPECT_EQ(judge("a", "12345"),
            "0: 5 bytes; the limit is 4 bytes\n? ask eve\n- take the path out\n");
  with("{limit: 4, hint: ''}");
  EXPECT_EQ(judge("a", "12345"), "0: 5 bytes; the limit is 4 bytes\n- take the path out\n");
}

TEST_F(OversizedFile, IsNotAboutLinksSubmodulesAndDeletions) {
  EXPECT_EQ(judge(link("a", "12345")), kNotAsked);
  EXPECT_EQ(judge(submodule("a")), kNotAsked);
  EXPECT_EQ(judge(deleted("a", "12345")), kNotAsked);
}

}  // namespace
}  // namespace trunkgate

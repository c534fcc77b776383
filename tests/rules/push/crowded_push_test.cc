// crowded-push: whole findings.
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

class CrowdedPush : public ContentRuleTest {
 protected:
  CrowdedPush() : ContentRuleTest("crowded-push") { with("{refs: 2, commits: 5, bytes: 1 KiB}"); }

  std::string push(std::size_t refs, std::size_t commits, std::uint64_t bytes) const {
    const auto repository = server_.open();
    const Push push{*repository, {}, {}, std::vector<PushedRef>(refs), {}};
    Answer answer;
    policy_->rules.at(0).rule->check_size(push, commits, bytes, answer);
    return text_of(answer);
  }
};

TEST_F(CrowdedPush, AcceptsAPushAtTheLimits) {
  EXPECT_EQ(push(2, 5, 1024), kFine);
  EXPECT_EQ(push(1, 0, 0), kFine);
}

TEST_F(CrowdedPush, RejectsOneMoreOfEach) {
  EXPECT_EQ(push(3, 5, 1024),
            "0: the push updates 3 references; the limit is 2\n? push in smaller parts\n");
  EXPECT_EQ(push(2, 6, 1024),
            "0: the push brings 6 new commits; the limit is 5\n"
            "? push in smaller parts, or squash what belongs together\n");
  EXPECT_EQ(push(2, 5, 1025),
            "0: the push brings 1025 bytes; the limit is 1024\n"
            "? look for large files with git diff --stat\n");
}

TEST_F(CrowdedPush, SaysEverythingAtOnce) {
  EXPECT_EQ(push(9, 99, 5U << 20U),
            "0: the push updates 9 references; the limit is 2\n? push in smaller parts\n"
            "0: the push brings 99 new commits; the limit is 5\n"
            "? push in smaller parts, or squash what belongs together\n"
            "0: the push brings 5.0 MiB; the limit is 1.0 KiB\n"
            "? look for large files with git diff --stat\n");
}

TEST_F(CrowdedPush, TakesZeroForAny) {
  with("{}");
  EXPECT_EQ(push(9999, 9999, std::uint64_t{1} << 40U), kFine);
  with("{refs: 0, commits: 1, bytes: 0}");
  EXPECT_EQ(push(9999, 1, std::uint64_t{1} << 40U), kFine);
}

}  // namespace
}  // namespace trunkgate

#include "push/landing_request.h"

#include <gtest/gtest.h>

namespace trunkgate {
namespace {

TEST(LandingRequest, NamesTheBranchThatIsToBeLandedOn) {
  EXPECT_EQ(requested_branch("refs/for/main"), "refs/heads/main");
  EXPECT_EQ(requested_branch("refs/for/release/1"), "refs/heads/release/1");
  EXPECT_EQ(requested_branch("refs/for/"), std::nullopt);
  EXPECT_EQ(requested_branch("refs/for"), std::nullopt);
  EXPECT_EQ(requested_branch("refs/heads/for/main"), std::nullopt);
}

TEST(LandingRequest, PostReceiveIsToldOfTheBranch) {
  EXPECT_EQ(with_landings("1 2 refs/for/main\n3 4 refs/heads/for/x\n0 5 refs/tags/v1\n"),
            "1 2 refs/heads/main\n3 4 refs/heads/for/x\n0 5 refs/tags/v1\n");
  EXPECT_EQ(with_landings(""), "");
  EXPECT_EQ(with_landings("\n"), "\n");
  EXPECT_EQ(with_landings("refs/for/main\n1 refs/for/main\ncut"),
            "refs/for/main\n1 refs/for/main\ncut");
}

}  // namespace
}  // namespace trunkgate

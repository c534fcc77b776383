// What a verdict comes to as a whole.
#include "policy/verdict.h"

#include <gtest/gtest.h>

#include <vector>

namespace trunkgate {
namespace {

Finding finding(Mode mode, bool advice = false) {
  Finding result;
  result.mode = mode;
  result.advice = advice;
  return result;
}

Verdict of(const std::vector<Outcome>& outcomes) {
  Verdict verdict;
  for (const Outcome outcome : outcomes) {
    verdict.refs.emplace_back();
    verdict.refs.back().outcome = outcome;
  }
  return verdict;
}

TEST(Verdict, RefusesForEnforcedFindingsThatAreNoMereAdvice) {
  EXPECT_TRUE(refuses(finding(Mode::enforce)));
  EXPECT_FALSE(refuses(finding(Mode::enforce, true)));
  EXPECT_FALSE(refuses(finding(Mode::warn)));
  EXPECT_FALSE(refuses(finding(Mode::audit)));
  EXPECT_FALSE(refuses(finding(Mode::off)));
}

TEST(Verdict, IsTheWorstOutcomeOfItsRefs) {
  EXPECT_EQ(of({}).outcome(), Outcome::accepted);
  EXPECT_EQ(of({Outcome::accepted, Outcome::accepted}).outcome(), Outcome::accepted);
  EXPECT_EQ(of({Outcome::accepted, Outcome::rejected}).outcome(), Outcome::rejected);
  EXPECT_EQ(of({Outcome::rejected, Outcome::undecided}).outcome(), Outcome::undecided);
  EXPECT_EQ(of({Outcome::undecided, Outcome::accepted}).outcome(), Outcome::undecided);
}

TEST(Verdict, IsRejectedByAFindingAboutThePush) {
  Verdict verdict = of({Outcome::accepted});
  verdict.findings = {finding(Mode::warn)};
  EXPECT_EQ(verdict.outcome(), Outcome::accepted);
  verdict.findings.push_back(finding(Mode::enforce));
  EXPECT_EQ(verdict.outcome(), Outcome::rejected);
  verdict.refs[0].outcome = Outcome::undecided;
  EXPECT_EQ(verdict.outcome(), Outcome::undecided);
}

TEST(Verdict, LetsInAllRefsOrNone) {
  const Verdict good = of({Outcome::accepted, Outcome::accepted});
  EXPECT_TRUE(good.lets_in(good.refs[0]));
  const Verdict bad = of({Outcome::accepted, Outcome::rejected});
  EXPECT_FALSE(bad.lets_in(bad.refs[0]));
  EXPECT_FALSE(bad.lets_in(bad.refs[1]));
}

TEST(Verdict, LetsInGoodRefsWhenThePolicySaysRefByRef) {
  Verdict verdict = of({Outcome::accepted, Outcome::rejected, Outcome::undecided});
  verdict.ref_by_ref = true;
  EXPECT_TRUE(verdict.lets_in(verdict.refs[0]));
  EXPECT_FALSE(verdict.lets_in(verdict.refs[1]));
  EXPECT_FALSE(verdict.lets_in(verdict.refs[2]));
  verdict.findings = {finding(Mode::enforce)};
  EXPECT_FALSE(verdict.lets_in(verdict.refs[0]));
}

}  // namespace
}  // namespace trunkgate

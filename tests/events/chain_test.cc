#include "events/chain.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace trunkgate {
namespace {

// "a" to "f" are object ids, "0" the zero id.
ObjectId value(char c) { return *ObjectId::parse(std::string(40, c)); }

SpooledUpdate step(const std::string& ref, char before, char after) {
  return {.ref = ref, .before = value(before), .after = value(after), .protected_ref = false};
}

struct Push {
  std::vector<SpooledUpdate> steps;
  bool pending = false;
};

std::vector<std::size_t> order(const std::vector<Push>& pushes, const Sequence& sequence = {}) {
  std::vector<ChainedPush> chained;
  for (const Push& push : pushes) chained.push_back({push.steps, push.pending});
  return order_by_chains(chained, sequence);
}

Sequence knowing(const std::string& ref, char at) {
  Sequence sequence;
  sequence.refs[ref] = {.count = 1, .last_event = "evt_1", .value = value(at)};
  return sequence;
}

using Order = std::vector<std::size_t>;

TEST(Chain, KeepsThePreferredOrderOfPushesThatDoNotMeet) {
  EXPECT_EQ(order({{{step("r", 'a', 'b')}}, {{step("s", 'c', 'd')}}, {{}}}), (Order{0, 1, 2}));
}

TEST(Chain, PutsAStepAfterTheOneItStartsFrom) {
  EXPECT_EQ(order({{{step("r", 'b', 'c')}}, {{step("s", 'e', 'f')}}, {{step("r", 'a', 'b')}}}),
            (Order{1, 2, 0}));
}

TEST(Chain, FollowsARefThroughItsDeletion) {
  EXPECT_EQ(order({{{step("r", '0', 'c')}}, {{step("r", 'b', '0')}}, {{step("r", '0', 'b')}}}),
            (Order{2, 1, 0}));
}

TEST(Chain, ComesBackToAnOldValueWithoutGettingStuck) {
  // a -> b -> a -> c, told with the last step first.
  EXPECT_EQ(order({{{step("r", 'a', 'c')}}, {{step("r", 'a', 'b')}}, {{step("r", 'b', 'a')}}}),
            (Order{1, 2, 0}));
}

TEST(Chain, StartsACircleAtTheLastKnownValue) {
  const std::vector<Push> circle{{{step("r", 'a', 'b')}}, {{step("r", 'b', 'a')}}};
  EXPECT_EQ(order(circle, knowing("r", 'a')), (Order{0, 1}));
  EXPECT_EQ(order(circle, knowing("r", 'b')), (Order{1, 0}));
  EXPECT_EQ(order(circle), (Order{0, 1}));
}

TEST(Chain, GoesOnAfterAStepNobodyTold) {
  // a -> b, then something outside the gate to c, then c -> d -> e.
  EXPECT_EQ(order({{{step("r", 'd', 'e')}}, {{step("r", 'c', 'd')}}, {{step("r", 'a', 'b')}}},
                  knowing("r", 'a')),
            (Order{2, 1, 0}));
}

TEST(Chain, OrdersPushesOfSeveralRefs) {
  EXPECT_EQ(order({{{step("r", 'b', 'c'), step("s", 'a', 'b')}},
                   {{step("s", 'b', 'c')}},
                   {{step("r", 'a', 'b')}}}),
            (Order{2, 0, 1}));
}

TEST(Chain, KeepsThePreferredOrderWhenTwoRefsDisagree) {
  EXPECT_EQ(order({{{step("r", 'a', 'b'), step("s", 'b', 'c')}},
                   {{step("r", 'b', 'c'), step("s", 'a', 'b')}}}),
            (Order{0, 1}));
}

TEST(Chain, LeavesAPendingPushOut) {
  EXPECT_EQ(order({{{step("r", 'a', 'b')}, true}, {{step("s", 'c', 'd')}}}), (Order{1}));
}

TEST(Chain, HoldsWhatAPendingPushMustComeBefore) {
  const std::vector<Push> pushes{
      {{step("r", 'c', 'd')}}, {{step("r", 'b', 'c')}}, {{step("r", 'a', 'b')}, true}};
  EXPECT_EQ(order(pushes), Order{});
  EXPECT_EQ(order(pushes, knowing("r", 'a')), Order{});
  // The value was told already, so the pending push comes later.
  EXPECT_EQ(order(pushes, knowing("r", 'b')), (Order{1, 0}));
}

TEST(Chain, OrdersAThousandStepsOfOneRef) {
  std::vector<Push> pushes;
  Order expected;
  std::vector<ObjectId> values;
  for (int i = 0; i <= 1000; ++i) {
    std::string hex = std::to_string(i);
    values.push_back(*ObjectId::parse(std::string(40 - hex.size(), 'a') + hex));
  }
  for (std::size_t i = 1000; i-- > 0;) {
    pushes.push_back(
        {{{.ref = "r", .before = values[i], .after = values[i + 1], .protected_ref = false}}});
    expected.push_back(i);
  }
  EXPECT_EQ(order(pushes), expected);
}

}  // namespace
}  // namespace trunkgate

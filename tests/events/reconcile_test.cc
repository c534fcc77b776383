#include "events/reconcile.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "move_ids.h"

namespace trunkgate {
namespace {

SpooledUpdate step(const std::string& ref, char before, char after) {
  return {.ref = ref, .before = move_id(before), .after = move_id(after), .protected_ref = false};
}

struct Push {
  std::vector<SpooledUpdate> steps;
  bool pending = false;
  bool dead = false;
  std::int64_t time = 0;
};

// What refs hold when all made moves have been made: the value no other move of the ref starts
// from.
RefValues ends_of(const std::vector<Push>& pushes) {
  std::map<std::string, std::map<ObjectId, int>> balance;
  for (const Push& push : pushes) {
    if (push.dead) continue;
    for (const SpooledUpdate& each : push.steps) {
      ++balance[each.ref][each.after];
      --balance[each.ref][each.before];
    }
  }
  RefValues values;
  for (const auto& [ref, counts] : balance) {
    for (const auto& [id, count] : counts) {
      if (count > 0 && !id.is_zero()) values[ref] = id;
    }
  }
  return values;
}

struct Told {
  std::vector<std::size_t> order;                 // pushes
  std::vector<std::string> story;                 // all: "0", "r a>b"
  std::vector<std::vector<std::string>> applied;  // refs, of each push
  Sequence sequence;
};

Told tell(const std::vector<Push>& pushes, const RefValues& now, Sequence sequence = {},
          bool first = true) {
  std::vector<PushOutcome> outcomes;
  for (const Push& push : pushes) {
    PushOutcome outcome;
    outcome.pending = push.pending;
    outcome.dead = push.dead;
    outcome.looked = push.time;
    (push.dead ? outcome.refused : outcome.applied) = push.steps;
    outcomes.push_back(outcome);
  }
  Told told;
  std::set<std::size_t> open;  // pushes of which a part is told
  for (const Happening& happening : reconcile(outcomes, now, sequence, first)) {
    if (happening.push) {
      told.order.push_back(*happening.push);
      told.story.push_back(std::to_string(*happening.push));
      for (const std::string& ref : happening.refs) told.story.back() += " " + ref;
      EXPECT_EQ(happening.goes_on, !happening.refs.empty() && open.insert(*happening.push).second);
    } else {
      const SpooledUpdate& update = happening.external;
      told.story.push_back(update.ref + " " + update.before.hex()[0] + ">" + update.after.hex()[0]);
    }
  }
  for (const PushOutcome& outcome : outcomes) {
    told.applied.emplace_back();
    for (const SpooledUpdate& update : outcome.applied) told.applied.back().push_back(update.ref);
  }
  told.sequence = std::move(sequence);
  return told;
}

std::vector<std::size_t> order(const std::vector<Push>& pushes, const Sequence& sequence = {}) {
  return tell(pushes, ends_of(pushes), sequence).order;
}

Sequence knowing(const std::string& ref, char at) {
  Sequence sequence;
  sequence.refs[ref] = {.count = 1, .last_event = "evt_1", .value = move_id(at)};
  return sequence;
}

using Order = std::vector<std::size_t>;

TEST(Reconcile, KeepsThePreferredOrderOfPushesThatDoNotMeet) {
  EXPECT_EQ(order({{{step("r", 'a', 'b')}}, {{step("s", 'c', 'd')}}, {{}}}), (Order{0, 1, 2}));
}

TEST(Reconcile, PutsAStepAfterTheOneItStartsFrom) {
  EXPECT_EQ(order({{{step("r", 'b', 'c')}}, {{step("s", 'e', 'f')}}, {{step("r", 'a', 'b')}}}),
            (Order{1, 2, 0}));
}

TEST(Reconcile, FollowsARefThroughItsDeletion) {
  EXPECT_EQ(order({{{step("r", '0', 'c')}}, {{step("r", 'b', '0')}}, {{step("r", '0', 'b')}}}),
            (Order{2, 1, 0}));
}

TEST(Reconcile, ComesBackToAnOldValueWithoutGettingStuck) {
  // a -> b -> a -> c, told with the last step first.
  EXPECT_EQ(order({{{step("r", 'a', 'c')}}, {{step("r", 'a', 'b')}}, {{step("r", 'b', 'a')}}}),
            (Order{1, 2, 0}));
}

TEST(Reconcile, StartsACircleAtTheLastKnownValue) {
  const std::vector<Push> circle{{{step("r", 'a', 'b')}}, {{step("r", 'b', 'a')}}};
  EXPECT_EQ(tell(circle, {{"r", move_id('a')}}, knowing("r", 'a')).order, (Order{0, 1}));
  EXPECT_EQ(tell(circle, {{"r", move_id('b')}}, knowing("r", 'b')).order, (Order{1, 0}));
  EXPECT_EQ(tell(circle, {{"r", move_id('a')}}).order, (Order{0, 1}));
}

// Made and deleted again; then one that died wanted to delete what it had seen in between.
TEST(Reconcile, StartsWithWhatTheFirstPushSaw) {
  const Push made{.steps = {step("r", '0', 'b')}, .time = 1};
  const Push deleted{.steps = {step("r", 'b', '0')}, .time = 3};
  const Push died{.steps = {step("r", 'b', '0')}, .dead = true, .time = 2};
  EXPECT_EQ(tell({made, deleted, died}, {}).story, (std::vector<std::string>{"0", "1", "2"}));
}

TEST(Reconcile, TellsAStepThatNobodyAnnounced) {
  // a -> b, then something outside the gate to c, then c -> d -> e.
  EXPECT_EQ(tell({{{step("r", 'd', 'e')}}, {{step("r", 'c', 'd')}}, {{step("r", 'a', 'b')}}},
                 {{"r", move_id('e')}}, knowing("r", 'a'))
                .story,
            (std::vector<std::string>{"2", "r b>c", "1", "0"}));
}

TEST(Reconcile, TellsWhatChangedWithoutAnyPush) {
  Sequence sequence = knowing("moved", 'a');
  sequence.refs["gone"].value = move_id('b');
  sequence.refs["same"].value = move_id('c');
  const RefValues now{{"moved", move_id('d')}, {"same", move_id('c')}, {"new", move_id('e')}};
  EXPECT_EQ(tell({}, now, sequence, false).story,
            (std::vector<std::string>{"gone b>0", "moved a>d", "new 0>e"}));
}

TEST(Reconcile, TakesRefsAsTheyAreAtFirst) {
  const Told told = tell({{{step("r", 'a', 'b')}}}, {{"r", move_id('b')}, {"s", move_id('c')}});
  EXPECT_EQ(told.story, std::vector<std::string>{"0"});
  EXPECT_EQ(told.sequence.find("r")->value, move_id('a'));
  EXPECT_EQ(told.sequence.find("s")->value, move_id('c'));
}

TEST(Reconcile, RecoversADeadPushThatALaterOneBuildsOn) {
  // The dead one was acknowledged; its client may have pushed on.
  const Told told =
      tell({{{step("r", 'a', 'b'), step("s", 'a', 'b')}, false, true}, {{step("r", 'b', 'c')}}},
           {{"r", move_id('c')}, {"s", move_id('a')}}, knowing("r", 'a'));
  EXPECT_EQ(told.story, (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(told.applied[0], std::vector<std::string>{"r"});
}

TEST(Reconcile, RecoversSeveralDeadPushesInARow) {
  const Told told = tell({{{step("r", 'b', 'c')}, false, true},
                          {{step("r", 'a', 'b')}, false, true},
                          {{step("r", 'b', 'e')}, false, true}},
                         {{"r", move_id('c')}}, knowing("r", 'a'));
  EXPECT_EQ(told.story, (std::vector<std::string>{"1", "0", "2"}));
  EXPECT_EQ(told.applied, (std::vector<std::vector<std::string>>{{"r"}, {"r"}, {}}));
}

TEST(Reconcile, RecoversDeadPushesThatMovedARefThereAndBack) {
  const auto there_and_back = [](std::int64_t first, std::int64_t second) {
    return tell({{{step("r", 'a', 'b')}, false, true, first},
                 {{step("r", 'b', 'a')}, false, true, second}},
                {{"r", move_id('a')}},
                [] {
                  Sequence sequence = knowing("r", 'a');
                  sequence.refs["r"].not_before = 5;
                  return sequence;
                }())
        .applied;
  };
  using Applied = std::vector<std::vector<std::string>>;
  EXPECT_EQ(there_and_back(6, 7), (Applied{{"r"}, {"r"}}));
  // What a push saw before the last event says nothing about what came after it.
  EXPECT_EQ(there_and_back(4, 5), (Applied{{}, {}}));
}

// post-receive may say long after a ref moved that it did, and others have come meanwhile.
TEST(Reconcile, BelievesWhatPushesSawBeforeTheLastOneSaidItWasDone) {
  Sequence sequence = knowing("r", 'b');
  sequence.refs["r"].before = move_id('a');
  sequence.refs["r"].not_before = 1;
  sequence.refs["r"].not_after = 10;
  const auto there_and_back = [&](char first, char second) {
    return tell({{{step("r", first, second)}, false, true, 6},
                 {{step("r", second, 'b')}, false, true, 7}},
                {{"r", move_id('b')}}, sequence)
        .applied;
  };
  using Applied = std::vector<std::vector<std::string>>;
  EXPECT_EQ(there_and_back('b', 'c'), (Applied{{"r"}, {"r"}}));
  // It looked before the ref was moved.
  EXPECT_EQ(there_and_back('a', 'b'), (Applied{{}, {}}));
}

TEST(Reconcile, TellsADeadPushThatALivingOneHasTakenBack) {
  const Told told =
      tell({{{step("r", 'a', 'b')}, false, true, 1}, {{step("r", 'b', 'a')}, true, false, 2}},
           {{"r", move_id('a')}}, knowing("r", 'a'));
  EXPECT_EQ(told.story, std::vector<std::string>{"0"});
  EXPECT_EQ(told.applied[0], std::vector<std::string>{"r"});
}

TEST(Reconcile, WaitsForALivingPushThatAskedForTheSameAsADeadOne) {
  const std::vector<Push> pushes{{{step("r", 'a', 'b')}, false, true},
                                 {{step("r", 'a', 'b')}, true}};
  EXPECT_EQ(tell(pushes, {{"r", move_id('b')}}, knowing("r", 'a')).story,
            std::vector<std::string>{});
  // The ref has not moved: nobody has to wait.
  EXPECT_EQ(tell(pushes, {{"r", move_id('a')}}, knowing("r", 'a')).story,
            std::vector<std::string>{"0"});
}

TEST(Reconcile, HoldsAChangeThatALivingPushMayExplain) {
  const std::vector<Push> living{{{step("r", 'a', 'b')}, true}};
  EXPECT_EQ(tell(living, {{"r", move_id('b')}}, knowing("r", 'a'), false).story,
            std::vector<std::string>{});
  // Moved to what nobody asked for: that is told.
  EXPECT_EQ(tell(living, {{"r", move_id('c')}}, knowing("r", 'a'), false).story,
            std::vector<std::string>{"r a>c"});
  // Moved to where a living push starts from, and on.
  EXPECT_EQ(
      tell({{{step("r", 'b', 'c')}, true}}, {{"r", move_id('c')}}, knowing("r", 'a'), false).story,
      std::vector<std::string>{});
}

TEST(Reconcile, OrdersPushesOfSeveralRefs) {
  EXPECT_EQ(order({{{step("r", 'b', 'c'), step("s", 'a', 'b')}},
                   {{step("s", 'b', 'c')}},
                   {{step("r", 'a', 'b')}}}),
            (Order{2, 0, 1}));
}

TEST(Reconcile, TellsAPushInPartsWhenTwoRefsDisagree) {
  const std::vector<Push> pushes{{{step("r", 'a', 'b'), step("s", 'b', 'c')}},
                                 {{step("r", 'b', 'c'), step("s", 'a', 'b')}}};
  EXPECT_EQ(tell(pushes, ends_of(pushes)).story, (std::vector<std::string>{"0 r", "1", "0 s"}));
  // A third one in between, which both wait for.
  const std::vector<Push> three{{{step("r", 'a', 'b'), step("s", 'b', 'c'), step("t", 'b', 'c')}},
                                {{step("r", 'b', 'c'), step("s", 'a', 'b')}},
                                {{step("r", 'c', 'd'), step("t", 'a', 'b')}}};
  EXPECT_EQ(tell(three, ends_of(three)).story,
            (std::vector<std::string>{"0 r", "1", "2", "0 s t"}));
}

TEST(Reconcile, LeavesAPendingPushOut) {
  EXPECT_EQ(order({{{step("r", 'a', 'b')}, true}, {{step("s", 'c', 'd')}}}), (Order{1}));
}

TEST(Reconcile, HoldsWhatAPendingPushMustComeBefore) {
  const std::vector<Push> pushes{
      {{step("r", 'c', 'd')}}, {{step("r", 'b', 'c')}}, {{step("r", 'a', 'b')}, true}};
  EXPECT_EQ(order(pushes, knowing("r", 'a')), Order{});
  // The value was told already, so the pending push comes later.
  EXPECT_EQ(order(pushes, knowing("r", 'b')), (Order{1, 0}));
}

TEST(Reconcile, OrdersAThousandStepsOfOneRef) {
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

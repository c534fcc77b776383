#include "events/ref_timeline.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "move_ids.h"

namespace trunkgate {
namespace {

using Kind = RefMove::Kind;

RefMove made(std::int64_t seen, std::int64_t done, char before, char after) {
  return {Kind::made, move_id(before), move_id(after), seen, done};
}
RefMove possible(std::int64_t seen, char before, char after) {
  return {Kind::possible, move_id(before), move_id(after), seen, 0};
}
RefMove pending(std::int64_t seen, char before, char after) {
  return {Kind::pending, move_id(before), move_id(after), seen, 0};
}

// The steps, and the cost at the end.
std::vector<std::string> way(char from, char to, const std::vector<RefMove>& moves) {
  const RefWay found = way_by_time(move_id(from), move_id(to), moves);
  std::vector<std::string> steps = step_texts(found.steps);
  steps.push_back(std::to_string(found.cost));
  return steps;
}
using Steps = std::vector<std::string>;

TEST(RefTimeline, CostsNothingWhereNothingHappened) { EXPECT_EQ(way('a', 'a', {}), Steps{"0"}); }

TEST(RefTimeline, MakesMovesBetweenTheLookOfTheirPushAndItsEnd) {
  EXPECT_EQ(way('a', 'c', {made(3, 4, 'b', 'c'), made(1, 2, 'a', 'b')}),
            (Steps{"1 a>b", "0 b>c", "0"}));
  // The one that looked first was the last to move the ref.
  EXPECT_EQ(way('a', 'b', {made(1, 9, 'a', 'b'), made(2, 3, 'a', 'c'), made(4, 5, 'c', 'a')}),
            (Steps{"1 a>c", "2 c>a", "0 a>b", "0"}));
}

TEST(RefTimeline, TakesDeadPushesForWhatNoOtherHasMade) {
  EXPECT_EQ(way('a', 'c', {possible(1, 'a', 'b'), made(2, 3, 'b', 'c'), possible(4, 'c', 'd')}),
            (Steps{"0 a>b", "1 b>c", "10"}));
  // It moved the ref long after it had looked.
  EXPECT_EQ(way('a', 'b', {possible(1, 'a', 'b'), made(2, 3, 'a', 'c'), made(4, 5, 'c', 'a')}),
            (Steps{"1 a>c", "2 c>a", "0 a>b", "10"}));
  // Both have: the second one saw what the first one had made.
  EXPECT_EQ(way('a', 'a', {possible(1, 'a', 'b'), possible(2, 'b', 'a')}),
            (Steps{"0 a>b", "1 b>a", "20"}));
  // No push saw it before it looked.
  EXPECT_EQ(way('a', 'b', {made(1, 2, 'a', 'c'), possible(3, 'a', 'b')}),
            (Steps{"0 a>c", "- c>b", "1000100"}));
}

// Two asked for the same; the one that looked first still goes on, the other one has died since.
TEST(RefTimeline, PrefersALivingPushToADeadOneThatLookedLater) {
  EXPECT_EQ(way('a', 'b', {pending(1, 'a', 'b'), possible(2, 'a', 'b')}), (Steps{"0 a>b", "9"}));
  EXPECT_EQ(way('a', 'b', {possible(1, 'a', 'b'), pending(2, 'a', 'b')}), (Steps{"1 a>b", "9"}));
}

TEST(RefTimeline, InventsMovesOnlyWhereNothingElseLeads) {
  EXPECT_EQ(way('a', 'd', {made(1, 2, 'a', 'b'), made(3, 4, 'c', 'd')}),
            (Steps{"0 a>b", "- b>c", "1 c>d", "1000100"}));
  EXPECT_EQ(way('a', 'b', {}), (Steps{"- a>b", "1000000"}));
  // What a living push asked for was made by it, whatever came before.
  EXPECT_EQ(way('a', 'c', {pending(1, 'b', 'c')}), (Steps{"- a>b", "0 b>c", "1000099"}));
}

// Pushes that overlap, of which some die: with true clocks nothing is left to invent.
TEST(RefTimeline, ExplainsWhatOverlappingPushesDid) {
  std::mt19937 random(11);
  struct Open {
    RefMove move;
    bool moved = false;
  };
  for (int round = 0; round < 1000; ++round) {
    std::vector<Open> open;
    std::vector<RefMove> moves;
    std::size_t at = 0;
    const std::size_t values = 2 + random() % 4;
    for (std::int64_t time = 1; time < 60; ++time) {
      if (open.size() < 4 && random() % 2 == 0) {
        const std::size_t after = random() % values;
        if (after == at) continue;
        open.push_back({{Kind::made, numbered_id(at), numbered_id(after), time, 0}});
        continue;
      }
      if (open.empty()) continue;
      const std::size_t i = random() % open.size();
      Open& push = open[i];
      if (!push.moved && push.move.before == numbered_id(at) && random() % 4 != 0) {
        push.moved = true;
        for (std::size_t v = 0; v < values; ++v) {
          if (push.move.after == numbered_id(v)) at = v;
        }
        continue;
      }
      // It ends: as it should, refused by Git, or killed.
      if (random() % 3 == 0) {
        push.move.kind = Kind::possible;
        moves.push_back(push.move);
      } else if (push.moved) {
        push.move.done = time;
        moves.push_back(push.move);
      }
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
    }
    for (const Open& push : open) {
      moves.push_back(push.move);
      moves.back().kind = Kind::pending;
    }
    std::shuffle(moves.begin(), moves.end(), random);
    const RefWay found = way_by_time(numbered_id(0), numbered_id(at), moves);
    EXPECT_LT(found.cost, kUnannounced) << "round " << round;
    std::vector<bool> used(moves.size());
    ObjectId here = numbered_id(0);
    for (const RefPath::Step& step : found.steps) {
      ASSERT_TRUE(step.move) << "round " << round;
      EXPECT_FALSE(used[*step.move]);
      used[*step.move] = true;
      EXPECT_EQ(step.before, here);
      EXPECT_EQ(step.before, moves[*step.move].before);
      EXPECT_EQ(step.after, moves[*step.move].after);
      here = step.after;
    }
    EXPECT_EQ(here, numbered_id(at));
    for (std::size_t i = 0; i < moves.size(); ++i) {
      EXPECT_TRUE(used[i] || moves[i].kind != Kind::made) << "round " << round;
    }
  }
}

TEST(RefTimeline, EndsForThousandsOfDeadPushesToOneRef) {
  std::mt19937 random(5);
  std::vector<RefMove> moves;
  for (std::int64_t i = 0; i < 5000; ++i) {
    moves.push_back(
        {Kind::possible, numbered_id(random() % 8), numbered_id(random() % 8), i + 1, 0});
  }
  const RefWay found = way_by_time(numbered_id(0), numbered_id(1), moves);
  EXPECT_EQ(found.steps.back().after, numbered_id(1));
}

}  // namespace
}  // namespace trunkgate

#include "events/ref_path.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "move_ids.h"

namespace trunkgate {
namespace {

using Kind = RefMove::Kind;

RefMove made(char before, char after) { return {Kind::made, move_id(before), move_id(after)}; }
RefMove possible(char before, char after) {
  return {Kind::possible, move_id(before), move_id(after)};
}
RefMove pending(char before, char after) {
  return {Kind::pending, move_id(before), move_id(after)};
}

// Its push saw the value it starts from at that time.
RefMove seen(std::int64_t time, RefMove move) {
  move.seen = time;
  return move;
}

// The steps, and "held" at the end.
std::vector<std::string> path(char from, char to, const std::vector<RefMove>& moves) {
  const RefPath found = find_path(move_id(from), move_id(to), moves);
  std::vector<std::string> steps = step_texts(found.steps);
  if (found.held) steps.emplace_back("held");
  return steps;
}
using Steps = std::vector<std::string>;

TEST(RefPath, IsEmptyWhenNothingHappened) {
  EXPECT_EQ(path('a', 'a', {}), Steps{});
  EXPECT_EQ(path('a', 'a', {possible('a', 'b'), pending('a', 'c')}), Steps{});
}

TEST(RefPath, OrdersMadeMovesByWhatTheyStartFrom) {
  EXPECT_EQ(path('a', 'd', {made('c', 'd'), made('a', 'b'), made('b', 'c')}),
            (Steps{"1 a>b", "2 b>c", "0 c>d"}));
  EXPECT_EQ(path('a', 'c', {made('a', 'c'), made('b', 'a'), made('a', 'b')}),
            (Steps{"2 a>b", "1 b>a", "0 a>c"}));
}

TEST(RefPath, FillsGapsWithUnannouncedMoves) {
  EXPECT_EQ(path('a', 'f', {}), Steps{"- a>f"});
  EXPECT_EQ(path('a', 'f', {made('c', 'd'), made('a', 'b')}),
            (Steps{"1 a>b", "- b>c", "0 c>d", "- d>f"}));
  EXPECT_EQ(path('a', 'd', {made('b', 'd')}), (Steps{"- a>b", "0 b>d"}));
}

TEST(RefPath, TakesDeadPushesOnlyWhereTheyExplainSomething) {
  EXPECT_EQ(path('a', 'c', {possible('a', 'b'), made('b', 'c'), possible('a', 'd')}),
            (Steps{"0 a>b", "1 b>c"}));
  // The shortest explanation: one dead push instead of two.
  EXPECT_EQ(path('a', 'c', {possible('a', 'b'), possible('b', 'c'), possible('a', 'c')}),
            Steps{"2 a>c"});
  // Three of them beat a move that nobody announced.
  EXPECT_EQ(path('a', 'd', {possible('c', 'd'), possible('b', 'c'), possible('a', 'b')}),
            (Steps{"2 a>b", "1 b>c", "0 c>d"}));
  // There and back again, because something was made from there.
  EXPECT_EQ(path('a', 'a', {possible('a', 'b'), made('b', 'c'), possible('c', 'a')}),
            (Steps{"0 a>b", "1 b>c", "2 c>a"}));
}

TEST(RefPath, BelievesWhatPushesSaw) {
  // There and back again by two that died: the second one saw what the first one had made.
  EXPECT_EQ(path('a', 'a', {seen(1, possible('a', 'b')), seen(2, possible('b', 'a'))}),
            (Steps{"0 a>b", "1 b>a"}));
  EXPECT_EQ(path('a', 'a', {possible('a', 'b'), possible('b', 'a')}), Steps{});
  // Twice.
  EXPECT_EQ(path('a', 'a',
                 {seen(4, possible('b', 'a')), seen(3, possible('a', 'b')),
                  seen(2, possible('b', 'a')), seen(1, possible('a', 'b'))})
                .size(),
            4U);
  // The second one is still going on.
  EXPECT_EQ(path('a', 'a', {seen(1, possible('a', 'b')), seen(2, pending('b', 'a'))}),
            (Steps{"0 a>b", "held"}));
  // Between moves that were made.
  EXPECT_EQ(
      path('a', 'b', {made('a', 'b'), seen(2, possible('b', 'c')), seen(3, possible('c', 'b'))}),
      (Steps{"0 a>b", "1 b>c", "2 c>b"}));
  // It needs no more than there is.
  EXPECT_EQ(path('a', 'b', {made('a', 'b'), seen(1, possible('a', 'c'))}), Steps{"0 a>b"});
  EXPECT_EQ(path('a', 'a', {seen(1, possible('b', 'a'))}), Steps{});
  EXPECT_EQ(path('a', 'a', {seen(1, possible('a', 'b'))}), Steps{});
}

TEST(RefPath, WaitsForLivingPushesThatMayExplainARest) {
  EXPECT_EQ(path('a', 'b', {pending('a', 'b')}), Steps{"held"});
  EXPECT_EQ(path('a', 'c', {made('a', 'b'), pending('b', 'c')}), (Steps{"0 a>b", "held"}));
  EXPECT_EQ(path('a', 'b', {possible('a', 'b'), pending('a', 'b')}), Steps{"held"});
  EXPECT_EQ(path('a', 'c', {pending('b', 'c')}), Steps{"held"});
  EXPECT_EQ(path('a', 'c', {pending('a', 'b')}), Steps{"- a>c"});
}

// Random walks, told in any order, some of them by pushes that died: the path must use every made
// move once, be unbroken and end at the value the ref holds, without any invented move.
TEST(RefPath, RebuildsRandomHistories) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    const std::size_t values = 2 + random() % 5;
    const std::size_t length = random() % 12;
    std::vector<RefMove> moves;
    std::size_t at = 0;
    for (std::size_t i = 0; i < length; ++i) {
      const std::size_t next = random() % values;
      if (next == at) continue;
      moves.push_back(
          {random() % 4 == 0 ? Kind::possible : Kind::made, numbered_id(at), numbered_id(next)});
      at = next;
    }
    const std::size_t noise = random() % 3;  // pushes that died before they moved anything
    for (std::size_t i = 0; i < noise; ++i) {
      moves.push_back(
          {Kind::possible, numbered_id(random() % values), numbered_id(random() % values)});
    }
    std::shuffle(moves.begin(), moves.end(), random);
    const RefPath path = find_path(numbered_id(0), numbered_id(at), moves);
    EXPECT_FALSE(path.held);
    ObjectId here = numbered_id(0);
    std::vector<bool> used(moves.size());
    for (const RefPath::Step& step : path.steps) {
      ASSERT_TRUE(step.move) << "round " << round;
      ASSERT_FALSE(used[*step.move]);
      used[*step.move] = true;
      ASSERT_EQ(step.before, here);
      here = step.after;
    }
    EXPECT_EQ(here, numbered_id(at));
    for (std::size_t i = 0; i < moves.size(); ++i) {
      EXPECT_TRUE(used[i] || moves[i].kind != Kind::made) << "round " << round;
    }
  }
}

TEST(RefPath, IsFoundForManyMovesOfLivingAndDeadPushes) {
  std::vector<RefMove> moves;
  for (std::size_t i = 5000; i-- > 0;) {
    moves.push_back(
        {i % 50 == 7 ? Kind::possible : Kind::made, numbered_id(i), numbered_id(i + 1)});
  }
  for (std::size_t i = 0; i < 200; ++i) {
    moves.push_back({i % 2 == 0 ? Kind::possible : Kind::pending, numbered_id(i * 20),
                     numbered_id(100'000 + i)});
  }
  const RefPath path = find_path(numbered_id(0), numbered_id(5000), moves);
  EXPECT_FALSE(path.held);
  ASSERT_EQ(path.steps.size(), 5000U);
  EXPECT_TRUE(std::all_of(path.steps.begin(), path.steps.end(),
                          [](const RefPath::Step& step) { return step.move.has_value(); }));
}

// Clocks that jumped and pushes that went on without the hooks; thousands of them are no reason for
// a deliverer to stand still.
TEST(RefPath, ComesToAnEndWhereThousandsOfMovesContradictEachOther) {
  std::mt19937 random(11);
  constexpr std::size_t kMoves = 1500;
  std::vector<RefMove> moves;
  for (std::size_t i = 0; i < kMoves; ++i) {
    moves.push_back({.kind = Kind::made,
                     .before = numbered_id(random() % kMoves),
                     .after = numbered_id(random() % kMoves),
                     .seen = static_cast<std::int64_t>(random() % kMoves + 1),
                     .done = static_cast<std::int64_t>(random() % kMoves + 1)});
  }
  const RefPath path = find_path(numbered_id(0), numbered_id(1), moves);
  EXPECT_FALSE(path.held);
  std::vector<bool> used(kMoves);
  ObjectId at = numbered_id(0);
  for (const RefPath::Step& step : path.steps) {
    EXPECT_EQ(step.before, at);
    at = step.after;
    if (step.move) used[*step.move] = true;
  }
  EXPECT_EQ(at, numbered_id(1));
  EXPECT_EQ(std::count(used.begin(), used.end(), true), std::ptrdiff_t{kMoves});
}

}  // namespace
}  // namespace trunkgate

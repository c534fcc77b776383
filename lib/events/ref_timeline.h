// How a ref got from one value to another, told along the clock: what each push saw and when it was
// done bounds when it can have moved the ref.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "events/ref_path.h"
#include "git/object_id.h"

namespace trunkgate {

// A way from one value to another, with what it takes for granted.
struct RefWay {
  std::size_t cost = 0;
  std::vector<RefPath::Step> steps;
};

// The costs of what a way takes for granted. An unannounced move outweighs any number of others. A
// push that is still going on is a little more likely than a dead one: when it has made the move,
// telling it for the dead one would leave the living one's unexplained. Two dead pushes that moved
// the ref there and back leave no trace but that the second one saw what the first one had made.
inline constexpr std::size_t kUnannounced = 1'000'000;
inline constexpr std::size_t kUnseen = 100;
inline constexpr std::size_t kPossible = 10;
inline constexpr std::size_t kPending = 9;

// The cheapest of the ways in which every made move comes between its `seen` and its `done`, the
// others at some time after their `seen`. Where clocks jumped that is not how it was: the cost then
// has unannounced moves in it. Cost: linear in the moves, with a factor for what is undecided at a
// time; a possible move that comes very many moves after its push saw the ref is not found.
RefWay way_by_time(const ObjectId& from, const ObjectId& to, std::span<const RefMove> moves);

}  // namespace trunkgate

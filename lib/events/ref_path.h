// How a ref got from the value that was told last to the one it holds now. receive-pack moves a ref
// only from the value it expects, so the moves of one ref form a chain, whatever the clocks say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "git/object_id.h"

namespace trunkgate {

// A move that is known to have been asked for. Zero ids for creation and deletion.
struct RefMove {
  enum class Kind {
    made,      // Git says so
    possible,  // of a push that died: made or not
    pending,   // of a push that is still going on
  };

  Kind kind = Kind::made;
  ObjectId before;
  ObjectId after;
  // When its push saw the ref hold `before`: the gate lets no push on that expects another value.
  // 0 when that says nothing, for it may have been before the path begins.
  std::int64_t seen = 0;
  // When a move that was made was over at the latest; 0 when its push made it as soon as it had
  // seen the ref.
  std::int64_t done = 0;
};

struct RefPath {
  struct Step {
    std::optional<std::size_t> move;  // its index; nothing for a move that nobody announced
    ObjectId before;
    ObjectId after;

    bool operator==(const Step&) const = default;
  };

  std::vector<Step> steps;  // in the order they happened
  // What comes after these steps may have been made by a push that is still going on, so it is left
  // for later; made moves may be missing from `steps` then.
  bool held = false;
};

// Uses every made move once. Of the ways to do so, the one with the fewest unannounced moves, then
// the one that leaves the fewest values unexplained that pushes have seen, then the one with the
// fewest possible and pending moves; `moves` come in the order to prefer (by time).
// Cost: linear where the made moves alone explain everything; else a search of bounded size, which
// may miss the best way for refs with very many moves of dead pushes.
RefPath find_path(const ObjectId& from, const ObjectId& to, std::span<const RefMove> moves);

// Where made moves start from when nothing is known about the ref: a value that more of them leave
// than reach; `held` when there are none or they form a circle.
ObjectId start_of(std::span<const RefMove> moves, const ObjectId& held);

}  // namespace trunkgate

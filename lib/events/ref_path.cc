#include "events/ref_path.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "events/ref_timeline.h"

namespace trunkgate {
namespace {

using Kind = RefMove::Kind;

// Different ways to look at before the best one so far is taken.
constexpr std::size_t kMaxTries = 20'000;

// Made moves that can only follow each other, as one.
struct Segment {
  ObjectId before;
  ObjectId after;
  std::vector<std::size_t> moves;
};

// Uses every move once, each from where the one before it ended (Hierholzer's walk), when that is
// possible; a move may lead back to an old value, so following the first that fits is not enough.
std::vector<std::size_t> walk(const std::vector<std::size_t>& made, std::span<const RefMove> moves,
                              const ObjectId& from) {
  std::unordered_map<ObjectId, std::vector<std::size_t>> leaving;  // the first to take stands last
  for (auto move = made.rbegin(); move != made.rend(); ++move) {
    leaving[moves[*move].before].push_back(*move);
  }
  std::vector<std::size_t> order;
  std::vector<std::size_t> path;
  ObjectId at = from;
  while (true) {
    std::vector<std::size_t>& next = leaving[at];
    if (!next.empty()) {
      path.push_back(next.back());
      next.pop_back();
      at = moves[path.back()].after;
    } else if (!path.empty()) {
      order.push_back(path.back());
      at = moves[path.back()].before;
      path.pop_back();
    } else {
      break;
    }
  }
  std::reverse(order.begin(), order.end());
  return order;
}

bool explains(const std::vector<std::size_t>& order, std::span<const RefMove> moves,
              const ObjectId& from, const ObjectId& to) {
  ObjectId at = from;
  for (const std::size_t move : order) {
    if (moves[move].before != at) return false;
    at = moves[move].after;
  }
  return at == to;
}

std::vector<Segment> segments_of(const std::vector<std::size_t>& made,
                                 std::span<const RefMove> moves, const ObjectId& from,
                                 const ObjectId& to) {
  struct Value {
    std::size_t reached = 0;
    std::size_t left = 0;
    std::size_t next = 0;  // the move that leaves it
    bool fork = false;
  };
  std::unordered_map<ObjectId, Value> values;
  values[from].fork = values[to].fork = true;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    if (moves[i].kind != Kind::made) {
      values[moves[i].before].fork = values[moves[i].after].fork = true;
    } else {
      ++values[moves[i].after].reached;
      Value& left = values[moves[i].before];
      ++left.left;
      left.next = i;
    }
  }
  const auto plain = [&](const ObjectId& id) {
    const Value& value = values[id];
    return !value.fork && value.reached == 1 && value.left == 1;
  };
  std::vector<bool> used(moves.size());
  std::vector<Segment> segments;
  const auto follow = [&](std::size_t first) {
    Segment segment{.before = moves[first].before, .after = {}, .moves = {}};
    for (std::size_t move = first; !used[move]; move = values[segment.after].next) {
      used[move] = true;
      segment.moves.push_back(move);
      segment.after = moves[move].after;
      if (!plain(segment.after)) break;
    }
    segments.push_back(std::move(segment));
  };
  for (const std::size_t move : made) {
    if (!plain(moves[move].before)) follow(move);
  }
  for (const std::size_t move : made) {
    if (!used[move]) follow(move);  // a circle that touches nothing else
  }
  return segments;
}

// The values that pushes saw, in the order in which they did.
std::vector<ObjectId> sights_of(std::span<const RefMove> moves) {
  std::vector<const RefMove*> seeing;
  for (const RefMove& move : moves) {
    if (move.seen != 0) seeing.push_back(&move);
  }
  std::stable_sort(seeing.begin(), seeing.end(),
                   [](const RefMove* a, const RefMove* b) { return a->seen < b->seen; });
  std::vector<ObjectId> sights;
  for (const RefMove* move : seeing) sights.push_back(move->before);
  return sights;
}

// How many of the sights the way does not explain: it must come through their values in their
// order.
std::size_t unexplained(const std::vector<ObjectId>& sights, const ObjectId& from,
                        std::span<const RefPath::Step> way) {
  std::size_t missed = 0;
  std::size_t at = 0;  // 0: before the first step
  for (const ObjectId& sight : sights) {
    std::size_t next = at;
    while (next <= way.size() && (next == 0 ? from : way[next - 1].after) != sight) ++next;
    if (next > way.size()) {
      ++missed;
    } else {
      at = next;
    }
  }
  return missed;
}

// Tries ways through the segments, the likely ones first, and keeps the cheapest.
class Search {
 public:
  Search(std::vector<Segment> segments, std::span<const RefMove> moves, const ObjectId& to)
      : segments_(std::move(segments)),
        moves_(moves),
        to_(to),
        sights_(sights_of(moves)),
        used_(segments_.size()),
        tried_(moves.size()) {
    for (std::size_t i = 0; i < moves.size(); ++i) {
      if (moves[i].kind != Kind::made) extras_[moves[i].before].push_back(i);
    }
    for (std::size_t i = 0; i < segments_.size(); ++i) leaving_[segments_[i].before].push_back(i);
    left_ = segments_.size();
  }

  // Better ways than the one that is known, or that one.
  std::vector<RefPath::Step> run(const ObjectId& from, const RefWay& known) {
    from_ = from;
    best_ = known.steps;
    best_cost_ = known.cost;
    go(from, 0);
    return best_;
  }

 private:
  void go(const ObjectId& at, std::size_t cost) {
    if (cost >= best_cost_ || tries_ >= kMaxTries) return;
    ++tries_;
    if (left_ == 0 && at == to_) {
      const std::size_t missed = unexplained(sights_, from_, way_);
      if (cost + missed * kUnseen < best_cost_) {
        best_cost_ = cost + missed * kUnseen;
        best_ = way_;
      }
      if (missed == 0) return;
    }
    for (const std::size_t i : leaving_[at]) {
      if (!used_[i]) take(i, cost);
    }
    if (const auto found = extras_.find(at); found != extras_.end()) {
      // Of several that asked for the same, the first: the others lead to the same ways.
      std::vector<std::size_t> alike;
      for (const std::size_t i : found->second) {
        const bool known = std::any_of(alike.begin(), alike.end(), [&](std::size_t other) {
          return moves_[other].kind == moves_[i].kind && moves_[other].after == moves_[i].after;
        });
        if (tried_[i] || known) continue;
        alike.push_back(i);
        tried_[i] = true;
        way_.push_back({.move = i, .before = at, .after = moves_[i].after});
        go(moves_[i].after, cost + (moves_[i].kind == Kind::possible ? kPossible : kPending));
        way_.pop_back();
        tried_[i] = false;
      }
    }
    if (cost + kUnannounced - 1 >= best_cost_) return;
    // What a living push asked for explains more than a move that nobody announced, even where one
    // must have come before it.
    for (std::size_t i = 0; i < moves_.size() && tries_ < kMaxTries; ++i) {
      if (moves_[i].kind != Kind::pending || tried_[i] || moves_[i].before == at) continue;
      jump(at, moves_[i].before, cost - kPending - 1);
    }
    if (left_ == 0) {
      if (at != to_) jump(at, to_, cost);
      return;
    }
    // Values that no other segment leads to come first: those can be reached in no other way.
    std::unordered_map<ObjectId, std::size_t> reached;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      if (!used_[i]) ++reached[segments_[i].after];
    }
    for (const bool lonely : {true, false}) {
      for (std::size_t i = 0; i < segments_.size(); ++i) {
        const ObjectId& before = segments_[i].before;
        if (used_[i] || before == at || lonely != (reached[before] == 0)) continue;
        jump(at, before, cost);
        if (tries_ >= kMaxTries) return;
      }
    }
  }

  void take(std::size_t i, std::size_t cost) {
    const std::size_t size = way_.size();
    used_[i] = true;
    --left_;
    for (const std::size_t move : segments_[i].moves) {
      way_.push_back({.move = move, .before = moves_[move].before, .after = moves_[move].after});
    }
    go(segments_[i].after, cost);
    way_.resize(size);
    ++left_;
    used_[i] = false;
  }

  void jump(const ObjectId& at, const ObjectId& to, std::size_t cost) {
    way_.push_back({.move = std::nullopt, .before = at, .after = to});
    go(to, cost + kUnannounced);
    way_.pop_back();
  }

  std::vector<Segment> segments_;
  std::span<const RefMove> moves_;
  ObjectId from_;
  ObjectId to_;
  std::vector<ObjectId> sights_;
  std::unordered_map<ObjectId, std::vector<std::size_t>> leaving_;  // segments by first value
  std::unordered_map<ObjectId, std::vector<std::size_t>> extras_;   // the other moves, likewise
  std::vector<bool> used_;                                          // segments
  std::vector<bool> tried_;                                         // moves
  std::size_t left_ = 0;                                            // unused segments
  std::size_t tries_ = 0;
  std::vector<RefPath::Step> way_;
  std::vector<RefPath::Step> best_;
  std::size_t best_cost_ = 0;
};

}  // namespace

RefPath find_path(const ObjectId& from, const ObjectId& to, std::span<const RefMove> moves) {
  std::vector<std::size_t> made;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    if (moves[i].kind == Kind::made) made.push_back(i);
  }
  RefPath path;
  const std::vector<std::size_t> order = walk(made, moves, from);
  if (order.size() == made.size() && explains(order, moves, from, to)) {
    for (const std::size_t move : order) {
      path.steps.push_back(
          {.move = move, .before = moves[move].before, .after = moves[move].after});
    }
    if (unexplained(sights_of(moves), from, path.steps) == 0) return path;
    path.steps.clear();
  }
  RefWay way = way_by_time(from, to, moves);
  // Where that has something in it that nobody announced, clocks may be what is wrong.
  if (way.cost >= kUnannounced - kPending - 1) {
    way.steps = Search(segments_of(made, moves, from, to), moves, to).run(from, way);
  }
  for (const RefPath::Step& step : way.steps) {
    if (step.move && moves[*step.move].kind == Kind::pending) {
      path.held = true;
      break;
    }
    path.steps.push_back(step);
  }
  // An unannounced move right before a pending one is that push's to explain.
  while (path.held && !path.steps.empty() && !path.steps.back().move) path.steps.pop_back();
  return path;
}

ObjectId start_of(std::span<const RefMove> moves, const ObjectId& held) {
  std::unordered_map<ObjectId, int> balance;
  for (const RefMove& move : moves) {
    if (move.kind != Kind::made) continue;
    ++balance[move.before];
    --balance[move.after];
  }
  for (const RefMove& move : moves) {
    if (move.kind == Kind::made && balance[move.before] > 0) return move.before;
  }
  return held;
}

}  // namespace trunkgate

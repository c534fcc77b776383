#include "events/ref_timeline.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <queue>
#include <set>
#include <tuple>
#include <utility>

namespace trunkgate {
namespace {

using Kind = RefMove::Kind;
using Index = std::uint32_t;

// Stories that are followed at a time; the cheapest stay.
constexpr std::size_t kMaxStories = 64;
// A dead push can have moved the ref while so many others came to look at it.
constexpr std::size_t kMaxOverlap = 64;

// When something is known about a push.
struct Moment {
  std::int64_t time = 0;
  bool done = false;  // else it looks
  Index move = 0;
};

std::vector<Moment> moments_of(std::span<const RefMove> moves) {
  std::vector<Moment> moments;
  for (Index i = 0; i < moves.size(); ++i) {
    const std::int64_t seen = moves[i].seen;
    moments.push_back({.time = seen, .done = false, .move = i});
    if (moves[i].kind != Kind::made) continue;
    moments.push_back({.time = std::max(seen, moves[i].done), .done = true, .move = i});
  }
  std::stable_sort(moments.begin(), moments.end(),
                   [](const Moment& a, const Moment& b) { return a.time < b.time; });
  return moments;
}

// A step of a story, with the one before it: stories share their beginnings.
struct Node {
  std::size_t before = 0;
  RefPath::Step step;
};
constexpr std::size_t kNoNode = std::numeric_limits<std::size_t>::max();

// What can have happened up to a moment.
struct Story {
  ObjectId at;
  std::vector<Index> open;   // made moves that have not come yet and must
  std::vector<Index> spent;  // other moves that came, of those that could still come
  std::size_t cost = 0;
  std::size_t node = kNoNode;  // the last step
};

class Timeline {
 public:
  Timeline(std::span<const RefMove> moves, const ObjectId& from) : moves_(moves) {
    stories_.push_back({.at = from, .open = {}, .spent = {}});
  }

  RefWay run(const ObjectId& to) {
    for (const Moment& moment : moments_of(moves_)) {
      go_on();
      if (moment.done) {
        must_be_made(moment.move);
      } else {
        look(moment.move);
      }
    }
    go_on();
    return end(to);
  }

 private:
  void step(Story& story, std::optional<std::size_t> move, const ObjectId& after) {
    nodes_.push_back(
        {.before = story.node, .step = {.move = move, .before = story.at, .after = after}});
    story.node = nodes_.size() - 1;
    story.at = after;
  }

  static void take_out(std::vector<Index>& from, Index move) {
    from.erase(std::remove(from.begin(), from.end(), move), from.end());
  }

  // The story in which the move comes now, from where the ref is.
  Story with(const Story& story, Index i) {
    Story next = story;
    switch (moves_[i].kind) {
      case Kind::made:
        take_out(next.open, i);
        break;
      case Kind::possible:
        next.cost += kPossible;
        break;
      case Kind::pending:
        next.cost += kPending;
        break;
    }
    if (moves_[i].kind != Kind::made) {
      next.spent.insert(std::lower_bound(next.spent.begin(), next.spent.end(), i), i);
    }
    step(next, i, moves_[i].after);
    return next;
  }

  // The story in which something that nobody announced comes now.
  Story jump(const Story& story, const ObjectId& to, std::size_t cost = kUnannounced) {
    Story next = story;
    next.cost += cost;
    step(next, std::nullopt, to);
    return next;
  }

  // The moves that can come next. Of several that asked for the same, the first.
  std::vector<Index> next_moves(const Story& story) const {
    std::vector<Index> next;
    for (const std::vector<Index>* all : {&story.open, &others_}) {
      for (const Index i : *all) {
        if (moves_[i].before != story.at) continue;
        if (std::binary_search(story.spent.begin(), story.spent.end(), i)) continue;
        const bool known = std::any_of(next.begin(), next.end(), [&](Index other) {
          return moves_[other].kind == moves_[i].kind && moves_[other].after == moves_[i].after;
        });
        if (!known) next.push_back(i);
      }
    }
    return next;
  }

  // Adds the stories in which more has happened, and keeps the cheapest of all.
  void go_on() {
    const auto later = [](const auto& a, const auto& b) {
      return std::tie(a.first, a.second) > std::tie(b.first, b.second);
    };
    using Place = std::pair<std::size_t, std::size_t>;  // cost, index: the older of equals first
    std::priority_queue<Place, std::vector<Place>, decltype(later)> queue(later);
    std::vector<Story> all = std::move(stories_);
    for (std::size_t i = 0; i < all.size(); ++i) queue.emplace(all[i].cost, i);
    std::set<std::tuple<ObjectId, std::vector<Index>, std::vector<Index>>> known;
    stories_.clear();
    while (!queue.empty() && stories_.size() < kMaxStories) {
      const Story story = all[queue.top().second];
      queue.pop();
      if (!known.emplace(story.at, story.open, story.spent).second) continue;
      stories_.push_back(story);
      for (const Index i : next_moves(story)) {
        all.push_back(with(story, i));
        queue.emplace(all.back().cost, all.size() - 1);
      }
    }
  }

  void look(Index i) {
    const RefMove& move = moves_[i];
    for (Story& story : stories_) {
      if (move.seen != 0 && story.at != move.before) story.cost += kUnseen;
      if (move.kind == Kind::made) story.open.push_back(i);
    }
    if (move.kind == Kind::made) return;
    others_.push_back(i);
    const auto first = std::find_if(others_.begin(), others_.end(), [&](Index other) {
      return moves_[other].kind == Kind::possible;
    });
    if (others_.size() <= kMaxOverlap || first == others_.end()) return;
    for (Story& story : stories_) take_out(story.spent, *first);
    others_.erase(first);
  }

  // Stories in which the value is reached by something that nobody announced. What a living push
  // asked for explains more than that alone, even where one must have come before it.
  std::vector<Story> jumps(const Story& story, const ObjectId& to) {
    std::vector<Story> next{jump(story, to)};
    for (const Index i : others_) {
      if (moves_[i].kind != Kind::pending || moves_[i].after != to) continue;
      if (std::binary_search(story.spent.begin(), story.spent.end(), i)) continue;
      next.push_back(with(jump(story, moves_[i].before, kUnannounced - kPending - 1), i));
    }
    return next;
  }

  void must_be_made(Index i) {
    std::vector<Story> kept;
    for (const Story& story : stories_) {
      if (std::find(story.open.begin(), story.open.end(), i) == story.open.end()) {
        kept.push_back(story);
      } else if (story.at == moves_[i].before) {
        kept.push_back(with(story, i));
      } else {
        for (const Story& there : jumps(story, moves_[i].before)) kept.push_back(with(there, i));
      }
    }
    stories_ = std::move(kept);
  }

  RefWay end(const ObjectId& to) {
    const auto cheaper = [](const Story& a, const Story& b) { return a.cost < b.cost; };
    std::vector<Story> ends;
    for (const Story& story : stories_) {
      if (story.at == to) {
        ends.push_back(story);
      } else {
        for (Story& there : jumps(story, to)) ends.push_back(std::move(there));
      }
    }
    const Story& best = *std::min_element(ends.begin(), ends.end(), cheaper);
    RefWay way{.cost = best.cost, .steps = {}};
    for (std::size_t node = best.node; node != kNoNode; node = nodes_[node].before) {
      way.steps.push_back(nodes_[node].step);
    }
    std::reverse(way.steps.begin(), way.steps.end());
    return way;
  }

  std::span<const RefMove> moves_;
  std::vector<Story> stories_;
  std::vector<Index> others_;  // looked at, not made for sure
  std::vector<Node> nodes_;
};

}  // namespace

RefWay way_by_time(const ObjectId& from, const ObjectId& to, std::span<const RefMove> moves) {
  return Timeline(moves, from).run(to);
}

}  // namespace trunkgate

#include "events/reconcile.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "events/ref_path.h"

namespace trunkgate {
namespace {

// A move with the push it belongs to.
struct Owned {
  std::size_t push = 0;
  std::size_t update = 0;  // index into applied (made, pending) or refused (possible)
};

struct RefMoves {
  std::vector<RefMove> moves;
  std::vector<Owned> owners;  // of each move

  void add(RefMove::Kind kind, const SpooledUpdate& update, const PushOutcome& push, Owned owner) {
    moves.push_back({.kind = kind,
                     .before = update.before,
                     .after = update.after,
                     .seen = push.looked,
                     .done = push.time});
    owners.push_back(owner);
  }
};

std::map<std::string, RefMoves, std::less<>> moves_of(const std::vector<PushOutcome>& outcomes) {
  std::map<std::string, RefMoves, std::less<>> refs;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const PushOutcome& push = outcomes[i];
    const auto kind = push.pending ? RefMove::Kind::pending : RefMove::Kind::made;
    for (std::size_t k = 0; k < push.applied.size(); ++k) {
      refs[push.applied[k].ref].add(kind, push.applied[k], push, {i, k});
    }
    if (push.pending) continue;
    for (std::size_t k = 0; k < push.refused.size(); ++k) {
      // proc-receive lands before Git applies the rest, and may have been killed in between.
      if (!push.dead && push.refused[k].landing.empty()) continue;
      refs[push.refused[k].ref].add(RefMove::Kind::possible, push.refused[k], push, {i, k});
    }
  }
  return refs;
}

ObjectId value_of(const RefValues& values, std::string_view ref) {
  const auto found = values.find(ref);
  return found == values.end() ? ObjectId() : found->second;
}

// Where a chain of the moves starts. A push that asked for the value that the made ones start from
// has most likely made it: it knew what the ref held before.
ObjectId chain_start(const RefMoves& ref, const ObjectId& now) {
  ObjectId start = start_of(ref.moves, now);
  std::vector<bool> used(ref.moves.size());
  for (std::size_t i = 0; i < ref.moves.size(); ++i) {
    const RefMove& move = ref.moves[i];
    if (used[i] || move.kind == RefMove::Kind::made || move.after != start) continue;
    used[i] = true;
    start = move.before;
    i = static_cast<std::size_t>(-1);
  }
  return start;
}

// What a ref held of which no event has told yet: what the first push saw that came to look at it,
// unless clocks jumped and the chain of the moves explains more.
ObjectId first_value(const RefMoves& ref, const ObjectId& now) {
  const ObjectId start = chain_start(ref, now);
  const auto earlier = [](const RefMove& a, const RefMove& b) { return a.seen < b.seen; };
  const auto first = std::min_element(ref.moves.begin(), ref.moves.end(), earlier);
  if (first == ref.moves.end() || first->seen == 0 || first->before == start) return start;
  const auto unannounced = [&](const ObjectId& from) {
    const RefPath path = find_path(from, now, ref.moves);
    return std::count_if(path.steps.begin(), path.steps.end(),
                         [](const RefPath::Step& step) { return !step.move; });
  };
  return unannounced(first->before) <= unannounced(start) ? first->before : start;
}

// Whether the push looked before the change that was told last, as far as that can be told.
bool is_older(const RefMove& move, const RefHistory& last) {
  if (move.seen <= last.not_before) return true;
  return move.seen <= last.not_after && move.before == last.before && move.before != last.value;
}

// Everything that happened, with what must come before what.
class Story {
 public:
  Story(std::vector<PushOutcome>& outcomes, Sequence& sequence)
      : outcomes_(outcomes), sequence_(sequence), nodes_(outcomes.size()) {
    for (std::size_t i = 0; i < outcomes.size(); ++i) nodes_[i].held = outcomes[i].pending;
  }

  void add(const std::string& name, RefMoves& ref, const ObjectId& now, bool first) {
    auto history = sequence_.refs.find(name);
    if (history == sequence_.refs.end()) {
      const ObjectId value = first ? first_value(ref, now) : ObjectId();
      history =
          sequence_.refs.emplace(name, RefHistory{.count = 0, .last_event = {}, .value = value})
              .first;
    }
    for (RefMove& move : ref.moves) {
      if (is_older(move, history->second)) move.seen = 0;
    }
    const RefPath path = find_path(history->second.value, now, ref.moves);
    std::set<std::size_t> told;
    std::optional<std::size_t> last;  // index into steps_
    for (const RefPath::Step& step : path.steps) {
      std::size_t node = nodes_.size();
      if (step.move) {
        node = ref.owners[*step.move].push;
        told.insert(*step.move);
        if (ref.moves[*step.move].kind == RefMove::Kind::possible) {
          made_.insert({node, ref.owners[*step.move].update});
        }
      } else {
        nodes_.push_back({.external = {.ref = name, .before = step.before, .after = step.after}});
      }
      steps_.push_back({.node = node, .ref = &history->first});
      nodes_[node].steps.push_back(steps_.size() - 1);
      if (last) {
        steps_[*last].next = steps_.size() - 1;
        steps_.back().ready = false;
        ++nodes_[node].waits_for;
      }
      last = steps_.size() - 1;
    }
    if (!path.held) return;
    for (std::size_t i = 0; i < ref.moves.size(); ++i) {
      if (ref.moves[i].kind == RefMove::Kind::made && !told.contains(i)) {
        nodes_[ref.owners[i].push].held = true;
      }
    }
    // A dead push whose only trace may be what the living one hides is judged later, too.
    for (std::size_t i = 0; i < ref.moves.size(); ++i) {
      if (ref.moves[i].kind == RefMove::Kind::possible && !told.contains(i)) {
        nodes_[ref.owners[i].push].held = true;
      }
    }
  }

  std::vector<Happening> order() {
    hold_followers();
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (!nodes_[i].held) (nodes_[i].waits_for == 0 ? ready_ : waiting_).insert(i);
    }
    std::vector<Happening> happenings;
    while (!ready_.empty() || !waiting_.empty()) {
      if (ready_.empty()) {
        happenings.push_back(tell_part());
        continue;
      }
      const std::size_t node = *ready_.begin();
      ready_.erase(ready_.begin());
      Happening happening;
      if (node < outcomes_.size()) {
        happening.push = node;
        for (const std::size_t step : nodes_[node].steps) {
          if (nodes_[node].begun) happening.refs.push_back(*steps_[step].ref);
        }
      } else {
        happening.external = std::move(nodes_[node].external);
      }
      for (const std::size_t step : nodes_[node].steps) tell(step);
      happenings.push_back(std::move(happening));
    }
    apply_recovered();
    return happenings;
  }

 private:
  // One move of one ref, by a node.
  struct Step {
    std::size_t node = 0;
    const std::string* ref = nullptr;      // a key of sequence_.refs
    std::optional<std::size_t> next = {};  // step of the same ref
    bool ready = true;                     // what comes before it is told
  };

  struct Node {
    std::vector<std::size_t> steps = {};  // not told yet
    std::size_t waits_for = 0;            // how many of them are not ready
    bool held = false;
    bool begun = false;  // a part of it is told
    SpooledUpdate external = {};
  };

  void tell(std::size_t step) {
    if (!steps_[step].next) return;
    Step& next = steps_[*steps_[step].next];
    next.ready = true;
    if (--nodes_[next.node].waits_for == 0 && waiting_.erase(next.node) > 0) {
      ready_.insert(next.node);
    }
  }

  // Nothing can be told as a whole: tells of the first push that has any what waits for no other.
  Happening tell_part() {
    const auto is_ready = [&](std::size_t step) { return steps_[step].ready; };
    auto found = std::find_if(waiting_.begin(), waiting_.end(), [&](std::size_t node) {
      return std::any_of(nodes_[node].steps.begin(), nodes_[node].steps.end(), is_ready);
    });
    if (found == waiting_.end()) throw Error(ErrorKind::internal, "refs move in no order");
    Node& node = nodes_[*found];
    Happening part{.push = *found, .external = {}, .refs = {}, .goes_on = true};
    node.begun = true;
    std::vector<std::size_t> told;
    for (const std::size_t step : node.steps) {
      if (is_ready(step)) told.push_back(step);
    }
    std::erase_if(node.steps, is_ready);
    for (const std::size_t step : told) {
      part.refs.push_back(*steps_[step].ref);
      tell(step);
    }
    return part;
  }

  void hold_followers() {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].held) open.push_back(i);
    }
    while (!open.empty()) {
      const std::size_t node = open.back();
      open.pop_back();
      for (const std::size_t step : nodes_[node].steps) {
        if (!steps_[step].next) continue;
        const std::size_t next = steps_[*steps_[step].next].node;
        if (nodes_[next].held) continue;
        nodes_[next].held = true;
        open.push_back(next);
      }
    }
  }

  void apply_recovered() {
    for (std::size_t i = 0; i < outcomes_.size(); ++i) {
      std::vector<SpooledUpdate>& refused = outcomes_[i].refused;
      std::vector<SpooledUpdate> rest;
      for (std::size_t k = 0; k < refused.size(); ++k) {
        (made_.contains({i, k}) ? outcomes_[i].applied : rest).push_back(std::move(refused[k]));
      }
      refused = std::move(rest);
    }
  }

  std::vector<PushOutcome>& outcomes_;
  Sequence& sequence_;
  std::vector<Node> nodes_;  // the pushes, then what happened outside
  std::vector<Step> steps_;
  std::set<std::size_t> ready_;                         // nodes that can be told
  std::set<std::size_t> waiting_;                       // nodes that come after others
  std::set<std::pair<std::size_t, std::size_t>> made_;  // push and index into its `refused`
};

}  // namespace

std::vector<Happening> reconcile(std::vector<PushOutcome>& outcomes, const RefValues& now,
                                 Sequence& sequence, bool first) {
  Story story(outcomes, sequence);
  std::map<std::string, RefMoves, std::less<>> refs = moves_of(outcomes);
  for (const auto& [name, value] : now) {
    const RefHistory* history = sequence.find(name);
    if (first ? history == nullptr : history == nullptr || history->value != value) refs[name];
  }
  for (const auto& [name, history] : sequence.refs) {
    if (history.value != value_of(now, name)) refs[name];
  }
  for (auto& [name, moves] : refs) story.add(name, moves, value_of(now, name), first);
  return story.order();
}

}  // namespace trunkgate

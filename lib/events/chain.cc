#include "events/chain.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace trunkgate {
namespace {

struct Step {
  std::size_t push = 0;
  ObjectId before;
  ObjectId after;
};

struct RefSteps {
  std::vector<Step> made;     // in the preferred order
  std::vector<Step> pending;  // of pushes that are still going on
};

bool is_chain(const std::vector<Step>& steps) {
  for (std::size_t i = 1; i < steps.size(); ++i) {
    if (steps[i - 1].after != steps[i].before) return false;
  }
  return true;
}

// Where the chain starts: the value of the last event, else a value more steps leave than reach.
ObjectId start_of(const std::vector<Step>& steps, const RefHistory* history) {
  std::unordered_map<ObjectId, int> balance;
  for (const Step& step : steps) {
    ++balance[step.before];
    --balance[step.after];
    if (history != nullptr && step.before == history->value) return step.before;
  }
  for (const Step& step : steps) {
    if (balance[step.before] > 0) return step.before;
  }
  return steps.front().before;
}

// Uses every step once, each from where the one before it ended (Hierholzer's walk), when that is
// possible; a step may lead back to an old value, so following the first that fits is not enough.
std::vector<Step> walk(const std::vector<Step>& steps, const ObjectId& start) {
  std::unordered_map<ObjectId, std::vector<std::size_t>> leaving;  // the first to take stands last
  for (std::size_t i = steps.size(); i-- > 0;) leaving[steps[i].before].push_back(i);
  std::vector<Step> order;
  std::vector<std::size_t> path;
  ObjectId at = start;
  while (true) {
    std::vector<std::size_t>& next = leaving[at];
    if (!next.empty()) {
      path.push_back(next.back());
      next.pop_back();
      at = steps[path.back()].after;
    } else if (!path.empty()) {
      order.push_back(steps[path.back()]);
      at = steps[path.back()].before;
      path.pop_back();
    } else {
      break;
    }
  }
  std::reverse(order.begin(), order.end());
  return order;
}

// Something outside the gate moved the ref in between: the first step that fits, else the first one
// that no other leads to.
std::vector<Step> patch_together(std::vector<Step> steps, ObjectId at) {
  std::unordered_map<ObjectId, int> reached;  // how many remaining steps end there
  for (const Step& step : steps) ++reached[step.after];
  std::vector<Step> order;
  while (!steps.empty()) {
    auto next = std::find_if(steps.begin(), steps.end(),
                             [&](const Step& step) { return step.before == at; });
    if (next == steps.end()) {
      next = std::find_if(steps.begin(), steps.end(),
                          [&](const Step& step) { return reached[step.before] == 0; });
    }
    if (next == steps.end()) next = steps.begin();
    at = next->after;
    --reached[at];
    order.push_back(*next);
    steps.erase(next);
  }
  return order;
}

std::vector<Step> chain_of(const std::vector<Step>& steps, const RefHistory* history) {
  if (steps.size() < 2) return steps;
  const ObjectId start = start_of(steps, history);
  std::vector<Step> order = walk(steps, start);
  if (order.size() == steps.size() && is_chain(order)) return order;
  return patch_together(steps, start);
}

// The first push of the chain that starts from a value which only a pending push can have set.
std::optional<std::size_t> first_held(const std::vector<Step>& chain,
                                      const std::vector<Step>& pending, const RefHistory* history) {
  std::optional<ObjectId> at;
  if (history != nullptr) at = history->value;
  for (const Step& step : chain) {
    const bool explained = at == step.before;
    at = step.after;
    if (explained) continue;
    for (const Step& other : pending) {
      if (other.after == step.before) return step.push;
    }
  }
  return std::nullopt;
}

struct Links {
  std::vector<std::vector<std::size_t>> next;  // pushes that come after this one
  std::vector<std::size_t> waits_for;          // how many come before this one
  std::vector<bool> held;
};

Links link(std::span<const ChainedPush> pushes, const Sequence& sequence) {
  std::map<std::string_view, RefSteps> refs;
  for (std::size_t i = 0; i < pushes.size(); ++i) {
    for (const SpooledUpdate& step : pushes[i].steps) {
      RefSteps& ref = refs[step.ref];
      (pushes[i].pending ? ref.pending : ref.made).push_back({i, step.before, step.after});
    }
  }
  Links links{.next = std::vector<std::vector<std::size_t>>(pushes.size()),
              .waits_for = std::vector<std::size_t>(pushes.size()),
              .held = std::vector<bool>(pushes.size())};
  for (const auto& [name, ref] : refs) {
    if (ref.made.empty() || (ref.made.size() == 1 && ref.pending.empty())) continue;
    const RefHistory* history = sequence.find(name);
    const std::vector<Step> chain = chain_of(ref.made, history);
    for (std::size_t i = 1; i < chain.size(); ++i) {
      if (chain[i - 1].push == chain[i].push) continue;
      links.next[chain[i - 1].push].push_back(chain[i].push);
      ++links.waits_for[chain[i].push];
    }
    if (const auto held = first_held(chain, ref.pending, history)) links.held[*held] = true;
  }
  for (std::size_t i = 0; i < pushes.size(); ++i) {
    if (pushes[i].pending) links.held[i] = true;
  }
  return links;
}

void hold_followers(Links& links) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < links.held.size(); ++i) {
    if (links.held[i]) open.push_back(i);
  }
  while (!open.empty()) {
    const std::size_t push = open.back();
    open.pop_back();
    for (const std::size_t next : links.next[push]) {
      if (links.held[next]) continue;
      links.held[next] = true;
      open.push_back(next);
    }
  }
}

}  // namespace

std::vector<std::size_t> order_by_chains(std::span<const ChainedPush> pushes,
                                         const Sequence& sequence) {
  Links links = link(pushes, sequence);
  hold_followers(links);
  std::set<std::size_t> ready;
  std::set<std::size_t> waiting;
  for (std::size_t i = 0; i < pushes.size(); ++i) {
    if (!links.held[i]) (links.waits_for[i] == 0 ? ready : waiting).insert(i);
  }
  std::vector<std::size_t> order;
  while (!ready.empty() || !waiting.empty()) {
    std::set<std::size_t>& from = ready.empty() ? waiting : ready;
    const std::size_t push = *from.begin();
    from.erase(from.begin());
    order.push_back(push);
    for (const std::size_t next : links.next[push]) {
      if (--links.waits_for[next] == 0 && waiting.erase(next) > 0) ready.insert(next);
    }
  }
  return order;
}

}  // namespace trunkgate

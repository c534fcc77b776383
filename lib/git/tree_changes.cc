#include "git/tree_changes.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <tuple>

#include "base/large_pages.h"
#include "git/few_differences.h"

namespace trunkgate {
namespace {

// How far the common base of two trees may be, and how many differences may lie on the way.
constexpr std::size_t kMaxWay = 200;
constexpr std::size_t kMaxSteps = 400;
constexpr std::size_t kBlock = std::size_t{64} << 10U;
constexpr std::size_t kLargestBlock = std::size_t{8} << 20U;
// For all of them. Without room trees are read, which takes many times longer: 143,000 trees of a
// history in the shape of git's take 47 MB.
constexpr std::size_t kMaxBytes = std::size_t{64} << 20U;

bool same(const TreeEntry& a, const TreeEntry& b) {
  if (a.name.empty() || b.name.empty()) return a.name.empty() == b.name.empty();
  return a.id == b.id && a.mode == b.mode;
}

// A pair has no name on the side where nothing stands.
const TreeEntry& named(const TreeEntry* pair) { return pair[0].name.empty() ? pair[1] : pair[0]; }

}  // namespace

TreeChanges::TreeChanges(const PushedPacks& packs) : packs_(packs) {
  trees_.reserve(packs.packs().size());
  for (const auto& pack : packs.packs()) {
    std::vector<Tree>& trees = trees_.emplace_back();
    trees.reserve(pack->count());
    ask_for_large_pages(trees);
    trees.resize(pack->count());
  }
}

// At least so many bytes; the more there have been, the more.
std::span<char> TreeChanges::block(std::size_t size) {
  const std::lock_guard<std::mutex> lock(mutex_);
  size = std::max(size, std::min(block_bytes_ / 8, kLargestBlock) / kBlock * kBlock);
  if (block_bytes_ + size > kMaxBytes) return {};
  block_bytes_ += size;
  blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
  ask_for_large_pages(blocks_.back().get(), size);
  return {blocks_.back().get(), size};
}

char* TreeChanges::Recorder::room(std::size_t size) {
  size = (size + alignof(Pair) - 1) / alignof(Pair) * alignof(Pair);
  if (size > left_) {
    const std::span<char> block = changes_.block(std::max(size, kBlock));
    if (block.empty()) return nullptr;
    room_ = block.data();
    left_ = block.size();
  }
  left_ -= size;
  char* const room = room_;
  room_ += size;
  return room;
}

void TreeChanges::Recorder::record(std::size_t pack, std::size_t tree, const TreeFacts& facts) {
  Tree recorded;
  recorded.size = static_cast<std::uint32_t>(std::min<std::size_t>(facts.size, kNone - 1));
  recorded.names_apart = facts.names_apart;
  changes_.trees_[pack][tree] = recorded;
}

void TreeChanges::Recorder::record(std::size_t pack, std::size_t tree, const TreeFacts& facts,
                                   std::size_t base, const std::vector<TreeEntry>& found) {
  record(pack, tree, facts);
  if (found.size() > 2 * kFewDifferences) return;
  // The pairs first, then the bytes of their names.
  const std::size_t pairs = found.size() / 2 * sizeof(Pair);
  std::size_t bytes = pairs;
  for (std::size_t i = 0; i < found.size(); i += 2) bytes += named(&found[i]).name.size();
  char* const place = room(bytes);
  if (place == nullptr) return;
  char* name = place + pairs;
  auto* const kept = reinterpret_cast<Pair*>(place);
  for (std::size_t i = 0; i < found.size(); i += 2) {
    const std::string_view bytes_of_name = named(&found[i]).name;
    std::memcpy(name, bytes_of_name.data(), bytes_of_name.size());
    const bool gone = found[i].name.empty();
    Pair* const pair = new (kept + i / 2) Pair;
    pair->entry = named(&found[i]);
    pair->entry.name = {name, bytes_of_name.size()};
    pair->base_id = found[i + 1].id;
    pair->base_mode = gone ? Pair::kGone : found[i + 1].mode;
    name += bytes_of_name.size();
  }
  Tree& recorded = changes_.trees_[pack][tree];
  recorded.changes = kept;
  recorded.count = static_cast<std::uint16_t>(found.size() / 2);
  recorded.base = static_cast<std::uint32_t>(base);
  recorded.depth = changes_.trees_[pack][base].depth + 1;
}

std::optional<PushedPlace> TreeChanges::find(const ObjectId& tree) const {
  const auto place = packs_.find(tree);
  if (!place || trees_[place->pack][place->number].size == kNone) return std::nullopt;
  return place;
}

TreeFacts TreeChanges::facts(const PushedPlace& tree) const {
  const Tree& recorded = trees_[tree.pack][tree.number];
  return {.size = recorded.size, .names_apart = recorded.names_apart};
}

// What stands on the way nearest to a tree is what the tree has; what its last step on the way had
// below it is what the common base has.
void TreeChanges::put_together(std::vector<Step>& steps, std::vector<TreeEntry>& found) {
  std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
    if (const int order = tree_order(a.name(), b.name()); order != 0) return order < 0;
    return std::tie(a.other, a.order) < std::tie(b.other, b.order);
  });
  for (auto at = steps.begin(); at != steps.end();) {
    const auto end = std::find_if(
        at, steps.end(), [&](const Step& s) { return tree_order(s.name(), at->name()) != 0; });
    const auto others = std::find_if(at, end, [](const Step& step) { return step.other; });
    const TreeEntry base = others != end ? (end - 1)->pair->base() : (others - 1)->pair->base();
    const TreeEntry own = at != others ? at->pair->own() : base;
    const TreeEntry other = others != end ? others->pair->own() : base;
    if (!same(own, other)) {
      found.push_back(own);
      found.push_back(other);
    }
    at = end;
  }
}

bool TreeChanges::compare(const PushedPlace& own, const PushedPlace& other,
                          std::vector<TreeEntry>& found) const {
  found.clear();
  if (own.pack != other.pack) return false;
  const std::vector<Tree>& trees = trees_[own.pack];
  std::size_t here = own.number;
  std::size_t there = other.number;
  std::vector<Step> steps;
  for (std::size_t way = 0; here != there; ++way) {
    const bool climbs_other = trees[there].depth > trees[here].depth;
    std::size_t& at = climbs_other ? there : here;
    const Tree& tree = trees[at];
    if (tree.base == kNone || way == kMaxWay || steps.size() > kMaxSteps) return false;
    for (std::uint32_t i = 0; i < tree.count; ++i) {
      steps.push_back({tree.changes + i, climbs_other, static_cast<std::uint32_t>(way)});
    }
    at = tree.base;
  }
  put_together(steps, found);
  return true;
}

bool TreeChanges::compare(const PushedPlace& own, const std::vector<ObjectId>& others,
                          std::vector<TreeEntry>& found) const {
  found.clear();
  std::vector<std::vector<TreeEntry>> pairs(others.size());
  for (std::size_t i = 0; i < others.size(); ++i) {
    const auto other = find(others[i]);
    if (!other || !compare(own, *other, pairs[i])) return false;
  }
  if (others.size() == 1) {
    found = std::move(pairs[0]);
    return true;
  }
  // Where one of the others has no difference it has what the tree has.
  std::vector<std::size_t> next(others.size());
  while (true) {
    const TreeEntry* least = nullptr;
    const TreeEntry* own_entry = nullptr;
    for (std::size_t i = 0; i < others.size(); ++i) {
      if (next[i] == pairs[i].size()) continue;
      const TreeEntry& name = named(&pairs[i][next[i]]);
      if (least != nullptr && tree_order(name, *least) >= 0) continue;
      least = &name;
      own_entry = &pairs[i][next[i]];
    }
    if (least == nullptr) return true;
    found.push_back(*own_entry);
    for (std::size_t i = 0; i < others.size(); ++i) {
      const bool here =
          next[i] < pairs[i].size() && tree_order(named(&pairs[i][next[i]]), *least) == 0;
      found.push_back(here ? pairs[i][next[i] + 1] : *own_entry);
      if (here) next[i] += 2;
    }
  }
}

}  // namespace trunkgate

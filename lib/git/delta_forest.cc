#include "git/delta_forest.h"

#include <algorithm>
#include <utility>

#include "base/large_pages.h"
#include "git/pushed_packs.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxHeld = std::size_t{32} << 20U;
// Room that stays for the next family of objects.
constexpr std::size_t kMaxKept = std::size_t{4} << 20U;

}  // namespace

DeltaForest::DeltaForest(const PackFile& pack) : pack_(&pack) {
  const auto order = PushedPacks::in_order(pack);
  offsets_.reserve(order.size());
  ask_for_large_pages(offsets_);
  numbers_.reserve(order.size());
  for (const auto& [offset, number] : order) {
    offsets_.push_back(offset);
    numbers_.push_back(static_cast<std::uint32_t>(number));
  }
  constexpr std::uint32_t kRoot = UINT32_MAX;
  std::vector<std::uint32_t> bases(order.size(), kRoot);
  first_child_.resize(order.size() + 1);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (const auto base = pack.entry(offsets_[i]).base) {
      bases[i] = static_cast<std::uint32_t>(at(*base));
      ++first_child_[bases[i] + 1];
    } else {
      roots_.push_back(static_cast<std::uint32_t>(i));
    }
  }
  for (std::size_t i = 0; i < order.size(); ++i) first_child_[i + 1] += first_child_[i];
  children_.resize(order.size() - roots_.size());
  std::vector<std::uint32_t> next(first_child_.begin(), first_child_.end() - 1);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (bases[i] != kRoot) children_[next[bases[i]]++] = static_cast<std::uint32_t>(i);
  }
  // Deltas that are based on each other in a circle have no root, and nobody would visit them.
  std::vector<std::uint32_t> waiting = roots_;
  std::size_t reached = 0;
  while (!waiting.empty()) {
    const std::uint32_t object = waiting.back();
    waiting.pop_back();
    ++reached;
    for (const std::uint32_t child : children(object)) waiting.push_back(child);
  }
  if (reached != order.size()) pack.damaged("a chain of deltas does not end");
}

std::size_t DeltaForest::at(std::uint64_t offset) const {
  const auto found = std::lower_bound(offsets_.begin(), offsets_.end(), offset);
  if (found == offsets_.end() || *found != offset) pack_->damaged("a delta's base is no object");
  return static_cast<std::size_t>(found - offsets_.begin());
}

PackedObject DeltaWalk::described(std::size_t object, ObjectType type) const {
  return {forest_.number(object), forest_.offset(object), type, std::nullopt};
}

char* DeltaWalk::room(std::size_t depth, std::uint64_t size) {
  if (rooms_.size() <= depth) rooms_.resize(depth + 1);
  Room& room = rooms_[depth];
  if (room.bytes != nullptr && room.size >= size) return room.bytes.get();
  held_ -= std::exchange(room.size, 0);
  room.bytes.reset();
  for (std::size_t below = depth + 1; held_ + size > kMaxHeld && below < rooms_.size(); ++below) {
    held_ -= std::exchange(rooms_[below].size, 0);
    rooms_[below].bytes.reset();
  }
  if (held_ + size > kMaxHeld) return nullptr;
  // A little more: the next object here is mostly another version of the same file.
  const std::size_t wanted = static_cast<std::size_t>(size) + static_cast<std::size_t>(size) / 8;
  room.bytes = std::make_unique_for_overwrite<char[]>(wanted);
  room.size = wanted;
  held_ += wanted;
  return room.bytes.get();
}

// In a line of versions nothing else is based on the one before the base. The next one is put
// together in its place; where the two may differ from each other is what the base has moved.
bool DeltaWalk::take_over(std::size_t depth, std::uint64_t size) {
  if (depth < 2 || moved_depth_ != depth - 1) return false;
  Step& last = steps_[depth - 2];
  if (!last.left.empty() || !last.object.bytes || rooms_[depth - 2].size < size) return false;
  last.object.bytes.reset();
  if (rooms_.size() <= depth) rooms_.resize(depth + 1);
  std::swap(rooms_[depth], rooms_[depth - 2]);
  return true;
}

void DeltaWalk::read_root(PackedObject& object) {
  const PackFile& pack = forest_.pack();
  const PackFile::Entry entry = pack.entry(object.offset);
  Inflater::check_stream(pack, entry);
  char* const out = room(0, entry.size);
  if (out == nullptr) return;
  inflater_.inflate(pack, entry, out);
  object.bytes = std::string_view(out, entry.size);
}

void DeltaWalk::read_delta(PackedObject& object, std::size_t depth, const PackedObject& base) {
  const PackFile& pack = forest_.pack();
  const PackFile::Entry entry = pack.entry(object.offset);
  Inflater::check_stream(pack, entry);
  if (entry.size > kMaxHeld) return;
  if (delta_.size() < entry.size) delta_.resize(entry.size);
  inflater_.inflate(pack, entry, delta_.data());
  const std::string_view delta(delta_.data(), entry.size);
  const auto sizes = delta_sizes(delta);
  if (!sizes) pack.damaged("a delta has no size");
  const bool stands = take_over(depth, sizes->object);
  char* const out = room(depth, sizes->object);
  if (out == nullptr) return;
  if (!apply_delta(delta, *base.bytes, out, &fresh_,
                   {.stale = stands ? &moved_ : nullptr, .moved = &next_moved_})) {
    pack.damaged("a delta does not fit its base");
  }
  std::swap(moved_, next_moved_);
  moved_depth_ = depth;
  object.bytes = std::string_view(out, sizes->object);
}

void DeltaWalk::visit(std::size_t root, const Visitor& visitor) {
  if (held_ > kMaxKept) {
    rooms_.clear();
    held_ = 0;
  }
  const ObjectType type = forest_.type_of_root(root);
  steps_.clear();
  fresh_.clear();
  moved_depth_ = 0;
  steps_.push_back({described(root, type), forest_.children(root)});
  read_root(steps_[0].object);
  visitor(steps_[0].object, nullptr, fresh_);
  while (!steps_.empty()) {
    if (steps_.back().left.empty()) {
      steps_.pop_back();
      continue;
    }
    const std::size_t child = steps_.back().left.front();
    steps_.back().left = steps_.back().left.subspan(1);
    const std::size_t depth = steps_.size();
    steps_.push_back({described(child, type), forest_.children(child)});
    PackedObject& object = steps_[depth].object;
    const PackedObject& base = steps_[depth - 1].object;
    fresh_.clear();
    if (base.bytes) read_delta(object, depth, base);
    visitor(object, object.bytes ? &base : nullptr, fresh_);
  }
}

}  // namespace trunkgate

#include "git/walked_commits.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/large_pages.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{48} << 20U;
// Small pushes have a few kilobytes, large ones some ten megabytes.
constexpr std::size_t kFirstBlock = std::size_t{64} << 10U;
constexpr std::size_t kLargestBlock = std::size_t{8} << 20U;

}  // namespace

char* WalkedCommits::room(std::size_t size) {
  if (left_ < size) {
    const std::size_t block = std::max(size, std::clamp(held_, kFirstBlock, kLargestBlock));
    if (held_ + block > kMaxBytes) return nullptr;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(block));
    next_ = blocks_.back().get();
    ask_for_large_pages(next_, block);
    left_ = block;
    held_ += block;
  }
  left_ -= size;
  return std::exchange(next_, next_ + size);
}

void WalkedCommits::keep(const ObjectId& id, std::string_view bytes) {
  const auto [at, added] = commits_.try_emplace(id);
  if (!added) return;
  char* const copy = room(bytes.size());
  if (copy == nullptr) {
    commits_.erase(at);
    return;
  }
  std::memcpy(copy, bytes.data(), bytes.size());
  at->second = {copy, bytes.size()};
}

std::optional<std::string_view> WalkedCommits::find(const ObjectId& id) const {
  const auto known = commits_.find(id);
  return known == commits_.end() ? std::nullopt : std::optional(known->second);
}

void WalkedCommits::drop(const ObjectId& id) {
  if (commits_.erase(id) == 0 || !commits_.empty()) return;
  blocks_.clear();
  left_ = held_ = 0;
}

}  // namespace trunkgate

#include "policy/push_parts.h"

#include <cstddef>
#include <unordered_map>

namespace trunkgate {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// For each commit the first ref that reaches it. What an earlier ref has, it has with all new
// ancestors, so nothing is walked twice.
std::unordered_map<ObjectId, std::size_t, ObjectIdHash> owners(
    const Push& push, const std::vector<const PushedRef*>& refs, const std::vector<ObjectId>& ids) {
  std::unordered_map<ObjectId, std::size_t, ObjectIdHash> owner;
  for (const ObjectId& id : ids) owner.emplace(id, kNone);
  for (std::size_t i = 0; i < refs.size(); ++i) {
    std::vector<ObjectId> stack{refs[i]->new_commit};
    while (!stack.empty()) {
      const auto found = owner.find(stack.back());
      stack.pop_back();
      if (found == owner.end() || found->second != kNone) continue;
      found->second = i;
      for (const ObjectId& parent : push.repository.links(found->first).parents) {
        stack.push_back(parent);
      }
    }
  }
  return owner;
}

}  // namespace

std::vector<PushPart> parts_of(const Push& push, const Scope& scope,
                               const std::vector<const PushedRef*>& refs,
                               const std::vector<ObjectId>& ids) {
  const auto owner = owners(push, refs, ids);
  std::vector<PushPart> all;
  for (const PushedRef* ref : refs) all.push_back({ref, {}});
  std::vector<bool> left_out(refs.size());
  // Most rules have no conditions, and then no commit need be read.
  const bool all_apply = scope.only.empty() && scope.except.empty();
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
    const std::size_t i = owner.at(*id);
    if (i == kNone) continue;
    if (all_apply || scope.applies_to(push, refs, push.repository.commit(*id))) {
      all[i].commits.push_back(*id);
    } else {
      left_out[i] = true;
    }
  }
  std::vector<PushPart> parts;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].commits.empty() || !left_out[i]) parts.push_back(std::move(all[i]));
  }
  return parts;
}

}  // namespace trunkgate

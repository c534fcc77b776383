#include "policy/event_types.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace trunkgate {
namespace {

constexpr std::string_view kPrefix = "dev.trunkgate.";
constexpr std::string_view kTypes[] = {
    "push.received",     "push.accepted",  "push.rejected",     "ref.created",
    "ref.updated",       "ref.deleted",    "change.landed",     "tag.created",
    "tag.moved",         "tag.deleted",    "release.created",   "exemption.used",
    "policy.changed",    "branch.stale",   "branch.archived",   "branch.restored",
    "hotfix.unmerged",   "check.recorded", "approval.recorded", "lineage.recorded",
    "endpoint.disabled", "delivery.dead"};

bool is_version(std::string_view text) {
  return text.size() >= 2 && text[0] == 'v' &&
         std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::span<const std::string_view> event_types() { return kTypes; }

std::string_view plain_event_type(std::string_view type) {
  const std::size_t dot = type.rfind('.');
  if (!type.starts_with(kPrefix) || !is_version(type.substr(dot + 1))) return type;
  if (dot <= kPrefix.size()) return type;
  return type.substr(kPrefix.size(), dot - kPrefix.size());
}

}  // namespace trunkgate

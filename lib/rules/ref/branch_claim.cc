#include "rules/ref/branch_claim.h"

#include <charconv>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxClaimBytes = 256;

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || after != end || value < 0) return std::nullopt;
  return value;
}

}  // namespace

std::string BranchClaims::path(const std::string& ref) const {
  return push_.state + "/branches/" + sha256(push_.repository.full_name(ref));
}

std::optional<BranchClaim> BranchClaims::find(const std::string& ref) const {
  if (push_.state.empty()) return std::nullopt;
  const FileText file = read_file(path(ref), kMaxClaimBytes);
  if (file.state != FileState::present) return std::nullopt;
  const std::vector<std::string_view> words = split(trim(file.text), ' ');
  if (words.size() != 4 || words[0] != "1") return std::nullopt;
  const auto first = number(words[1]);
  const auto seen = number(words[2]);
  const auto tip = ObjectId::parse(words[3]);
  if (!first || !seen || !tip) return std::nullopt;
  return BranchClaim{*first, *seen, *tip};
}

void BranchClaims::write(const std::string& ref, const BranchClaim& claim) const {
  if (push_.state.empty()) return;
  const Sharing sharing = push_.repository.sharing();
  make_folder(push_.state + "/branches", sharing);
  // Whole or not at all, and not synced: what a power cut takes away is told by the commits again.
  write_file(path(ref),
             "1 " + std::to_string(claim.first) + " " + std::to_string(claim.seen) + " " +
                 claim.tip.hex() + "\n",
             sharing, Durability::none);
}

}  // namespace trunkgate

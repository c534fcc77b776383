#include "policy/exemption_claim_files.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <exception>
#include <map>

#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::string_view kFolder = "/exemptions";
constexpr std::size_t kMaxClaimBytes = std::size_t{64} << 10U;

std::optional<ExemptionClaim> parse(const std::string& name) {
  const auto parts = split(name, '.');
  if (parts.size() != 4 || parts[3].size() != 16) return std::nullopt;
  const auto subject = ObjectId::parse(parts[0]);
  const auto push = PushKey::parse(parts[2]);
  if (!subject || !push) return std::nullopt;
  ExemptionClaim claim{.subject = *subject, .push = *push, .use = std::string(parts[3])};
  const char* end = parts[1].data() + parts[1].size();
  if (std::from_chars(parts[1].data(), end, claim.time).ptr != end) return std::nullopt;
  return claim;
}

// Files that are no claims (a temporary one of a process that was killed) say nothing.
std::vector<ExemptionClaim> claims_in(const std::string& folder, bool open) {
  std::vector<ExemptionClaim> claims;
  // Uses that nobody can see are not there to be used again.
  if (::access(folder.c_str(), R_OK | X_OK) != 0 && errno != ENOENT) {
    throw Error(ErrorKind::delivery, "cannot read " + folder + ": " + std::strerror(errno));
  }
  for (const std::string& name : list_folder(folder)) {
    auto claim = parse(name);
    if (!claim) continue;
    claim->open = open;
    claim->path = folder + "/" + name;
    claims.push_back(std::move(*claim));
  }
  return claims;
}

}  // namespace

std::string ExemptionClaim::file_name() const {
  return subject.hex() + "." + std::to_string(time) + "." + push.text() + "." + use;
}

std::optional<ClaimText> read_claim(const ExemptionClaim& claim) {
  FileText file = read_file(claim.path, kMaxClaimBytes);
  if (file.state == FileState::missing && claim.open) {
    // post-receive has just moved it.
    const auto at = claim.path.rfind("/open/");
    file = read_file(claim.path.substr(0, at) + "/used/" + claim.file_name(), kMaxClaimBytes);
  }
  std::string_view text = file.text;
  if (file.state != FileState::present || !text.ends_with('\n')) return std::nullopt;
  text.remove_suffix(1);
  const auto words = split(text, ' ');
  if (words.size() != 3) return std::nullopt;
  const auto id = ObjectId::parse(words[0]);
  if (!id) return std::nullopt;
  return ClaimText{*id, std::string(words[1]), std::string(words[2])};
}

std::string claims_folder(const std::string& state, const std::string& label) {
  return state + std::string(kFolder) + "/" + label;
}

std::string use_id(const PushKey& push, const std::string& ref, const ObjectId& new_id) {
  return sha256(push.text() + "\n" + ref + "\n" + new_id.hex()).substr(0, 16);
}

// Oldest first. open/ is read first: what moves to used/ in between is then seen twice and not
// missed.
std::vector<ExemptionClaim> all_claims(const std::string& folder) {
  std::map<std::string, ExemptionClaim> by_name;
  for (const bool open : {true, false}) {
    for (ExemptionClaim& claim : claims_in(folder + (open ? "/open" : "/used"), open)) {
      by_name.insert_or_assign(claim.file_name(), std::move(claim));
    }
  }
  std::vector<ExemptionClaim> claims;
  for (auto& [name, claim] : by_name) claims.push_back(std::move(claim));
  std::stable_sort(claims.begin(), claims.end(),
                   [](const auto& a, const auto& b) { return a.time < b.time; });
  return claims;
}

void move_to_used(const ExemptionClaim& claim, const std::string& folder) {
  std::rename(claim.path.c_str(), (folder + "/used/" + claim.file_name()).c_str());
}

void confirm_claims(const std::string& state, const PushKey& push,
                    const std::vector<std::pair<std::string, ObjectId>>& landed) noexcept {
  try {
    const std::string top = state + std::string(kFolder);
    for (const std::string& label : list_folder(top)) {
      const std::string folder = top + "/" + label;
      for (const ExemptionClaim& claim : claims_in(folder + "/open", true)) {
        if (claim.push != push) continue;
        const bool used = std::any_of(landed.begin(), landed.end(), [&](const auto& update) {
          return claim.use == use_id(push, update.first, update.second);
        });
        if (used) move_to_used(claim, folder);
      }
    }
  } catch (const std::exception&) {
    // The next who looks finds that it has landed.
  }
}

}  // namespace trunkgate

#include "policy/exemption_claims.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <set>

#include "base/file.h"
#include "git/ref_files.h"
#include "push/new_commits.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxClaimBytes = std::size_t{64} << 10U;
constexpr std::int64_t kPatience = std::int64_t{24} * 3600;

}  // namespace

ExemptionRoom room_for(const Exemption& exemption, const std::vector<ExemptionSubject>& subjects,
                       const std::vector<ExemptionClaim>& claims, std::int64_t now) {
  ExemptionRoom room;
  if (exemption.uses) {
    room.uses = *exemption.uses;
    for (const ExemptionSubject& subject : subjects) {
      std::vector<ExemptionClaim> taken;
      std::copy_if(claims.begin(), claims.end(), std::back_inserter(taken),
                   [&](const ExemptionClaim& claim) {
                     return claim.subject == subject.id && claim.time >= subject.since;
                   });
      room.uses = std::min(*room.uses, *exemption.uses - std::min(*exemption.uses, taken.size()));
      if (taken.size() >= *exemption.uses) room.taken_by = std::move(taken);
    }
  }
  if (exemption.budget) {
    std::vector<ExemptionClaim> taken;
    std::set<std::string_view> uses;
    for (const ExemptionClaim& claim : claims) {
      if (claim.time <= now - kBudgetSeconds || !uses.insert(claim.use).second) continue;
      taken.push_back(claim);
    }
    room.budget = *exemption.budget - std::min(*exemption.budget, taken.size());
    if (*room.budget == 0 && room.taken_by.empty()) room.taken_by = std::move(taken);
  }
  return room;
}

ExemptionClaims::ExemptionClaims(const Repository& repository, std::string state,
                                 std::function<Liveness(const PushKey&)> liveness)
    : repository_(repository), state_(std::move(state)), liveness_(std::move(liveness)) {}

ExemptionClaims::~ExemptionClaims() { release(); }

// Names in claims are full ones, and this repository may be one namespace of several.
bool ExemptionClaims::landed(const ExemptionClaim& claim) const {
  const auto text = read_claim(claim);
  // What is gone was released. A claim is there as a whole or not at all, so of one that was cut
  // short since, or is another account's, nobody knows whether it was used.
  if (!text) return read_file(claim.path, kMaxClaimBytes).state != FileState::missing;
  const auto value = ObjectId::parse(read_ref_file(repository_.path(), text->ref));
  if (!value || text->new_id.is_zero()) return !value && text->new_id.is_zero();
  if (*value == text->new_id) return true;
  const Peeled tip = repository_.peel(*value);
  const Peeled wanted = repository_.peel(text->new_id);
  return tip.type == ObjectType::commit && wanted.type == ObjectType::commit &&
         reaches(repository_, tip.id, wanted.id);
}

bool ExemptionClaims::counts(const ExemptionClaim& claim, std::int64_t now) const {
  if (!claim.open) return true;
  switch (liveness_(claim.push)) {
    case Liveness::alive:
      return true;
    case Liveness::foreign:
      return claim.time > now - kPatience || landed(claim);
    case Liveness::dead:
      return landed(claim);
  }
  return true;
}

std::vector<ExemptionClaim> ExemptionClaims::counted(const std::string& label,
                                                     std::int64_t now) const {
  if (state_.empty()) return {};
  std::vector<ExemptionClaim> claims = all_claims(claims_folder(state_, label));
  std::erase_if(claims, [&](const ExemptionClaim& claim) { return !counts(claim, now); });
  return claims;
}

bool ExemptionClaims::claim(const Exemption& exemption, const ExemptionUse& use,
                            const ObjectId& new_id, const PushKey& push, std::int64_t now) {
  if (state_.empty()) return true;
  const Sharing sharing = repository_.sharing();
  const std::string here = claims_folder(state_, exemption.label);
  for (const char* part : {"/open", "/used"}) make_folder(here + part, sharing);
  const FileLock lock = FileLock::wait(here + "/lock", sharing);
  std::vector<ExemptionClaim> claims = all_claims(here);
  std::erase_if(claims, [&](const ExemptionClaim& claim) {
    if (!claim.open || liveness_(claim.push) == Liveness::alive) return false;
    if (counts(claim, now)) {
      if (landed(claim)) move_to_used(claim, here);
      return false;
    }
    remove_file(claim.path);
    return true;
  });
  if (!room_for(exemption, use.subjects, claims, now).any()) return false;
  const std::string ref = repository_.full_name(use.ref);
  const std::string text = new_id.hex() + " " + use.pusher + " " + ref + "\n";
  for (const ExemptionSubject& subject : use.subjects) {
    // Never older than the grant, whose clock may have been a little ahead: it would not count.
    const ExemptionClaim wanted{.subject = subject.id,
                                .time = std::max(now, subject.since),
                                .push = push,
                                .use = use_id(push, ref, new_id)};
    const std::string path = here + "/open/" + wanted.file_name();
    // The name tells the push and the use: what is there already is this push's own.
    create_file(path, text, sharing, Durability::synced);
    claimed_.push_back(path);
  }
  return true;
}

void ExemptionClaims::release() noexcept {
  try {
    for (const std::string& path : claimed_) remove_file(path);
  } catch (const std::exception&) {
    // The push is dead soon, and then they do not count.
  }
  claimed_.clear();
}

}  // namespace trunkgate

#include "rules/evidence/requirements/approval_requirement.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "rules/evidence/requirements/approvals.h"
#include "rules/evidence/requirements/owned_paths.h"

namespace trunkgate {
namespace {

using namespace approval_options;

constexpr std::size_t kMaxDetails = 8;
constexpr std::size_t kMostApprovals = 100;
// Vetoes that might come while the work lands are looked for again among so many.
constexpr std::size_t kMostSilent = 200;
constexpr std::string_view kSurvivals[] = {"clean-rebase"};

void refuse(Standing& standing, std::string message, std::string why) {
  if (standing.state != RequirementState::satisfied) {
    standing.details.push_back(std::move(message));
    return;
  }
  standing.state = RequirementState::unsatisfied;
  standing.message = std::move(message);
  standing.why = std::move(why);
}

std::string words_of_veto(const Attestation& veto) {
  return "it says: " + printable(trim(veto.body.text), 200);
}

void say_vetoes(const LandedWork& work, const std::vector<const Attestation*>& vetoes,
                Standing& standing) {
  std::vector<std::string> names;
  for (const Attestation* veto : vetoes) {
    names.push_back(printable(veto->issuer, 64));
    if (!veto->body.text.empty()) standing.details.push_back(words_of_veto(*veto));
    standing.commands.push_back("git push origin :" + veto->ref);
  }
  standing.state = RequirementState::unsatisfied;
  standing.vetoed = true;
  standing.why = "vetoed by " + some_of(names);
  standing.message = "'" + names[0] + "' vetoes " + work.name();
  if (names.size() > 1) {
    standing.message = some_of(names) + " veto " + work.name();
  }
  standing.hint = "it goes away when whoever left it changes or deletes it";
}

Standing too_many_commits(const LandedWork& work) {
  Standing standing;
  standing.state = RequirementState::error;
  standing.why = "more than " + std::to_string(kMaxLandedCommits) + " commits";
  standing.message = work.name() + " brings more than " + std::to_string(kMaxLandedCommits) +
                     " commits: nobody can tell who had a part in them";
  standing.hint = "land it in smaller steps";
  return standing;
}

// A veto that comes while the work lands counts, too: whoever has said nothing yet must still have
// said nothing then. What this very push brings has been looked at with it.
void rely_on_silence(const LandedWork& work, const std::vector<std::string>& users,
                     Standing& standing) {
  const Push& push = work.view.push;
  std::set<std::string> spoken;
  for (const PushedRef& ref : push.refs) spoken.insert(ref.name);
  std::size_t left = kMostSilent;
  for (const ObjectId& commit : work.commits()) {
    for (const Attestation& found : evidence_about(push, commit)) spoken.insert(found.ref);
    for (const std::string& user : users) {
      std::string ref = AttestationName{commit, AttestationKind::approval, user}.ref();
      if (spoken.contains(ref)) continue;
      if (left-- == 0) return;
      standing.relied.emplace_back(std::move(ref), ObjectId());
    }
  }
}

}  // namespace

ApprovalRequirement::ApprovalRequirement(const RuleSetup& setup)
    : count_(static_cast<std::size_t>(setup.options.get(kCount))),
      pinned_(setup.options.has(kBy.info.name)),
      owners_(setup.options.get(kOwners)),
      groups_(setup.groups),
      users_(setup.users) {
  Diagnostics& diagnostics = setup.options.diagnostics();
  if (pinned_) {
    const std::vector<std::string> names = setup.options.get(kBy);
    by_ = users_of(*setup.options.find(kBy.info.name), names, groups_, diagnostics);
    by_words_ = " by " + some_of(names);
  }
  if (const Node* node = setup.options.find(kOwners.info.name);
      node != nullptr && (owners_.empty() || owners_.starts_with('/') || owners_.ends_with('/'))) {
    diagnostics.error(node->where,
                      "'owners' is a path in the repository, without a slash at either "
                      "end, such as .github/CODEOWNERS");
  }
  if (const Node* node = setup.options.find(kSurvives.info.name); node != nullptr) {
    const bool list = node->kind == Node::Kind::sequence;
    for (const Node& item : list ? node->items : std::vector<Node>{*node}) {
      read_word(item, kSurvivals, 0, diagnostics);
      survives_rebase_ = true;
    }
  }
  const Node* count = setup.options.find(kCount.info.name);
  if (count_ == 0 && owners_.empty()) {
    diagnostics.error(count->where, "'count: 0' asks for nothing unless there are 'owners'");
  } else if (count_ > kMostApprovals) {
    diagnostics.error(count->where, "more than 100 approvals");
  } else if (pinned_ && !by_.empty() && by_.size() < count_) {
    diagnostics.error(setup.options.find(kBy.info.name)->where,
                      "'by' names " + count_of(by_.size(), "person", "people") +
                          ", and 'count' is " + std::to_string(count_));
  }
}

std::string ApprovalRequirement::what() const {
  if (count_ == 0) return "approvals by owners";
  return count_of(count_, "approval", "approvals") + by_words_ +
         (owners_.empty() ? "" : ", and by owners");
}

bool ApprovalRequirement::counts(const std::string& user) const {
  return !pinned_ || std::binary_search(by_.begin(), by_.end(), user);
}

// Who else could approve.
std::vector<std::string> ApprovalRequirement::candidates(const Push& push,
                                                         Approvals& approvals) const {
  std::vector<std::string> names;
  if (push.attestations == nullptr) return names;
  for (const std::string& user : push.attestations->of(AttestationKind::approval).by) {
    if (counts(user) && !approvals.given().contains(user) && !approvals.part_of(user)) {
      names.push_back(user);
    }
  }
  return names;
}

void ApprovalRequirement::judge_count(const LandedWork& work, Approvals& approvals,
                                      Standing& standing) const {
  std::vector<std::string> names;
  for (const auto& [user, approval] : approvals.given()) {
    if (counts(user)) {
      names.push_back(user);
      standing.relied.emplace_back(approval->ref, approval->object);
    } else if (owners_.empty()) {
      standing.details.push_back("approval '" + printable(user, 64) +
                                 "' does not count: it is not" + by_words_);
    }
  }
  standing.why = names.empty() ? "no approval needed" : "approved by " + some_of(names);
  if (names.size() >= count_) return;
  refuse(standing,
         work.name() + " needs " + count_of(count_, "approval", "approvals") + by_words_ + " and " +
             (names.empty() ? "has none"
                            : "has " + std::to_string(names.size()) + " (" + some_of(names) + ")"),
         names.empty() ? "none yet"
                       : std::to_string(names.size()) + " of " + std::to_string(count_) + ", by " +
                             some_of(names));
  standing.details.insert(standing.details.end(), approvals.discounted().begin(),
                          approvals.discounted().end());
  const std::vector<std::string> others = candidates(work.view.push, approvals);
  standing.hint = others.empty() ? "there is nobody else who may approve it: ask an admin"
                                 : "these may approve it: " + some_of(others);
}

void ApprovalRequirement::judge_owners(const LandedWork& work, const Approvals& approvals,
                                       Standing& standing) const {
  const Ownership ownership = ownership_of(work.view, owners_, groups_, users_);
  if (!ownership.mistake.empty()) {
    standing.state = RequirementState::error;
    standing.why = ownership.mistake;
    standing.message = "the owners cannot be told: " + ownership.mistake;
    standing.hint = "an admin can repair the file on the server";
    return;
  }
  for (const OwnedPaths& owned : ownership.owned) {
    bool approved = false;
    for (const std::string& owner : owned.owners) {
      const auto given = approvals.given().find(owner);
      if (given == approvals.given().end()) continue;
      approved = true;
      const std::pair<std::string, ObjectId> relied(given->second->ref, given->second->object);
      if (std::find(standing.relied.begin(), standing.relied.end(), relied) ==
          standing.relied.end()) {
        standing.relied.push_back(relied);
      }
    }
    if (approved) continue;
    const std::string paths =
        printable(owned.first, 100) +
        (owned.count > 1 ? " and " + count_of(owned.count - 1, "other file", "other files") : "");
    refuse(standing, "an owner of " + paths + " has to approve",
           "no owner of " + printable(owned.first, 60));
    standing.details.push_back("owners by " + printable(owners_, 100) + ":" +
                               std::to_string(owned.line) + ": " + some_of(owned.owners));
  }
}

Standing ApprovalRequirement::judge(const LandedWork& work) const {
  Approvals approvals(work, survives_rebase_);
  Standing standing;
  std::vector<const Attestation*> vetoes;
  for (const auto& [user, veto] : approvals.vetoes()) {
    if (counts(user)) vetoes.push_back(veto);
  }
  if (!vetoes.empty()) {
    say_vetoes(work, vetoes, standing);
    return standing;
  }
  judge_count(work, approvals, standing);
  if (approvals.too_many()) return too_many_commits(work);
  if (!owners_.empty()) judge_owners(work, approvals, standing);
  if (standing.state == RequirementState::satisfied) {
    std::vector<std::string> users =
        work.view.push.attestations == nullptr
            ? std::vector<std::string>()
            : work.view.push.attestations->of(AttestationKind::approval).by;
    std::erase_if(users, [&](const std::string& user) { return !counts(user); });
    rely_on_silence(work, users, standing);
  }
  if (standing.state != RequirementState::unsatisfied) {
    if (standing.state == RequirementState::satisfied) standing.details.clear();
    return standing;
  }
  if (standing.details.size() > kMaxDetails) {
    const std::size_t rest = standing.details.size() - kMaxDetails;
    standing.details.resize(kMaxDetails);
    standing.details.push_back("and " + std::to_string(rest) + " more");
  }
  standing.commands = work.commands(AttestationKind::approval, {}, "YOU");
  return standing;
}

}  // namespace trunkgate

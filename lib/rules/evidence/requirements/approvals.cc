#include "rules/evidence/requirements/approvals.h"

#include <algorithm>

#include "base/text.h"
#include "evidence/recorded_pushers.h"
#include "rules/evidence/requirements/earlier_work.h"

namespace trunkgate {

Approvals::Approvals(const LandedWork& work, bool earlier) : work_(work) {
  if (work.view.push.attestations == nullptr) return;
  for (const ObjectId& commit : work.commits()) read(commit, {});
  if (!earlier) return;
  // What somebody says of the work as it is now goes before what they said once.
  std::set<std::string> spoken;
  for (const auto& [user, approval] : given_) spoken.insert(user);
  for (const auto& [user, veto] : vetoes_) spoken.insert(user);
  for (const ObjectId& commit : earlier_work(work)) read(commit, spoken);
}

void Approvals::read(const ObjectId& commit, const std::set<std::string>& passed_over) {
  for (const Attestation& approval : evidence_about(work_.view.push, commit)) {
    if (approval.name.kind != AttestationKind::approval) continue;
    if (passed_over.contains(approval.issuer)) continue;
    const std::string name = "approval '" + printable(approval.name.name, 64) + "' ";
    if (!approval.counts()) {
      discounted_.push_back(name + "does not count: it " + approval.problem);
    } else if (!approval.is_for(work_.view.ref.name)) {
      discounted_.push_back(name + "is for " + printable(approval.body.target, 100) + " only");
    } else if (approval.body.veto) {
      vetoes_.emplace(approval.issuer, &approval);
    } else if (const auto part = part_of(approval.issuer)) {
      discounted_.push_back(name + "does not count: " + *part);
    } else {
      given_.emplace(approval.issuer, &approval);
    }
  }
}

std::optional<std::string> Approvals::part_of(const std::string& user) {
  if (const auto known = parts_.find(user); known != parts_.end()) return known->second;
  std::optional<std::string>& part = parts_[user];
  const Push& push = work_.view.push;
  const AttestationRules& rules = push.attestations->of(AttestationKind::approval);
  if (!rules.not_author && !rules.not_committer && !rules.not_pusher) return part;
  read_authors();
  AttestationRules persons = rules;
  persons.not_pusher = false;
  for (const Authorship& made : made_) {
    std::optional<std::string> own =
        own_part(push, persons, push.attestations->users, user, made.commit);
    if (!own && rules.not_pusher && !made.pushers) {
      own = "may be who pushed it, which nobody can tell so far behind its branch";
    } else if (!own && rules.not_pusher &&
               std::binary_search(made.pushers->begin(), made.pushers->end(), user)) {
      own = "pushed it";
    }
    if (!own) continue;
    part = made.commit.id.brief() + " lands with it, and '" + printable(user, 64) + "' " + *own;
    break;
  }
  return part;
}

// Once for all users: who pushed a commit takes a walk to find out.
void Approvals::read_authors() {
  if (read_authors_) return;
  read_authors_ = true;
  const auto& commits = work_.new_commits();
  too_many_ = !commits;
  if (!commits) return;
  for (const ObjectId& id : *commits) {
    made_.push_back({work_.view.push.repository.commit(id), pushers_of(work_.view.push, id)});
  }
}

}  // namespace trunkgate

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
  AttestationRules persons;  // without the copies of thousands of names
  persons.not_author = rules.not_author;
  persons.not_committer = rules.not_committer;
  persons.not_pusher = false;
  const std::string name = "'" + printable(user, 64) + "' ";
  for (const Commit& commit : made_) {
    const auto own = own_part(push, persons, push.attestations->users, user, commit);
    if (own) return part = commit.id.brief() + " lands with it, and " + name + *own;
  }
  if (!rules.not_pusher) return part;
  if (const auto pushed = pushed_.find(user); pushed != pushed_.end()) {
    part = pushed->second.brief() + " lands with it, and " + name + "pushed it";
  } else if (!pushers_) {
    part = "nobody can tell whether " + name + "pushed some of what lands";
  } else if (std::binary_search(pushers_->begin(), pushers_->end(), user)) {
    part = name + "pushed a branch with some of what lands";
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
  const Push& push = work_.view.push;
  for (const ObjectId& id : *commits) {
    made_.push_back(push.repository.commit(id));
    for (RecordedPush& known : recorded_pushes(push, id)) {
      pushed_.emplace(std::move(known.pusher), id);
    }
  }
  pushers_ = pushers_of_any(push, *commits, work_.known_before());
}

}  // namespace trunkgate

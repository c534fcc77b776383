#include "rules/evidence/requirements/evidence_rule.h"

#include <algorithm>
#include <exception>
#include <optional>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxWhy = 300;

// The worst of several: an error before what is missing before what is there.
int weight(RequirementState state) {
  switch (state) {
    case RequirementState::not_applicable:
      return 0;
    case RequirementState::satisfied:
    case RequirementState::overridden:
      return 1;
    case RequirementState::unsatisfied:
      return 2;
    case RequirementState::error:
      return 3;
  }
  return 3;
}

Requirement listed(const EvidenceRule::Part& part) {
  Requirement requirement;
  requirement.what = part.asked.what();
  requirement.rule = part.id;
  return requirement;
}

Finding finding_of(const EvidenceRule::Part& part, const LandedWork& work,
                   const Standing& standing) {
  Finding finding;
  finding.rule = part.id;
  finding.message = standing.message;
  finding.details = standing.details;
  finding.hint = standing.hint;
  finding.commands = standing.commands;
  if (!work.on_server()) {
    finding.details.push_back("no branch of the server holds " + work.source.commit.brief() +
                              " yet, so there can be no evidence about it");
  }
  return finding;
}

void settle(const EvidenceRule::Part& part, const LandingView& view, Answer& out) {
  Requirement requirement = listed(part);
  requirement.state = RequirementState::not_applicable;
  std::vector<std::pair<std::string, ObjectId>> relied;
  std::vector<std::string> whys;
  const bool several = view.landing->sources.size() > 1;
  for (const LandedSource& source : view.landing->sources) {
    const LandedWork work(view, source);
    const Standing standing = part.asked.judge(work);
    if (weight(standing.state) > weight(requirement.state)) {
      requirement.state = standing.state;
      whys.clear();
    }
    if (standing.state == requirement.state && !standing.why.empty()) {
      whys.push_back(several ? work.name() + ": " + standing.why : standing.why);
    }
    relied.insert(relied.end(), standing.relied.begin(), standing.relied.end());
    if (!standing.holds()) out.add(finding_of(part, work, standing));
  }
  whys.erase(std::unique(whys.begin(), whys.end()), whys.end());
  requirement.why = printable(join(whys, "; "), kMaxWhy);
  // Where something is missing all the same, nothing hangs on the rest.
  if (requirement.state == RequirementState::satisfied) {
    for (auto& [ref, id] : relied) out.rely_on(std::move(ref), id);
  }
  out.state(std::move(requirement));
}

}  // namespace

void EvidenceRule::check_ref(const Push& push, const PushedRef& ref, Answer& out) const {
  const auto state_all = [&](RequirementState state, const std::string& why) {
    for (const Part& part : parts_) {
      Requirement requirement = listed(part);
      requirement.state = state;
      requirement.why = why;
      out.state(std::move(requirement));
    }
  };
  if (ref.deletes() || ref.new_id == ref.old_id) {
    state_all(RequirementState::not_applicable, "nothing lands");
    return;
  }
  if (ref.new_commit.is_zero()) {
    state_all(RequirementState::unsatisfied, "it holds no commit");
    Finding finding;
    finding.message = "it holds no commit, and evidence is about commits";
    out.add(std::move(finding));
    return;
  }
  const std::size_t stated = out.requirements.size();
  try {
    const LandingView view(push, ref);
    for (const Part& part : parts_) settle(part, view, out);
  } catch (const std::exception& error) {
    // What could not be judged is told as such; the gate reports the failure itself.
    for (std::size_t i = out.requirements.size() - stated; i < parts_.size(); ++i) {
      Requirement requirement = listed(parts_[i]);
      requirement.state = RequirementState::error;
      requirement.why = printable(error.what());
      out.state(std::move(requirement));
    }
    throw;
  }
}

std::vector<Requirement> EvidenceRule::requirements() const {
  std::vector<Requirement> all;
  for (const Part& part : parts_) all.push_back(listed(part));
  return all;
}

}  // namespace trunkgate

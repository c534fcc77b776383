#include "policy/exemption_terms.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/utc.h"
#include "evidence/evidence.h"
#include "evidence/recorded_pushers.h"
#include "push/landing.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxShown = 3;

std::string called(const Exemption& exemption) { return "the exemption '" + exemption.label + "'"; }

// What a use is bound to; each with what may stand for it (evidence about another branch that would
// have come out the same is about this very change).
std::vector<std::vector<ObjectId>> bound_to(const PushedRef& ref, const RefVerdict& verdict) {
  std::vector<std::vector<ObjectId>> wanted;
  if (verdict.landing != nullptr) {
    std::set<ObjectId> seen;
    for (const LandedSource& source : verdict.landing->sources) {
      if (!seen.insert(source.commit).second) continue;
      wanted.push_back({source.commit});
      for (const LandedSource& other : source.others) wanted.back().push_back(other.commit);
    }
  }
  if (!wanted.empty()) return wanted;
  for (const ObjectId& id : {ref.new_commit, ref.new_id, ref.old_commit, ref.old_id}) {
    if (!id.is_zero()) return {{id}};
  }
  return wanted;
}

// "granted by LABEL", whoever's.
bool is_grant(const AttestationName& name, const std::string& label) {
  return name.kind == AttestationKind::exemption &&
         (name.name == label || name.name.starts_with(label + "@"));
}

// How somebody leaves a grant.
std::string grant_command(const Exemption& exemption, const ObjectId& commit) {
  const AttestationName name{commit, AttestationKind::exemption,
                             exemption.label + (exemption.approval->count > 1 ? "@YOUR-NAME" : "")};
  return "git push origin $(printf '{\"reason\":\"WHY\"}' | git hash-object -w --stdin):" +
         name.ref();
}

}  // namespace

Finding exemption_refusal(std::string message, std::string hint) {
  Finding finding;
  finding.rule = "exemption";
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  return finding;
}

// The grants about one commit.
struct ExemptionJudge::Granted {
  std::vector<Attestation> counting;  // one for each person, newest first
  std::vector<std::string> problems;  // why others do not count, printable
};

ExemptionJudge::Granted ExemptionJudge::grants(const Exemption& exemption, const PushedRef& ref,
                                               const ObjectId& commit) const {
  Granted granted;
  for (const Attestation& found : evidence_about(push_, commit)) {
    if (!is_grant(found.name, exemption.label)) continue;
    const std::string by = "the grant by '" + printable(found.issuer) + "' ";
    if (!found.counts()) {
      granted.problems.push_back("a grant " + found.problem);
    } else if (!found.is_for(ref.name)) {
      granted.problems.push_back(by + "is for " + printable(found.body.target));
    } else if (found.issuer == push_.pusher.name) {
      granted.problems.push_back(by + "does not count: it is your own");
    } else if (!std::binary_search(exemption.approval->by.begin(), exemption.approval->by.end(),
                                   found.issuer)) {
      granted.problems.push_back(by + "does not count: it takes " + exemption.approval->by_words);
    } else if (exemption.expires > 0 && found.received == 0) {
      granted.problems.push_back(by + "is older than the gate: nobody knows since when it holds");
    } else if (found.received > push_.now + kClockSlack) {
      granted.problems.push_back(by + "is of " + utc_text(found.received) +
                                 ", which is yet to come: a clock was wrong, so grant it anew");
    } else if (exemption.expires > 0 && push_.now >= found.received + exemption.expires) {
      granted.problems.push_back(by + "ended " + utc_text(found.received + exemption.expires));
    } else {
      granted.counting.push_back(found);
    }
  }
  std::stable_sort(
      granted.counting.begin(), granted.counting.end(),
      [](const Attestation& a, const Attestation& b) { return a.received > b.received; });
  std::set<std::string> people;
  std::erase_if(granted.counting,
                [&](const Attestation& grant) { return !people.insert(grant.issuer).second; });
  return granted;
}

// False, with the refusal filled in, when one of the commits lacks grants.
bool ExemptionJudge::find_grants(const Exemption& exemption, const PushedRef& ref,
                                 const std::vector<std::vector<ObjectId>>& wanted,
                                 ExemptionTerms& terms, Finding& refusal) const {
  const std::size_t needed = exemption.approval->count;
  std::set<std::string> people;
  for (const std::vector<ObjectId>& alternatives : wanted) {
    Granted granted;
    std::vector<std::string> problems;
    for (const ObjectId& commit : alternatives) {
      granted = grants(exemption, ref, commit);
      problems.insert(problems.end(), granted.problems.begin(), granted.problems.end());
      if (granted.counting.size() >= needed) {
        granted.counting.resize(needed);
        // The oldest of them: uses start anew when as many people as it takes have granted anew.
        terms.subjects.push_back({commit, granted.counting.back().received});
        break;
      }
    }
    if (granted.counting.size() < needed) {
      const ObjectId& commit = alternatives.front();
      const std::size_t missing = needed - granted.counting.size();
      refusal = exemption_refusal(
          called(exemption) + " has to be granted for " + commit.brief() + " first",
          push_.repository.existed_before(commit)
              ? "somebody else can grant it; then push again as you did"
              : "push the commit to a branch that takes it; then somebody else can grant it");
      refusal.details = {count_of(missing, "grant", "grants") + (needed == missing ? "" : " more") +
                         " by " + exemption.approval->by_words};
      if (problems.size() > kMaxShown) problems.resize(kMaxShown);
      refusal.details.insert(refusal.details.end(), problems.begin(), problems.end());
      refusal.commands = {grant_command(exemption, commit)};
      return false;
    }
    for (const Attestation& grant : granted.counting) {
      people.insert(grant.issuer);
      terms.relied.emplace_back(grant.ref, grant.object);
      const std::int64_t end = grant.received + exemption.expires;
      if (exemption.expires > 0 && (terms.expires == 0 || end < terms.expires)) terms.expires = end;
    }
  }
  terms.granted_by.assign(people.begin(), people.end());
  return true;
}

// When the server first got one of them as the tip of a branch; by a clock that was wrong, that may
// be yet to come.
std::int64_t ExemptionJudge::first_seen(const std::vector<ExemptionSubject>& subjects,
                                        const PushedRef& ref) const {
  std::optional<std::int64_t> first;
  const auto look = [&](const ObjectId& commit) {
    for (const RecordedPush& known : recorded_pushes(push_, commit)) {
      first = std::min(first.value_or(known.time), known.time);
    }
  };
  for (const ExemptionSubject& subject : subjects) look(subject.id);
  if (!ref.new_commit.is_zero()) look(ref.new_commit);
  return first.value_or(push_.now);
}

std::optional<Finding> ExemptionJudge::no_room(const Exemption& exemption, ExemptionTerms& terms) {
  if (!exemption.uses && !exemption.budget) return std::nullopt;
  auto known = counted_.find(exemption.label);
  if (known == counted_.end()) {
    known = counted_.emplace(exemption.label, claims_.counted(exemption.label, push_.now)).first;
  }
  const ExemptionRoom room = room_for(exemption, terms.subjects, known->second, push_.now);
  if (room.any()) {
    if (room.uses) terms.uses_left = *room.uses - 1;
    return std::nullopt;
  }
  Finding finding;
  if (room.uses.value_or(1) == 0) {
    finding = exemption_refusal(
        called(exemption) + " is used up for " + room.taken_by.front().subject.brief() + ": " +
            count_of(*exemption.uses, "use", "uses") + " of " + std::to_string(*exemption.uses),
        exemption.approval
            ? (exemption.approval->count > 1 ? "new grants by all of them make it new"
                                             : "a new grant makes it new")
            : "it holds for each commit anew");
  } else {
    finding = exemption_refusal(
        called(exemption) +
            " has used up its budget: " + count_of(*exemption.budget, "use", "uses") + " in 7 days",
        "the next one is free from " + utc_text(room.taken_by.front().time + kBudgetSeconds));
  }
  bool going_on = false;
  for (std::size_t i = room.taken_by.size(); i > 0 && finding.details.size() < kMaxShown; --i) {
    const ExemptionClaim& claim = room.taken_by[i - 1];
    if (claim.path.empty()) {
      finding.details.push_back("used by this very push, for another reference");
    } else if (const auto text = read_claim(claim)) {
      finding.details.push_back("used by '" + printable(text->pusher) + "' on " +
                                printable(text->ref) + ", " + utc_text(claim.time));
      going_on = going_on || claim.open;
    } else {
      const auto name = claim.path.rfind("/exemptions/");
      finding.details.push_back("the record of a use was cut short, so it counts: state" +
                                printable(claim.path.substr(name)));
      if (claim.open) finding.hint = "an admin can remove the record when nothing came of that use";
    }
  }
  if (going_on) finding.hint = "a push may be going on that uses it; should it fail, push again";
  return finding;
}

std::variant<ExemptionTerms, Finding> ExemptionJudge::terms(const Exemption& exemption,
                                                            const PushedRef& ref,
                                                            const RefVerdict& verdict) {
  ExemptionTerms terms;
  const std::vector<std::vector<ObjectId>> wanted = bound_to(ref, verdict);
  if (exemption.approval) {
    Finding refusal;
    if (!find_grants(exemption, ref, wanted, terms, refusal)) {
      // A grant for the new commit itself is one for all that it brings.
      ExemptionTerms own;
      Finding unsaid;
      if (ref.new_commit.is_zero() ||
          !find_grants(exemption, ref, {{ref.new_commit}}, own, unsaid)) {
        return refusal;
      }
      terms = std::move(own);
    }
  } else {
    for (const auto& alternatives : wanted) terms.subjects.push_back({alternatives.front(), 0});
    if (exemption.expires > 0) {
      const std::int64_t first = first_seen(terms.subjects, ref);
      if (first > push_.now + kClockSlack) {
        Finding finding = exemption_refusal(
            called(exemption) + " holds for a time from the first push of a commit, and " +
                utc_text(first) + " is yet to come: the server's clock was or is wrong",
            "once it is right, a new commit has a time of its own");
        finding.commands = {"git commit --amend --no-edit --reset-author"};
        return finding;
      }
      terms.expires = first + exemption.expires;
      if (push_.now >= terms.expires) {
        Finding finding = exemption_refusal(
            called(exemption) + " ended for this commit " + utc_text(terms.expires),
            "it holds from the first push of a commit; a new commit has a time of its own");
        finding.details = {"the server first got it " + utc_text(first)};
        return finding;
      }
    }
  }
  if (auto refusal = no_room(exemption, terms)) return *refusal;
  return terms;
}

void ExemptionJudge::plan(const Exemption& exemption, const ExemptionUse& use) {
  if (!exemption.uses && !exemption.budget) return;
  ++planned_;
  for (const ExemptionSubject& subject : use.subjects) {
    ExemptionClaim& claim = counted_[exemption.label].emplace_back();
    claim.subject = subject.id;
    claim.time = push_.now;
    claim.use = "planned " + std::to_string(planned_);
  }
}

}  // namespace trunkgate

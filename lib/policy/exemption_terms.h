// What an exemption is worth for one update of a reference: what a use would be bound to, who has
// granted it, until when it holds and how often.
//
// A use is bound to what is landed: of a landing on a protected branch each source of it (push/
// landing.h), else the new commit; of a deletion what is deleted. `uses` counts per such commit
// over all references, so the same commit under another name gains nothing. Where the policy asks
// for approval, each of them needs grants of its own, refs/attest/COMMIT/exemption/LABEL (or
// LABEL@ANYTHING, so that several people can leave one), by people other than the pusher; or else
// the new commit itself has them. Then `uses` starts anew when as many people
// as it takes have left newer grants, and `expires` runs
// from the time the gate received the grant; without approval, from the first time the server got
// one of those commits as the tip of a branch, which is now for a commit that it has never seen.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "policy/exemption.h"
#include "policy/exemption_claims.h"
#include "policy/verdict.h"
#include "push/push.h"

namespace trunkgate {

struct ExemptionTerms {
  std::vector<ExemptionSubject> subjects;
  std::vector<std::string> granted_by;   // sorted
  std::int64_t expires = 0;              // seconds since 1970; 0 for never
  std::optional<std::size_t> uses_left;  // after a further use
  // The grants, which `update` looks at again.
  std::vector<std::pair<std::string, ObjectId>> relied;
};

// A finding about an exemption that cannot be used.
Finding exemption_refusal(std::string message, std::string hint = {});

class ExemptionJudge {
 public:
  // `push` must outlive it.
  explicit ExemptionJudge(const Push& push) : push_(push), claims_(push.repository, push.state) {}

  // The terms, or why there are none. `verdict` is the ref's, with its landing. Throws what
  // evidence_about() throws.
  std::variant<ExemptionTerms, Finding> terms(const Exemption& exemption, const PushedRef& ref,
                                              const RefVerdict& verdict);
  // A use in this very push, which counts for what is asked afterwards.
  void plan(const Exemption& exemption, const ExemptionUse& use);

 private:
  struct Granted;
  Granted grants(const Exemption& exemption, const PushedRef& ref, const ObjectId& commit) const;
  bool find_grants(const Exemption& exemption, const PushedRef& ref,
                   const std::vector<std::vector<ObjectId>>& wanted, ExemptionTerms& terms,
                   Finding& refusal) const;
  std::int64_t first_seen(const std::vector<ExemptionSubject>& subjects,
                          const PushedRef& ref) const;
  std::optional<Finding> no_room(const Exemption& exemption, ExemptionTerms& terms);

  const Push& push_;
  ExemptionClaims claims_;
  std::map<std::string, std::vector<ExemptionClaim>> counted_;  // by label, planned ones too
  std::size_t planned_ = 0;
};

}  // namespace trunkgate

// Applies the exemptions that a pusher asks for, after all rules have spoken and before the verdict
// is settled: the one place where a finding is waived.
//
//   - Only `git push -o exempt=LABEL` asks for one; nothing that is pushed is ever looked at.
//   - A label waives the findings that would refuse, of the rules it names, on the refs it is for:
//     they get its name (Finding::waived_by) and become warnings; so do findings about contents.
//     Failures of the gate (Finding::undecided) are waived by break-glass only, and what is refused
//     whatever the policy says, which no ruleset has, by nothing.
//   - Of findings that are too many to be told one by one, a label waives none by a part of a rule:
//     another part's might be among them.
//   - A label that cannot be used refuses the whole push in words of its own (rule `exemption`).
//     One that has nothing to waive is only mentioned, and uses nothing up.
//   - Nothing is claimed here: hook/gate.cc does that for what is let in (exemption_claims.h).
#pragma once

#include <cstddef>
#include <vector>

#include "policy/policy.h"
#include "policy/verdict.h"
#include "policy/verdict_builder.h"
#include "push/push.h"

namespace trunkgate {

// `verdict_index` says which of the verdict's refs each of push.refs is.
void apply_exemptions(const Push& push, const Policy& policy,
                      const std::vector<std::size_t>& verdict_index, VerdictBuilder& builder);

// Which labels would have waived something of what refuses the push, of those not asked for:
// Verdict::offers. Not break-glass, which is to be nobody's habit, and none that would be refused.
void offer_exemptions(const Push& push, const Policy& policy,
                      const std::vector<std::size_t>& verdict_index, Verdict& verdict);

}  // namespace trunkgate

#include "policy/verdict.h"

#include <algorithm>

namespace trunkgate {

bool refuses(const Finding& finding) {
  return finding.mode == Mode::enforce && !finding.advice && finding.waived_by.empty();
}

Outcome Verdict::outcome() const {
  if (std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.undecided; })) {
    return Outcome::undecided;
  }
  Outcome result = std::any_of(findings.begin(), findings.end(), refuses) ? Outcome::rejected
                                                                          : Outcome::accepted;
  for (const RefVerdict& ref : refs) {
    if (ref.outcome == Outcome::undecided) return Outcome::undecided;
    if (ref.outcome == Outcome::rejected) result = Outcome::rejected;
  }
  return result;
}

bool Verdict::lets_in(const RefVerdict& ref) const {
  if (std::any_of(findings.begin(), findings.end(), refuses)) return false;
  if (refuses_all) return false;
  if (!ref_by_ref) return outcome() == Outcome::accepted;
  return ref.outcome == Outcome::accepted;
}

}  // namespace trunkgate

// What a pusher reads of exemptions: those that were used, and those that would help.
#pragma once

#include <string>
#include <vector>

#include "policy/verdict.h"
#include "report/report.h"

namespace trunkgate {

// One line for each use, loud on purpose: "EXEMPTION skip-eval used by carol on refs/heads/main:
// waives 2 findings of missing-check; reason: pager 4711; 0 uses left; ends 2026-01-05 09:30 UTC".
std::vector<std::string> exemption_lines(const Verdict& verdict, const ReportContext& context);

// For words and a command that stays in one piece; empty when there is none.
struct OfferLines {
  std::string words;
  std::string command;
};
std::vector<OfferLines> offer_lines(const Verdict& verdict);

// `git push -o exempt=LABEL -o reason='...' origin ...`
std::string exempt_command(const ExemptionOffer& offer);

}  // namespace trunkgate

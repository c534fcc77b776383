#include "report/exemption_lines.h"

#include <algorithm>

#include "base/text.h"
#include "base/utc.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxOffers = 3;

std::string line_of(const Verdict& verdict, const ExemptionUse& use, bool checked_only) {
  const bool let_in = std::any_of(
      verdict.refs.begin(), verdict.refs.end(),
      [&](const RefVerdict& ref) { return ref.name == use.ref && verdict.lets_in(ref); });
  const std::string what = std::string(use.break_glass ? "everything, " : "") +
                           count_of(use.findings, "finding", "findings") + " of " +
                           printable(join(use.rules, ", "), 200);
  std::string line = std::string(use.break_glass ? "BREAK-GLASS " : "") + "EXEMPTION " + use.label;
  if (!let_in) {
    return line + " would waive " + what + " on " + printable(use.ref) +
           "; a refused push uses nothing up";
  }
  line += std::string(checked_only ? " would be" : "") + " used by " + printable(use.pusher) +
          " on " + printable(use.ref) + ": waives " + what;
  if (!use.reason.empty()) line += "; reason: " + printable(use.reason);
  if (!use.granted_by.empty()) line += "; granted by " + printable(join(use.granted_by, ", "), 200);
  if (use.uses_left) line += "; " + count_of(*use.uses_left, "use", "uses") + " left";
  if (use.expires > 0) line += "; ends " + utc_text(use.expires);
  return line;
}

}  // namespace

std::vector<std::string> exemption_lines(const Verdict& verdict, const ReportContext& context) {
  std::vector<std::string> lines;
  for (const ExemptionUse& use : verdict.exemptions) {
    lines.push_back(line_of(verdict, use, context.checked_only));
  }
  return lines;
}

std::string exempt_command(const ExemptionOffer& offer) {
  return "git push -o exempt=" + offer.label + (offer.needs_reason ? " -o reason='...'" : "") +
         " origin ...";
}

std::vector<OfferLines> offer_lines(const Verdict& verdict) {
  std::vector<OfferLines> lines;
  for (const ExemptionOffer& offer : verdict.offers) {
    if (lines.size() == kMaxOffers) break;
    const std::string what =
        offer.all ? "this" : std::to_string(offer.waives) + " of these findings";
    const std::string grant = offer.approval.empty() ? "" : ", once granted by " + offer.approval;
    if (!offer.options_advertised) {
      lines.push_back({"the exemption '" + offer.label + "' may waive " + what +
                           "; an admin has to switch push options on first, on the server:",
                       "git config receive.advertisePushOptions true"});
    } else if (offer.mine) {
      lines.push_back(
          {"you may waive " + what + grant + "; it is recorded:", exempt_command(offer)});
    } else {
      lines.push_back(
          {offer.by + " may waive " + what + " with the exemption '" + offer.label + "'" + grant,
           ""});
    }
  }
  return lines;
}

}  // namespace trunkgate

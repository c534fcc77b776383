#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/utc.h"
#include "report/exemption_lines.h"
#include "report/repair.h"
#include "report/report.h"

namespace trunkgate {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMaxJsonFindings = 100;
constexpr std::size_t kMaxJsonRequirements = 100;  // of one ref

std::string_view word(Outcome outcome) {
  switch (outcome) {
    case Outcome::accepted:
      return "accepted";
    case Outcome::rejected:
      return "rejected";
    case Outcome::undecided:
      return "undecided";
  }
  return "undecided";
}

ordered_json to_json(const Finding& finding, const std::vector<std::string>& commands) {
  ordered_json json;
  json["rule"] = finding.rule;
  if (!finding.ruleset.empty()) json["ruleset"] = finding.ruleset;
  if (!finding.origin.empty()) json["origin"] = finding.origin;
  json["severity"] = refuses(finding) ? "error" : "warning";
  if (!finding.waived_by.empty()) json["waived_by"] = finding.waived_by;
  json["message"] = finding.message;
  if (!finding.details.empty()) json["details"] = finding.details;
  if (finding.commit) {
    json["commit"] = finding.commit->hex();
    json["title"] = printable(finding.title);
  }
  if (!finding.path.empty()) json["path"] = printable(finding.path);
  if (finding.line > 0) json["line"] = finding.line;
  if (finding.corrected_title) json["corrected_title"] = *finding.corrected_title;
  if (!finding.hint.empty()) json["hint"] = finding.hint;
  if (!commands.empty()) json["commands"] = commands;
  return json;
}

ordered_json to_json(const Requirement& requirement) {
  ordered_json json;
  json["rule"] = requirement.rule;
  if (!requirement.ruleset.empty()) json["ruleset"] = requirement.ruleset;
  if (!requirement.origin.empty()) json["origin"] = requirement.origin;
  json["state"] = to_string(requirement.state);
  json["what"] = requirement.what;
  if (!requirement.why.empty()) json["why"] = requirement.why;
  return json;
}

// What has to be done by hand stands as a comment of the shell.
ordered_json to_json(const std::vector<RepairStep>& steps) {
  ordered_json json = ordered_json::array();
  for (const RepairStep& step : steps) json.push_back((step.command ? "" : "# ") + step.text);
  return json;
}

ordered_json to_json(const ExemptionUse& use) {
  ordered_json json{{"label", use.label}};
  if (use.break_glass) json["break_glass"] = true;
  json["ref"] = printable(use.ref, 1000);
  json["pusher"] = use.pusher;
  if (!use.reason.empty()) json["reason"] = printable(use.reason, 1000);
  json["rules"] = use.rules;
  json["findings"] = use.findings;
  if (!use.granted_by.empty()) json["granted_by"] = use.granted_by;
  if (use.uses_left) json["uses_left"] = *use.uses_left;
  if (use.expires > 0) json["ends"] = utc_text(use.expires);
  return json;
}

ordered_json to_json(const ExemptionOffer& offer) {
  ordered_json json{{"label", offer.label}, {"may_use", offer.mine}, {"by", offer.by}};
  json["waives"] = offer.waives;
  json["all"] = offer.all;
  if (!offer.approval.empty()) json["granted_by"] = offer.approval;
  if (!offer.options_advertised) {
    json["needs"] = "git config receive.advertisePushOptions true";
  } else if (offer.mine) {
    json["command"] = exempt_command(offer);
  }
  return json;
}

}  // namespace

std::string json_report(const Verdict& verdict, const ReportContext& context) {
  ordered_json json;
  json["verdict"] = word(verdict.outcome());
  json["push_id"] = context.push_id;
  json["changed"] = verdict.outcome() == Outcome::accepted && !context.checked_only;
  json["findings"] = ordered_json::array();
  for (const Finding& finding : verdict.findings) {
    json["findings"].push_back(to_json(finding, finding.commands));
  }
  json["refs"] = ordered_json::array();
  std::size_t left = kMaxJsonFindings;
  std::size_t dropped = verdict.findings_dropped;
  for (const RefVerdict& ref : verdict.refs) {
    if (ref.findings.empty() && verdict.refs.size() > kMaxJsonFindings) continue;
    ordered_json entry;
    entry["ref"] = printable(ref.name, 1000);
    entry["verdict"] = word(ref.outcome);
    entry["findings"] = ordered_json::array();
    const Repair repair = repair_of(ref);
    for (const Finding& finding : ref.findings) {
      if (finding.mode == Mode::audit) continue;
      if (left == 0) {
        ++dropped;
        continue;
      }
      --left;
      entry["findings"].push_back(to_json(finding, commands_of(ref, finding, repair)));
    }
    std::size_t requirements = 0;
    for (const Requirement& requirement : ref.requirements) {
      if (++requirements > kMaxJsonRequirements) break;
      entry["requirements"].push_back(to_json(requirement));
    }
    if (!repair.steps.empty()) entry["repair"] = to_json(repair.steps);
    json["refs"].push_back(std::move(entry));
  }
  // Used only when the push is accepted.
  for (const ExemptionUse& use : verdict.exemptions) json["exemptions"].push_back(to_json(use));
  for (const ExemptionOffer& offer : verdict.offers) {
    json["exemptions_offered"].push_back(to_json(offer));
  }
  if (dropped > 0) json["findings_dropped"] = dropped;
  if (!verdict.notices.empty()) json["notices"] = verdict.notices;
  if (!verdict.policy_sha256.empty()) json["policy"] = {{"sha256", verdict.policy_sha256}};
  // ensure_ascii: no byte of a message can reach the terminal as a control sequence.
  return json.dump(-1, ' ', true, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace trunkgate

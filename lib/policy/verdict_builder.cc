#include "policy/verdict_builder.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>

#include "base/text.h"

namespace trunkgate {
namespace {

// The admin knows where to turn; what the rule says about this very finding stays.
std::string with_hint_of_policy(const std::string& admins, const std::string& rules) {
  if (rules.empty()) return admins;
  const bool ended = std::string_view(".!?:;").find(admins.back()) != std::string_view::npos;
  return admins + (ended ? " " : "; ") + rules;
}

}  // namespace

Mode lowered(const Finding& finding, const ActiveRule& active) {
  return std::max(finding.mode, active.mode);
}

void VerdictBuilder::add_undecided(RefVerdict& ref, std::string_view rule, std::string_view why) {
  ref.findings.push_back(undecided(rule, why));
}

void VerdictBuilder::attribute(const RefVerdict& ref, const ActiveRule& active, Finding& finding) {
  // A rule with parts names the part: "command.lint".
  if (!finding.rule.starts_with(std::string(active.info->id) + ".")) {
    finding.rule = active.info->id;
  }
  finding.ruleset = active.ruleset;
  finding.origin = file_and_line(active.where);
  finding.mode = lowered(finding, active);
  // Once for each ref and rule.
  if (!active.valid.empty() && with_examples_.emplace(&ref, &active).second) {
    finding.details.push_back("for example: " + join(active.valid, ", "));
  }
  if (!active.hint.empty() && !finding.undecided) {
    finding.hint = with_hint_of_policy(active.hint, finding.hint);
  }
}

void VerdictBuilder::attribute(const ActiveRule& active, Requirement& requirement) {
  if (!requirement.rule.starts_with(std::string(active.info->id) + ".")) {
    requirement.rule = active.info->id;
  }
  requirement.ruleset = active.ruleset;
  requirement.origin = file_and_line(active.where);
  requirement.mode = active.mode;
}

void VerdictBuilder::not_applicable(RefVerdict& ref, const ActiveRule& active) {
  for (Requirement& requirement : active.rule->requirements()) {
    requirement.state = RequirementState::not_applicable;
    if (requirement.why.empty()) requirement.why = "the rule's 'only' or 'except' leaves it out";
    attribute(active, requirement);
    ref.requirements.push_back(std::move(requirement));
  }
}

void VerdictBuilder::mark_about_push(const RefVerdict& ref) {
  about_push_.emplace(&ref, ref.findings.size() - 1);
}

void VerdictBuilder::keep_untold(const RefVerdict& ref, const Finding& finding, bool about_push) {
  const bool known = std::any_of(untold_.begin(), untold_.end(), [&](const Untold& untold) {
    return untold.ref == &ref && untold.finding.rule == finding.rule &&
           untold.finding.ruleset == finding.ruleset &&
           untold.finding.undecided == finding.undecided && untold.about_push == about_push;
  });
  if (known) return;
  Finding kept;
  kept.rule = finding.rule;
  kept.ruleset = finding.ruleset;
  kept.undecided = finding.undecided;
  untold_.push_back({&ref, std::move(kept), about_push});
}

void VerdictBuilder::add(RefVerdict& ref, Answer answer, const ActiveRule* active,
                         AboutPush about_push) {
  for (Finding& finding : answer.findings) {
    if (active != nullptr) attribute(ref, *active, finding);
    const bool whole = (active != nullptr && active->info->subject == Subject::file) ||
                       (about_push != nullptr && about_push(finding));
    if (++findings_ > kMaxFindings) {
      ++verdict_.findings_dropped;
      // What is dropped still refuses.
      if (refuses(finding)) keep_untold(ref, finding, whole);
      continue;
    }
    ref.findings.push_back(std::move(finding));
    if (whole) mark_about_push(ref);
  }
  for (Requirement& requirement : answer.requirements) {
    if (active != nullptr) attribute(*active, requirement);
    ref.requirements.push_back(std::move(requirement));
  }
  // A rule that only warns does not refuse because of what has changed since, either.
  if (active == nullptr || active->mode == Mode::enforce) {
    for (auto& relied : answer.relied) ref.relied.push_back(std::move(relied));
  }
  for (auto& [name, otherwise] : answer.needed) {
    needs_.push_back({static_cast<std::size_t>(&ref - verdict_.refs.data()), std::move(name),
                      std::move(otherwise), active});
  }
}

void VerdictBuilder::visit_refusing(
    RefVerdict& ref, const std::function<void(Finding& finding, bool untold)>& visit) {
  for (Finding& finding : ref.findings) {
    if (refuses(finding)) visit(finding, false);
  }
  for (Untold& untold : untold_) {
    if (untold.ref == &ref && refuses(untold.finding)) visit(untold.finding, true);
  }
}

Outcome VerdictBuilder::settle(const RefVerdict& ref) {
  Outcome outcome = Outcome::accepted;
  const auto weigh = [&](const Finding& finding, bool about_push) {
    if (!refuses(finding)) return;
    if (about_push) verdict_.refuses_all = true;
    if (outcome != Outcome::undecided) {
      outcome = finding.undecided ? Outcome::undecided : Outcome::rejected;
    }
  };
  for (std::size_t i = 0; i < ref.findings.size(); ++i) {
    weigh(ref.findings[i], about_push_.contains({&ref, i}));
  }
  for (const Untold& untold : untold_) {
    if (untold.ref == &ref) weigh(untold.finding, untold.about_push);
  }
  return outcome;
}

Verdict VerdictBuilder::finish() {
  while (true) {
    for (RefVerdict& ref : verdict_.refs) ref.outcome = settle(ref);
    // Without refs one by one the push is refused as a whole, and this would say it twice.
    if (!verdict_.ref_by_ref || needs_.empty()) break;
    std::unordered_set<std::string_view> refused;
    for (const RefVerdict& ref : verdict_.refs) {
      if (ref.outcome != Outcome::accepted) refused.insert(ref.name);
    }
    const auto unmet = std::stable_partition(needs_.begin(), needs_.end(), [&](const Need& need) {
      return !refused.contains(need.needed);
    });
    if (unmet == needs_.end()) break;
    const std::vector<Need> fallen(std::make_move_iterator(unmet),
                                   std::make_move_iterator(needs_.end()));
    needs_.erase(unmet, needs_.end());
    for (const Need& need : fallen) {
      Answer answer;
      answer.add(need.otherwise);
      add(verdict_.refs[need.ref], std::move(answer), need.active);
    }
  }
  return std::move(verdict_);
}

}  // namespace trunkgate

#include "rules/evidence/requirements/metric_requirement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "rules/evidence/requirements/check_requirement.h"

namespace trunkgate {
namespace {

using namespace metric_options;

constexpr double kTolerance = 1e-9;
constexpr std::size_t kMaxSteps = 1000;
constexpr std::size_t kMostMetrics = 50;

// Whether `value` is above `limit` by more than rounding; `scale` is the largest number that took
// part.
bool above(double value, double limit, double scale) {
  return value - limit > kTolerance * std::max({std::abs(value), std::abs(limit), scale});
}

// As people wrote it: "0.005", "0.91", and no more digits of a difference than are exact.
std::string number_text(double value) { return fmt::format("{:.10g}", value); }

std::optional<double> optional_number(const RuleSetup& setup, const Option<double>& option) {
  if (!setup.options.has(option.info.name)) return std::nullopt;
  return setup.options.get(option);
}

}  // namespace

std::vector<MetricRequirement> MetricRequirement::read(const RuleSetup& setup) {
  Diagnostics& diagnostics = setup.options.diagnostics();
  const OptionReader& options = setup.options;
  MetricRequirement metric;
  metric.check_ = options.get(kCheck);
  if (const Node* check = options.find(kCheck.info.name); check == nullptr) {
    diagnostics.error(options.where(), "the check that has the metric is not named",
                      "check: mini-val");
  } else {
    is_check_name(metric.check_, check->where, diagnostics);
  }
  metric.pinned_ = options.has(kBy.info.name);
  metric.by_ = users_of(setup, kBy);
  metric.max_drop_ = optional_number(setup, kMaxDrop);
  metric.max_rise_ = optional_number(setup, kMaxRise);
  metric.min_ = optional_number(setup, kMin);
  metric.max_ = optional_number(setup, kMax);
  const auto check_difference = [&](const OptionInfo& option, const std::optional<double>& value) {
    if (value && *value < 0) {
      diagnostics.error(options.find(option.name)->where,
                        "'" + std::string(option.name) + "' is a difference, and not below 0");
    }
  };
  check_difference(kMaxDrop.info, metric.max_drop_);
  check_difference(kMaxRise.info, metric.max_rise_);
  if (!metric.max_drop_ && !metric.max_rise_ && !metric.min_ && !metric.max_) {
    diagnostics.error(options.where(), "there is no limit",
                      "it has 'max-drop', 'max-rise', 'min' and 'max'");
  }
  if (metric.min_ && metric.max_ && *metric.min_ > *metric.max_) {
    diagnostics.error(options.find(kMin.info.name)->where, "'min' is above 'max'");
  }
  std::vector<MetricRequirement> all;
  for (const auto* option : {&kMetric, &kMetrics}) {
    const Node* node = options.find(option->info.name);
    if (node == nullptr) continue;
    for (const std::string& name : options.get(*option)) {
      const bool twice = std::any_of(all.begin(), all.end(), [&](const MetricRequirement& known) {
        return known.metric_ == name;
      });
      if (name.empty() || twice || all.size() == kMostMetrics) {
        diagnostics.error(
            item_location(*node, name),
            twice ? "'" + printable(name, 60) + "' stands here twice"
                  : (name.empty() ? "a metric without a name" : "more than 50 metrics"));
        continue;
      }
      metric.metric_ = name;
      all.push_back(metric);
    }
  }
  if (all.empty() && diagnostics.empty()) {
    diagnostics.error(options.where(), "there is no metric to look at", "metric: f1");
  }
  return all;
}

std::string MetricRequirement::what() const {
  return printable(metric_, 60) + " of check " + check_;
}

std::optional<double> MetricRequirement::value_in(const Attestation& check,
                                                  const std::string& target,
                                                  std::vector<std::string>* details) const {
  const auto pass_over = [&](const std::string& why) -> std::optional<double> {
    if (details != nullptr) details->push_back("check '" + check_ + "' " + why);
    return std::nullopt;
  };
  if (!check.counts()) return pass_over("does not count: it " + check.problem);
  if (!check.is_for(target))
    return pass_over("is for " + printable(check.body.target, 100) + " only");
  if (pinned_ && !std::binary_search(by_.begin(), by_.end(), check.issuer)) {
    return pass_over("by '" + printable(check.issuer, 64) +
                     "' does not count: the rule wants it by " + some_of(by_));
  }
  if (check.body.status == CheckStatus::error) return pass_over("says error");
  const auto found = check.body.metrics.find(metric_);
  if (found == check.body.metrics.end()) {
    std::vector<std::string> names;
    for (const auto& [name, value] : check.body.metrics) names.push_back(name);
    return pass_over("has no metric '" + printable(metric_, 60) + "'" +
                     (names.empty() ? ", nor any other" : "; it has " + some_of(names)));
  }
  return found->second;
}

std::optional<MetricRequirement::Value> MetricRequirement::value_about(
    const LandingView& view, const ObjectId& commit) const {
  const AttestationName name{commit, AttestationKind::check, check_};
  // One look for a name is cheap; most commits have no attestations at all.
  if (view.push.repository.ref(name.ref()).kind == RefValue::Kind::none) return std::nullopt;
  for (const Attestation& check : evidence_about(view.push, commit)) {
    if (!(check.name == name)) continue;
    if (const auto value = value_in(check, view.ref.name, nullptr)) return Value{*value, &check};
  }
  return std::nullopt;
}

std::optional<MetricRequirement::Value> MetricRequirement::value_before(
    const LandingView& view) const {
  ObjectId at = view.ref.old_commit;
  for (std::size_t step = 0; step < kMaxSteps && !at.is_zero(); ++step) {
    if (auto value = value_about(view, at)) return value;
    const std::vector<ObjectId> parents = view.push.repository.links(at).parents;
    for (std::size_t i = 1; i < parents.size(); ++i) {
      if (auto value = value_about(view, parents[i])) return value;
    }
    at = parents.empty() ? ObjectId() : parents[0];
  }
  return std::nullopt;
}

std::string MetricRequirement::fault_of(double value, const std::optional<Value>& before) const {
  const std::string text = number_text(value);
  if (min_ && above(*min_, value, 0)) return "is " + text + "; at least " + number_text(*min_);
  if (max_ && above(value, *max_, 0)) return "is " + text + "; at most " + number_text(*max_);
  if (!before) return {};
  const double last = before->number;
  const double scale = std::max(std::abs(value), std::abs(last));
  const std::string way = ", from " + number_text(last) + " to " + text + "; at most ";
  if (max_drop_ && above(last - value, *max_drop_, scale)) {
    return "drops by " + number_text(last - value) + way + number_text(*max_drop_);
  }
  if (max_rise_ && above(value - last, *max_rise_, scale)) {
    return "rises by " + number_text(value - last) + way + number_text(*max_rise_);
  }
  return {};
}

Standing MetricRequirement::judge(const LandedWork& work) const {
  const bool relative = max_drop_ || max_rise_;
  const std::optional<Value> before = relative ? value_before(work.view) : std::optional<Value>();
  if (!before && !min_ && !max_) {
    return not_applicable("the branch has no earlier value to compare with");
  }
  Standing standing;
  const std::string metric = "'" + printable(metric_, 60) + "'";
  for (const Attestation* check : checks_of(work, check_)) {
    const auto value = value_in(*check, work.view.ref.name, &standing.details);
    if (!value) continue;
    standing.details.clear();
    const std::string fault = fault_of(*value, before);
    if (fault.empty()) {
      standing.why = number_text(*value) + (before ? ", was " + number_text(before->number) : "");
      standing.relied = {{check->ref, check->object}};
      return standing;
    }
    standing.message = metric + " of " + work.name() + " " + fault;
    standing.why = fault;
    if (before) {
      standing.details.push_back("the last value of the branch is of " +
                                 before->check->name.commit.brief());
    }
    standing.hint = "improve it, or ask for an exemption";
    standing.state = RequirementState::unsatisfied;
    return standing;
  }
  standing.state = RequirementState::unsatisfied;
  standing.message =
      work.name() + " has no value of " + metric + ", which check '" + check_ + "' has to give";
  standing.why = "no value";
  standing.hint = "a result has it as in {\"status\": \"success\", \"metrics\": {\"NAME\": 0.5}}";
  standing.commands =
      work.commands(AttestationKind::check, "$(git hash-object -w result.json)", check_);
  return standing;
}

}  // namespace trunkgate

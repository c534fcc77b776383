// A metric of a check within limits, and not much worse than what the branch had last.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/number_option.h"
#include "rules/evidence/requirements/landed_work.h"
#include "rules/evidence/requirements/standing.h"
#include "rules/rule.h"

namespace trunkgate {

namespace metric_options {
inline constexpr Option<std::string> kCheck{"check", "", "the check that has the metrics"};
inline constexpr Option<std::vector<std::string>> kMetric{"metric", "", "name of the metric"};
inline constexpr Option<std::vector<std::string>> kMetrics{"metrics", "",
                                                           "names, when there are several"};
inline constexpr Option<double> kMaxDrop{
    "max-drop", "", "how much lower than the branch's last known value it may be, as a difference"};
inline constexpr Option<double> kMaxRise{"max-rise", "", "how much higher it may be"};
inline constexpr Option<double> kMin{"min", "", "the lowest value accepted"};
inline constexpr Option<double> kMax{"max", "", "the highest value accepted"};
inline constexpr Option<std::vector<std::string>> kBy{
    "by", "", "users and groups whose results count; left out: all who may leave one"};
inline constexpr const OptionInfo* kAll[] = {&kCheck.info,   &kMetric.info,  &kMetrics.info,
                                             &kMaxDrop.info, &kMaxRise.info, &kMin.info,
                                             &kMax.info,     &kBy.info};
}  // namespace metric_options

// A value exactly at a limit passes. What computers make of decimal fractions is no more exact than
// 1e-9 of the largest number involved, so that much above or below a limit is at the limit.
class MetricRequirement {
 public:
  // One for each metric, from metric_options::kAll.
  static std::vector<MetricRequirement> read(const RuleSetup& setup);

  std::string what() const;  // "f1 of check mini-val"
  Standing judge(const LandedWork& work) const;

  // Whose results count: users, sorted. Without `pinned`, all who may leave one.
  const std::vector<std::string>& by() const { return by_; }
  bool pinned() const { return pinned_; }

 private:
  struct Value {
    double number = 0;
    const Attestation* check = nullptr;
  };

  MetricRequirement() = default;
  // What `check` says of the metric, when it counts; else why not is added to `details`.
  std::optional<double> value_in(const Attestation& check, const std::string& target,
                                 std::vector<std::string>* details) const;
  // The last value known on the branch before the push.
  std::optional<Value> value_before(const LandingView& view) const;
  std::optional<Value> value_about(const LandingView& view, const ObjectId& commit) const;
  std::string fault_of(double value, const std::optional<Value>& before) const;

  std::string check_;
  std::string metric_;  // raw bytes
  bool pinned_ = false;
  std::vector<std::string> by_;
  std::optional<double> max_drop_, max_rise_, min_, max_;
};

}  // namespace trunkgate

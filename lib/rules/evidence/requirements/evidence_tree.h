// Requirements on evidence put together: all of them, any of them, at least so many of them.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "rules/evidence/requirements/approval_requirement.h"
#include "rules/evidence/requirements/check_requirement.h"
#include "rules/evidence/requirements/metric_requirement.h"

namespace trunkgate {

// The value of an option that is a list of requirements: it has a shape of its own.
struct EvidenceList {};
template <>
struct OptionType<EvidenceList> {
  static constexpr std::string_view name = "list of evidence";
  static bool read(const Node&, Diagnostics&, EvidenceList&) { return true; }
};

namespace evidence_options {
inline constexpr Option<EvidenceList> kAnyOf{
    "any-of", "",
    "one of these is enough: {approval: {...}}, {check: {...}}, {metric: {...}}, each "
    "with the options of its rule, or a map with any-of, all-of or at-least again"};
inline constexpr Option<EvidenceList> kAllOf{"all-of", "", "every one of these is needed"};
inline constexpr Option<std::int64_t> kAtLeast{"at-least", "", "how many of 'of' are enough"};
inline constexpr Option<EvidenceList> kOf{"of", "", "what 'at-least' counts"};
inline constexpr const OptionInfo* kJoins[] = {&kAnyOf.info, &kAllOf.info, &kAtLeast.info,
                                               &kOf.info};
}  // namespace evidence_options

// One requirement, or several.
struct EvidenceNode {
  using Leaf = std::variant<ApprovalRequirement, CheckRequirement, MetricRequirement>;
  enum class Join { all, any, at_least };

  std::optional<Leaf> leaf = {};
  Join join = Join::all;
  std::size_t least = 0;  // at_least
  std::vector<EvidenceNode> parts = {};

  std::string what() const;
  // A part that is not applicable counts neither for nor against; a veto in any part cannot be made
  // up for. `details` has a line for each part, those of parts of parts further in.
  Standing judge(const LandedWork& work) const;
  void visit_leaves(const std::function<void(const Leaf&)>& visit) const;
};

AttestationKind kind_of_leaf(const EvidenceNode::Leaf& leaf);

// Reads evidence_options::kJoins of a rule. Mistakes are reported.
EvidenceNode read_evidence(const RuleSetup& setup);

}  // namespace trunkgate

// Reads requirements that are put together from a policy.
#include <algorithm>
#include <iterator>

#include "rules/evidence/requirements/evidence_tree.h"

namespace trunkgate {
namespace {

using namespace evidence_options;

constexpr std::size_t kMaxDepth = 8;
constexpr std::size_t kMaxLeaves = 100;

constexpr Option<EvidenceList> kApproval{"approval", "", "as in missing-approval"};
constexpr Option<EvidenceList> kCheck{"check", "", "as in missing-check"};
constexpr Option<EvidenceList> kMetric{"metric", "", "as in metric-regression"};
constexpr const OptionInfo* kLeaves[] = {&kApproval.info, &kCheck.info, &kMetric.info};
constexpr const OptionInfo* kItemKeys[] = {&kApproval.info, &kCheck.info, &kMetric.info,
                                           &kAnyOf.info,    &kAllOf.info, &kAtLeast.info,
                                           &kOf.info};

class Reader {
 public:
  explicit Reader(const RuleSetup& setup)
      : setup_(setup), diagnostics_(setup.options.diagnostics()) {}

  EvidenceNode join(const OptionReader& options, std::size_t depth) {
    EvidenceNode node;
    const Node* lists[] = {options.find(kAllOf.info.name), options.find(kAnyOf.info.name),
                           options.find(kOf.info.name)};
    const Node* at_least = options.find(kAtLeast.info.name);
    const auto given = std::count_if(std::begin(lists), std::end(lists),
                                     [](const Node* list) { return list != nullptr; });
    if (given != 1) {
      diagnostics_.error(options.where(),
                         given == 0 ? "there is no evidence to ask for"
                                    : "only one of 'any-of', 'all-of' and 'of' can stand here",
                         given == 0 ? "any-of: [{approval: {}}, {check: {require: [unit-tests]}}]"
                                    : "put one into the other");
      return node;
    }
    const std::size_t index = lists[0] != nullptr ? 0 : lists[1] != nullptr ? 1 : 2;
    constexpr EvidenceNode::Join kJoin[] = {EvidenceNode::Join::all, EvidenceNode::Join::any,
                                            EvidenceNode::Join::at_least};
    node.join = kJoin[index];
    const Node& list = *lists[index];
    read_parts(list, depth, node);
    if ((at_least != nullptr) != (index == 2)) {
      diagnostics_.error(at_least != nullptr ? at_least->where : list.where,
                         at_least != nullptr ? "'at-least' counts what stands at 'of'"
                                             : "'of' needs 'at-least': how many of them",
                         at_least != nullptr ? "of: [...]" : "at-least: 1");
    } else if (index == 2) {
      node.least = static_cast<std::size_t>(options.get(kAtLeast));
      if (node.least == 0 || (node.least > list.items.size() && !list.items.empty())) {
        diagnostics_.error(at_least->where, "'at-least' must be from 1 to " +
                                                std::to_string(list.items.size()) +
                                                ", as many as stand at 'of'");
      }
    }
    return node;
  }

 private:
  void read_parts(const Node& list, std::size_t depth, EvidenceNode& node) {
    if (list.kind != Node::Kind::sequence || list.items.empty()) {
      diagnostics_.error(
          list.where,
          "expected a list of evidence, found " + (list.kind == Node::Kind::sequence
                                                       ? std::string("an empty one")
                                                       : std::string(to_string(list.kind))),
          "as in [{approval: {}}, {check: {require: [unit-tests]}}]");
      return;
    }
    if (depth == kMaxDepth) {
      diagnostics_.error(list.where,
                         "evidence is nested more than " + std::to_string(kMaxDepth) + " deep");
      return;
    }
    for (const Node& item : list.items) read_item(item, depth, node);
  }

  void read_item(const Node& item, std::size_t depth, EvidenceNode& node) {
    const OptionReader options(item, kItemKeys, diagnostics_, "a piece of evidence");
    if (item.kind != Node::Kind::map) return;
    const auto leaves =
        std::count_if(std::begin(kLeaves), std::end(kLeaves),
                      [&](const OptionInfo* leaf) { return options.has(leaf->name); });
    const bool joins = std::any_of(std::begin(kJoins), std::end(kJoins),
                                   [&](const OptionInfo* join) { return options.has(join->name); });
    if (leaves + (joins ? 1 : 0) > 1) {
      diagnostics_.error(item.where,
                         "one piece of evidence is one of 'approval', 'check', 'metric', "
                         "'any-of', 'all-of' and 'at-least'",
                         "write them as several items, or under 'all-of'");
      return;
    }
    if (leaves == 0) {
      // Another key in its place has been reported.
      if (joins || item.entries.empty()) node.parts.push_back(join(options, depth + 1));
      return;
    }
    for (const OptionInfo* leaf : kLeaves) {
      if (const Node* at = options.find(leaf->name); at != nullptr) read_leaf(*leaf, *at, node);
    }
  }

  void read_leaf(const OptionInfo& leaf, const Node& at, EvidenceNode& node) {
    EvidenceNode made;
    const auto read = [&](std::span<const OptionInfo* const> declared, const auto& make) {
      const OptionReader options(at, declared, diagnostics_, "'" + std::string(leaf.name) + "'");
      make(RuleSetup{.options = options,
                     .groups = setup_.groups,
                     .users = setup_.users,
                     .folder = setup_.folder,
                     .read_file = setup_.read_file});
    };
    // Several names are several requirements, of which all are needed.
    const auto add_all = [&](auto requirements) {
      for (auto& requirement : requirements) {
        made.parts.push_back(EvidenceNode{.leaf = std::move(requirement)});
      }
    };
    if (&leaf == &kApproval.info) {
      read(approval_options::kAll, [&](const RuleSetup& setup) {
        made.parts.push_back(EvidenceNode{.leaf = ApprovalRequirement(setup)});
      });
    } else if (&leaf == &kCheck.info) {
      read(check_options::kAll,
           [&](const RuleSetup& setup) { add_all(CheckRequirement::read(setup)); });
    } else {
      read(metric_options::kAll,
           [&](const RuleSetup& setup) { add_all(MetricRequirement::read(setup)); });
    }
    leaves_ += made.parts.size();
    if (leaves_ > kMaxLeaves) {
      diagnostics_.error(at.where, "more than " + std::to_string(kMaxLeaves) + " requirements");
      return;
    }
    if (made.parts.size() == 1) {
      EvidenceNode only = std::move(made.parts[0]);
      made = std::move(only);
    }
    node.parts.push_back(std::move(made));
  }

  const RuleSetup& setup_;
  Diagnostics& diagnostics_;
  std::size_t leaves_ = 0;
};

}  // namespace

EvidenceNode read_evidence(const RuleSetup& setup) { return Reader(setup).join(setup.options, 0); }

}  // namespace trunkgate

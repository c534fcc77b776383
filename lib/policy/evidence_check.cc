#include "policy/evidence_check.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/text.h"
#include "evidence/attestation_policy.h"
#include "rules/evidence/requirements/evidence_rule.h"

namespace trunkgate {
namespace {

void check_rule(const Policy& policy, const ActiveRule& active, const EvidenceRule& rule,
                Diagnostics& diagnostics) {
  const std::string name = "rule '" + std::string(active.info->id) + "' ";
  std::set<AttestationKind> said;
  const auto check_leaf = [&](const EvidenceNode::Leaf& leaf) {
    const AttestationKind kind = kind_of_leaf(leaf);
    const std::string word(to_string(kind));
    const bool taken = policy.attestations != nullptr && policy.attestations->of(kind).taken;
    if (!taken) {
      if (!said.insert(kind).second) return;
      diagnostics.error(
          active.where,
          name + "asks for attestations of the kind '" + word + "', and the policy takes none",
          std::string("attestations: {") + word + ": {by: [" +
              (kind == AttestationKind::approval ? "reviewers" : "ci") + "]}}");
      return;
    }
    const auto& [pinned, by] = std::visit(
        [](const auto& requirement) { return std::pair(requirement.pinned(), requirement.by()); },
        leaf);
    const std::vector<std::string>& may = policy.attestations->of(kind).by;
    const bool any = std::any_of(by.begin(), by.end(), [&](const std::string& user) {
      return std::binary_search(may.begin(), may.end(), user);
    });
    // A group that is empty for now is filled elsewhere.
    if (pinned && !by.empty() && !any && said.insert(kind).second) {
      diagnostics.error(active.where,
                        name + "counts only what is left by " + printable(join(by, ", "), 100) +
                            ", none of whom may leave such an attestation",
                        "attestations." + word + ".by says who may");
    }
  };
  for (const EvidenceRule::Part& part : rule.parts()) part.asked.visit_leaves(check_leaf);
}

}  // namespace

void check_evidence(const Policy& policy, Diagnostics& diagnostics) {
  for (const ActiveRule& active : policy.rules) {
    if (active.mode == Mode::off) continue;
    if (const auto* rule = dynamic_cast<const EvidenceRule*>(active.rule.get()); rule != nullptr) {
      check_rule(policy, active, *rule, diagnostics);
    }
  }
}

}  // namespace trunkgate

#include "policy/pack_scan.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "policy/gate_findings.h"

namespace trunkgate {

PackScan::PackScan(const Repository& repository, const std::vector<const ActiveRule*>& rules)
    : sieve_(repository, rules),
      scan_(
          repository,
          sieve_.empty()
              ? PushedScan::BlobVisitor()
              : [this](
                    std::size_t pack, const PackedObject& blob, const PackedObject* base,
                    const std::vector<FreshPart>& fresh) { sieve_.look(pack, blob, base, fresh); },
          std::any_of(rules.begin(), rules.end(),
                      [](const ActiveRule* rule) { return rule->info->folds_names; })) {}

const ContentSieve& PackScan::sieve() {
  scan_.wait();
  return sieve_;
}

std::vector<Finding> PackScan::findings() {
  std::vector<Finding> findings;
  try {
    for (TreeFault& fault : scan_.faults()) {
      Finding finding;
      finding.rule = "malformed-tree";
      finding.message = "the push brings a folder that cannot be trusted: " + fault.what;
      finding.hint = "object " + fault.object.hex() + "; git fsck in your clone shows it";
      findings.push_back(std::move(finding));
    }
  } catch (const std::exception& error) {
    findings.push_back(undecided("malformed-tree", reason_of(error)));
  }
  return findings;
}

}  // namespace trunkgate

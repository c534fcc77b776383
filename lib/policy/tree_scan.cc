#include "policy/tree_scan.h"

#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <utility>

#include "policy/gate_findings.h"

namespace trunkgate {
namespace {

// Below this, starting a thread costs more than it saves.
constexpr std::size_t kManyObjects = 500;

}  // namespace

TreeScan::TreeScan(const Repository& repository) {
  const auto scan = [&repository] { return pushed_tree_faults(repository); };
  if (pushed_packed_objects(repository) >= kManyObjects) {
    try {
      scan_ = std::async(std::launch::async, scan);
      return;
    } catch (const std::system_error&) {
      // No thread to be had: it takes longer, that is all.
    }
  }
  scan_ = std::async(std::launch::deferred, scan);
}

std::vector<Finding> TreeScan::findings() {
  std::vector<Finding> findings;
  std::string failure;
  try {
    for (TreeFault& fault : scan_.get()) {
      Finding finding;
      finding.rule = "malformed-tree";
      finding.message = "the push brings a folder that cannot be trusted: " + fault.what;
      finding.hint = "object " + fault.object.hex() + "; git fsck in your clone shows it";
      findings.push_back(std::move(finding));
    }
    return findings;
  } catch (const std::bad_alloc&) {
    failure = "out of memory";
  } catch (const std::exception& error) {
    failure = error.what();
  }
  findings.push_back(undecided("malformed-tree", failure));
  return findings;
}

}  // namespace trunkgate

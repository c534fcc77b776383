// `attestations` and `exemptions` of all layers: each layer adds to what those above it say.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "config/diagnostics.h"
#include "config/document.h"
#include "policy/people_reader.h"
#include "policy/policy.h"
#include "policy/policy_files.h"

namespace trunkgate {

class EvidenceLayers {
 public:
  // `read_file` gives a file that lies beside the policy in a folder. `diagnostics` takes the
  // mistakes and outlives this.
  using ReadFile = std::function<FileText(const std::string& folder, const std::string& name)>;
  EvidenceLayers(Diagnostics& diagnostics, ReadFile read_file)
      : diagnostics_(diagnostics), read_file_(std::move(read_file)) {}

  // Of one layer, the top one first; `node` need not outlive the call. A kind of attestations or an
  // exemption that a layer above has is said anew as a whole.
  void add_attestations(const Node& node, const std::string& folder);
  void add_exemptions(const Node& node);

  // Puts what has been said into `policy`; no layer below can say more of it. Called at the end and
  // where a layer locks something: what is locked means the people whom the layers up to there
  // know. Not for each layer at once, for a preset names groups of the policy that extends it.
  void settle(const People& people, Policy& policy);

  // Mistakes that only the whole policy shows; after settle().
  void check(const Policy& policy);

 private:
  struct Section {
    std::string_view name;
    Node all{};
    bool said = false;
    bool settled = false;
  };
  void add(const Node& node, Section& section);

  Diagnostics& diagnostics_;
  ReadFile read_file_;
  Section attestations_{"attestations"};
  Section exemptions_{"exemptions"};
  std::string signatures_folder_;
};

}  // namespace trunkgate

#include "policy/evidence_layers.h"

#include <algorithm>

#include "policy/attestations_reader.h"
#include "policy/exemptions_reader.h"
#include "policy/policy_keys.h"

namespace trunkgate {
namespace {

// What is neither a map nor nothing stays alone, so that the reader says what is wrong with it.
void merge(const Node& layer, Node& all) {
  if (all.kind == Node::Kind::null || layer.kind != Node::Kind::map) {
    if (layer.kind != Node::Kind::null) all = layer;
    return;
  }
  if (all.kind != Node::Kind::map) return;
  for (const Entry& entry : layer.entries) {
    const auto known = std::find_if(all.entries.begin(), all.entries.end(),
                                    [&](const Entry& other) { return other.key == entry.key; });
    if (known == all.entries.end()) {
      all.entries.push_back(entry);
    } else {
      *known = entry;
    }
  }
}

}  // namespace

void EvidenceLayers::add(const Node& node, Section& section) {
  if (section.settled) {
    diagnostics_.error(node.where,
                       "'" + std::string(section.name) + "' is set in a layer above already");
    return;
  }
  section.said = true;
  merge(node, section.all);
}

void EvidenceLayers::add_attestations(const Node& node, const std::string& folder) {
  add(node, attestations_);
  if (node.find(keys::kSignatures.info.name) != nullptr) signatures_folder_ = folder;
}

void EvidenceLayers::add_exemptions(const Node& node) { add(node, exemptions_); }

void EvidenceLayers::settle(const People& people, Policy& policy) {
  if (attestations_.said && !attestations_.settled) {
    attestations_.settled = true;
    policy.attestations = read_attestations(
        attestations_.all, people,
        [this](const std::string& name) { return read_file_(signatures_folder_, name); },
        diagnostics_);
  }
  if (exemptions_.said && !exemptions_.settled) {
    exemptions_.settled = true;
    policy.exemptions = read_exemptions(exemptions_.all, people, diagnostics_);
  }
}

void EvidenceLayers::check(const Policy& policy) {
  if (exemptions_.all.kind != Node::Kind::map) return;
  check_grants(exemptions_.all, policy.exemptions, policy.attestations.get(), diagnostics_);
}

}  // namespace trunkgate

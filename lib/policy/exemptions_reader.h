// Reads `exemptions:` of a policy: what may be waived, by whom and how often.
#pragma once

#include <vector>

#include "config/diagnostics.h"
#include "config/document.h"
#include "evidence/attestation_policy.h"
#include "policy/exemption.h"
#include "policy/people_reader.h"

namespace trunkgate {

// In the order of the policy. Mistakes go to `diagnostics`.
std::vector<Exemption> read_exemptions(const Node& node, const People& people,
                                       Diagnostics& diagnostics);

// An exemption that needs grants which `attestations:` lets nobody leave could never be used.
// `node` is what the exemptions were read from; `attestations` may be nullptr.
void check_grants(const Node& node, const std::vector<Exemption>& exemptions,
                  const AttestationPolicy* attestations, Diagnostics& diagnostics);

}  // namespace trunkgate

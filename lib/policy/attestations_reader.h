// Reads `attestations:` of a policy: who may leave which evidence about a commit.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "config/diagnostics.h"
#include "config/document.h"
#include "evidence/attestation_policy.h"
#include "policy/people_reader.h"
#include "rules/rule.h"

namespace trunkgate {

// What can stand under `signatures:`.
std::span<const OptionInfo* const> signature_keys();

// `read_file` reads files of keys, as RuleSetup::read_file does. Mistakes go to `diagnostics`.
std::shared_ptr<const AttestationPolicy> read_attestations(
    const Node& node, const People& people,
    const std::function<FileText(const std::string& name)>& read_file, Diagnostics& diagnostics);

}  // namespace trunkgate

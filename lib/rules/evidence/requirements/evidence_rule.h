// The one class behind all rules that ask for evidence: they differ in what they ask for only.
#pragma once

#include <string>
#include <vector>

#include "rules/evidence/requirements/evidence_tree.h"
#include "rules/rule.h"

namespace trunkgate {

class EvidenceRule final : public Rule {
 public:
  // Each part is a requirement of its own with findings of its own.
  struct Part {
    std::string id;  // "missing-check.mini-val", or the rule's own
    EvidenceNode asked;
  };

  explicit EvidenceRule(std::vector<Part> parts) : parts_(std::move(parts)) {}

  // What lands has to satisfy each part; of several things that land, each by itself.
  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override;
  std::vector<Requirement> requirements() const override;

  const std::vector<Part>& parts() const { return parts_; }

 private:
  std::vector<Part> parts_;
};

}  // namespace trunkgate

// The approvals of a piece of work: whose count, whose do not and why, and who says no.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "rules/evidence/requirements/landed_work.h"

namespace trunkgate {

class Approvals {
 public:
  // With `earlier`, those of the same work before a clean rebase as well.
  Approvals(const LandedWork& work, bool earlier);

  // Who approves and had no part in the work, with the attestation.
  const std::map<std::string, const Attestation*>& given() const { return given_; }
  const std::map<std::string, const Attestation*>& vetoes() const { return vetoes_; }
  // "approval 'bo' does not count: it was left by 'bo', who pushed it"; printable.
  const std::vector<std::string>& discounted() const { return discounted_; }
  // There are more new commits than can be looked at for the part that people had in them.
  bool too_many() const { return too_many_; }

  // Why `user` cannot approve: "5d6e7f81 lands with it, and 'bo' is its author". Printable.
  std::optional<std::string> part_of(const std::string& user);

 private:
  void read(const ObjectId& commit, const std::set<std::string>& passed_over);
  void read_authors();

  const LandedWork& work_;
  std::map<std::string, const Attestation*> given_;
  std::map<std::string, const Attestation*> vetoes_;
  std::vector<std::string> discounted_;
  std::map<std::string, std::optional<std::string>> parts_;
  std::vector<Commit> made_;                // the new commits
  std::map<std::string, ObjectId> pushed_;  // by user: a new commit that they pushed as a tip
  std::optional<std::vector<std::string>> pushers_;  // nothing where that cannot be told
  bool read_authors_ = false;
  bool too_many_ = false;
};

}  // namespace trunkgate

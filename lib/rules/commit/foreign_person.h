// What foreign-author and foreign-committer share: is this person one the policy accepts?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "push/mailmap.h"
#include "rules/rule.h"

namespace trunkgate {

extern const OptionInfo* const kPersonOptions[7];

class ForeignPerson : public Rule {
 public:
  enum class Role { author, committer };

  void check_commit(const Push& push, const Commit& commit, Answer& out) const override;

 protected:
  ForeignPerson(Role role, const RuleSetup& setup);

 private:
  // A fault, and what to do about it when a new identity does not help.
  struct Fault {
    std::string message;
    std::string hint;
  };
  std::optional<Fault> fault_of(const Push& push, const MappedPerson& person) const;
  void read_mailmap(const RuleSetup& setup);
  std::string title() const { return role_ == Role::author ? "author" : "committer"; }
  // The addresses the policy knows of the pusher.
  const std::vector<std::string>* addresses_of(const Pusher& pusher) const;

  Role role_;
  std::vector<Pattern> emails_;
  std::vector<Pattern> names_;
  bool known_;
  bool pusher_;
  bool deny_unset_;
  std::string hint_;
  Users users_;
  Mailmap mailmap_;
};

}  // namespace trunkgate

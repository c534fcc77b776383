// What foreign-author and foreign-committer share: is this person one the policy accepts?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "push/mailmap.h"
#include "rules/rule.h"

namespace trunkgate {

extern const OptionInfo* const kPersonOptions[10];

class ForeignPerson : public Rule {
 public:
  enum class Role { author, committer };

  void check_commit(const Push& push, const Commit& commit, Answer& out) const override;

 protected:
  ForeignPerson(Role role, const RuleSetup& setup);

 private:
  struct Fault {
    std::string message;
    bool in_name = false;  // of the person, not in the address
    std::string detail = {};
    std::string hint = {};  // when a new identity does not help
  };
  std::vector<Fault> faults_of(const Push& push, const MappedPerson& person) const;
  std::optional<Fault> address_fault(const Push& push, const std::string& address) const;
  std::optional<Fault> name_fault(const Push& push, const std::string& name) const;
  std::optional<Fault> unset_fault(const Push& push, const MappedPerson& person) const;
  // Whether an admin has said that this very address is one of the right ones.
  bool address_expected(const Push& push, const std::string& address) const;
  Fault unknown_to_policy(const Push& push, const std::string& what) const;
  void report(const Push& push, const Commit& commit, const Signature& who, const Fault& fault,
              Answer& out) const;
  void read_mailmap(const RuleSetup& setup);
  void need_addresses(const OptionReader& options) const;
  std::string title() const { return role_ == Role::author ? "author" : "committer"; }
  // What the policy knows of the pusher; nullptr for nothing.
  const User* user_of(const Pusher& pusher) const;
  // The command that gives the pusher another name or address.
  std::string setting(const Push& push, const Fault& fault) const;

  Role role_;
  std::vector<Pattern> emails_;
  std::vector<Pattern> names_;
  std::vector<Pattern> denied_emails_;
  std::vector<Pattern> denied_names_;
  bool known_;
  bool pusher_;
  bool pusher_name_;
  bool deny_unset_;
  std::string hint_;
  Users users_;
  Mailmap mailmap_;
};

}  // namespace trunkgate

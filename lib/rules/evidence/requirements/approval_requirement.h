// Approvals by enough people, and by the owners of what changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "config/option.h"
#include "rules/evidence/requirements/landed_work.h"
#include "rules/evidence/requirements/standing.h"
#include "rules/rule.h"

namespace trunkgate {

namespace approval_options {
inline constexpr Option<std::int64_t> kCount{"count", "1", "how many people have to approve"};
inline constexpr Option<std::vector<std::string>> kBy{
    "by", "", "users and groups whose approval counts; left out: all who may leave one"};
inline constexpr Option<std::string> kOwners{
    "owners", "",
    "path of a file in the repository that says who owns which paths, such as CODEOWNERS; read "
    "from the branch as it is before the push; each changed path with owners needs one of them"};
inline constexpr Option<std::vector<std::string>> kSurvives{
    "survives", "",
    "clean-rebase: an approval stays good when the commits are made anew on another base with the "
    "same patch, authors and messages"};
inline constexpr const OptionInfo* kAll[] = {&kCount.info, &kBy.info, &kOwners.info,
                                             &kSurvives.info};
}  // namespace approval_options

class Approvals;

class ApprovalRequirement {
 public:
  // Reads approval_options::kAll.
  explicit ApprovalRequirement(const RuleSetup& setup);

  std::string what() const;  // "2 approvals by reviewers"
  Standing judge(const LandedWork& work) const;

  // Whose approval counts: users, sorted. Without `pinned`, all who may leave one.
  const std::vector<std::string>& by() const { return by_; }
  bool pinned() const { return pinned_; }

 private:
  bool counts(const std::string& user) const;
  void judge_count(const LandedWork& work, Approvals& approvals, Standing& standing) const;
  void judge_owners(const LandedWork& work, const Approvals& approvals, Standing& standing) const;
  std::vector<std::string> candidates(const Push& push, Approvals& approvals) const;

  std::size_t count_ = 1;
  bool pinned_ = false;
  std::vector<std::string> by_;
  std::string by_words_;  // " by reviewers", as the policy has it, printable
  std::string owners_;
  bool survives_rebase_ = false;
  Groups groups_;
  Users users_;
};

}  // namespace trunkgate

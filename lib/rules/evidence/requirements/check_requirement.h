// A check with a good result, by those who may say so, fresh enough.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/path_set.h"
#include "config/option.h"
#include "rules/evidence/requirements/landed_work.h"
#include "rules/evidence/requirements/standing.h"
#include "rules/rule.h"

namespace trunkgate {

namespace check_options {
inline constexpr Option<std::vector<std::string>> kRequire{"require", "", "names of checks"};
inline constexpr Option<std::vector<std::string>> kBy{
    "by", "", "users and groups whose results count; left out: all who may leave one"};
inline constexpr Option<std::chrono::seconds> kMaxAge{
    "max-age", "",
    "how old a result may be, by when it came to the server; one from before the gate is too old"};
inline constexpr Option<PathSet> kPaths{
    "paths", "", "the checks are asked for only when one of these files changes"};
inline constexpr Option<std::vector<std::string>> kAccept{"accept", "[success]",
                                                          "good results: success, neutral"};
inline constexpr const OptionInfo* kAll[] = {&kRequire.info, &kBy.info, &kMaxAge.info, &kPaths.info,
                                             &kAccept.info};
}  // namespace check_options

class CheckRequirement {
 public:
  // One for each name, from check_options::kAll.
  static std::vector<CheckRequirement> read(const RuleSetup& setup);

  const std::string& name() const { return name_; }
  std::string what() const { return "check " + name_; }
  Standing judge(const LandedWork& work) const;

  // Whose results count: users, sorted. Without `pinned`, all who may leave one.
  const std::vector<std::string>& by() const { return by_; }
  bool pinned() const { return pinned_; }

 private:
  CheckRequirement() = default;
  // Why it does not do, in a few words; empty when it does.
  std::string fault_of(const LandedWork& work, const Attestation& check, Standing& standing) const;

  std::string name_;
  bool pinned_ = false;
  std::vector<std::string> by_;
  bool ages_ = false;  // there is a `max-age`
  std::chrono::seconds max_age_{};
  PathSet paths_;
  bool neutral_ = false;
};

// The attestations of a check with this name about the work, in the order of
// LandedWork::commits(), whether they count or not.
std::vector<const Attestation*> checks_of(const LandedWork& work, const std::string& name);

// Whether `name` can be a check's; else a mistake at `where`.
bool is_check_name(const std::string& name, const Location& where, Diagnostics& diagnostics);

}  // namespace trunkgate

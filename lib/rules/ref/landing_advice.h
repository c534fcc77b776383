// What direct-push says to a pusher: what is wrong with a landing, and the commands that do it
// right.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/match.h"
#include "git/commit.h"
#include "push/landing.h"
#include "push/push.h"
#include "rules/finding.h"

namespace trunkgate {

class LandingAdvice {
 public:
  // `ways`: how branches may land, as the policy has them; `from`: which. Both must outlive it.
  LandingAdvice(const std::vector<LandingKind>& ways, const GlobSet& from)
      : ways_(ways), from_(from) {}

  Finding creation(const PushedRef& ref) const;
  // Commits that come from nowhere; `passed_over` branches were not looked at.
  Finding direct(const PushedRef& ref, std::size_t passed_over) const;
  // The new tip's first parents do not lead back to what the branch holds.
  Finding off_the_line(const PushedRef& ref, bool holds_old) const;
  // Of a merge on the chain.
  Finding octopus(const Commit& merge) const;
  Finding unknown_source(const PushedRef& ref, const Commit& merge, const ObjectId& brought) const;
  Finding evil_merge(const PushedRef& ref, const Commit& merge, const MergeComparison& found,
                     bool may_be_approved) const;
  // Of a squash or a rebase.
  Finding near(const PushedRef& ref, const NearLanding& near, const Commit& by) const;
  Finding branch_may_not(const PushedRef& ref, const LandedSource& source, LandingKind kind) const;
  Finding unconventional(const PushedRef& ref, const Commit& squash) const;

 private:
  bool may(LandingKind way) const;
  std::string allowed_sources() const;
  std::string example() const;
  std::vector<std::string> commands(const PushedRef& ref, LandingKind way,
                                    const std::string& branch) const;

  const std::vector<LandingKind>& ways_;
  const GlobSet& from_;
};

}  // namespace trunkgate

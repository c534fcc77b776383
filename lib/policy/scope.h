// Where a rule applies: the refs of its ruleset, narrowed by the rule's own `only:` and `except:`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/match.h"
#include "base/ref_patterns.h"
#include "config/document.h"
#include "git/commit.h"
#include "policy/repository_globs.h"
#include "push/push.h"
#include "rules/rule.h"

namespace trunkgate {

// Kinds of commits, of which one has to fit. A revert that is no merge is a `non_merge` as well.
struct CommitKinds {
  bool merge = false;
  bool non_merge = false;
  bool revert = false;

  bool hold(const Push& push, const Commit& commit) const;
};

// Where a policy is in force.
struct PolicyPlace {
  std::string repository;      // absolute path of its folder
  std::string default_branch;  // the full name that HEAD stands for; empty when it names none
};

// One `only:` or `except:`. A key that is left out says nothing.
struct Conditions {
  std::optional<RefPatterns> refs;
  std::optional<GlobSet> source;                    // branches being landed
  std::optional<std::vector<std::string>> pushers;  // users, groups resolved, sorted
  std::optional<PathSet> paths;                     // changed files
  std::optional<CommitKinds> commits;
  std::optional<RepositoryGlobs> repositories;  // until Scope::settle() has answered it

  bool empty() const { return !refs && !source && !pushers && !paths && !commits && !repositories; }
};

struct Scope {
  RefPatterns refs;                             // of the ruleset
  std::optional<RepositoryGlobs> repositories;  // likewise; all without it
  Conditions only;
  Conditions except;

  // Answers what depends on the repository alone: false when the rule is not for this one. Without
  // it a rule is in force in every repository.
  bool settle(const PolicyPlace& place);
  // HEAD is one of the refs.
  bool names_head() const;

  // Whether the rule is in force on a ref, whoever pushes what: decides which commits count as
  // judged.
  bool covers(std::string_view ref) const;

  // Whether it applies to this ref update (pusher and source included). For Subject::ref the
  // changed paths count too: those of each commit that comes or goes.
  bool applies_to(const Push& push, const PushedRef& ref, Subject subject) const;
  // Whether it applies to a commit that the updates `refs` bring (it applies to all of them). An
  // exception has to hold for every one of them.
  bool applies_to(const Push& push, std::span<const PushedRef* const> refs,
                  const Commit& commit) const;
  // The same for one file that the commit changes: conditions about paths are about this one.
  bool applies_to(const Push& push, std::span<const PushedRef* const> refs, const Commit& commit,
                  std::string_view path) const;

  // Whether a condition speaks of reverts.
  bool asks_for_reverts() const;
  // Whether that asks nothing of the repository once is_revert() has been asked about the commit,
  // so that several threads may ask it at once.
  bool judges_files_by_themselves() const;

  // Two rules with equal text cover the same refs and share one walk over new commits.
  std::string refs_text() const;

 private:
  // The refs on which the rule is not in force at all; nullptr for none.
  const RefPatterns* excepted_refs() const;
};

// Reads an `only:` or `except:` map; mistakes go to `diagnostics`.
Conditions read_conditions(const Node& node, const Groups& groups, Diagnostics& diagnostics);

}  // namespace trunkgate

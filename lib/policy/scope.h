// Where a rule applies: the refs of its ruleset, narrowed by the rule's own `only:` and `except:`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/match.h"
#include "config/document.h"
#include "git/commit.h"
#include "push/push.h"
#include "rules/rule.h"

namespace trunkgate {

// Full ref names to match: a bare pattern is a branch ("main" stands for "refs/heads/main").
class RefPatterns {
 public:
  RefPatterns() = default;
  explicit RefPatterns(const GlobSet& globs);

  bool matches(std::string_view ref) const { return globs_.matches(ref); }
  bool empty() const { return globs_.empty(); }
  // Names given without a wildcard.
  std::vector<std::string> literals() const;
  // The patterns in a canonical form, to compare and to digest.
  std::string text() const;

 private:
  GlobSet globs_;
};

// One `only:` or `except:`. A key that is left out says nothing.
struct Conditions {
  std::optional<RefPatterns> refs;
  std::optional<GlobSet> source;                    // branches being landed
  std::optional<std::vector<std::string>> pushers;  // users, groups resolved, sorted
  std::optional<PathSet> paths;                     // changed files
  std::optional<bool> merges;                       // commits: merge (true), non-merge (false)

  bool empty() const { return !refs && !source && !pushers && !paths && !merges; }
};

struct Scope {
  RefPatterns refs;  // of the ruleset
  Conditions only;
  Conditions except;

  // Whether the rule is in force on a ref, whoever pushes what: decides which commits count as
  // judged.
  bool covers(std::string_view ref) const;

  // Whether it applies to this ref update (pusher and source included). For Subject::ref the
  // changed paths count too.
  bool applies_to(const Push& push, const PushedRef& ref, Subject subject) const;
  // Whether it applies to a commit that the updates `refs` bring (it applies to all of them). An
  // exception has to hold for every one of them.
  bool applies_to(const Push& push, std::span<const PushedRef* const> refs,
                  const Commit& commit) const;
  // The same for one file that the commit changes: conditions about paths are about this one.
  bool applies_to(const Push& push, std::span<const PushedRef* const> refs, const Commit& commit,
                  std::string_view path) const;

  // Whether that asks nothing of the repository, so that several threads may ask it at once.
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

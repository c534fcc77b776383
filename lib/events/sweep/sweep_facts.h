// What the sweep asks about branches: of the repository, the journal and the spool.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "events/journal_reader.h"
#include "events/sweep/sweep_plan.h"
#include "git/repository.h"
#include "policy/policy.h"

namespace trunkgate {

class SweepFacts {
 public:
  // `folder` is <repo>/trunkgate; a repository opened without a Git namespace. All outlive this.
  // Throws Error.
  SweepFacts(const Repository& repository, const std::string& folder, const Policy& policy);

  // Branches that an entry of the policy is for, sorted by name. Left out are those that never go:
  // HEAD's, those on which a direct-push rule is in force, those that something is merged into,
  // those that a symbolic reference names, and those that a worktree has checked out.
  std::vector<SweptBranch> branches() const;

  // As MergedSince; an event of the target that is older than `entry.after` is not looked behind.
  std::optional<std::int64_t> merged_since(const SweepEntry& entry, const SweptBranch& branch,
                                           std::int64_t now) const;
  // What serves that was made of this very commit: "prod/ranker@rev17"; empty for nothing.
  std::string serving(const ObjectId& tip) const;
  // Addresses of the authors of what only this branch has, the newest first, of the tip's author
  // where it has nothing of its own; then who pushed the tip.
  std::vector<std::string> owners(const SweptBranch& branch, const SweepEntry& entry) const;
  // Whether events of this push are in the journal.
  bool has_told(const std::string& push_id) const;
  // To be called when everything was asked; see JournalReader::finish().
  void finish() const;

 private:
  void read_spool(const std::string& folder);
  bool never_goes(const std::string& ref) const;
  std::int64_t moved(const std::string& ref) const;
  std::optional<std::int64_t> merged_into(const Ref& target, const SweptBranch& branch,
                                          std::int64_t long_ago) const;

  const Repository& repository_;
  const Policy& policy_;
  std::string state_;
  std::unique_ptr<const JournalReader> journal_;              // null where there is none yet
  std::map<std::string, std::int64_t, std::less<>> spooled_;  // when pushes moved refs, seconds
  std::set<std::string> used_;  // by symbolic references and worktrees
  std::string head_;
  std::vector<Ref> heads_;  // every branch
};

}  // namespace trunkgate

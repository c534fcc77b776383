// What the gate decided about a push: data only.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "git/object_id.h"
#include "push/push.h"
#include "rules/finding.h"

namespace trunkgate {

enum class Outcome { accepted, rejected, undecided };

// What was decided about one ref update, with every finding.
struct RefVerdict {
  std::string name;  // as the client said it, raw bytes
  RefKind kind = RefKind::branch;
  ObjectId old_id;  // as the client said it
  ObjectId new_id;
  ObjectId new_commit;  // zero when unknown
  Outcome outcome = Outcome::accepted;
  bool protected_ref = false;
  std::vector<Finding> findings;
  // Refs whose value the verdict depends on: `update` looks at them again.
  std::vector<std::pair<std::string, ObjectId>> relied;
  std::size_t new_commits = 0;
  bool has_merges = false;    // among the new commits
  bool stays_signed = false;  // there are signatures among them that a rule wants
};

struct Verdict {
  std::vector<RefVerdict> refs;
  std::vector<Finding> findings;  // about the push as a whole; any enforced one refuses all of it
  bool ref_by_ref = false;
  bool refuses_all = false;   // something about content was found: nothing is let in
  std::string policy_sha256;  // empty when no policy could be loaded
  std::string contact;
  std::vector<std::string> notices;  // printable lines for the pusher, whatever the outcome
  std::size_t findings_dropped = 0;  // beyond kMaxFindings

  // Of the push: undecided when anything is, else rejected when anything is.
  Outcome outcome() const;
  // Whether this ref may be updated: the whole push must be fine, or the policy says ref by ref and
  // this ref is.
  bool lets_in(const RefVerdict& ref) const;
};

inline constexpr std::size_t kMaxFindings = 1000;

// An enforced finding that is no mere advice: it refuses.
bool refuses(const Finding& finding);

}  // namespace trunkgate

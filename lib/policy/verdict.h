// What the gate decided about a push: data only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evidence/state_log.h"
#include "git/object_id.h"
#include "push/push.h"
#include "rules/finding.h"
#include "rules/requirement.h"

namespace trunkgate {

struct Landing;

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
  // What rules ask of evidence about what lands, and how it stands.
  std::vector<Requirement> requirements;
  // How it lands, of protected references; nullptr when it does not or cannot be told.
  std::shared_ptr<const Landing> landing;
  // What is kept in the state folder when it is let in.
  std::vector<StateLine> lines;
  std::size_t new_commits = 0;
  bool has_merges = false;    // among the new commits
  bool stays_signed = false;  // there are signatures among them that a rule wants
};

// What a use of an exemption is bound to.
struct ExemptionSubject {
  ObjectId id;             // the commit that is landed or pushed
  std::int64_t since = 0;  // seconds since 1970: earlier uses were under an earlier grant

  bool operator==(const ExemptionSubject&) const = default;
};

// An exemption that a pusher asked for and got: what it waived.
struct ExemptionUse {
  std::string label;
  std::string pusher;
  std::string reason;                    // raw bytes of the pusher's; may be empty
  std::string ref;                       // as in RefVerdict::name
  std::vector<std::string> rules;        // whose findings it waived, sorted, each once
  std::size_t findings = 0;              // how many
  std::vector<std::string> granted_by;   // who approved it, where that is asked; sorted
  std::int64_t expires = 0;              // seconds since 1970 when it ends; 0 for never
  std::optional<std::size_t> uses_left;  // after this one
  bool break_glass = false;              // it waives everything
  std::vector<ExemptionSubject> subjects = {};
};

// An exemption that would have waived something of a refused push.
struct ExemptionOffer {
  std::string label;
  bool mine = false;       // the pusher may use it; else those of `by` may
  std::string by;          // as the policy names them, printable
  std::size_t waives = 0;  // so many of the findings that refuse
  bool all = false;        // and those are all of them
  bool needs_reason = false;
  std::string approval = {};       // who has to grant it first, printable; empty for nobody
  bool options_advertised = true;  // receive.advertisePushOptions of the repository
};

struct Verdict {
  std::vector<RefVerdict> refs;
  std::vector<ExemptionUse> exemptions;  // used by this push, each with the ref it lets in
  std::vector<ExemptionOffer> offers;    // for a push that is refused
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

// An enforced finding that is no mere advice and that no exemption waives: it refuses.
bool refuses(const Finding& finding);

}  // namespace trunkgate

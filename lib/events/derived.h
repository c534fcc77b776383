// What follows from a ref update and has an event of its own, after the one of the reference.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "events/git_facts.h"
#include "events/sequence.h"
#include "events/spool.h"
#include "evidence/attestation.h"
#include "policy/policy_summary.h"

namespace trunkgate {

// An attestation that was left (approval.recorded, check.recorded, lineage.recorded), or that a
// landing counted on.
struct ToldAttestation {
  AttestationName name;
  std::string ref;  // full name on disk, raw bytes
  bool withdrawn = false;
  bool readable = false;  // else the body says nothing: the object is gone or malformed
  AttestationBody body = {};
};

// change.landed: a protected branch got commits.
struct LandedChange {
  std::vector<ToldAttestation> evidence;
  std::vector<SpooledRequirement> requirements;
};

// exemption.used.
struct UsedExemption {
  SpooledExemption exemption;
  std::vector<SpooledFinding> waived;  // maybe fewer than it says: lists are cut
};

// hotfix.unmerged: a hotfix that a branch has not got yet, or (merged) has got now.
struct ToldHotfix {
  OpenHotfix hotfix;
  bool merged = false;
};

// tag.created, tag.moved and tag.deleted.
struct ToldTag {
  TagFacts tag;
  ObjectId previous;  // what a tag held that was moved; else zero
};

// branch.archived: a branch is gone, and the archive holds what it held; or (restored) it is there
// again with what the archive holds, branch.restored.
struct ToldArchive {
  std::string archive;  // full name on disk, raw bytes
  bool restored = false;
};

// policy.changed.
struct ToldPolicy {
  PolicySummary before;  // its digest is empty when nobody knows
  PolicySummary after;
  bool compared = false;  // the rules of both are known
  ObjectId commit;        // in the policy ref; zero when the change came another way
  std::string ref = {};   // that ref's full name
};

using DerivedPart = std::variant<LandedChange, ToldAttestation, ToldTag, ReleaseFacts, ToldHotfix,
                                 ToldArchive, UsedExemption, ToldPolicy>;

struct Derived {
  std::string_view type;  // "change.landed"
  // Tells it from others of its type that follow from the same ref update; part of its id.
  std::string about;
  std::string subject;  // raw bytes; empty: that of the reference
  DerivedPart part;
};

}  // namespace trunkgate

// What has been read about evidence for one push. There may be thousands of attestations of one
// commit, and what they all need is read once.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evidence/evidence.h"
#include "git/object_id.h"
#include "push/push.h"

namespace trunkgate {

// Declared in push/push.h.
struct EvidenceCache {
  using Issuers = std::map<std::pair<std::string, std::string>, Issuer>;

  std::map<ObjectId, std::vector<Attestation>> by_commit;
  // Who left what about a commit, by full name on disk and object.
  std::map<ObjectId, Issuers> issuers;
  // pushers_of() of a commit: who pushed it takes a walk to find out.
  std::map<ObjectId, std::optional<std::vector<std::string>>> pushers;
  // Whether a branch of the server held a commit before this push.
  std::map<ObjectId, bool> on_a_branch;
};

// The push's own, made when it is first asked for.
EvidenceCache& evidence_cache(const Push& push);

}  // namespace trunkgate

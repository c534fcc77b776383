// Who may leave which attestations: `attestations:` of the policy.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "evidence/attestation_name.h"
#include "push/people.h"
#include "push/push.h"

namespace trunkgate {

struct AttestationRules {
  bool taken = false;           // such attestations may be pushed
  std::vector<std::string> by;  // who may leave them: users, sorted
  // Who may not, about a commit of their own.
  bool not_author = true;
  bool not_committer = true;
  bool not_pusher = true;
};

// Who signed a tag: names of users; none, with the reason, when the signature does not count.
struct TagSigners {
  std::vector<std::string> users;
  std::string problem;  // printable: "is not signed"
};

struct AttestationPolicy {
  std::array<AttestationRules, std::size(kAttestationKinds)> kinds;
  Users users;
  // May throw Error where a program is missing.
  std::function<TagSigners(const Push& push, const ObjectId& tag)> signers;

  const AttestationRules& of(AttestationKind kind) const {
    return kinds[static_cast<std::size_t>(kind)];
  }
};

}  // namespace trunkgate

// The attestations about a commit as they stand on the server, each with who left it and whether it
// counts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evidence/attestation.h"
#include "evidence/attestation_policy.h"
#include "evidence/state_log.h"
#include "push/push.h"

namespace trunkgate {

// What stands behind the reference of an attestation.
struct AttestationObject {
  AttestationBody body;
  std::vector<std::string> mistakes;  // printable lines; empty when it is fine
  bool is_tag = false;                // a tag object, signed as far as its form goes
};

// Reads a JSON blob, a signed tag (of the commit, or of a JSON blob) or, for an approval, the
// commit itself. A tag's own name says which attestation was signed: the reference without "refs/".
// Throws what the repository throws for objects that cannot be read.
AttestationObject read_attestation_object(const Repository& repository, const AttestationName& name,
                                          const ObjectId& object);

// What was recorded more than so many seconds ahead of the clock was recorded while a clock was
// wrong, and would never end; the clocks of servers that share a repository differ by less.
inline constexpr std::int64_t kClockSlack = 300;

struct Attestation {
  AttestationName name;
  std::string ref;
  ObjectId object;  // what the reference holds
  AttestationBody body;
  std::string issuer;  // a user's name; empty when nobody knows
  std::int64_t received =
      0;                   // seconds since 1970, by the server's clock; 0 when older than the gate
  bool is_signed = false;  // the issuer is told by a signature
  // Why it does not count, printable: "is not signed, and older than the gate"; empty when it does.
  std::string problem;

  bool counts() const { return problem.empty(); }
  // Whether it is about landing on `ref`: it has no target, or this one.
  bool is_for(std::string_view ref_name) const {
    return body.target.empty() || body.target == ref_name;
  }
};

// All attestations about `commit` as the server has them before this push, by name of reference.
// Read once for each push and commit; valid as long as the push. Without `attestations:` in the
// policy there are none. An issuer's part in the commit itself (author, committer, pusher) counts
// against it. A veto counts even when nobody knows who left it: who may leave one is named in it,
// and a record that is lost must let nothing in. Throws Error when the state folder or a signature
// cannot be read or checked.
const std::vector<Attestation>& evidence_about(const Push& push, const ObjectId& commit);

// An approval of `commit` that counts for landing it on `ref`; nullptr when there is none, or when
// somebody who may approve vetoes it. Valid as long as the push.
const Attestation* approval_of(const Push& push, const ObjectId& commit, std::string_view ref);

// Who left what `ref` holds: recorded by the gate when it let the attestation in.
struct Issuer {
  std::string name;
  std::int64_t time = 0;
  bool is_signed = false;
};
// Empty name: nothing is recorded.
Issuer recorded_issuer(const Push& push, const AttestationName& name, const ObjectId& object);
// The same outside of a push: `full_name` is the reference on disk, `commit` what it is about.
Issuer recorded_issuer(const std::string& state, const std::string& full_name,
                       const ObjectId& commit, const ObjectId& object);
// What to keep: "REF OBJECT ISSUER TIME signed|plain" in the log "issuers", the full name on disk.
StateLine issuer_line(const Repository& repository, const AttestationName& name,
                      const ObjectId& object, const Issuer& issuer);

}  // namespace trunkgate

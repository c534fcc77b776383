// What attestations say: the bodies behind refs/attest/<commit>/<kind>/<name>.
//
// A body is a JSON object (config/attestation.schema.json), or the predicate of an in-toto
// Statement v1 about the commit - of lineage always -, as it is or in a DSSE envelope
// (https://github.com/in-toto/attestation/tree/main/spec/v1,
// https://github.com/secure-systems-lab/dsse). Signatures inside of an envelope are kept and not
// judged: who left an attestation is told by who pushed it or by the tag's signature.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/attestation_name.h"
#include "evidence/lineage_statement.h"

namespace trunkgate {

// A larger body is refused before it is read.
inline constexpr std::size_t kMaxAttestationBytes = std::size_t{256} << 10U;

enum class CheckStatus { success, failure, neutral, error };
std::string_view to_string(CheckStatus status);

// Values and text are raw bytes of whoever wrote them, UTF-8 where they come from JSON.
struct AttestationBody {
  // For this reference only, a full name; empty: for every one.
  std::string target;
  std::string text;   // approval, check: words for people; exemption: the reason
  bool veto = false;  // approval
  CheckStatus status = CheckStatus::success;           // check
  std::map<std::string, double, std::less<>> metrics;  // check; finite
  std::string url;                                     // check
  std::string started, finished;                       // check; RFC 3339
  std::string predicate_type;                          // of an in-toto statement; else empty
  LineageStatement lineage;                            // lineage
};

struct ReadAttestation {
  AttestationBody body;
  // What is wrong with it, each in one printable line; empty when it is fine.
  std::vector<std::string> mistakes;
};

// Reads a body of JSON. Never throws for what stands in it.
ReadAttestation read_attestation(const AttestationName& name, std::string_view json);

}  // namespace trunkgate

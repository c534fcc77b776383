// The name of an attestation: refs/attest/<commit>/<kind>/<name>.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "git/object_id.h"

namespace trunkgate {

// What somebody attests about a commit. The words of the reference and of the policy; kept in
// repositories: never change.
enum class AttestationKind { approval, check, exemption, lineage };
inline constexpr AttestationKind kAttestationKinds[] = {
    AttestationKind::approval, AttestationKind::check, AttestationKind::exemption,
    AttestationKind::lineage};
std::string_view to_string(AttestationKind kind);

inline constexpr std::string_view kAttestationPrefix = "refs/attest/";

struct AttestationName {
  ObjectId commit;
  AttestationKind kind = AttestationKind::approval;
  // Of an approval the person's, of a check the check's, of an exemption the label.
  std::string name;

  std::string ref() const;
  bool operator==(const AttestationName&) const = default;
};

// Nothing when `ref` is none. With `mistake`, what is wrong with a reference below refs/attest/:
// "'aproval' is no kind of attestation; did you mean 'approval'?"
std::optional<AttestationName> parse_attestation_name(std::string_view ref,
                                                      std::string* mistake = nullptr);

}  // namespace trunkgate

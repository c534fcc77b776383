#include "evidence/attestation_name.h"

#include <vector>

#include "base/nearest.h"
#include "base/text.h"
#include "push/pusher.h"

namespace trunkgate {
namespace {

std::optional<AttestationKind> kind_called(std::string_view word) {
  for (const AttestationKind kind : kAttestationKinds) {
    if (to_string(kind) == word) return kind;
  }
  return std::nullopt;
}

std::string unknown_kind(std::string_view word) {
  std::vector<std::string_view> known;
  for (const AttestationKind kind : kAttestationKinds) known.push_back(to_string(kind));
  const auto best = nearest(word, known);
  return "'" + printable(word, 40) + "' is no kind of attestation; " +
         (best ? "did you mean '" + *best + "'?"
               : "there are approval, check, exemption and lineage");
}

}  // namespace

std::string_view to_string(AttestationKind kind) {
  switch (kind) {
    case AttestationKind::approval:
      return "approval";
    case AttestationKind::check:
      return "check";
    case AttestationKind::exemption:
      return "exemption";
    case AttestationKind::lineage:
      return "lineage";
  }
  return "approval";
}

std::string AttestationName::ref() const {
  return std::string(kAttestationPrefix) + commit.hex() + "/" + std::string(to_string(kind)) + "/" +
         name;
}

std::optional<AttestationName> parse_attestation_name(std::string_view ref, std::string* mistake) {
  const auto fail = [&](std::string why) -> std::optional<AttestationName> {
    if (mistake != nullptr) *mistake = std::move(why);
    return std::nullopt;
  };
  if (!ref.starts_with(kAttestationPrefix)) return fail("it is no attestation");
  const std::vector<std::string_view> parts = split(ref.substr(kAttestationPrefix.size()), '/');
  if (parts.size() != 3) {
    return fail("the name of an attestation is refs/attest/COMMIT/KIND/NAME");
  }
  const auto commit = ObjectId::parse(parts[0]);
  // Two spellings of one id would be two attestations.
  if (!commit || commit->hex() != parts[0]) {
    return fail("'" + printable(parts[0], 45) +
                "' is no commit id of 40 lower-case hexadecimal digits");
  }
  const auto kind = kind_called(parts[1]);
  if (!kind) return fail(unknown_kind(parts[1]));
  if (!is_user_name(parts[2])) {
    return fail("'" + printable(parts[2], 40) +
                "' is no name of letters, digits and . _ @ + -, 64 at most");
  }
  return AttestationName{*commit, *kind, std::string(parts[2])};
}

}  // namespace trunkgate

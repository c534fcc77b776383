// Which push certificates have let something in, kept in the state folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "push/push.h"

namespace trunkgate {

// A nonce older than this never counts, so no longer are certificates remembered.
inline constexpr std::int64_t kMaxNonceAge = 24 * 3600;  // seconds

// On disk, a file for each certificate (kept for a day or two: never change):
// <state>/certificates/<hour of the nonce since 1970>/<sha256 of what is signed>, which holds the
// id of the push. The signature has no part in the name: it can be written in several ways.
class UsedCertificates {
 public:
  explicit UsedCertificates(const Push& push) : push_(push) {}

  // Takes the certificate for this push; false when another push has taken it, whether that went
  // through in the end or not. Two rules of one push may both ask. True where no state is kept.
  // Removes what is too old to matter. Throws Error(delivery) when it cannot write.
  bool take(std::string_view signed_text, std::int64_t time_of_nonce) const;

 private:
  void forget_old(const std::string& folder) const;
  const Push& push_;
};

}  // namespace trunkgate

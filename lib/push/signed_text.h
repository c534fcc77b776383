// What a commit, a tag or a push certificate says, apart from the signature over it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace trunkgate {

enum class SignatureFormat { none, ssh, gpg, x509, unknown };
std::string_view to_string(SignatureFormat format);  // "SSH", "GPG", "X.509", "an unknown format"

struct SignedText {
  std::string payload;    // what was signed
  std::string signature;  // armoured; empty when there is none
  std::size_t signatures = 0;
  SignatureFormat format = SignatureFormat::none;
};

// From the raw bytes of the object, as Git takes them apart: a commit's signature is its header
// "gpgsig" (gitformat-signature(5)), a tag's the end of its message. A header "gpgsig-sha256"
// belongs to the same object under another name and is no part of either.
SignedText split_signed_commit(std::string_view raw);
SignedText split_signed_tag(std::string_view raw);
// A push certificate (gitprotocol-pack(5)): its signature is its end, and it has no headers to
// skip.
SignedText split_signed_certificate(std::string_view raw);

}  // namespace trunkgate

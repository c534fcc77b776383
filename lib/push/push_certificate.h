// Push certificates: what `git push --signed` says it pushes (gitprotocol-pack(5)).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "push/push.h"
#include "push/ref_update.h"
#include "push/signed_text.h"

namespace trunkgate {

// What stands in a certificate, all of it the client's words until its signature has been checked.
struct PushCertificate {
  std::string pushee;  // the address pushed to; empty when there is none
  std::string nonce;   // empty when there is none
  std::vector<std::string> options;
  RefUpdates updates;
  SignedText text;
  std::string mistake;  // why it is no certificate: "is not of version 0.1"; empty when it is one
};

// Takes it apart strictly: a line of no known kind, or one kind twice, is a mistake, for two
// programs could read it differently.
PushCertificate parse_push_certificate(std::string_view raw);

// The certificate of a push with what receive-pack says of it. Of that only the nonce is of use:
// whether the signature is good and whose it is, receive-pack judges by the configuration of
// whoever pushes, calls a key that nobody knows good (GIT_PUSH_CERT_STATUS=G without a signer) and
// lets the hooks decide what to make of it.
struct ReceivedCertificate {
  bool sent = false;
  std::string problem;       // why it cannot be read: "is no blob"; printable
  std::string nonce;         // GIT_PUSH_CERT_NONCE: what receive-pack gave out
  std::string nonce_status;  // GIT_PUSH_CERT_NONCE_STATUS: "OK", "SLOP", "BAD"; empty: none given
  PushCertificate certificate;
};

// Read once for all who ask. receive-pack stores the certificate with the objects of the
// repository, not in quarantine, so that an old one can be named by whoever can set variables for
// receive-pack: being there proves nothing.
std::shared_ptr<const ReceivedCertificate> received_certificate(const Push& push);

// The seconds since 1970 at the front of a nonce, "1795274645-2e22..."; nothing for another shape.
std::optional<std::int64_t> time_of_nonce(std::string_view nonce);

}  // namespace trunkgate

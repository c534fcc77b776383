// What can be wrong with a push certificate, apart from its signature.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "push/push.h"
#include "push/push_certificate.h"
#include "rules/finding.h"

namespace trunkgate {

// How old a nonce may be.
struct NonceLimits {
  std::chrono::seconds slop{0};  // when receive-pack calls it too old (SLOP)
  std::chrono::seconds age{0};   // whatever receive-pack says
};

// Whether the nonce is one that this server gave out for this push. receive-pack alone can say so:
// the nonce is a digest over the path as the client gave it, with the server's secret.
std::vector<Finding> faults_of_nonce(const Push& push, const ReceivedCertificate& received,
                                     const NonceLimits& limits);

// Whether the certificate says exactly what is pushed: every update, and the push options.
std::vector<Finding> faults_of_contents(const Push& push, const PushCertificate& certificate);

}  // namespace trunkgate

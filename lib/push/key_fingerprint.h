// Which key let a pusher in, as `ssh-keygen -l` calls it.
#pragma once

#include <string>

#include "base/environment.h"
#include "push/pusher.h"

namespace trunkgate {

// "SHA256:..." of the key that made identify() name the pusher; empty when it was no key.
std::string key_fingerprint(const IdentityPolicy& policy, const Environment& environment,
                            const Pusher& pusher);

}  // namespace trunkgate

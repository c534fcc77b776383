// Reads `identity` of a policy: where the pusher's name comes from.
#pragma once

#include "config/diagnostics.h"
#include "config/document.h"
#include "push/pusher.h"

namespace trunkgate {

IdentityPolicy read_identity(const Node& node, Diagnostics& diagnostics);

}  // namespace trunkgate

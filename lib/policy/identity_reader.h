// Reads `identity` of a policy: where the pusher's name comes from.
#pragma once

#include <functional>
#include <string>

#include "base/file.h"
#include "config/diagnostics.h"
#include "config/document.h"
#include "push/pusher.h"
#include "rules/rule.h"

namespace trunkgate {

// `read_file` reads what the policy names; a relative name starts at the policy's folder.
IdentityPolicy read_identity(const Node& node,
                             const std::function<FileText(const std::string& name)>& read_file,
                             Diagnostics& diagnostics);

// Gives the sources `ssh-key` the keys of users; a key that is another one's already is a mistake.
void add_keys(const Users& users, const Location& where, IdentityPolicy& identity,
              Diagnostics& diagnostics);

}  // namespace trunkgate

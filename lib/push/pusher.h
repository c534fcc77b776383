// Who is pushing: the first source of the policy that answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "push/ssh_keys.h"

namespace trunkgate {

struct IdentitySource {
  enum class Kind { environment, ssh_key, os_user };
  Kind kind = Kind::os_user;
  std::string variable = {};  // environment: its name
  SshKeys keys = {};          // ssh_key: whose they are
};

struct IdentityPolicy {
  // Accounts the hook may run as for its environment to be believed. Anybody with a shell can set
  // any variable before a push over a local path.
  std::vector<std::string> service_users;
  std::vector<IdentitySource> sources = {IdentitySource{}};
  bool allow_unknown = false;
};

struct Pusher {
  std::string name;         // [A-Za-z0-9._@+-]{1,64}, or empty when unknown
  std::string source;       // "REMOTE_USER", "os-user", or empty
  std::string transport;    // "ssh", "http", "git" or "local"
  std::string remote_addr;  // printable; may be empty
  // Why there is no name: no source answered, or one answered with something that is no name.
  std::string problem;

  bool known() const { return !name.empty(); }
  // For messages, printable: "'ada'", or "an unknown user".
  std::string words() const;
};

// A name that is safe in file names, logs and messages.
bool is_user_name(std::string_view name);

// `os_user` is the account the hook runs as; empty when the system knows no name for it. A source
// that answers with something that is no name ends the search: falling through to the next one
// would let a broken front end push as somebody else.
Pusher identify(const IdentityPolicy& policy, const Environment& environment,
                const std::string& os_user);

// The name of the account this process runs as. Reads /etc/passwd itself and asks `getent` only for
// accounts that are not there (name services need shared libraries, and the hooks are static).
std::string os_user_name();

}  // namespace trunkgate

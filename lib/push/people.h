// The people a policy speaks of.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace trunkgate {

// Group names of the policy with the users in them.
using Groups = std::map<std::string, std::vector<std::string>, std::less<>>;

// A person's addresses, keys and names, as the policy lists them.
struct User {
  std::vector<std::string> emails;
  std::vector<std::string> keys;   // "ssh-ed25519 AAAA..."
  std::vector<std::string> names;  // as in user.name
};
using Users = std::map<std::string, User, std::less<>>;

}  // namespace trunkgate

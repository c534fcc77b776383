// Does the work on a repository as the account that owns it.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace trunkgate {

struct Owner {
  uid_t user = 0;
  gid_t group = 0;
  std::vector<gid_t> further_groups;
  std::string name;  // empty: /etc/passwd does not know the account
  std::string home;
};

// Who owns `path`; of one that does not exist, who owns the folder it would be made in. Accounts
// are looked up in /etc/passwd and /etc/group only: a program that is linked statically has no
// other way.
Owner owner_of(const std::string& path);

// Calls `work` and returns what it returned (0 to 125). When this process is root and the owner is
// somebody else, that happens in a child that has become the owner for good: files belong to the
// owner, a link that the owner has put in the way leads nowhere the owner could not go, and nothing
// started from there finds a way back to root. 126 when the child could not become the owner, 127
// when it ended by a signal; `work` must let no exception out.
int run_as_owner(const Owner& owner, const std::function<int()>& work);

}  // namespace trunkgate

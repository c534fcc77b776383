// Reads a policy and everything it extends into rules; reports every mistake at once.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/document_cache.h"
#include "policy/policy.h"
#include "policy/policy_files.h"

namespace trunkgate {

// One file to start from; what it extends is a layer above it.
struct PolicyRoot {
  std::string path;
  std::string shown;      // the name in messages, "policy.yaml"
  bool optional = false;  // a missing file is no mistake
  bool in_git = false;    // no path of its own: here stands what `policy-ref` above names, if any
};

// A policy that is not there or cannot be read; with it no last good copy may stand in.
class PolicyMissing : public Error {
 public:
  using Error::Error;
};

// `roots` top layer first. Documents that `cache` knows are not parsed again, others are added to
// it. Keys of `test_keys` count as well for those users who have keys in the policy; only tests of
// a policy have any. Throws ConfigError with every mistake, or PolicyMissing.
std::unique_ptr<Policy> load_policy(const std::vector<PolicyRoot>& roots,
                                    const ReadPolicyFile& read, DocumentCache* cache = nullptr,
                                    const Users& test_keys = {});

// The roots for a repository: /etc/trunkgate/policy.yaml when it exists, then `configured` (the
// value of `git config trunkgate.policy`; relative to the repository) or trunkgate/policy.yaml,
// then what a `policy-ref` of these names.
std::vector<PolicyRoot> policy_roots(const std::string& repository, const std::string& configured,
                                     const std::string& system_policy);

inline constexpr const char* kSystemPolicy = "/etc/trunkgate/policy.yaml";

}  // namespace trunkgate

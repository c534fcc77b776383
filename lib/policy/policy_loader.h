// Reads a policy and everything it extends into rules; reports every mistake at once.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "config/document_cache.h"
#include "policy/policy.h"

namespace trunkgate {

// Gives the text of a policy file: from disk, or from the copy of the last good policy.
using ReadPolicyFile = std::function<FileText(const std::string& path)>;

// Reads from disk with the size limit of policies.
FileText read_policy_file(const std::string& path);

// One file to start from; what it extends is a layer above it.
struct PolicyRoot {
  std::string path;
  std::string shown;      // the name in messages, "policy.yaml"
  bool optional = false;  // a missing file is no mistake
};

// A policy that is not there or cannot be read; with it no last good copy may stand in.
class PolicyMissing : public Error {
 public:
  using Error::Error;
};

// `roots` top layer first. Documents that `cache` knows are not parsed again, others are added to
// it. Throws ConfigError with every mistake, or PolicyMissing.
std::unique_ptr<Policy> load_policy(const std::vector<PolicyRoot>& roots,
                                    const ReadPolicyFile& read, DocumentCache* cache = nullptr);

// The roots for a repository: /etc/trunkgate/policy.yaml when it exists, then `configured` (the
// value of `git config trunkgate.policy`; relative to the repository) or trunkgate/policy.yaml.
std::vector<PolicyRoot> policy_roots(const std::string& repository, const std::string& configured,
                                     const std::string& system_policy);

inline constexpr const char* kSystemPolicy = "/etc/trunkgate/policy.yaml";

}  // namespace trunkgate

// Where the files of a policy come from: the disk, the presets of this build, and Git.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"
#include "git/repository.h"

namespace trunkgate {

// Gives the text of a policy file: from disk, or from the copy of the last good policy.
using ReadPolicyFile = std::function<FileText(const std::string& path)>;

inline constexpr std::size_t kMaxPolicyFileBytes = std::size_t{4} << 20U;

// Reads from disk, or a preset. Of what lies in Git it says that it is missing.
FileText read_policy_file(const std::string& path);

// What a file in a commit of a policy ref is called: "policy-ref:refs/meta/policy:/policy.yaml".
// No reference has a colon in its name, so the parts can be told.
std::string path_in_policy_ref(const std::string& ref, const std::string& file);
bool is_in_policy_ref(const std::string& path);

// A commit that stands for the value of a policy ref before it has become that.
struct PushedPolicy {
  std::string ref;
  ObjectId commit;
};

// Whether anything stands at `path` in a commit.
bool stands_in_commit(const Repository& repository, const ObjectId& commit, std::string_view path);

// Like read_policy_file, and reads from the current values of policy refs, or from `pushed`. The
// state is `missing` only when the ref itself is. `repository` must outlive what is returned.
ReadPolicyFile policy_files(const Repository& repository,
                            const std::optional<PushedPolicy>& pushed = std::nullopt);

}  // namespace trunkgate

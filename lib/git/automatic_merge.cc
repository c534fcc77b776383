#include "git/automatic_merge.h"

#include <chrono>

#include "base/child_process.h"
#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr auto kTimeLimit = std::chrono::seconds(60);

}  // namespace

AutomaticMerge merge_automatically(const std::string& repository, const std::string& objects,
                                   const ObjectId& first, const ObjectId& second) {
  ChildRequest request;
  request.argv = {"git",           "merge-tree", "--write-tree", "--name-only",
                  "--no-messages", "-z",         first.hex(),    second.hex()};
  request.environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "GIT_DIR=" + repository,
                         "GIT_OBJECT_DIRECTORY=" + objects,
                         // Git reads C quoting here, so that a ':' in the path does no harm.
                         "GIT_ALTERNATE_OBJECT_DIRECTORIES=\"" + repository + "/objects\"",
                         "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
                         "GIT_ATTR_NOSYSTEM=1", "HOME=/nonexistent", "LC_ALL=C"};
  request.timeout = kTimeLimit;
  const ChildResult result = run_child(request);
  const auto tree = ObjectId::parse(std::string_view(result.output).substr(0, ObjectId::kHexSize));
  // 1 means conflicts; anything above is a failure.
  if (result.timed_out || result.output_too_large || result.exit_status > 1 ||
      result.exit_status < 0 || !tree) {
    throw Error(ErrorKind::repository,
                "git merge-tree failed: " +
                    printable(result.started ? trim(result.errors) : result.start_error));
  }
  AutomaticMerge merge{.tree = *tree, .conflicts = {}};
  if (result.exit_status == 0) return merge;
  // After the tree come the paths in conflict, each ended by NUL.
  for (const std::string_view path :
       split(std::string_view(result.output).substr(ObjectId::kHexSize + 1), '\0')) {
    if (path.empty()) break;
    merge.conflicts.emplace_back(path);
  }
  return merge;
}

}  // namespace trunkgate

#include "policy/policy_files.h"

#include "base/text.h"
#include "git/tree_path.h"
#include "policy/presets.h"

namespace trunkgate {
namespace {

constexpr std::string_view kRefPrefix = "policy-ref:";

// The state is never `missing`.
FileText read_from_tree(const Repository& repository, const ObjectId& tree, std::string_view path) {
  FileText file;
  file.state = FileState::unreadable;
  const std::optional<PathEntry> found = find_in_tree(repository, tree, path);
  if (!found || !found->plain_file()) {
    file.reason = found ? "it is no plain file" : "it is not there";
    return file;
  }
  if (repository.header(found->id).size > kMaxPolicyFileBytes) {
    file.state = FileState::too_large;
    file.reason = "it is too large";
    return file;
  }
  file.text = repository.blob(found->id, kMaxPolicyFileBytes);
  file.state = FileState::present;
  return file;
}

FileText read_from_ref(const Repository& repository, const std::optional<PushedPolicy>& pushed,
                       std::string_view where) {
  const auto colon = where.find(':');
  const std::string ref(where.substr(0, colon));
  const std::string_view path = where.substr(std::min(where.size(), colon + 2));
  ObjectId commit;
  if (pushed && pushed->ref == ref) {
    commit = pushed->commit;
  } else if (const RefValue value = repository.ref(ref); value.kind == RefValue::Kind::direct) {
    commit = value.id;
  } else {
    return {};
  }
  try {
    return read_from_tree(repository, repository.commit(commit).tree, path);
  } catch (const Error& error) {
    FileText file;
    file.state = FileState::unreadable;
    file.reason = printable(error.what());
    return file;
  }
}

}  // namespace

std::string path_in_policy_ref(const std::string& ref, const std::string& file) {
  return std::string(kRefPrefix) + ref + ":/" + file;
}

bool stands_in_commit(const Repository& repository, const ObjectId& commit, std::string_view path) {
  return find_in_tree(repository, repository.commit(commit).tree, path).has_value();
}

bool is_in_policy_ref(const std::string& path) { return path.starts_with(kRefPrefix); }

FileText read_policy_file(const std::string& path) {
  FileText file;
  if (path.starts_with(kPresetPrefix)) {
    if (const auto text = preset_text(std::string_view(path).substr(kPresetPrefix.size()))) {
      file.state = FileState::present;
      file.text = *text;
    }
    return file;
  }
  if (is_in_policy_ref(path)) return file;
  return read_file(path, kMaxPolicyFileBytes);
}

ReadPolicyFile policy_files(const Repository& repository,
                            const std::optional<PushedPolicy>& pushed) {
  return [&repository, pushed](const std::string& path) {
    if (!is_in_policy_ref(path)) return read_policy_file(path);
    return read_from_ref(repository, pushed, std::string_view(path).substr(kRefPrefix.size()));
  };
}

}  // namespace trunkgate

#include "git/merge_tree.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "base/child_process.h"
#include "base/scratch_folder.h"
#include "base/text.h"
#include "git/diff.h"
#include "git/internals.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxPaths = 20;
constexpr std::size_t kMaxAttributesBytes = 1024 * 1024;
constexpr auto kTimeLimit = std::chrono::seconds(60);

void write_text(const std::string& path, std::string_view text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream file(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.flush()) throw Error(ErrorKind::repository, "cannot write " + path);
}

// A line of objects/info/alternates; Git reads C quoting there, which any path survives.
std::string alternates_line(const std::string& path) {
  std::string line = "\"";
  for (const char c : path) {
    if (c == '"' || c == '\\') line += '\\';
    if (c == '\n') {
      line += "\\n";
    } else {
      line += c;
    }
  }
  return line + "\"\n";
}

// Puts the .gitattributes files of `tree` that can matter for the merge into `folder`: those beside
// or above a file that differs between the parents.
class AttributesWriter {
 public:
  AttributesWriter(const Repository& repository, std::string folder)
      : repository_(repository), folder_(std::move(folder)) {}

  void write(const ObjectId& ours, const ObjectId& theirs, const std::string& path,
             std::size_t depth) {
    if (ours.is_zero() || ours == theirs || depth > kMaxTreeDepth) return;
    const git::Handle<git_tree> tree = lookup(ours);
    const git::Handle<git_tree> other = theirs.is_zero() ? nullptr : lookup(theirs);
    for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
      const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
      const std::string name = git_tree_entry_name(entry);
      const ObjectId id = git::from_oid(*git_tree_entry_id(entry));
      const git_object_t type = git_tree_entry_type(entry);
      // A name with a slash or a dot-dot is no file a checkout would write.
      if (name == ".." || name.find('/') != std::string::npos) continue;
      if (name == ".gitattributes" && git_tree_entry_filemode(entry) != GIT_FILEMODE_LINK &&
          type == GIT_OBJECT_BLOB) {
        write_text(folder_ + "/" + path + name, repository_.blob(id, kMaxAttributesBytes));
      } else if (type == GIT_OBJECT_TREE && !git_dir(name)) {
        const git_tree_entry* same =
            other == nullptr ? nullptr : git_tree_entry_byname(other.get(), name.c_str());
        const bool folder = same != nullptr && git_tree_entry_type(same) == GIT_OBJECT_TREE;
        write(id, folder ? git::from_oid(*git_tree_entry_id(same)) : ObjectId(), path + name + "/",
              depth + 1);
      }
    }
  }

 private:
  static bool git_dir(const std::string& name) { return ascii_lower(name) == ".git"; }

  git::Handle<git_tree> lookup(const ObjectId& id) const {
    const git_oid oid = git::to_oid(id);
    return git::acquire<git_tree>("cannot read tree " + id.brief(), git_tree_lookup,
                                  repository_.internals().repository.get(), &oid);
  }

  const Repository& repository_;
  std::string folder_;
};

// A repository of its own that borrows all objects: no configuration, no replace refs and no hooks
// of the real one take part, and what the merge writes goes away with it.
void make_scratch_repository(const Repository& repository, const std::string& folder) {
  write_text(folder + "/git/HEAD", "ref: refs/heads/none\n");
  write_text(folder + "/git/config",
             "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfileMode = true\n");
  std::filesystem::create_directories(folder + "/git/refs");
  std::filesystem::create_directories(folder + "/work");
  std::string alternates = alternates_line(repository.path() + "/objects");
  if (!repository.quarantine().empty()) alternates += alternates_line(repository.quarantine());
  write_text(folder + "/git/objects/info/alternates", alternates);
}

}  // namespace

MergeComparison compare_with_automatic_merge(const Repository& repository,
                                             const std::string& scratch, const Commit& merge) {
  const Commit first = repository.commit(merge.parents.at(0));
  const Commit second = repository.commit(merge.parents.at(1));
  const ScratchFolder folder(scratch, "merge");
  make_scratch_repository(repository, folder.path());
  AttributesWriter(repository, folder.path() + "/work").write(first.tree, second.tree, "", 0);

  ChildRequest request;
  request.argv = {"git",           "merge-tree", "--write-tree", "--name-only",
                  "--no-messages", "-z",         first.id.hex(), second.id.hex()};
  request.environment = {"PATH=/usr/local/bin:/usr/bin:/bin",
                         "GIT_DIR=" + folder.path() + "/git",
                         "GIT_WORK_TREE=" + folder.path() + "/work",
                         "GIT_CONFIG_NOSYSTEM=1",
                         "GIT_CONFIG_GLOBAL=/dev/null",
                         "GIT_ATTR_NOSYSTEM=1",
                         "GIT_NO_REPLACE_OBJECTS=1",
                         "HOME=" + folder.path(),
                         "LC_ALL=C"};
  request.working_directory = folder.path() + "/work";
  request.timeout = kTimeLimit;
  const ChildResult result = run_child(request);
  const auto tree = ObjectId::parse(std::string_view(result.output).substr(0, ObjectId::kHexSize));
  // 1 means conflicts; anything above is a failure.
  if (!result.started || result.timed_out || result.output_too_large || result.exit_status > 1 ||
      result.exit_status < 0 || !tree) {
    throw Error(ErrorKind::repository,
                "git merge-tree failed: " +
                    printable(result.started ? trim(result.errors) : result.start_error));
  }
  MergeComparison comparison;
  comparison.conflict = result.exit_status == 1;
  comparison.equal = !comparison.conflict && *tree == merge.tree;
  if (comparison.equal) return comparison;
  if (comparison.conflict) {
    // After the tree come the paths in conflict, each ended by NUL.
    for (const std::string_view path :
         split(std::string_view(result.output).substr(ObjectId::kHexSize + 1), '\0')) {
      if (path.empty()) break;
      ++comparison.paths_total;
      if (comparison.paths.size() < kMaxPaths) comparison.paths.emplace_back(path);
    }
    return comparison;
  }
  // The automatic tree lives in the scratch store, which only Git reads from here.
  ChildRequest diff = request;
  diff.argv = {"git", "diff-tree", "-r", "--name-only", "-z", tree->hex(), merge.tree.hex()};
  const ChildResult differences = run_child(diff);
  if (!differences.succeeded()) {
    throw Error(ErrorKind::repository, "git diff-tree failed: " + printable(differences.errors));
  }
  for (const std::string_view path : split(differences.output, '\0')) {
    if (path.empty()) continue;
    ++comparison.paths_total;
    if (comparison.paths.size() < kMaxPaths) comparison.paths.emplace_back(path);
  }
  return comparison;
}

}  // namespace trunkgate

#include "git/automatic_merge.h"

#include <chrono>
#include <filesystem>
#include <fstream>

#include "base/child_process.h"
#include "base/text.h"
#include "git/diff.h"
#include "git/internals.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxAttributesBytes = 1024 * 1024;
constexpr auto kTimeLimit = std::chrono::seconds(60);

void write_text(const std::string& path, std::string_view text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream file(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.flush()) throw Error(ErrorKind::repository, "cannot write " + path);
}

// An entry of a list of object folders; Git reads C quoting there, which any path survives.
std::string quoted_folder(const std::string& path) {
  std::string text = "\"";
  for (const char c : path) {
    if (c == '"' || c == '\\') text += '\\';
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  return text + "\"";
}

// Puts the .gitattributes files of a tree that can matter for a merge into `folder`: those beside
// or above a file that differs between the two sides.
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

// The octal number that core.sharedRepository takes.
std::string sharing_line(const Sharing& sharing) {
  if (sharing.extra == 0) return "";
  std::string digits;
  for (unsigned shift = 9; shift > 0; shift -= 3) {
    digits += static_cast<char>('0' + ((sharing.file_mode() >> (shift - 3)) & 7U));
  }
  return "\tsharedRepository = 0" + digits + "\n";
}

// Names that stand after the tree, each ended by NUL, up to an empty one.
std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> names;
  for (const std::string_view name : split(text, '\0')) {
    if (name.empty()) break;
    names.emplace_back(name);
  }
  return names;
}

}  // namespace

AutomaticMerger::AutomaticMerger(const Repository& repository, const std::string& scratch,
                                 const std::string& objects)
    : repository_(repository), folder_(scratch, "merge"), objects_(objects) {
  const std::string git = folder_.path() + "/git";
  write_text(git + "/HEAD", "ref: refs/heads/none\n");
  write_text(git + "/config",
             "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfileMode = true\n" +
                 (objects.empty() ? "" : sharing_line(repository.sharing())));
  std::filesystem::create_directories(git + "/refs");
  std::filesystem::create_directories(git + "/objects");
  if (objects_.empty()) objects_ = git + "/objects";
  stand_ins_ = std::make_unique<ObjectWriter>(git + "/objects");
}

std::vector<std::string> AutomaticMerger::environment() const {
  std::string borrowed;
  for (const std::string& folder : {repository_.path() + "/objects", repository_.quarantine(),
                                    folder_.path() + "/git/objects"}) {
    if (folder.empty() || folder == objects_) continue;
    borrowed += (borrowed.empty() ? "" : ":") + quoted_folder(folder);
  }
  return {"PATH=/usr/local/bin:/usr/bin:/bin",
          "GIT_DIR=" + folder_.path() + "/git",
          "GIT_WORK_TREE=" + folder_.path() + "/work",
          "GIT_OBJECT_DIRECTORY=" + objects_,
          "GIT_ALTERNATE_OBJECT_DIRECTORIES=" + borrowed,
          "GIT_CONFIG_NOSYSTEM=1",
          "GIT_CONFIG_GLOBAL=/dev/null",
          "GIT_ATTR_NOSYSTEM=1",
          "GIT_NO_REPLACE_OBJECTS=1",
          "HOME=" + folder_.path(),
          "LC_ALL=C"};
}

void AutomaticMerger::write_attributes(const ObjectId& ours, const ObjectId& theirs) {
  const std::string work = folder_.path() + "/work";
  std::filesystem::remove_all(work);
  std::filesystem::create_directories(work);
  AttributesWriter(repository_, work).write(ours, theirs, "", 0);
}

ObjectId AutomaticMerger::stand_in(const ObjectId& tree, const std::vector<ObjectId>& parents) {
  std::string text = "tree " + tree.hex() + "\n";
  for (const ObjectId& parent : parents) text += "parent " + parent.hex() + "\n";
  text += "author x <x> 0 +0000\ncommitter x <x> 0 +0000\n\n";
  return stand_ins_->write(ObjectType::commit, text);
}

AutomaticMerge AutomaticMerger::run(const ObjectId& ours, const ObjectId& theirs) {
  ChildRequest request;
  request.argv = {"git",           "merge-tree", "--write-tree", "--name-only",
                  "--no-messages", "-z",         ours.hex(),     theirs.hex()};
  request.environment = environment();
  request.working_directory = folder_.path() + "/work";
  request.timeout = kTimeLimit;
  const ChildResult result = run_child(request);
  const auto tree = ObjectId::parse(std::string_view(result.output).substr(0, ObjectId::kHexSize));
  AutomaticMerge merge;
  if (result.exit_status > 1 && !tree &&
      result.errors.find("refusing to merge unrelated histories") != std::string::npos) {
    merge.unrelated = true;
    return merge;
  }
  // 1 means conflicts; anything above is a failure.
  if (!result.started || result.timed_out || result.output_too_large || result.exit_status > 1 ||
      result.exit_status < 0 || !tree) {
    throw Error(ErrorKind::repository,
                "git merge-tree failed: " +
                    printable(result.started ? trim(result.errors) : result.start_error));
  }
  merge.tree = *tree;
  merge.clean = result.exit_status == 0;
  if (!merge.clean) {
    merge.conflicts = names_in(std::string_view(result.output).substr(ObjectId::kHexSize + 1));
  }
  return merge;
}

AutomaticMerge AutomaticMerger::merge(const ObjectId& ours, const ObjectId& theirs) {
  return merge(ours, std::vector<ObjectId>{theirs});
}

AutomaticMerge AutomaticMerger::merge(const ObjectId& ours, const std::vector<ObjectId>& theirs) {
  const ObjectId tree = repository_.commit(ours).tree;
  ObjectId at = ours;
  AutomaticMerge merge;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    if (i > 0) at = stand_in(merge.tree, {at, theirs[i - 1]});
    write_attributes(tree, repository_.commit(theirs[i]).tree);
    merge = run(at, theirs[i]);
    if (!merge.clean) break;
  }
  return merge;
}

AutomaticMerge AutomaticMerger::replay(const ObjectId& onto, const Commit& commit) {
  const ObjectId tree = repository_.commit(onto).tree;
  const ObjectId base = commit.parents.empty() ? stand_ins_->write(ObjectType::tree, "")
                                               : repository_.commit(commit.parents[0]).tree;
  // With a history of two commits on top of the same one, whatever lies between them really.
  const ObjectId root = stand_in(base, {});
  write_attributes(tree, commit.tree);
  return run(stand_in(tree, {root}), stand_in(commit.tree, {root}));
}

std::vector<std::string> AutomaticMerger::differences(const ObjectId& before,
                                                      const ObjectId& after) const {
  ChildRequest request;
  request.argv = {"git", "diff-tree", "-r", "--name-only", "-z", before.hex(), after.hex()};
  request.environment = environment();
  request.working_directory = folder_.path();
  request.timeout = kTimeLimit;
  const ChildResult result = run_child(request);
  if (!result.succeeded()) {
    throw Error(ErrorKind::repository,
                "git diff-tree failed: " +
                    printable(result.started ? trim(result.errors) : result.start_error));
  }
  return names_in(result.output);
}

}  // namespace trunkgate

#include "git/diff.h"

#include <algorithm>
#include <map>
#include <utility>

#include "git/internals.h"

namespace trunkgate {
namespace {

constexpr unsigned kTreeMode = 040000;
// Text beyond this is compared by id only.
constexpr std::size_t kMaxTextBytes = std::size_t{4} << 20U;

struct TreeEntry {
  ObjectId id;
  unsigned mode = 0;
};

class TreeDiff {
 public:
  explicit TreeDiff(const Repository& repository) : repository_(repository) {}

  void compare(const ObjectId& before, const ObjectId& after, const std::string& folder,
               std::size_t depth) {
    if (before == after) return;
    if (depth > kMaxTreeDepth) {
      throw Error(ErrorKind::repository,
                  "folders are nested more than " + std::to_string(kMaxTreeDepth) + " deep");
    }
    // Keyed by name and not by position: libgit2's look-up fails in a tree that is out of order.
    std::map<std::string, std::pair<TreeEntry, TreeEntry>> names;
    read(before, [&](const std::string& name, const TreeEntry& e) { names[name].first = e; });
    read(after, [&](const std::string& name, const TreeEntry& e) { names[name].second = e; });
    for (const auto& [name, pair] : names) {
      const auto& [old_entry, new_entry] = pair;
      if (old_entry.id == new_entry.id && old_entry.mode == new_entry.mode) continue;
      const std::string path = folder + name;
      const bool old_folder = old_entry.mode == kTreeMode;
      const bool new_folder = new_entry.mode == kTreeMode;
      const bool old_file = !old_folder && !old_entry.id.is_zero();
      const bool new_file = !new_folder && !new_entry.id.is_zero();
      if (old_file || new_file) {
        changes.push_back({path, old_file ? old_entry.id : ObjectId(),
                           new_file ? new_entry.id : ObjectId(), old_file ? old_entry.mode : 0,
                           new_file ? new_entry.mode : 0});
      }
      if (old_folder || new_folder) {
        compare(old_folder ? old_entry.id : ObjectId(), new_folder ? new_entry.id : ObjectId(),
                path + "/", depth + 1);
      }
    }
  }

  std::vector<FileChange> changes;

 private:
  template <typename Add>
  void read(const ObjectId& id, const Add& add) {
    if (id.is_zero()) return;
    const git_oid oid = git::to_oid(id);
    const auto tree = git::acquire<git_tree>("cannot read tree " + id.brief(), git_tree_lookup,
                                             repository_.internals().repository.get(), &oid);
    const std::size_t count = git_tree_entrycount(tree.get());
    entries_ += count;
    if (entries_ > kMaxDiffEntries) {
      throw Error(ErrorKind::repository,
                  "more than " + std::to_string(kMaxDiffEntries) + " tree entries to compare");
    }
    for (std::size_t i = 0; i < count; ++i) {
      const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
      add(git_tree_entry_name(entry),
          TreeEntry{git::from_oid(*git_tree_entry_id(entry)),
                    static_cast<unsigned>(git_tree_entry_filemode_raw(entry))});
    }
  }

  const Repository& repository_;
  std::size_t entries_ = 0;
};

// The lines a change takes away and adds, hunk by hunk, without line numbers.
struct Hunk {
  std::string removed;
  std::string added;
};

std::string text_of(const Repository& repository, const ObjectId& id) {
  return id.is_zero() ? std::string() : repository.blob(id, kMaxTextBytes);
}

// The patch points into both texts.
git::Handle<git_patch> patch_of(std::string_view before, std::string_view after) {
  git_diff_options options;
  git::check(git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION), "diff options");
  options.context_lines = 0;
  options.flags |= GIT_DIFF_FORCE_TEXT;
  git_patch* raw = nullptr;
  git::check(git_patch_from_buffers(&raw, before.data(), before.size(), nullptr, after.data(),
                                    after.size(), nullptr, &options),
             "cannot compare two files");
  return git::Handle<git_patch>(raw);
}

// Calls `visit` for each line of each hunk.
template <typename Visit>
void visit_lines(git_patch* patch, const Visit& visit) {
  for (std::size_t h = 0; h < git_patch_num_hunks(patch); ++h) {
    const int lines = git_patch_num_lines_in_hunk(patch, h);
    git::check(lines, "cannot compare two files");
    for (std::size_t l = 0; l < static_cast<std::size_t>(lines); ++l) {
      const git_diff_line* line = nullptr;
      git::check(git_patch_get_line_in_hunk(&line, patch, h, l), "cannot compare two files");
      visit(h, *line);
    }
  }
}

std::vector<Hunk> hunks_of(const Repository& repository, const FileChange& change) {
  const std::string before = text_of(repository, change.before);
  const std::string after = text_of(repository, change.after);
  const auto patch = patch_of(before, after);
  std::vector<Hunk> hunks(git_patch_num_hunks(patch.get()));
  visit_lines(patch.get(), [&](std::size_t hunk, const git_diff_line& line) {
    const std::string_view text(line.content, line.content_len);
    if (line.origin == GIT_DIFF_LINE_DELETION) hunks[hunk].removed += text;
    if (line.origin == GIT_DIFF_LINE_ADDITION) hunks[hunk].added += text;
  });
  return hunks;
}

bool undoes(const Repository& repository, const FileChange& undo, const FileChange& change) {
  if (undo.path != change.path || undo.before_mode != change.after_mode ||
      undo.after_mode != change.before_mode) {
    return false;
  }
  if (undo.before == change.after && undo.after == change.before) return true;
  // A file that appears or goes away has no lines "in between".
  if (undo.before.is_zero() || undo.after.is_zero()) return false;
  const std::vector<Hunk> back = hunks_of(repository, undo);
  const std::vector<Hunk> forth = hunks_of(repository, change);
  return std::equal(
      back.begin(), back.end(), forth.begin(), forth.end(),
      [](const Hunk& b, const Hunk& f) { return b.removed == f.added && b.added == f.removed; });
}

}  // namespace

std::vector<FileChange> diff_trees(const Repository& repository, const ObjectId& before,
                                   const ObjectId& after) {
  TreeDiff diff(repository);
  diff.compare(before, after, "", 0);
  return std::move(diff.changes);
}

std::vector<FileChange> changes_of(const Repository& repository, const Commit& commit) {
  const ObjectId before =
      commit.parents.empty() ? ObjectId() : repository.commit(commit.parents[0]).tree;
  return diff_trees(repository, before, commit.tree);
}

std::vector<std::size_t> added_line_numbers(std::string_view before, std::string_view after) {
  const auto patch = patch_of(before, after);
  std::vector<std::size_t> numbers;
  visit_lines(patch.get(), [&](std::size_t, const git_diff_line& line) {
    if (line.origin == GIT_DIFF_LINE_ADDITION) {
      numbers.push_back(static_cast<std::size_t>(line.new_lineno));
    }
  });
  return numbers;
}

std::size_t changed_lines(const Repository& repository, const FileChange& change) {
  for (const ObjectId& id : {change.before, change.after}) {
    if (id.is_zero()) continue;
    const ObjectHeader header = repository.header(id);
    if (header.type != ObjectType::blob || header.size > kMaxTextBytes) return 1;  // or a submodule
  }
  const std::string before = text_of(repository, change.before);
  const std::string after = text_of(repository, change.after);
  if (before.find('\0') != std::string::npos || after.find('\0') != std::string::npos) return 1;
  const auto patch = patch_of(before, after);
  std::size_t lines = 0;
  visit_lines(patch.get(), [&](std::size_t, const git_diff_line& line) {
    lines += line.origin == GIT_DIFF_LINE_ADDITION || line.origin == GIT_DIFF_LINE_DELETION ? 1 : 0;
  });
  return lines;
}

bool is_inverse(const Repository& repository, const Commit& undo, const Commit& commit) {
  const std::vector<FileChange> back = changes_of(repository, undo);
  const std::vector<FileChange> forth = changes_of(repository, commit);
  return !forth.empty() && std::equal(back.begin(), back.end(), forth.begin(), forth.end(),
                                      [&](const FileChange& b, const FileChange& f) {
                                        return undoes(repository, b, f);
                                      });
}

}  // namespace trunkgate

#include "policy/test/object_builder.h"

#include <algorithm>

#include "base/text.h"
#include "git/automatic_merge.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxShownConflicts = 5;
// Paths in the trees of all commits together; their lists stand in memory.
constexpr std::size_t kMaxPaths = 500'000;

std::int64_t moment(const std::optional<TestTime>& time, std::int64_t pushed,
                    std::int64_t fallback) {
  if (!time) return fallback;
  return std::max<std::int64_t>(0, time->relative ? pushed + time->seconds : time->seconds);
}

std::string stamp(const std::string& person, std::int64_t time) {
  return person + " " + std::to_string(time) + " +0000\n";
}

// As `git commit` and `git tag` leave it.
std::string with_line_end(const std::string& message) {
  return message.empty() || message.ends_with('\n') ? message : message + "\n";
}

// A header of several lines: each but the first begins with a space.
std::string signature_header(std::string_view signature) {
  std::string header = "gpgsig";
  for (const std::string_view line : split(trim(signature), '\n')) {
    header.append(" ").append(line).append("\n");
  }
  return header;
}

}  // namespace

ObjectBuilder::ObjectBuilder(std::string repository, const TestSigners& signers)
    : repository_(std::move(repository)),
      signers_(signers),
      writer_(std::make_unique<ObjectWriter>(repository_ + "/objects")) {}

void ObjectBuilder::start_push(const std::string& quarantine) {
  quarantine_ = quarantine;
  writer_ = std::make_unique<ObjectWriter>(quarantine);
}

ObjectId ObjectBuilder::store(ObjectType type, std::string_view bytes) {
  if (quarantine_.empty()) {
    const ObjectId id = writer_->write(type, bytes);
    of_server_.insert(id);
    return id;
  }
  // A client sends nothing that the server has.
  const ObjectId id = ObjectWriter::id_of(type, bytes);
  return of_server_.contains(id) ? id : writer_->write(type, bytes);
}

std::optional<ObjectId> ObjectBuilder::ancestor(ObjectId commit, std::size_t back) const {
  for (; back > 0; --back) {
    const auto built = commits_.find(commit);
    if (built == commits_.end() || built->second.first_parent.is_zero()) return std::nullopt;
    commit = built->second.first_parent;
  }
  return commit;
}

ObjectBuilder::Built ObjectBuilder::merged_files(const TestCommit& commit, const ObjectId& first,
                                                 const std::vector<ObjectId>& merged,
                                                 const TestDefaults& defaults) {
  const std::string objects = quarantine_.empty() ? repository_ + "/objects" : quarantine_;
  const Repository repository(
      {.git_dir = repository_, .quarantine = quarantine_, .git_namespace = {}});
  AutomaticMerger merger(repository, repository_, objects);
  ObjectId ours = first;
  Built result;
  for (const ObjectId& theirs : merged) {
    AutomaticMerge merge = merger.merge(ours, theirs);
    if (merge.unrelated) {
      mistake_at(commit.where, "it merges histories that have nothing in common");
    }
    std::erase_if(merge.conflicts, [&](const std::string& path) {
      return std::any_of(commit.files.begin(), commit.files.end(),
                         [&](const TestFileChange& file) { return file.path == path; });
    });
    if (!merge.conflicts.empty()) {
      std::vector<std::string> paths;
      for (const std::string& path : merge.conflicts) {
        if (paths.size() < kMaxShownConflicts) paths.push_back("'" + printable(path, 60) + "'");
      }
      mistake_at(commit.where,
                 "this does not merge without help: 'files' must say what becomes of " +
                     join(paths, ", "));
    }
    result.tree = merge.tree;
    // Of three branches two are merged first.
    if (&theirs != &merged.back()) {
      ours = store(ObjectType::commit, commit_text({}, merge.tree, {ours, theirs}, defaults));
    }
  }
  result.files = std::make_shared<const ScratchFiles>(files_of_tree(repository, result.tree));
  return result;
}

std::string ObjectBuilder::commit_text(const TestCommit& commit, const ObjectId& tree,
                                       const std::vector<ObjectId>& parents,
                                       const TestDefaults& defaults) const {
  const std::int64_t committed = moment(commit.committed, defaults.pushed, defaults.date);
  std::string head = "tree " + tree.hex() + "\n";
  for (const ObjectId& parent : parents) head += "parent " + parent.hex() + "\n";
  head += "author " + stamp(commit.author.value_or(defaults.person),
                            moment(commit.authored, defaults.pushed, committed));
  head += "committer " + stamp(commit.committer.value_or(defaults.person), committed);
  if (!commit.encoding.empty()) head += "encoding " + commit.encoding + "\n";
  const std::string body = "\n" + with_line_end(commit.message);
  if (!commit.signer) return head + body;
  return head + signature_header(signers_.sign(*commit.signer, head + body)) + body;
}

ObjectId ObjectBuilder::commit(const TestCommit& commit, const std::vector<ObjectId>& parents,
                               const std::vector<ObjectId>& merged, const TestDefaults& defaults) {
  Built built;
  if (!merged.empty() && !parents.empty()) {
    built = merged_files(commit, parents[0], merged, defaults);
  } else if (!parents.empty()) {
    built = commits_.at(parents[0]);
  } else {
    built.files = std::make_shared<const ScratchFiles>();
  }
  ScratchFiles files = *built.files;
  for (const TestFileChange& change : commit.files) {
    apply_change(
        change, [&](ObjectType type, std::string_view bytes) { return store(type, bytes); }, files);
  }
  // Trees are stored anew only for a change: most of many commits in a row change nothing.
  if (built.tree.is_zero() || files != *built.files) {
    paths_ += files.size();
    if (paths_ > kMaxPaths) {
      mistake_at(commit.where, "the case is too large: its commits have more than " +
                                   std::to_string(kMaxPaths) + " files");
    }
    built.tree = store_trees(
        files, [&](ObjectType type, std::string_view bytes) { return store(type, bytes); });
    built.files = std::make_shared<const ScratchFiles>(std::move(files));
  }
  std::vector<ObjectId> all = parents;
  all.insert(all.end(), merged.begin(), merged.end());
  built.first_parent = all.empty() ? ObjectId() : all[0];
  const ObjectId id = store(ObjectType::commit, commit_text(commit, built.tree, all, defaults));
  commits_[id] = std::move(built);
  return id;
}

ObjectId ObjectBuilder::tag(const TestTag& tag, const std::string& name, const ObjectId& commit,
                            const TestDefaults& defaults) {
  std::string text = "object " + commit.hex() + "\ntype commit\ntag " + name + "\ntagger " +
                     stamp(tag.tagger.value_or(defaults.person),
                           moment(tag.tagged, defaults.pushed, defaults.date)) +
                     "\n" + with_line_end(tag.message);
  if (tag.signer) text += signers_.sign(*tag.signer, text);
  return store(ObjectType::tag, text);
}

}  // namespace trunkgate

// What events tell about a push from the repository: versions, new commits, forced updates.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/ref_patterns.h"
#include "events/changed_files.h"
#include "events/commit_walk.h"
#include "events/spool.h"
#include "events/version.h"
#include "git/repository.h"
#include "push/known_signatures.h"
#include "push/trailers.h"

namespace trunkgate {

// What events say of a commit besides what stands in its headers.
struct CommitNotes {
  std::vector<Trailer> trailers;
  bool good_signature = false;  // a rule has found it good
};

// The trailers of a message, of its bytes: nothing is decoded, which might take a program.
std::vector<Trailer> trailers_of(const Commit& commit);

// The gate's own knowledge about signatures: where it is and, in seconds, when.
struct SignatureSource {
  KnownSignatures known{std::string()};
  std::int64_t now = 0;
};

// What one applied ref update did.
struct RefFacts {
  bool forced = false;
  Version version;              // of the new value; of the old one when the ref was deleted
  std::vector<Commit> commits;  // the newest of the new ones, oldest first
  std::size_t commits_total = 0;
  bool commits_complete = true;  // false: the total is a lower bound
  std::optional<Commit> head;    // the commit behind the new value
  // What each of `commits` changes against its first parent.
  std::vector<FileNames> commit_files;
  std::unordered_map<ObjectId, CommitNotes> notes;  // of `commits` and `head`
  // What is different now, from the old value's tree to the new one's. Of a created ref from where
  // its first-parent line was before; nothing when it brings no commits.
  std::optional<FileNames> files;
  // Of a created tag: the commit was here before, so that events may have called it dev-<sha8>.
  bool known_before = false;
};

// What a tag is, or was.
struct TagFacts {
  std::string ref;                               // full name on disk, raw bytes
  ObjectId object;                               // what the reference holds
  std::optional<Tag> tag;                        // of an annotated one that can be read
  ObjectType target_type = ObjectType::missing;  // of what the tag names
  Version version;                               // of the commit; called by this tag
  bool good_signature = false;                   // of the tag: a rule has found it good
};

// A tag that is a release.
struct ReleaseFacts {
  TagFacts tag;
  // The nearest release among its ancestors, and how many commits came since. Nothing for the first
  // one, or where it is too far back.
  std::optional<Version> previous;
  std::size_t commits_since = 0;
};

struct PushFacts {
  std::vector<RefFacts> refs;     // one for each update, in order
  std::size_t commits_total = 0;  // different commits in all of them
};

// The repository during one pass. Pushes are told in the order they happened, so that the commits
// of a created ref are those which nothing could reach at that time; when one push creates several
// refs, a commit belongs to the first of them that brings it.
class GitFacts {
 public:
  static constexpr std::size_t kListedCommits = 20;
  static constexpr std::size_t kListedFiles = 100;  // of one commit

  struct Limits {
    std::size_t commits = kListedCommits;
    std::size_t files_each = kListedFiles;
    ChangedFiles::Limits files = {};
  };

  // `repository` outlives this. Reads all refs once. `releases` are tags.
  explicit GitFacts(const Repository& repository, RefPatterns releases = {},
                    SignatureSource signatures = {});
  GitFacts(const Repository& repository, const Limits& limits, RefPatterns releases,
           SignatureSource signatures);

  // Takes one applied update back. To be called for all of the pass, the last first.
  void rewind(const SpooledUpdate& update);
  // Never fails for an object that is missing or damaged: it is left out.
  PushFacts tell(std::span<const SpooledUpdate> updates);

  // Whether an update was no fast-forward, as far as its objects are here (those of a refused push
  // are not).
  bool forced(const SpooledUpdate& update);

  // Whether the name on disk is that of a release.
  bool is_release(std::string_view ref) const;
  // About the tag that an update made, moved or removed. Neither of the two fails for objects that
  // are missing or damaged.
  TagFacts tag(const SpooledUpdate& update) const;
  ReleaseFacts release(const SpooledUpdate& update);

  // Whether `commit` is `tip` or an ancestor of it.
  bool reaches(const ObjectId& tip, const ObjectId& commit) {
    return walk_.between(commit, tip).fast_forward;
  }
  // Trees that were wanted and could not be read so far.
  const std::vector<ObjectId>& unreadable_trees() const { return files_.unreadable(); }

  // What a ref holds before the first update is told; only until then.
  std::optional<ObjectId> tip(std::string_view ref) const;

 private:
  RefFacts tell(const SpooledUpdate& update, std::unordered_set<ObjectId>& counted);
  CommitRange new_commits(const SpooledUpdate& update, const ObjectId& commit);
  std::vector<Commit> listed(const std::vector<ObjectId>& newest_first) const;
  void add_files(const SpooledUpdate& update, const CommitRange& range, RefFacts& facts);
  void add_notes(RefFacts& facts) const;
  ObjectId tree_of(const ObjectId& commit) const;
  void remember_tips();
  void apply(const SpooledUpdate& update);

  const Repository* repository_;
  Limits limits_;
  RefPatterns releases_;
  SignatureSource signatures_;
  std::map<std::string, std::unordered_set<ObjectId>, std::less<>> released_;  // by namespace
  CommitWalk walk_;
  ChangedFiles files_;
  std::optional<TagIndex> tags_;
  // Refs as they were before the update told next; empty once walk_ hides what they reach.
  std::map<std::string, ObjectId, std::less<>> tips_;
  bool hidden_ = false;
  // What refs have held since the pass began, except for what the push brings that is told now.
  std::optional<std::unordered_set<ObjectId>> held_;
};

}  // namespace trunkgate

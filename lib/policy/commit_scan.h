// Runs rules about commits and files over the new commits of a push, each commit and each file
// once.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "git/change_walk.h"
#include "policy/file_choice.h"
#include "policy/pack_scan.h"
#include "policy/policy.h"
#include "push/push.h"

namespace trunkgate {

// What one rule said about one commit or a file of it.
struct CommitFindings {
  ObjectId commit;
  const ActiveRule* rule = nullptr;
  Answer answer;
};

class CommitScan {
 public:
  // `refs` are the updates that bring the commits. All must outlive this object.
  CommitScan(const Push& push, const std::vector<const ActiveRule*>& rules,
             std::vector<const PushedRef*> refs, PackScan& packs);

  // `ids` with children before their parents. Findings come oldest commit first, then by path and
  // in the order of rules. A rule that fails says so in an undecided finding, and the others go on.
  // Throws BadCommit and MissingObject.
  std::vector<CommitFindings> run(const std::vector<ObjectId>& ids);

  bool has_merges() const { return merges_; }
  bool has_signed() const { return signed_; }
  // Findings that run() left out because there are too many; those it gives refuse as much.
  std::size_t dropped() const { return dropped_; }

 private:
  // What is kept of each commit: there may be very many.
  struct Node {
    ObjectId id;
    ObjectId tree;
    std::vector<ObjectId> parents;
  };
  // A file with rules to be asked about it.
  struct Waiting {
    ChangedFile file;
    std::size_t commit = 0;  // index into commits_
    std::vector<std::size_t> rules;
  };
  // What a run of commits leaves to be done once all have been walked.
  struct Segment {
    std::vector<Waiting> contents;  // for rules that read them and are concurrent
    std::vector<Waiting> others;    // for rules that are not concurrent; scopes not looked at
  };

  void judge(const Commit& commit, std::size_t number);
  Commit commit(std::size_t number) const;
  void walk_files();
  void walk_segment(std::size_t number, ObjectReader& reader, FileChoices& choices);
  void judge_file(const ChangedFile& file, const Commit& commit, std::size_t number,
                  ObjectReader& reader, FileChoices& choices);
  FileChoice choose(const ChangedFile& file, std::size_t number);
  void judge_contents();
  void judge_content(const Waiting& waiting, ObjectReader& reader);
  void judge_others(const Waiting& waiting);
  void judge_overridden_files();
  void ask(std::size_t rule, std::size_t number, const ObjectId& commit, const std::string& path,
           const auto& check, std::string_view title = {});
  std::vector<std::size_t>& judged_with(const ChangedFile& file);
  std::vector<std::size_t> in_reading_order() const;

  const Push& push_;
  const std::vector<const ActiveRule*>& rules_;
  std::vector<const PushedRef*> refs_;
  PackScan& packs_;
  const TreeChanges* changes_ = nullptr;
  const ContentSieve* sieve_ = nullptr;
  std::vector<std::size_t> file_rules_;   // indices into rules_
  std::vector<bool> concurrent_;          // whether several threads may ask the rule at once
  std::vector<bool> asks_about_commits_;  // whether its scope asks about the commit or path
  bool guards_ = false;                   // whether a rule is RuleInfo::guards
  bool deletions_ = false;                // whether a rule wants to see deleted files
  bool asks_for_reverts_ = false;         // whether a rule about files does
  bool merges_ = false;
  bool signed_ = false;
  std::vector<Node> commits_;  // oldest first
  std::vector<Segment> segments_;
  std::vector<Waiting> waiting_;
  // By change (path, and content and mode on both sides): the rules that have had it. The same
  // change on two branches of this push is judged once.
  std::unordered_map<std::string, std::vector<std::size_t>> judged_;
  std::unique_ptr<std::atomic<bool>[]> failed_;  // rules that threw: not asked again
  std::mutex mutex_;                             // guards what follows
  struct Told {
    std::size_t findings = 0;
    std::unordered_set<std::size_t> refused;  // commits (by number) refused beyond what is kept
  };
  std::vector<Told> told_;   // by rule
  std::size_t dropped_ = 0;  // findings that are not in found_
  // Keys to sort by: commit, rule, path.
  std::vector<std::tuple<std::size_t, std::size_t, std::string, CommitFindings>> found_;
};

}  // namespace trunkgate

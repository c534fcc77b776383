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
#include <vector>

#include "git/change_walk.h"
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
             std::vector<const PushedRef*> refs);

  // `ids` with children before their parents. Findings come oldest commit first, then by path and
  // in the order of rules. A rule that fails says so in an undecided finding, and the others go on.
  // Throws BadCommit and MissingObject.
  std::vector<CommitFindings> run(const std::vector<ObjectId>& ids);

  bool has_merges() const { return merges_; }

 private:
  // A file whose content has to be read.
  struct Waiting {
    ChangedFile file;
    std::size_t commit = 0;  // index into commits_
    std::vector<std::size_t> rules;
  };

  void judge(const Commit& commit, std::size_t number);
  void judge_files(const Commit& commit, std::size_t number);
  void judge_contents();
  void judge_together(const std::vector<std::size_t>& order);
  void judge_content(const Waiting& waiting, BlobReader& reader, bool concurrent);
  void judge_size();
  void ask(std::size_t rule, std::size_t number, const ObjectId& commit, const std::string& path,
           const auto& check);
  void wait_for(Waiting waiting);
  std::vector<std::size_t> in_reading_order() const;

  const Push& push_;
  const std::vector<const ActiveRule*>& rules_;
  std::vector<const PushedRef*> refs_;
  bool any_files_ = false;
  ChangeWalk walk_;
  bool merges_ = false;
  std::vector<ObjectId> commits_;
  std::vector<Waiting> waiting_;
  // By path and content: the rules that wait for it. A file that goes back to what it was in this
  // push is judged once.
  std::unordered_map<std::string, std::vector<std::size_t>> waited_for_;
  std::unique_ptr<std::atomic<bool>[]> failed_;  // rules that threw: not asked again
  std::mutex mutex_;                             // guards what follows
  // Keys to sort by: commit, rule, path.
  std::vector<std::tuple<std::size_t, std::size_t, std::string, CommitFindings>> found_;
};

}  // namespace trunkgate

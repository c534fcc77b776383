// merge-commit: a commit with more parents than a straight history has.
#include <string>
#include <vector>

#include "base/text.h"
#include "push/message_parts.h"
#include "rules/catalogue.h"
#include "rules/commit/commit_finding.h"

namespace trunkgate {
namespace {

constexpr Option<std::int64_t> kMaxParentsOption{
    "max-parents", "1", "most parents of a commit; 2 refuses only merges of several branches"};
constexpr const OptionInfo* kOptions[] = {&kMaxParentsOption.info};

class MergeCommit final : public Rule {
 public:
  explicit MergeCommit(const RuleSetup& setup)
      : max_parents_(static_cast<std::size_t>(setup.options.get(kMaxParentsOption))) {
    if (max_parents_ == 0) {
      setup.options.diagnostics().error(setup.options.find(kMaxParentsOption.info.name)->where,
                                        "'max-parents' must be 1 or more");
    }
  }

  void check_commit(const Push& push, const Commit& commit, Answer& out) const override {
    if (commit.parents.size() <= max_parents_) return;
    Finding finding =
        finding_about(commit, read_message(commit),
                      max_parents_ == 1 ? "merge commits are not allowed here"
                                        : "a merge of " + std::to_string(commit.parents.size()) +
                                              " parents is not allowed; " +
                                              std::to_string(max_parents_) + " are at most");
    if (max_parents_ == 1) {
      finding.hint = "a rebase gives the same changes without the merge";
      finding.commands = {"git rebase " + base_of(push, commit).brief()};
    } else {
      finding.hint = "merge the branches one after the other";
    }
    out.add(std::move(finding));
  }

 private:
  // What the branch holds now: every new commit then stands on it. A branch that is new starts at
  // what the merge was made on.
  static ObjectId base_of(const Push& push, const Commit& commit) {
    if (push.refs.size() == 1 && push.refs[0].updates() && !push.refs[0].old_commit.is_zero()) {
      return push.refs[0].old_commit;
    }
    return commit.parents[0];
  }

  std::size_t max_parents_;
};

constexpr Example kExamples[] = {
    {"", "feat: add login", true},
    {"", "parents: 0\n\nfeat: begin", true},
    {"", "parents: 2\n\nMerge branch 'feature/login'", false},
    {"", "Merge branch 'feature/login'", true},
    {"{max-parents: 2}", "parents: 2\n\nMerge branch 'feature/login'", true},
    {"{max-parents: 2}", "parents: 3\n\nMerge branches 'a' and 'b'", false},
};

}  // namespace

constinit const RuleInfo merge_commit{
    .id = "merge-commit",
    .subject = Subject::commit,
    .summary = "a commit is a merge where the history has to be straight",
    .rationale = "In a straight history a fault is found by halving, and each commit can be read.",
    .remedy = "Rebase the commits onto the branch instead of merging.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<MergeCommit>,
};

}  // namespace trunkgate

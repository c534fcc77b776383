// sprawling-commit: a commit that changes more than one can review.
#include <algorithm>

#include "base/text.h"
#include "git/diff.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<std::int64_t> kFiles{"files", "50", "most files changed by one commit; 0 for any"};
constexpr Option<std::int64_t> kNewFiles{"new-files", "0", "most files added; 0 for any"};
constexpr Option<std::int64_t> kLines{"lines", "0", "most lines added and removed; 0 for any"};
constexpr Option<PathSet> kExclude{"exclude", "", "files that do not count"};
constexpr Option<bool> kMerges{"merges", "false", "judge merges, too"};
constexpr const OptionInfo* kOptions[] = {&kFiles.info, &kNewFiles.info, &kLines.info,
                                          &kExclude.info, &kMerges.info};

class SprawlingCommit final : public Rule {
 public:
  explicit SprawlingCommit(const RuleSetup& setup)
      : files_(static_cast<std::size_t>(setup.options.get(kFiles))),
        new_files_(static_cast<std::size_t>(setup.options.get(kNewFiles))),
        lines_(static_cast<std::size_t>(setup.options.get(kLines))),
        exclude_(setup.options.get(kExclude)),
        merges_(setup.options.get(kMerges)) {
    if (files_ != 0 || new_files_ != 0 || lines_ != 0) return;
    setup.options.diagnostics().error(
        setup.options.where(), "the rule has no limit: it needs 'files', 'new-files' or 'lines'");
  }

  void check_commit(const Push& push, const Commit& commit, Answer& out) const override {
    if (commit.parents.size() > 1 && !merges_) return;
    std::vector<FileChange> changes = changes_of(push.repository, commit);
    std::erase_if(changes, [&](const FileChange& c) { return exclude_.matches(c.path); });
    const auto added = static_cast<std::size_t>(std::count_if(
        changes.begin(), changes.end(), [](const FileChange& c) { return c.before.is_zero(); }));
    limit(commit, changes.size(), files_, "changes", "file", "files", out);
    limit(commit, added, new_files_, "adds", "file", "files", out);
    if (lines_ == 0) return;
    std::size_t lines = 0;
    for (const FileChange& change : changes) {
      lines += changed_lines(push.repository, change);
      if (lines > lines_) break;
    }
    if (lines > lines_) {
      report(commit, "changes more than " + count_of(lines_, "line", "lines"), out);
    }
  }

 private:
  static void limit(const Commit& commit, std::size_t count, std::size_t most, const char* verb,
                    const char* one, const char* many, Answer& out) {
    if (most == 0 || count <= most) return;
    report(commit,
           std::string(verb) + " " + count_of(count, one, many) + "; the limit is " +
               std::to_string(most),
           out);
  }

  static void report(const Commit& commit, const std::string& what, Answer& out) {
    out.add({.message = "the commit " + what,
             .hint = "split it: git reset --soft, then commit what belongs together",
             .commit = commit.id,
             .title = std::string(title_of(commit.message))});
  }

  std::size_t files_;
  std::size_t new_files_;
  std::size_t lines_;
  PathSet exclude_;
  bool merges_;
};

constexpr Example kExamples[] = {
    {"{files: 3}", "files: 3\n\nfeat: three files", true},
    {"{files: 2}", "files: 3\n\nfeat: three files", false},
    {"{new-files: 2}", "files: 3\n\nfeat: three new files", false},
    {"{lines: 3}", "files: 3\n\nfeat: three lines", true},
    {"{lines: 2}", "files: 3\n\nfeat: three lines", false},
    {"{files: 2, exclude: f1}", "files: 3\n\nfeat: two files that count", true},
    {"", "feat: one file", true},
};

}  // namespace

constinit const RuleInfo sprawling_commit{
    .id = "sprawling-commit",
    .subject = Subject::commit,
    .summary = "a commit changes more files or lines than one can review",
    .rationale = "Small commits are read, reverted and bisected; large ones are waved through.",
    .remedy = "Split the commit into parts that each make sense alone.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<SprawlingCommit>,
};

}  // namespace trunkgate

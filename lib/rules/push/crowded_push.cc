// crowded-push: a push that brings more than the policy takes at once, or than the repository may
// hold.
#include <string>
#include <unordered_set>

#include "base/text.h"
#include "git/change_walk.h"
#include "git/diff.h"
#include "git/store_size.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<std::int64_t> kRefs{"refs", "0", "most references in one push; 0 for any"};
constexpr Option<std::int64_t> kCommits{"commits", "0", "most new commits; 0 for any"};
constexpr Option<std::int64_t> kFiles{"files", "0",
                                      "most files that all new commits together change; 0 for any"};
constexpr Option<std::int64_t> kNewFiles{"new-files", "0", "most files they add; 0 for any"};
constexpr Option<std::int64_t> kLines{
    "lines", "0", "most lines they add and remove, commit by commit; 0 for any"};
constexpr Option<PathSet> kExclude{"exclude", "", "files that do not count"};
constexpr Option<ByteSize> kBytes{"bytes", "0", "most bytes of objects; 0 for any"};
constexpr Option<ByteSize> kRepository{
    "repository", "0", "most bytes of packs and loose objects after the push; 0 for any"};
constexpr const OptionInfo* kOptions[] = {&kRefs.info,     &kCommits.info,   &kFiles.info,
                                          &kNewFiles.info, &kLines.info,     &kExclude.info,
                                          &kBytes.info,    &kRepository.info};

std::size_t count_option(const RuleSetup& setup, const Option<std::int64_t>& option) {
  return static_cast<std::size_t>(setup.options.get(option));
}

class CrowdedPush final : public Rule {
 public:
  explicit CrowdedPush(const RuleSetup& setup)
      : refs_(count_option(setup, kRefs)),
        commits_(count_option(setup, kCommits)),
        files_(count_option(setup, kFiles)),
        new_files_(count_option(setup, kNewFiles)),
        lines_(count_option(setup, kLines)),
        exclude_(setup.options.get(kExclude)),
        bytes_(setup.options.get(kBytes)),
        repository_(setup.options.get(kRepository)) {
    if (refs_ + commits_ + files_ + new_files_ + lines_ + bytes_.bytes + repository_.bytes == 0) {
      setup.options.diagnostics().error(
          setup.options.where(), "the rule has no limit",
          "it has 'refs', 'commits', 'files', 'new-files', 'lines', 'bytes' and 'repository'");
    }
  }

  void check_push(const Push& push, const std::vector<PushPart>& parts,
                  PushAnswer& out) const override {
    if (refs_ != 0 && push.refs.size() > refs_) {
      out.whole.add({.message = "the push updates " + std::to_string(push.refs.size()) +
                                " references; the limit is " + std::to_string(refs_),
                     .hint = "push in smaller parts"});
    }
    std::size_t commits = 0;
    for (const PushPart& part : parts) commits += part.commits.size();
    if (commits_ != 0 && commits > commits_) {
      out.whole.add({.message = "the push brings " + std::to_string(commits) +
                                " new commits; the limit is " + std::to_string(commits_),
                     .hint = "push in smaller parts, or squash what belongs together"});
    }
    if (files_ != 0 || new_files_ != 0 || lines_ != 0) check_changes(push, parts, out.whole);
    if (bytes_.bytes != 0 || repository_.bytes != 0) check_bytes(push, out.whole);
  }

 private:
  // Counted no further than one above each limit, so that a large push costs no more than it must.
  void check_changes(const Push& push, const std::vector<PushPart>& parts, Answer& out) const {
    std::unordered_set<std::string> files;
    std::unordered_set<std::string> added;
    std::size_t lines = 0;
    ChangeWalk walk(push.repository.objects(), true);
    const auto count = [&](const ChangedFile& file) {
      if (exclude_.matches(file.path, kind_of_path(file))) return;
      if (files.size() <= files_) files.insert(file.path);
      if (file.added() && added.size() <= new_files_) added.insert(file.path);
      if (lines_ == 0 || lines > lines_) return;
      lines += changed_lines(push.repository,
                             {file.path, file.before, file.id, file.before_mode, file.mode});
    };
    for (const PushPart& part : parts) {
      for (const ObjectId& id : part.commits) walk.visit(push.repository.commit(id), count);
    }
    report(files.size(), files_, "changes", "file", "files", out);
    report(added.size(), new_files_, "adds", "file", "files", out);
    report(lines, lines_, "changes", "line", "lines", out);
  }

  static void report(std::size_t count, std::size_t limit, const char* verb, const char* one,
                     const char* many, Answer& out) {
    if (limit == 0 || count <= limit) return;
    out.add(
        {.message = std::string("the push ") + verb + " more than " + count_of(limit, one, many),
         .hint = "push in smaller parts: git push origin COMMIT:BRANCH"});
  }

  void check_bytes(const Push& push, Answer& out) const {
    const std::uint64_t brought = push.repository.pushed_bytes();
    if (bytes_.bytes != 0 && brought > bytes_.bytes) {
      out.add({.message = "the push brings " + size_above(brought, bytes_.bytes),
               .hint = "look for large files with git diff --stat"});
    }
    // A push that brings nothing is fine in a full repository: it may be what makes room.
    if (repository_.bytes == 0 || brought == 0) return;
    const std::uint64_t after = stored_bytes(push.repository.path() + "/objects") + brought;
    if (after <= repository_.bytes) return;
    out.add({.message = "the push brings " + size_text(brought) + ", and the repository would " +
                        "have " + size_above(after, repository_.bytes),
             .hint = "ask an admin for room; large files belong elsewhere, for example into Git "
                     "LFS"});
  }

  std::size_t refs_;
  std::size_t commits_;
  std::size_t files_;
  std::size_t new_files_;
  std::size_t lines_;
  PathSet exclude_;
  ByteSize bytes_;
  ByteSize repository_;
};

constexpr Example kExamples[] = {
    {"{refs: 2}", "2 refs, 1 commits", true},
    {"{refs: 2}", "3 refs, 1 commits", false},
    {"{commits: 5}", "1 refs, 5 commits", true},
    {"{commits: 5}", "1 refs, 6 commits", false},
    {"{files: 5}", "1 refs, 5 commits", true},
    {"{files: 5}", "1 refs, 6 commits", false},
    {"{files: 5, exclude: f1}", "1 refs, 6 commits", true},
    {"{new-files: 5}", "1 refs, 6 commits", false},
    {"{lines: 6}", "1 refs, 6 commits", true},
    {"{lines: 5}", "1 refs, 6 commits", false},
    {"{bytes: 1 KiB}", "1 refs, 1024 bytes", true},
    {"{bytes: 1 KiB}", "1 refs, 1025 bytes", false},
    {"{repository: 1 KiB}", "1 refs, 1024 bytes", true},
    {"{repository: 1 KiB}", "1 refs, 1025 bytes", false},
    {"{refs: 0, commits: 9}", "9 refs, 9 commits, 99999 bytes", true},
};

}  // namespace

constinit const RuleInfo crowded_push{
    .id = "crowded-push",
    .subject = Subject::push,
    .summary = "a push brings more than is taken at once, or than there is room for",
    .rationale =
        "Thousands of commits at once are mostly a mistake, such as the wrong remote; and "
        "one repository must not fill the disk of all.",
    .remedy = "Look at what is pushed, then push it in parts.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<CrowdedPush>,
};

}  // namespace trunkgate

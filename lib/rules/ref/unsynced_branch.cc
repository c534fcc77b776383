// unsynced-branch: a branch that has not taken in its base for too long.
#include <algorithm>
#include <optional>

#include "base/text.h"
#include "push/new_commits.h"
#include "rules/catalogue.h"
#include "rules/ref/ref_words.h"

namespace trunkgate {
namespace {

constexpr Option<std::string> kBase{"base", "main", "the branch to follow, without refs/heads/"};
constexpr Option<std::chrono::seconds> kMaxAge{
    "max-age", "24h", "the branch must hold what its base was at so long ago"};
constexpr Option<std::int64_t> kBehind{
    "behind", "0", "commits of its base that the branch may lack at most; 0 for any number"};
constexpr const OptionInfo* kOptions[] = {&kBase.info, &kMaxAge.info, &kBehind.info};

class UnsyncedBranch final : public Rule {
 public:
  explicit UnsyncedBranch(const RuleSetup& setup)
      : base_(setup.options.get(kBase)),
        max_age_(setup.options.get(kMaxAge).count()),
        behind_(static_cast<std::size_t>(setup.options.get(kBehind))) {}

  // The base counts as it is before this push: nobody can follow what nobody has seen.
  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override {
    const std::string base = "refs/heads/" + base_;
    if (ref.kind != RefKind::branch || ref.new_commit.is_zero() || ref.name == base) return;
    const RefValue value = push.repository.ref(base);
    if (value.kind != RefValue::Kind::direct) return;
    Finding finding;
    if (const auto due = newest_before(push.repository, value.id, push.now - max_age_);
        due && !reaches(push.repository, ref.new_commit, *due)) {
      finding.message = "'" + shown_name(ref) + "' lacks commits of '" + printable(base_) +
                        "' that are older than " + duration(max_age_);
      finding.details = {"the newest of them: " + due->brief()};
    } else if (behind_ != 0 && is_behind(push.repository, ref.new_commit, value.id)) {
      finding.message = "'" + shown_name(ref) + "' lacks more than " +
                        count_of(behind_, "commit", "commits") + " of '" + printable(base_) + "'";
    } else {
      return;
    }
    if (is_printable(base_)) {
      const std::string remote = shell_quote("origin/" + base_);
      finding.hint = "take it in, then push again; git rebase does as well as git merge";
      finding.commands = {"git fetch origin", "git merge " + remote};
    }
    out.add(std::move(finding));
  }

 private:
  // What the branch was at then: the first commit on its first-parent line that is old enough. A
  // commit dated ahead of its time counts as young, which only spares the pusher.
  static std::optional<ObjectId> newest_before(const Repository& repository, ObjectId at,
                                               std::int64_t time) {
    while (true) {
      const CommitLinks links = repository.links(at);
      if (links.time <= time) return at;
      if (links.parents.empty()) return std::nullopt;
      at = links.parents[0];
    }
  }

  bool is_behind(const Repository& repository, const ObjectId& branch, const ObjectId& base) const {
    NewCommitsQuery query;
    query.tips = {base};
    query.hidden = {branch};
    const NewCommits lacking = find_new_commits(repository, query, behind_ + 1);
    return lacking.ids.size() > behind_;
  }

  static std::string duration(std::int64_t seconds) {
    if (seconds % 86'400 == 0 && seconds >= 2 * 86'400) {
      return std::to_string(seconds / 86'400) + " days";
    }
    if (seconds % 3600 == 0) return std::to_string(seconds / 3600) + " h";
    return std::to_string(seconds / 60) + " min";
  }

  std::string base_;
  std::int64_t max_age_;  // seconds
  std::size_t behind_;
};

constexpr Example kExamples[] = {
    {"{base: main, max-age: 24h}", "after 1h leave refs/heads/feature/x behind main", true},
    {"{base: main, max-age: 24h}", "after 25h leave refs/heads/feature/x behind main", false},
    {"{base: main, max-age: 24h}", "after 25h leave refs/heads/feature/x behind other", true},
    {"{base: main, max-age: 24h}", "after 25h fork refs/heads/feature/x from main", true},
    {"{base: develop, max-age: 24h}", "after 25h fork refs/heads/feature/x from main", false},
    {"{max-age: 1w, behind: 1}", "after 25h leave refs/heads/feature/x behind main", true},
    {"", "after 25h delete refs/heads/feature/x", true},
};

}  // namespace

constinit const RuleInfo unsynced_branch{
    .id = "unsynced-branch",
    .subject = Subject::ref,
    .summary = "the branch has not taken in its base for too long",
    .rationale = "Small merges every day are easy; one big merge at the end is not.",
    .remedy = "Fetch, merge or rebase onto the base, and push again.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<UnsyncedBranch>,
    .refs = JudgedRefs::branches,
};

}  // namespace trunkgate

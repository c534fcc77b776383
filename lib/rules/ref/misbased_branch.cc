// misbased-branch: a new branch that starts from another branch than it should.
//
// The base of a branch is the first commit on its first-parent line that some branch of the server
// holds. It has to be on a branch of `from`. With `not`, the whole history of the new branch
// counts: no commit of it may be on a branch of `not` without being on one of `from` as well.
#include <algorithm>
#include <unordered_set>

#include "base/text.h"
#include "git/ref_name.h"
#include "push/new_commits.h"
#include "rules/catalogue.h"
#include "rules/ref/ref_words.h"

namespace trunkgate {
namespace {

constexpr Option<GlobSet> kFrom{"from", "[main]",
                                "branches of which one must hold the commit a new branch starts "
                                "from"};
constexpr Option<GlobSet> kNot{
    "not", "", "branches of which it must hold nothing that is not on those of from as well"};
constexpr const OptionInfo* kOptions[] = {&kFrom.info, &kNot.info};

using Tips = std::vector<ObjectId>;

class MisbasedBranch final : public Rule {
 public:
  explicit MisbasedBranch(const RuleSetup& setup)
      : from_(setup.options.get(kFrom)), not_(setup.options.get(kNot)) {}

  // Branches count as they are before this push.
  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override {
    if (ref.kind != RefKind::branch || !ref.creates() || ref.new_commit.is_zero()) return;
    Tips all;
    Tips from;
    Tips foreign;
    for (const Ref& branch : *server_refs(push)) {
      if (!branch.name.starts_with("refs/heads/")) continue;
      const std::string_view name = short_name(branch.name);
      all.push_back(branch.id);
      if (from_.matches(name)) from.push_back(branch.id);
      if (not_.matches(name) && !from_.matches(name)) foreign.push_back(branch.id);
    }
    // Where none of the branches exists there is nothing to start from.
    if (from.empty()) return;
    const ObjectId start = start_of(push.repository, ref.new_commit, all);
    if (start.is_zero()) {
      out.add(refusal(push, ref, start, "has no commit in common with " + names(from_)));
    } else if (!any_reaches(push.repository, from, start)) {
      out.add(refusal(push, ref, start,
                      "starts from " + start.brief() + ", which is not on " + names(from_)));
    } else if (const ObjectId other = foreign_commit(push.repository, ref, from, foreign);
               !other.is_zero()) {
      out.add(refusal(push, ref, other,
                      "holds " + other.brief() + ", which is on " + names(not_) + " and not on " +
                          names(from_)));
    }
  }

 private:
  // Zero when no branch holds any commit of the line. Once a branch holds one it holds all that
  // come after, so the search goes by leaps and then halves: a long line that an abandoned branch
  // left behind costs a few walks.
  static ObjectId start_of(const Repository& repository, ObjectId at, const Tips& all) {
    Tips line;                // without what the push brought: no branch holds that
    std::size_t without = 0;  // so many at the front of the line are on no branch
    for (std::size_t next = 0;;) {
      if (repository.existed_before(at)) line.push_back(at);
      const std::vector<ObjectId> parents = repository.links(at).parents;
      if (line.size() == next + 1 || (parents.empty() && !line.empty())) {
        if (any_reaches(repository, all, line.back())) break;
        without = line.size();
        next = 2 * line.size();
      }
      if (parents.empty()) return {};
      at = parents[0];
    }
    std::size_t with = line.size() - 1;
    while (without < with) {
      const std::size_t middle = (without + with) / 2;
      if (any_reaches(repository, all, line[middle])) {
        with = middle;
      } else {
        without = middle + 1;
      }
    }
    return line[with];
  }

  // When a branch of `foreign` holds some commit then it holds all that the commit reaches, so only
  // the oldest commits of its own need to be asked for.
  static ObjectId foreign_commit(const Repository& repository, const PushedRef& ref,
                                 const Tips& from, const Tips& foreign) {
    if (foreign.empty()) return {};
    NewCommitsQuery query;
    query.tips = {ref.new_commit};
    query.hidden = from;
    const NewCommits own = find_new_commits(repository, query);
    const std::unordered_set<ObjectId, ObjectIdHash> ids(own.ids.begin(), own.ids.end());
    for (auto id = own.ids.rbegin(); id != own.ids.rend(); ++id) {
      if (!repository.existed_before(*id)) continue;
      const std::vector<ObjectId> parents = repository.links(*id).parents;
      if (std::any_of(parents.begin(), parents.end(),
                      [&](const ObjectId& parent) { return ids.contains(parent); })) {
        continue;
      }
      if (any_reaches(repository, foreign, *id) && !any_reaches(repository, from, *id)) return *id;
    }
    return {};
  }

  static std::string names(const GlobSet& globs) {
    std::vector<std::string> texts;
    for (const Glob& glob : globs.globs()) texts.push_back(printable(glob.text()));
    return join(texts, ", ");
  }

  Finding refusal(const Push& push, const PushedRef& ref, const ObjectId& at,
                  const std::string& why) const {
    Finding finding;
    finding.message = "'" + shown_name(ref) + "' " + why;
    if (!at.is_zero()) {
      finding.commit = at;
      finding.title = title_of(push.repository.commit(at).message);
    }
    finding.hint = "put your own commits on top of it, then push again";
    std::string base = "BASE";
    for (const Glob& glob : from_.globs()) {
      if (!glob.literal() || !is_printable(glob.name())) continue;
      base = glob.name();
      break;
    }
    if (fits_in_command(ref)) {
      finding.commands = {"git fetch origin",
                          "git rebase --onto " + shell_quote("origin/" + base) + " " +
                              (at.is_zero() ? "--root" : at.brief()) + " " + short_word(ref),
                          "git push origin " + short_word(ref)};
    }
    return finding;
  }

  GlobSet from_;
  GlobSet not_;
};

constexpr Example kExamples[] = {
    {"{from: [develop]}", "fork refs/heads/feature/x from develop", true},
    {"{from: [develop]}", "fork refs/heads/feature/x from main", true},
    {"{from: [main]}", "fork refs/heads/hotfix/x from main", true},
    {"{from: [main]}", "fork refs/heads/hotfix/x from develop", false},
    {"{from: [main], not: [develop]}", "fork refs/heads/hotfix/x from main", true},
    {"{from: [main], not: [develop]}", "fork refs/heads/hotfix/x from develop", false},
    {"{from: [none]}", "fork refs/heads/hotfix/x from main", true},
    {"{from: [main]}", "update refs/heads/hotfix/x", true},
    {"{from: [main]}", "delete refs/heads/hotfix/x", true},
};

}  // namespace

constinit const RuleInfo misbased_branch{
    .id = "misbased-branch",
    .subject = Subject::ref,
    .summary = "a new branch starts from another branch than it should",
    .rationale =
        "A hotfix that starts from the branch of development brings unreleased work along.",
    .remedy = "Rebase the branch onto the one it should start from.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<MisbasedBranch>,
    .refs = JudgedRefs::branches,
};

}  // namespace trunkgate

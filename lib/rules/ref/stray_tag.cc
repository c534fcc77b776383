// stray-tag: a tag on a commit that is on none of the branches it must be on.
#include <memory>
#include <unordered_set>

#include "base/text.h"
#include "git/ref_name.h"
#include "push/new_commits.h"
#include "rules/catalogue.h"
#include "rules/ref/ref_words.h"

namespace trunkgate {
namespace {

constexpr Option<GlobSet> kOn{"on", "['**']",
                              "branches of which one must hold the tagged commit, without "
                              "refs/heads/"};
constexpr const OptionInfo* kOptions[] = {&kOn.info};

class StrayTag final : public Rule {
 public:
  explicit StrayTag(const RuleSetup& setup) : on_(setup.options.get(kOn)) {}

  // Judged by what the branches hold after this push.
  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override {
    if (ref.kind != RefKind::tag || ref.deletes() || ref.new_id == ref.old_id) return;
    if (ref.new_commit.is_zero()) {
      out.add({.message = "the tag is on no commit, so it is on no branch"});
      return;
    }
    const Repository& repository = push.repository;
    // No branch of the server can hold a commit that this push brought.
    sort_branches(push);
    if (repository.existed_before(ref.new_commit) &&
        any_reaches(repository, untouched_, ref.new_commit)) {
      return;
    }
    const PushedRef* needed = nullptr;
    for (const std::size_t i : pushed_) {
      const PushedRef& branch = push.refs[i];
      if (!reaches(repository, branch.new_commit, ref.new_commit)) continue;
      // It holds the commit whether its update is refused or not.
      if (!branch.old_commit.is_zero() && reaches(repository, branch.old_commit, ref.new_commit)) {
        return;
      }
      if (needed == nullptr) needed = &branch;
    }
    if (needed == nullptr) {
      out.add(stray(push, ref));
    } else {
      out.need(needed->name, stray(push, ref));
    }
  }

 private:
  bool counts(const PushedRef& ref) const {
    return ref.kind == RefKind::branch && !ref.new_commit.is_zero() &&
           on_.matches(short_name(ref.name));
  }

  // Made once for a push, however many tags it has.
  void sort_branches(const Push& push) const {
    const std::shared_ptr<const std::vector<Ref>> refs = server_refs(push);
    if (refs == sorted_) return;
    sorted_ = refs;
    untouched_.clear();
    pushed_.clear();
    std::unordered_set<std::string_view> names;
    for (std::size_t i = 0; i < push.refs.size(); ++i) {
      names.insert(push.refs[i].name);
      if (counts(push.refs[i])) pushed_.push_back(i);
    }
    for (const Ref& branch : *refs) {
      if (!names.contains(branch.name) && kind_of(branch.name) == RefKind::branch &&
          on_.matches(short_name(branch.name))) {
        untouched_.push_back(branch.id);
      }
    }
  }

  Finding stray(const Push& push, const PushedRef& ref) const {
    Finding finding;
    finding.message =
        "the tagged commit " + ref.new_commit.brief() + " is on none of the branches it must be on";
    finding.commit = ref.new_commit;
    finding.title = title_of(push.repository.commit(ref.new_commit).message);
    std::vector<std::string> texts;
    for (const Glob& glob : on_.globs()) texts.push_back(printable(glob.text()));
    finding.details = {"must be on: " + join(texts, ", ")};
    finding.hint = "land the commit there first, or tag a commit that is there";
    if (fits_in_command(ref)) {
      finding.commands = {"git branch -r --contains " + ref.new_commit.brief(),
                          "git tag -f " + short_word(ref) + " COMMIT",
                          "git push origin " + full_word(ref)};
    }
    return finding;
  }

  GlobSet on_;
  mutable std::shared_ptr<const std::vector<Ref>> sorted_;
  mutable std::vector<ObjectId> untouched_;  // tips of branches that this push leaves alone
  mutable std::vector<std::size_t> pushed_;  // indices into Push::refs
};

constexpr Example kExamples[] = {
    {"{on: [main, 'release/**']}", "create refs/tags/v1 on main", true},
    {"{on: [main, 'release/**']}", "create refs/tags/v1 on release/1", true},
    {"{on: [main, 'release/**']}", "create refs/tags/v1 on feature/x", false},
    {"{on: [main, 'release/**']}", "create refs/tags/v1", false},
    {"", "create refs/tags/v1 on feature/x", true},
    {"", "create refs/tags/v1", false},
    {"", "delete refs/tags/v1", true},
    {"", "create refs/heads/main", true},
};

}  // namespace

constinit const RuleInfo stray_tag{
    .id = "stray-tag",
    .subject = Subject::ref,
    .summary = "a tag is on a commit that is on none of the branches it must be on",
    .rationale = "What is built from a release tag has been through the branch it came from.",
    .remedy = "Land the commit, then tag it.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<StrayTag>,
    .refs = JudgedRefs::tags,
};

}  // namespace trunkgate

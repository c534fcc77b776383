// rewound-branch: a push that takes commits off a branch.
#include "base/text.h"
#include "git/ref_name.h"
#include "push/new_commits.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

class RewoundBranch final : public Rule {
 public:
  explicit RewoundBranch(const RuleSetup&) {}

  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override {
    if (!ref.updates() || ref.old_id == ref.new_id) return;
    if (ref.kind == RefKind::tag) {
      out.add({.message = "the tag exists and must not move",
               .hint = "give the new commit a tag of its own"});
      return;
    }
    if (ref.old_commit.is_zero() || ref.new_commit.is_zero() ||
        reaches(push.repository, ref.new_commit, ref.old_commit)) {
      return;
    }
    Finding finding;
    finding.message = "the push would take commits off the " + std::string(to_string(ref.kind)) +
                      " (it is at " + ref.old_id.brief() + ")";
    finding.hint = "put your commits on top of what is there, then push without --force";
    if (is_printable(ref.name)) {
      finding.commands = {"git pull --rebase origin " + shell_quote(short_name(ref.name))};
    }
    out.add(std::move(finding));
  }
};

constexpr Example kExamples[] = {
    {"", "update refs/heads/main", true}, {"", "create refs/heads/main", true},
    {"", "delete refs/heads/main", true}, {"", "rewind refs/heads/main", false},
    {"", "rewind refs/tags/v1", false},   {"", "update refs/tags/v1", false},
};

}  // namespace

constinit const RuleInfo rewound_branch{
    .id = "rewound-branch",
    .subject = Subject::ref,
    .summary = "a forced push takes commits off a branch, or moves a tag",
    .rationale = "Commits that others have fetched or deployed must not vanish.",
    .remedy = "Rebase onto the branch and push without force, or revert with a new commit.",
    .options = {},
    .examples = kExamples,
    .make = make_rule<RewoundBranch>,
};

}  // namespace trunkgate

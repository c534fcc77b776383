// ill-named-branch: a new branch whose name the policy does not allow.
#include "base/text.h"
#include "git/ref_name.h"
#include "rules/catalogue.h"
#include "rules/ref/name_check.h"

namespace trunkgate {
namespace {

class IllNamedBranch final : public Rule {
 public:
  explicit IllNamedBranch(const RuleSetup& setup) : names_(setup.options, "branch") {}

  // Branches that exist keep their names: only creation is judged.
  void check_ref(const Push&, const PushedRef& ref, Answer& out) const override {
    if (ref.kind != RefKind::branch || !ref.creates() || ref.deletes()) return;
    const std::string_view name = short_name(ref.name);
    Finding finding;
    if (!names_.refuses(name, finding)) return;
    if (const std::string better = names_.suggestion(name); !better.empty()) {
      finding.message += "; did you mean '" + better + "'?";
      finding.commands = {"git branch -m " + shell_quote(name) + " " + shell_quote(better),
                          "git push origin " + shell_quote(better)};
    } else if (is_printable(name)) {
      finding.commands = {std::string("git branch -m ") + (name.starts_with('-') ? "-- " : "") +
                          shell_quote(name) + " NEW-NAME"};
    }
    out.add(std::move(finding));
  }

  std::optional<bool> accepts(std::string_view example) const override {
    Finding finding;
    return !example.empty() && !names_.refuses(example, finding);
  }

 private:
  NameCheck names_;
};

constexpr Example kExamples[] = {
    {"{allow: [main, 'feature/**']}", "create refs/heads/feature/login", true},
    {"{allow: [main, 'feature/**']}", "create refs/heads/main", true},
    {"{allow: [main, 'feature/**']}", "create refs/heads/login", false},
    {"{allow: [main, 'feature/**']}", "create refs/heads/feature", false},
    {"{allow: [main, 'feature/**']}", "create refs/heads/Main", false},
    {"{allow: [main, 'feature/**']}", "create refs/heads/feat/login", false},
    {"{allow: [main, 'feature/**']}", "update refs/heads/login", true},
    {"{allow: [main, 'feature/**']}", "delete refs/heads/login", true},
    {"{allow: [main, 'feature/**']}", "create refs/tags/login", true},
    {"{deny: ['tmp/**']}", "create refs/heads/tmp/x", false},
    {"{match: 'exp/[0-9]{8}-[a-z-]+'}", "create refs/heads/exp/20260131-moe", true},
    {"{match: 'exp/[0-9]{8}-[a-z-]+'}", "create refs/heads/exp/moe", false},
    {"{deny-match: '.*-[0-9]+'}", "create refs/heads/feature/login-2", false},
    {"{deny-match: '.*-[0-9]+'}", "create refs/heads/feature/login-2a", true},
    {"{max-length: 5}", "create refs/heads/abcde", true},
    {"{max-length: 5}", "create refs/heads/abcdef", false},
    {"", "create refs/heads/-f", false},
    {"", "create refs/heads/m\xd0\xb0in", false},
    {"{unicode: true}", "create refs/heads/m\xd0\xb0in", true},
    {"{unicode: true}", "create refs/heads/ma\xe2\x80\x8bin", false},
    {"{unicode: true}", "create refs/heads/\xff\xfe", false},
};

}  // namespace

constinit const RuleInfo ill_named_branch{
    .id = "ill-named-branch",
    .subject = Subject::ref,
    .summary = "a new branch has a name the policy does not allow",
    .rationale = "Prefixes tell people and pipelines what a branch is for.",
    .remedy = "Rename the branch and push the new name.",
    .options = kNameOptions,
    .examples = kExamples,
    .make = make_rule<IllNamedBranch>,
    .refs = JudgedRefs::branches,
};

}  // namespace trunkgate

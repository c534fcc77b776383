// ill-named-tag: a new tag whose name the policy does not allow.
#include "base/text.h"
#include "git/ref_name.h"
#include "rules/catalogue.h"
#include "rules/ref/name_check.h"
#include "rules/ref/ref_words.h"

namespace trunkgate {
namespace {

class IllNamedTag final : public Rule {
 public:
  explicit IllNamedTag(const RuleSetup& setup) : names_(setup.options, "tag") {}

  // Tags that exist keep their names: only creation is judged.
  void check_ref(const Push&, const PushedRef& ref, Answer& out) const override {
    if (ref.kind != RefKind::tag || !ref.creates() || ref.deletes()) return;
    const std::string_view name = short_name(ref.name);
    Finding finding;
    if (!names_.refuses(name, finding)) return;
    std::string better = names_.suggestion(name);
    if (!better.empty()) finding.message += "; did you mean '" + better + "'?";
    if (fits_in_command(ref)) {
      // A tag object has its name in it, so it is written anew; the editor opens for its message.
      const bool annotated = !ref.new_commit.is_zero() && ref.new_id != ref.new_commit;
      const ObjectId& target = annotated ? ref.new_commit : ref.new_id;
      better = better.empty() ? "NEW-NAME" : shell_quote(better);
      finding.commands = {
          std::string("git tag ") + (annotated ? "-a " : "") + better + " " + target.brief(),
          "git push origin refs/tags/" + better, "git tag -d " + short_word(ref)};
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
    {"{allow: ['v*']}", "create refs/tags/v1.2.0", true},
    {"{allow: ['v*']}", "annotate refs/tags/v1.2.0", true},
    {"{allow: ['v*']}", "create refs/tags/1.2.0", false},
    {"{allow: ['v*']}", "annotate refs/tags/V1.2.0", false},
    {"{allow: ['v*']}", "update refs/tags/1.2.0", true},
    {"{allow: ['v*']}", "delete refs/tags/1.2.0", true},
    {"{allow: ['v*']}", "create refs/heads/1.2.0", true},
    {"{match: 'v[0-9]+[.][0-9]+[.][0-9]+'}", "create refs/tags/v1.2.0", true},
    {"{match: 'v[0-9]+[.][0-9]+[.][0-9]+'}", "create refs/tags/v1.2", false},
    {"{deny: ['*-dirty']}", "create refs/tags/v1-dirty", false},
    {"{deny-match: 'v0[.].*'}", "create refs/tags/v0.9", false},
    {"{deny-match: 'v0[.].*'}", "create refs/tags/v1.0", true},
    {"{max-length: 5}", "create refs/tags/v1.2.0", false},
};

}  // namespace

constinit const RuleInfo ill_named_tag{
    .id = "ill-named-tag",
    .subject = Subject::ref,
    .summary = "a new tag has a name the policy does not allow",
    .rationale = "Programs find releases by the names of their tags.",
    .remedy = "Make the tag again under an allowed name.",
    .options = kNameOptions,
    .examples = kExamples,
    .make = make_rule<IllNamedTag>,
    .refs = JudgedRefs::tags,
};

}  // namespace trunkgate

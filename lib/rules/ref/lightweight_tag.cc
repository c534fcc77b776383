// lightweight-tag: a tag that is only a name, without message, tagger and date.
#include "rules/catalogue.h"
#include "rules/ref/ref_words.h"

namespace trunkgate {
namespace {

class LightweightTag final : public Rule {
 public:
  explicit LightweightTag(const RuleSetup&) {}

  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override {
    if (ref.kind != RefKind::tag || ref.deletes() || ref.new_id == ref.old_id) return;
    if (push.repository.header(ref.new_id).type == ObjectType::tag) return;
    Finding finding;
    finding.message = "the tag is lightweight: it has no message, tagger and date";
    finding.hint = "make it an annotated tag";
    if (fits_in_command(ref)) {
      finding.commands = {
          "git tag -a -f -m 'MESSAGE' " + short_word(ref) + " " + ref.new_id.brief(),
          std::string("git push ") + (ref.creates() ? "" : "--force ") + "origin " +
              full_word(ref)};
    }
    out.add(std::move(finding));
  }
};

constexpr Example kExamples[] = {
    {"", "create refs/tags/v1", false},   {"", "update refs/tags/v1", false},
    {"", "annotate refs/tags/v1", true},  {"", "delete refs/tags/v1", true},
    {"", "create refs/heads/main", true},
};

}  // namespace

constinit const RuleInfo lightweight_tag{
    .id = "lightweight-tag",
    .subject = Subject::ref,
    .summary = "a tag is only a name, not an annotated tag",
    .rationale = "An annotated tag says who made it, when and why, and can be signed.",
    .remedy = "Make the tag with git tag -a.",
    .options = {},
    .examples = kExamples,
    .make = make_rule<LightweightTag>,
    .refs = JudgedRefs::tags,
};

}  // namespace trunkgate

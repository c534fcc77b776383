// moved-tag: a push that points an existing tag at something else, or deletes it.
#include "rules/catalogue.h"
#include "rules/ref/ref_words.h"

namespace trunkgate {
namespace {

constexpr Option<bool> kDelete{"delete", "true",
                               "refuse deletion as well: the name could then be given anew"};
constexpr const OptionInfo* kOptions[] = {&kDelete.info};

class MovedTag final : public Rule {
 public:
  explicit MovedTag(const RuleSetup& setup) : deletion_(setup.options.get(kDelete)) {}

  // A tag object that is written anew for the same commit is a move too: its message, its
  // signature and its tagger are part of what was released.
  void check_ref(const Push&, const PushedRef& ref, Answer& out) const override {
    if (ref.kind != RefKind::tag || ref.creates() || ref.new_id == ref.old_id) return;
    if (ref.deletes()) {
      if (!deletion_) return;
      out.add({.message = "the tag must not be deleted: its name could then be given anew",
               .hint = "leave it, and give what replaces it a tag of its own"});
      return;
    }
    Finding finding;
    finding.message = "the tag exists and must not move";
    finding.details = {"it is at " + ref.old_id.brief() + "; the push has " + ref.new_id.brief()};
    finding.hint = "give the new commit a tag of its own";
    if (fits_in_command(ref)) {
      const std::string name = full_word(ref);
      if (!ref.new_commit.is_zero()) {
        const bool annotated = ref.new_id != ref.new_commit;
        finding.commands = {std::string("git tag ") + (annotated ? "-a " : "") + "NEW-NAME " +
                            ref.new_commit.brief()};
      }
      // Takes the server's value back into the clone, or the next push would try again.
      finding.commands.push_back("git fetch --force origin " + name + ":" + name);
    }
    out.add(std::move(finding));
  }

 private:
  bool deletion_;
};

constexpr Example kExamples[] = {
    {"", "update refs/tags/v1", false},
    {"", "rewind refs/tags/v1", false},
    {"", "delete refs/tags/v1", false},
    {"", "create refs/tags/v1", true},
    {"", "update refs/heads/main", true},
    {"", "delete refs/heads/main", true},
    {"{delete: false}", "delete refs/tags/v1", true},
    {"{delete: false}", "update refs/tags/v1", false},
};

}  // namespace

constinit const RuleInfo moved_tag{
    .id = "moved-tag",
    .subject = Subject::ref,
    .summary = "an existing tag is moved or deleted",
    .rationale =
        "A tag names what was released; clones keep the old one, so one name would mean two "
        "things.",
    .remedy = "Give the new commit a tag of its own.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<MovedTag>,
    .refs = JudgedRefs::tags,
};

}  // namespace trunkgate

// untold-metrics: an annotated tag whose message lacks what it has to tell.
#include <algorithm>

#include "base/text.h"
#include "git/commit.h"
#include "rules/catalogue.h"
#include "rules/ref/ref_words.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<Pattern>> kRequire{
    "require", "", "every one of these expressions must be found in the message"};
constexpr Option<std::vector<Pattern>> kForbid{"forbid", "", "none of these may be found in it"};
constexpr Option<std::string> kWhere{
    "where", "message", "what is searched: the message (all of it, no signature) or its title"};
constexpr const OptionInfo* kOptions[] = {&kRequire.info, &kForbid.info, &kWhere.info};
constexpr std::string_view kPlaces[] = {"message", "title"};

class UntoldMetrics final : public Rule {
 public:
  explicit UntoldMetrics(const RuleSetup& setup)
      : require_(setup.options.get(kRequire)), forbid_(setup.options.get(kForbid)) {
    if (const Node* where = setup.options.find(kWhere.info.name); where != nullptr) {
      title_only_ = read_word(*where, kPlaces, 0, setup.options.diagnostics()) == 1;
    }
  }

  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override {
    if (ref.kind != RefKind::tag || ref.deletes() || ref.new_id == ref.old_id) return;
    Finding finding;
    if (push.repository.header(ref.new_id).type != ObjectType::tag) {
      finding.message = "the tag is lightweight: it has no message that could tell anything";
      finding.details = texts("must match: ", require_);
    } else {
      const Tag tag = push.repository.tag(ref.new_id);
      judge(title_only_ ? title_of(tag.message) : std::string_view(tag.message), finding);
    }
    if (finding.message.empty()) return;
    if (fits_in_command(ref)) {
      // Without -m the editor opens with the old message in it.
      finding.commands = {"git tag -a -f " + short_word(ref) + " " +
                              (ref.new_commit.is_zero() ? ref.new_id : ref.new_commit).brief(),
                          std::string("git push ") + (ref.creates() ? "" : "--force ") + "origin " +
                              full_word(ref)};
    }
    out.add(std::move(finding));
  }

  std::optional<bool> accepts(std::string_view example) const override {
    Finding finding;
    judge(title_only_ ? title_of(example) : example, finding);
    return finding.message.empty();
  }

 private:
  static std::vector<std::string> texts(const char* words, const std::vector<Pattern>& patterns) {
    std::vector<std::string> lines;
    for (const Pattern& pattern : patterns) lines.push_back(words + printable(pattern.text()));
    return lines;
  }

  void judge(std::string_view text, Finding& finding) const {
    std::vector<Pattern> lacking;
    std::vector<Pattern> present;
    std::copy_if(require_.begin(), require_.end(), std::back_inserter(lacking),
                 [&](const Pattern& pattern) { return !pattern.matches_anywhere(text); });
    std::copy_if(forbid_.begin(), forbid_.end(), std::back_inserter(present),
                 [&](const Pattern& pattern) { return pattern.matches_anywhere(text); });
    if (lacking.empty() && present.empty()) return;
    const std::string place = title_only_ ? "title" : "message";
    finding.message = lacking.empty() ? "the tag's " + place + " has something that is not allowed"
                                      : "the tag's " + place + " does not tell what it must";
    finding.details = texts("must match: ", lacking);
    for (std::string& line : texts("must not match: ", present)) {
      finding.details.push_back(std::move(line));
    }
  }

  std::vector<Pattern> require_;
  std::vector<Pattern> forbid_;
  bool title_only_ = false;
};

constexpr Example kExamples[] = {
    {"{require: ['Acc@1: [0-9.]+%']}", "annotate refs/tags/v1", true},
    {"{require: ['Acc@1: [0-9.]+%', 'F1: [0-9.]+']}", "annotate refs/tags/v1", false},
    {"{require: ['Acc@1: [0-9.]+%'], where: title}", "annotate refs/tags/v1", false},
    {"{forbid: ['(?i)wip']}", "annotate refs/tags/v1", true},
    {"{forbid: ['Acc@1']}", "annotate refs/tags/v1", false},
    {"", "annotate refs/tags/v1", true},
    {"", "create refs/tags/v1", false},
    {"", "delete refs/tags/v1", true},
    {"", "create refs/heads/main", true},
};

}  // namespace

constinit const RuleInfo untold_metrics{
    .id = "untold-metrics",
    .subject = Subject::ref,
    .summary = "the message of a tag lacks what it has to tell",
    .rationale = "A release that carries its own numbers can be compared years later.",
    .remedy = "Write the tag again with what is missing in its message.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<UntoldMetrics>,
    .refs = JudgedRefs::tags,
};

}  // namespace trunkgate

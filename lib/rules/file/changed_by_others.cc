// changed-by-others: files that only some people may change.
#include <algorithm>

#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kPaths{"paths", "", "files that only some may change; all without it"};
constexpr Option<PathSet> kExclude{"exclude", "", "files that everybody may change"};
constexpr Option<std::vector<std::string>> kBy{"by", "", "users and groups who may"};
constexpr const OptionInfo* kOptions[] = {&kPaths.info, &kExclude.info, &kBy.info};

class ChangedByOthers final : public Rule {
 public:
  explicit ChangedByOthers(const RuleSetup& setup)
      : paths_(setup.options.get(kPaths)),
        exclude_(setup.options.get(kExclude)),
        names_(setup.options.get(kBy)),
        by_(users_of(names_, setup.groups)) {
    if (!setup.options.has("by")) {
      setup.options.diagnostics().error(setup.options.where(),
                                        "the rule needs 'by': who may change the files");
    }
  }

  bool looks_at(const ChangedFile& file) const override {
    return (paths_.empty() || paths_.matches(file.path)) && !exclude_.matches(file.path);
  }

  void check_file(const Push& push, const PushedFile&, Answer& out) const override {
    if (std::binary_search(by_.begin(), by_.end(), push.pusher.name)) return;
    std::vector<std::string> who;
    for (const std::string& name : names_) who.push_back(printable(name));
    out.add({.message = (who.empty() ? "nobody" : "only " + join(who, ", ")) +
                        " may change it, and you are '" + push.pusher.name + "'"});
  }

 private:
  PathSet paths_;
  PathSet exclude_;
  std::vector<std::string> names_;
  std::vector<std::string> by_;  // groups resolved, sorted
};

constexpr Example kExamples[] = {
    {"{paths: ci/, by: [eve]}", "add ci/run", false},
    {"{paths: ci/, by: [ada, eve]}", "add ci/run", true},
    {"{paths: ci/, by: [eve]}", "delete ci/run", false},
    {"{paths: ci/, by: [eve]}", "add src/a", true},
    {"{exclude: docs/, by: [eve]}", "add docs/a.md", true},
    {"{exclude: docs/, by: [eve]}", "add src/a", false},
};

}  // namespace

constinit const RuleInfo changed_by_others{
    .id = "changed-by-others",
    .subject = Subject::file,
    .summary = "a file is changed by somebody who may not",
    .rationale = "Pipelines, policies and other people's parts need their owners' hands.",
    .remedy = "Ask one of those who may to push the change.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<ChangedByOthers>,
    .concurrent = true,
    .deletions = true,
};

}  // namespace trunkgate

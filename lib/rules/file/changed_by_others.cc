// changed-by-others: files that only some people may change.
#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kPaths{"paths", "", "files that only some may change; all without it"};
constexpr Option<PathSet> kExclude{"exclude", "", "files that everybody may change"};
constexpr Option<std::vector<std::string>> kBy{"by", "", "users and groups who may"};
constexpr Option<std::vector<std::string>> kActions{"actions", "[add, modify, delete]",
                                                    "what only they may do: add, modify, delete"};
constexpr Option<bool> kIgnoreCase{"ignore-case", "false",
                                   "letter case makes no difference: CI/run counts as ci/run"};
constexpr const OptionInfo* kOptions[] = {&kPaths.info, &kExclude.info, &kBy.info, &kActions.info,
                                          &kIgnoreCase.info};

enum Action : std::size_t { add, modify, remove };
constexpr std::string_view kActionWords[] = {"add", "modify", "delete"};

Action action_of(const ChangedFile& file) {
  return file.deleted() ? remove : file.added() ? add : modify;
}

class ChangedByOthers final : public Rule {
 public:
  explicit ChangedByOthers(const RuleSetup& setup)
      : paths_(setup.options.get(kPaths)),
        exclude_(setup.options.get(kExclude)),
        names_(setup.options.get(kBy)),
        by_(users_of(setup, kBy)) {
    if (setup.options.get(kIgnoreCase)) {
      paths_ = paths_.ignoring_case();
      exclude_ = exclude_.ignoring_case();
    }
    read_actions(setup);
    if (!setup.options.has("by")) {
      setup.options.diagnostics().error(setup.options.where(),
                                        "the rule needs 'by': who may change the files");
    }
  }

  bool looks_at(const ChangedFile& file) const override {
    const PathSet::What what = kind_of_path(file);
    return actions_[action_of(file)] && (paths_.empty() || paths_.matches(file.path, what)) &&
           !exclude_.matches(file.path, what);
  }

  void check_file(const Push& push, const PushedFile& file, Answer& out) const override {
    if (std::binary_search(by_.begin(), by_.end(), push.pusher.name)) return;
    std::vector<std::string> who;
    for (const std::string& name : names_) who.push_back(printable(name));
    // With all three ruled, which one it is tells nobody more.
    const bool all = actions_[add] && actions_[modify] && actions_[remove];
    const Action action = action_of(file.change());
    const std::string verb = all || action == modify ? "change" : std::string(kActionWords[action]);
    out.add({.message = (who.empty() ? "nobody" : "only " + join(who, ", ")) + " may " + verb +
                        " it, and you are " + push.pusher.words()});
  }

 private:
  void read_actions(const RuleSetup& setup) {
    const Node* node = setup.options.find(kActions.info.name);
    for (const std::string& word : setup.options.get(kActions)) {
      const auto known = std::find(std::begin(kActionWords), std::end(kActionWords), word);
      if (known != std::end(kActionWords)) {
        actions_[static_cast<std::size_t>(known - std::begin(kActionWords))] = true;
      } else {
        setup.options.diagnostics().error(
            item_location(*node, word),
            "'" + printable(word) + "' is none of add, modify and delete");
      }
    }
  }

  PathSet paths_;
  PathSet exclude_;
  std::vector<std::string> names_;
  std::vector<std::string> by_;  // groups resolved, sorted
  std::array<bool, 3> actions_{};
};

constexpr Example kExamples[] = {
    {"{paths: ci/, by: [eve]}", "add ci/run", false},
    {"{paths: ci/, by: [ada, eve]}", "add ci/run", true},
    {"{paths: ci/, by: [eve]}", "delete ci/run", false},
    {"{paths: ci/, by: [eve]}", "add src/a", true},
    {"{paths: ci/, by: [eve], actions: [delete]}", "change ci/run\n1\n=====\n2", true},
    {"{paths: ci/, by: [eve], actions: [delete]}", "delete ci/run", false},
    {"{paths: ci/, by: [eve]}", "add CI/run", true},
    {"{paths: ci/, by: [eve], ignore-case: true}", "add CI/run", false},
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
    .guards = true,
    .deletions = true,
};

}  // namespace trunkgate

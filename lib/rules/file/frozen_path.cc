// frozen-path: files that must stay as they are.
#include <algorithm>

#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kPaths{"paths", "", "files that must not be changed"};
constexpr Option<bool> kAdd{"add", "true", "new files may be added there"};
constexpr Option<std::vector<std::string>> kBy{"by", "", "users and groups who may change them"};
constexpr Option<bool> kIgnoreCase{"ignore-case", "false",
                                   "letter case makes no difference: CI/run counts as ci/run"};
constexpr Option<std::string> kText{"text", "", "why, and when it ends"};
constexpr const OptionInfo* kOptions[] = {&kPaths.info, &kAdd.info, &kBy.info, &kIgnoreCase.info,
                                          &kText.info};

class FrozenPath final : public Rule {
 public:
  explicit FrozenPath(const RuleSetup& setup)
      : paths_(setup.options.get(kPaths)),
        add_(setup.options.get(kAdd)),
        by_(users_of(setup, kBy)),
        text_(printable(setup.options.get(kText), 400)) {
    if (setup.options.get(kIgnoreCase)) paths_ = paths_.ignoring_case();
    if (paths_.empty()) {
      setup.options.diagnostics().error(setup.options.where(),
                                        "the rule needs 'paths': what is frozen");
    }
  }

  bool looks_at(const ChangedFile& file) const override {
    return (!file.added() || !add_) && paths_.matches(file.path, kind_of_path(file));
  }

  void check_file(const Push& push, const PushedFile& file, Answer& out) const override {
    if (std::binary_search(by_.begin(), by_.end(), push.pusher.name)) return;
    const char* what = file.change().added()     ? "must not be added"
                       : file.change().deleted() ? "must not be deleted"
                                                 : "must not be changed";
    out.add({.message = std::string("is frozen: it ") + what, .hint = text_});
  }

 private:
  PathSet paths_;
  bool add_;
  std::vector<std::string> by_;
  std::string text_;
};

constexpr Example kExamples[] = {
    {"{paths: 'images/'}", "change images/base\n1\n=====\n2", false},
    {"{paths: 'images/'}", "delete images/base", false},
    {"{paths: 'images/'}", "add images/other", true},
    {"{paths: 'images/', add: false}", "add images/other", false},
    {"{paths: 'images/'}", "change src/base\n1\n=====\n2", true},
    {"{paths: images/, add: false}", "add Images/other", true},
    {"{paths: images/, add: false, ignore-case: true}", "add Images/other", false},
    {"{paths: 'images/', by: [ada]}", "delete images/base", true},
};

}  // namespace

constinit const RuleInfo frozen_path{
    .id = "frozen-path",
    .subject = Subject::file,
    .summary = "a frozen file is changed",
    .rationale = "Images and data sets stay comparable only when nothing about them changes.",
    .remedy = "Take the change out of the commit, or wait until the freeze ends.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<FrozenPath>,
    .concurrent = true,
    .guards = true,
    .deletions = true,
};

}  // namespace trunkgate

// forbidden-path: a file whose path the policy does not want in the repository.
#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kPaths{"paths", "", "patterns as in .gitignore that no file may match"};
constexpr Option<std::vector<Pattern>> kMatch{"match", "",
                                              "expressions that no whole path may match"};
constexpr Option<PathSet> kAllow{"allow", "", "paths that are fine all the same"};
constexpr Option<bool> kNewOnly{"new-only", "false", "files that exist already may be changed"};
constexpr Option<bool> kIgnoreCase{"ignore-case", "false",
                                   "letter case in 'paths' and 'allow' makes no difference"};
constexpr Option<std::string> kHint{"hint", "", "what to do instead"};
constexpr const OptionInfo* kOptions[] = {&kPaths.info,   &kMatch.info,      &kAllow.info,
                                          &kNewOnly.info, &kIgnoreCase.info, &kHint.info};

class ForbiddenPath final : public Rule {
 public:
  explicit ForbiddenPath(const RuleSetup& setup)
      : paths_(setup.options.get(kPaths)),
        match_(setup.options.get(kMatch)),
        allow_(setup.options.get(kAllow)),
        new_only_(setup.options.get(kNewOnly)),
        hint_(printable(setup.options.get(kHint), 400)) {
    if (setup.options.get(kIgnoreCase)) {
      paths_ = paths_.ignoring_case();
      allow_ = allow_.ignoring_case();
    }
    if (paths_.empty() && match_.empty()) {
      setup.options.diagnostics().error(setup.options.where(),
                                        "the rule needs 'paths' or 'match': what is forbidden");
    }
  }

  bool looks_at(const ChangedFile& file) const override {
    const PathSet::What what = kind_of_path(file);
    return !file.deleted() && (!new_only_ || file.added()) && reason(file.path, what) != nullptr &&
           !allow_.matches(file.path, what);
  }

  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    const std::string& why = *reason(file.path(), kind_of_path(file.change()));
    out.add({.message = "forbidden: matches '" + printable(why) + "'",
             .hint = hint_,
             .drop_path = true});
  }

  std::optional<bool> accepts(std::string_view example) const override {
    return reason(example, PathSet::What::file) == nullptr || allow_.matches(example);
  }

 private:
  const std::string* reason(std::string_view path, PathSet::What what) const {
    if (const std::string* text = paths_.match(path, what)) return text;
    for (const Pattern& pattern : match_) {
      if (pattern.matches_all(path)) return &pattern.text();
    }
    return nullptr;
  }

  PathSet paths_;
  std::vector<Pattern> match_;
  PathSet allow_;
  bool new_only_;
  std::string hint_;
};

constexpr Example kExamples[] = {
    {"{paths: ['*.ckpt', wandb/]}", "add models/vit.ckpt", false},
    {"{paths: ['*.ckpt', wandb/]}", "add wandb/run-1/log.txt", false},
    {"{paths: ['*.ckpt', wandb/]}", "add docs/wandb.md", true},
    {"{paths: ['*.ckpt', wandb/]}", "link model.ckpt\n/data/model.ckpt", false},
    {"{paths: ['*.ckpt', wandb/]}", "delete models/vit.ckpt", true},
    {"{paths: ['*.ckpt', wandb/]}", "change models/vit.ckpt\n1\n=====\n2", false},
    {"{paths: '*.ckpt', new-only: true}", "change models/vit.ckpt\n1\n=====\n2", true},
    {"{paths: ['*.env', '!example.env']}", "add example.env", true},
    {"{paths: '*.env', allow: [tests/]}", "add tests/a.env", true},
    {"{paths: '*.env', allow: [tests/]}", "add src/a.env", false},
    {"{paths: third_party/}", "submodule third_party", false},
    {"{paths: '*.exe'}", "add Setup.EXE", true},
    {"{paths: '*.exe', ignore-case: true}", "add Setup.EXE", false},
    {"{match: '(?i).*\\.exe'}", "add Setup.EXE", false},
};

}  // namespace

constinit const RuleInfo forbidden_path{
    .id = "forbidden-path",
    .subject = Subject::file,
    .summary = "a file has a path that must not be committed",
    .rationale = "Weights, data, logs and editor files slow every clone and can hold secrets.",
    .remedy = "Remove the file from the commit that brought it; keep it outside of Git.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<ForbiddenPath>,
    .concurrent = true,
};

}  // namespace trunkgate

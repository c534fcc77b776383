// executable-bit: a file that is executable and should not be, or the other way round.
#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kNever{"never", "", "files that must not be executable"};
constexpr Option<PathSet> kAlways{"always", "", "files that must be executable"};
constexpr Option<bool> kScript{"script-only", "false",
                               "an executable file must start with '#!' or be binary"};
constexpr const OptionInfo* kOptions[] = {&kNever.info, &kAlways.info, &kScript.info};

class ExecutableBit final : public Rule {
 public:
  explicit ExecutableBit(const RuleSetup& setup)
      : never_(setup.options.get(kNever)),
        always_(setup.options.get(kAlways)),
        script_only_(setup.options.get(kScript)) {
    if (never_.empty() && always_.empty() && !script_only_) {
      setup.options.diagnostics().error(setup.options.where(),
                                        "the rule needs 'never', 'always' or 'script-only: true'");
    }
  }

  bool looks_at(const ChangedFile& file) const override {
    if (!file.plain()) return false;
    return file.executable() ? script_only_ || never_.matches(file.path)
                             : always_.matches(file.path);
  }

  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    if (!file.change().executable()) {
      add(file, "must be executable and is not", '+', out);
    } else if (never_.matches(file.path())) {
      add(file, "is executable and must not be", '-', out);
    } else if (!file.content().starts_with("#!") && !file.binary()) {
      add(file, "is executable but is no script: it does not start with '#!'", '-', out);
    }
  }

 private:
  static void add(const PushedFile& file, std::string message, char sign, Answer& out) {
    Finding finding{.message = std::move(message)};
    if (is_printable(file.path())) {
      // In the work tree, too, or a rebase would not go on; in the index by name, for not every
      // system has the bit.
      const std::string path = shell_quote(file.path());
      finding.amendment = {
          .wanted = true,
          .changes = {std::string("chmod ") + sign + "x -- " + path,
                      std::string("git update-index --chmod=") + sign + "x -- " + path}};
    }
    out.add(std::move(finding));
  }

  PathSet never_;
  PathSet always_;
  bool script_only_;
};

constexpr Example kExamples[] = {
    {"{never: '*.md'}", "add a.md", true},
    {"{never: '*.md'}", "add -x a.md", false},
    {"{never: '*.md'}", "add -x a.sh\n#!/bin/sh", true},
    {"{always: '*.sh'}", "add a.sh\n#!/bin/sh", false},
    {"{always: '*.sh'}", "add -x a.sh\n#!/bin/sh", true},
    {"{script-only: true}", "add -x a\ntext", false},
    {"{script-only: true}", "add -x a\n#!/bin/sh", true},
    {"{script-only: true}", "add a\ntext", true},
};

}  // namespace

constinit const RuleInfo executable_bit{
    .id = "executable-bit",
    .subject = Subject::file,
    .summary = "the executable bit of a file is not as the policy wants it",
    .rationale = "A stray bit comes from other file systems and hides which files are programs.",
    .remedy = "Set it with git update-index --chmod and amend the commit.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<ExecutableBit>,
    .content = true,
    .concurrent = true,
};

}  // namespace trunkgate

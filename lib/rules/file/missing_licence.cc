// missing-licence: a new source file that does not say under which licence it is.
#include <algorithm>

#include "base/pattern_example.h"
#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kPaths{"paths", "", "which files; all texts without it"};
constexpr Option<PathSet> kExclude{"exclude", "", "files that need none"};
constexpr Option<std::vector<Pattern>> kMatch{"match", "'SPDX-License-Identifier: \\S+'",
                                              "expressions that must all match in the first lines"};
constexpr Option<std::int64_t> kLines{"lines", "20", "how many first lines are looked at"};
constexpr Option<bool> kChanged{"changed", "false", "files that exist already need it, too"};
constexpr const OptionInfo* kOptions[] = {&kPaths.info, &kExclude.info, &kMatch.info, &kLines.info,
                                          &kChanged.info};

class MissingLicence final : public Rule {
 public:
  explicit MissingLicence(const RuleSetup& setup)
      : paths_(setup.options.get(kPaths)),
        exclude_(setup.options.get(kExclude)),
        match_(setup.options.get(kMatch)),
        lines_(static_cast<std::size_t>(setup.options.get(kLines))),
        changed_(setup.options.get(kChanged)) {}

  bool looks_at(const ChangedFile& file) const override {
    return file.plain() && (changed_ || file.added()) &&
           (paths_.empty() || paths_.matches(file.path)) && !exclude_.matches(file.path);
  }

  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    if (file.content().empty() || file.binary()) return;
    const std::string_view head = first_lines(file.content());
    for (const Pattern& pattern : match_) {
      if (pattern.matches_anywhere(head)) continue;
      out.add({.message = (lines_ == 1 ? std::string("its first line holds")
                                       : "its first " + std::to_string(lines_) + " lines hold") +
                          " nothing like '" + printable(pattern.text()) + "'",
               .hint = hint(pattern)});
      return;
    }
  }

 private:
  // Shows nothing that the policy would not take.
  static std::string hint(const Pattern& pattern) {
    static constexpr std::string_view kSpdx = "SPDX-License-Identifier: ";
    if (pattern.matches_anywhere(std::string(kSpdx) + "LICENCE")) {
      return "put '" + std::string(kSpdx) + "' and the name of your licence at the top";
    }
    const auto example = example_of(pattern);
    return "put the licence line at the top" + (example ? ", such as '" + *example + "'" : "");
  }

  std::string_view first_lines(std::string_view text) const {
    std::size_t at = 0;
    for (std::size_t i = 0; i < lines_; ++i) {
      at = text.find('\n', at);
      if (at == std::string_view::npos) return text;
      ++at;
    }
    return text.substr(0, at);
  }

  PathSet paths_;
  PathSet exclude_;
  std::vector<Pattern> match_;
  std::size_t lines_;
  bool changed_;
};

constexpr Example kExamples[] = {
    {"", "add a.cc\n// SPDX-License-Identifier: MIT\n", true},
    {"", "add a.cc\nint main() {}\n", false},
    {"", "add a.cc\n", true},
    {"", "change a.cc\nint\n=====\nint main() {}\n", true},
    {"{changed: true}", "change a.cc\nint\n=====\nint main() {}\n", false},
    {"{paths: '*.cc'}", "add a.md\ntext\n", true},
    {"{exclude: [third_party/]}", "add third_party/a.cc\nint\n", true},
    {"{lines: 1}", "add a.cc\n\n// SPDX-License-Identifier: MIT\n", false},
    {"{match: 'Copyright \\d{4}'}", "add a.cc\n// Copyright 2026 X\n", true},
};

}  // namespace

constinit const RuleInfo missing_licence{
    .id = "missing-licence",
    .subject = Subject::file,
    .summary = "a new file does not name its licence",
    .rationale = "Without it nobody may know whether the file can be used.",
    .remedy = "Add the licence line at the top of the file.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<MissingLicence>,
    .content = true,
    .concurrent = true,
};

}  // namespace trunkgate

// conflict-marker: a merge conflict that was committed unresolved.
#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kExclude{"exclude", "", "files that are left alone"};
constexpr const OptionInfo* kOptions[] = {&kExclude.info};
constexpr std::size_t kMarkerSize = 7;  // conflict-marker-size in gitattributes(5)

bool is_marker(std::string_view line, char c) {
  return line.size() > kMarkerSize && line[kMarkerSize] == ' ' &&
         line.substr(0, kMarkerSize).find_first_not_of(c) == std::string_view::npos;
}

bool has_ends(std::string_view text) {
  return text.find("<<<<<<< ") != std::string_view::npos ||
         text.find(">>>>>>> ") != std::string_view::npos;
}

class ConflictMarker final : public Rule {
 public:
  explicit ConflictMarker(const RuleSetup& setup) : exclude_(setup.options.get(kExclude)) {}

  bool looks_at(const ChangedFile& file) const override {
    return file.plain() && !exclude_.matches(file.path);
  }

  // Seven '=' underline titles in some markups, and seven '|' stand in tables, so the latter count
  // only beside one of the others, old or new.
  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    for (const std::string_view line : file.added_lines()) {
      const bool base = is_marker(line, '|') && has_ends(file.content());
      if (!base && !is_marker(line, '<') && !is_marker(line, '>')) continue;
      out.add({.message = "an unresolved merge conflict",
               .details = {printable(line, 60)},
               .line = file.line_number(line)});
      return;
    }
  }

 private:
  PathSet exclude_;
};

constexpr Example kExamples[] = {
    {"", "add a\none\n=======\n", true},
    {"", "add a\n<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> x\n", false},
    {"", "add a\n  <<<<<<< HEAD\n", true},
    {"", "add a\n<<<<<<<<<<\n", true},
    {"{exclude: '*.rst'}", "add a.rst\n<<<<<<< HEAD\n", true},
};

}  // namespace

constinit const RuleInfo conflict_marker{
    .id = "conflict-marker",
    .subject = Subject::file,
    .summary = "a file holds an unresolved merge conflict",
    .rationale = "It breaks the file for everybody.",
    .remedy = "Resolve the conflict and amend the commit.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<ConflictMarker>,
    .content = true,
    .concurrent = true,
};

}  // namespace trunkgate

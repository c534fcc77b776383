// conflict-marker: a merge conflict that was committed unresolved.
#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kExclude{"exclude", "", "files that are left alone"};
constexpr const OptionInfo* kOptions[] = {&kExclude.info};
constexpr std::size_t kMarkerSize = 7;  // conflict-marker-size in gitattributes(5)

// As `git diff --check` has it (is_conflict_marker in diff.c): white space or the line's end stands
// behind the marker, whatever comes then.
bool is_marker(std::string_view line, char c) {
  if (line.size() < kMarkerSize || line.find_first_not_of(c) < kMarkerSize) return false;
  return line.size() == kMarkerSize ||
         std::string_view(" \t\r\v\f").find(line[kMarkerSize]) != std::string_view::npos;
}

bool has_ends(std::string_view text) {
  for (const std::string_view marker : {"<<<<<<<", ">>>>>>>"}) {
    for (auto at = text.find(marker); at != std::string_view::npos;
         at = text.find(marker, at + 1)) {
      if (at != 0 && text[at - 1] != '\n') continue;
      if (is_marker(text.substr(at, text.find('\n', at) - at), marker[0])) return true;
    }
  }
  return false;
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

  bool may_find(const Passage& passage) const override {
    for (const std::string_view marker : {"<<<<<<<", ">>>>>>>", "|||||||"}) {
      if (passage.lines.find(marker) != std::string_view::npos) return true;
    }
    return false;
  }

 private:
  PathSet exclude_;
};

constexpr Example kExamples[] = {
    {"", "add a\none\n=======\n", true},
    {"", "add a\n<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> x\n", false},
    {"", "add a\n  <<<<<<< HEAD\n", true},
    {"", "add a\n<<<<<<<<<<\n", true},
    {"", "add a\n<<<<<<<\none\n", false},
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
    .passages = true,
};

}  // namespace trunkgate

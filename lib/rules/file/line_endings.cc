// line-endings: CR LF where LF is wanted, or the other way round.
#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kCrlf{"crlf", "", "files whose lines end with CR LF"};
constexpr Option<PathSet> kExclude{"exclude", "", "files that are left alone"};
constexpr Option<bool> kFinal{"final-newline", "false", "a text must end with a line feed"};
constexpr const OptionInfo* kOptions[] = {&kCrlf.info, &kExclude.info, &kFinal.info};

class LineEndings final : public Rule {
 public:
  explicit LineEndings(const RuleSetup& setup)
      : crlf_(setup.options.get(kCrlf)),
        exclude_(setup.options.get(kExclude)),
        final_(setup.options.get(kFinal)) {}

  bool looks_at(const ChangedFile& file) const override {
    return file.plain() && !exclude_.matches(file.path);
  }

  // Only lines that are new: a file with old faults can be worked on.
  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    if (file.content().empty() || file.binary()) return;
    const bool wants_crlf = crlf_.matches(file.path());
    std::size_t wrong = 0;
    std::string_view first;
    bool unended = false;  // the last line has no ending at all, and is new
    const auto& lines = file.added_lines();
    for (const std::string_view line : lines) {
      unended = line.data() + line.size() == file.content().data() + file.content().size();
      if (unended && !line.ends_with('\r')) continue;
      if (line.ends_with('\r') == wants_crlf) continue;
      if (wrong++ == 0) first = line;
    }
    if (wrong > 0) {
      out.add({.message = count_of(wrong, "new line ends", "new lines end") +
                          (wants_crlf ? " with LF instead of CR LF" : " with CR LF instead of LF"),
               .hint = "git add --renormalize after setting 'text=auto' in .gitattributes",
               .line = file.line_number(first)});
    }
    if (final_ && unended) {
      out.add({.message = "does not end with a line feed", .line = file.line_number(lines.back())});
    }
  }

  bool judges_passages(const ChangedFile& file) const override { return !crlf_.matches(file.path); }

  bool may_find(const Passage& passage) const override {
    return passage.lines.find('\r') != std::string_view::npos ||
           (final_ && passage.ends_file && !passage.lines.ends_with('\n'));
  }

 private:
  PathSet crlf_;
  PathSet exclude_;
  bool final_;
};

constexpr Example kExamples[] = {
    {"", "add a\none\ntwo\n", true},
    {"", "add a\none\r\ntwo\n", false},
    {"", "change a\none\r\n=====\none\r\ntwo\n", true},
    {"{crlf: '*.bat'}", "add a.bat\none\r\n", true},
    {"{crlf: '*.bat'}", "add a.bat\none\n", false},
    {"{exclude: '*.bat'}", "add a.bat\none\r\n", true},
    {"{final-newline: true}", "add a\none", false},
    {"{final-newline: true}", "add a\none\n", true},
    {"", "add a\none", true},
};

}  // namespace

constinit const RuleInfo line_endings{
    .id = "line-endings",
    .subject = Subject::file,
    .summary = "new lines end in another way than the policy wants",
    .rationale = "Mixed line endings make every line differ and break scripts.",
    .remedy = "Convert the file, for example with git add --renormalize, and amend the commit.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<LineEndings>,
    .content = true,
    .concurrent = true,
    .passages = true,
};

}  // namespace trunkgate

// whitespace-error: what `git diff --check` reports, in new lines.
#include <algorithm>
#include <cstddef>

#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kExclude{"exclude", "", "files that are left alone"};
constexpr Option<bool> kTrailing{"trailing", "true", "refuse white space at the end of a line"};
constexpr Option<bool> kSpaceTab{"space-before-tab", "true",
                                 "refuse a space before a tab in the indentation"};
constexpr Option<bool> kTabs{"tabs", "true", "tabs in the indentation are fine"};
constexpr Option<bool> kEof{"blank-at-eof", "true", "refuse new blank lines at the end of a file"};
constexpr const OptionInfo* kOptions[] = {&kExclude.info, &kTrailing.info, &kSpaceTab.info,
                                          &kTabs.info, &kEof.info};
constexpr std::size_t kMaxPlaces = 20;

// Form feeds, which part the sections of some sources, are no white space for Git.
bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// Lines of nothing but white space at the end of a text that has others.
struct BlankEnd {
  std::size_t lines = 0;
  std::string_view first;  // where the first one stands in the text
};

// More of them than before is what Git reports, wherever the new ones stand. Unlike Git, which does
// not count the first line of a text, this has no exception.
BlankEnd blank_end(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  BlankEnd end;
  while (true) {
    const auto feed = text.rfind('\n');
    if (feed == std::string_view::npos ||
        !std::all_of(text.begin() + static_cast<std::ptrdiff_t>(feed) + 1, text.end(), blank)) {
      return end;
    }
    ++end.lines;
    end.first = text.substr(feed + 1);
    text = text.substr(0, feed);
  }
}

// Whether white space stands anywhere where it can be a fault, tabs in the indentation apart; most
// texts have none, and need not be taken line by line then. Compilers make vectors of it.
bool has_odd_blank(std::string_view text) {
  using Byte = unsigned char;  // of a wider type fewer go into a vector
  Byte odd = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char before = text[i - 1];
    const char c = text[i];
    const auto is = [](char a, char b) { return static_cast<Byte>(a == b); };
    odd = static_cast<Byte>(odd |
                            ((is(before, ' ') | is(before, '\t')) & (is(c, '\n') | is(c, '\r'))) |
                            (is(before, ' ') & is(c, '\t')) | (is(before, '\r') & is(c, '\r')));
  }
  return odd != 0 || text.ends_with(' ') || text.ends_with('\t');
}

std::string_view last_line(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text.substr(text.rfind('\n') + 1);
}

class WhitespaceError final : public Rule {
 public:
  explicit WhitespaceError(const RuleSetup& setup)
      : exclude_(setup.options.get(kExclude)),
        trailing_(setup.options.get(kTrailing)),
        space_tab_(setup.options.get(kSpaceTab)),
        tabs_(setup.options.get(kTabs)),
        eof_(setup.options.get(kEof)) {}

  bool looks_at(const ChangedFile& file) const override {
    return file.plain() && !exclude_.matches(file.path);
  }

  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    if (file.binary()) return;
    if (may_have_fault(file.content())) check_lines(file, out);
    if (!eof_) return;
    const BlankEnd now = blank_end(file.content());
    // Mostly there is none, and what was there before need not be read then.
    if (now.lines > 0 && now.lines > blank_end(file.before()).lines) {
      out.add({.message = "a new blank line at the end of the file",
               .line = file.line_number(now.first)});
    }
  }

  bool may_find(const Passage& passage) const override {
    if (may_have_fault(passage.lines)) {
      for (std::string_view rest = passage.lines; !rest.empty();) {
        const auto feed = rest.find('\n');
        if (!fault_of(rest.substr(0, feed)).empty()) return true;
        rest.remove_prefix(std::min(feed, rest.size() - 1) + 1);
      }
    }
    const std::string_view line = last_line(passage.lines);
    return eof_ && passage.ends_file && std::all_of(line.begin(), line.end(), blank);
  }

 private:
  // Whether the lines of a text are worth a look.
  bool may_have_fault(std::string_view text) const { return !tabs_ || has_odd_blank(text); }

  void check_lines(const PushedFile& file, Answer& out) const {
    std::size_t places = 0;
    for (const std::string_view line : file.added_lines()) {
      const std::string_view fault = fault_of(line);
      if (fault.empty()) continue;
      if (++places > kMaxPlaces) continue;
      out.add({.message = std::string(fault), .line = file.line_number(line)});
    }
    if (places > kMaxPlaces) {
      out.add({.message = "and " + std::to_string(places - kMaxPlaces) + " more like these"});
    }
  }

  std::string_view fault_of(std::string_view line) const {
    // A CR before the LF is line-endings' business.
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (trailing_ && !line.empty() && blank(line.back())) return "trailing white space";
    const std::string_view indent = line.substr(0, line.find_first_not_of(" \t"));
    if (space_tab_ && indent.find(" \t") != std::string_view::npos) {
      return "a space before a tab in the indentation";
    }
    if (!tabs_ && indent.find('\t') != std::string_view::npos) return "a tab in the indentation";
    return {};
  }

  PathSet exclude_;
  bool trailing_;
  bool space_tab_;
  bool tabs_;
  bool eof_;
};

constexpr Example kExamples[] = {
    {"", "add a\none\n  two\n", true},
    {"", "add a\none \n", false},
    {"", "add a\none\r\n", true},
    {"", "add a\n \tone\n", false},
    {"", "add a\none\n\n", false},
    {"", "change a\none \n=====\none \ntwo\n", true},
    {"{trailing: false}", "add a\none \n", true},
    {"{tabs: false}", "add a\n\tone\n", false},
    {"{blank-at-eof: false}", "add a\none\n\n", true},
    {"{exclude: '*.md'}", "add a.md\none  \n", true},
};

}  // namespace

constinit const RuleInfo whitespace_error{
    .id = "whitespace-error",
    .subject = Subject::file,
    .summary = "a new line has a whitespace error",
    .rationale = "White space that nobody sees makes differences that nobody wants.",
    .remedy = "Run git diff --check, mend the lines and amend the commit.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<WhitespaceError>,
    .content = true,
    .concurrent = true,
    .passages = true,
};

}  // namespace trunkgate

// overlong-message: a message whose title or lines are too long to be read where Git shows them.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/unicode.h"
#include "push/message_parts.h"
#include "push/trailers.h"
#include "rules/catalogue.h"
#include "rules/commit/commit_finding.h"

namespace trunkgate {
namespace {

constexpr Option<std::int64_t> kTitle{"title", "72",
                                      "longest title in characters (code points); 0 for any"};
constexpr Option<std::int64_t> kBody{
    "body", "80",
    "longest line below the title, likewise; trailers, code, quotes and lines with a URL may be "
    "longer"};
constexpr Option<bool> kBlankLine{"blank-line", "true", "the line below the title has to be empty"};
constexpr Option<std::vector<Pattern>> kIgnore{
    "ignore", "", "lines that one of these matches anywhere may be longer, too"};
constexpr const OptionInfo* kOptions[] = {&kTitle.info, &kBody.info, &kBlankLine.info,
                                          &kIgnore.info};

// Lines told of beside the first.
constexpr std::size_t kMaxMore = 3;

// What Git itself puts around the title of the commit that is taken back or brought again.
std::string_view without_revert(std::string_view title) {
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view start : {"Revert \"", "Reapply \""}) {
      if (!title.starts_with(start) || !title.ends_with('"') || title.size() <= start.size()) {
        continue;
      }
      title = title.substr(start.size(), title.size() - start.size() - 1);
      again = true;
    }
  }
  return title;
}

struct LongLine {
  std::size_t number = 0;  // 1-based, in the raw message
  std::size_t length = 0;
};

class OverlongMessage final : public Rule {
 public:
  explicit OverlongMessage(const RuleSetup& setup)
      : title_(static_cast<std::size_t>(setup.options.get(kTitle))),
        body_(static_cast<std::size_t>(setup.options.get(kBody))),
        blank_line_(setup.options.get(kBlankLine)),
        ignore_(setup.options.get(kIgnore)) {}

  std::optional<bool> accepts(std::string_view example) const override {
    Commit commit;
    commit.message = example;
    Answer answer;
    judge(commit, answer);
    return answer.findings.empty();
  }

  void check_commit(const Push&, const Commit& commit, Answer& out) const override {
    judge(commit, out);
  }

 private:
  void judge(const Commit& commit, Answer& out) const {
    const MessageParts parts = read_message(commit);
    // Git writes the titles of merges, with the names of branches in them.
    if (commit.parents.size() < 2) check_title(commit, parts, out);
    std::vector<std::string_view> lines = split(parts.text, '\n');
    if (lines.size() < 2) return;
    lines.erase(lines.begin());
    if (blank_line_ && !trim(lines[0]).empty()) {
      Finding finding =
          finding_about_message(commit, parts, "no empty line stands below the title");
      finding.line = parts.title_line + 1;
      finding.hint = "Git takes all lines up to the first empty one for the title";
      out.add(std::move(finding));
    }
    if (body_ > 0) check_body(commit, parts, lines, out);
  }

  void check_title(const Commit& commit, const MessageParts& parts, Answer& out) const {
    const std::string_view own = without_revert(parts.title);
    const std::size_t length = count_code_points(own);
    if (title_ == 0 || length <= title_) return;
    Finding finding = finding_about_message(
        commit, parts, fmt::format("the title has {} characters, {} are allowed", length, title_));
    finding.line = parts.title_line;
    // The revert's words stand before what counts.
    finding.title_column = title_ +
                           count_code_points(parts.title.substr(
                               0, static_cast<std::size_t>(own.data() - parts.title.data()))) +
                           1;
    finding.title_length = length - title_;
    finding.hint = "say the rest below an empty line";
    out.add(std::move(finding));
  }

  void check_body(const Commit& commit, const MessageParts& parts,
                  const std::vector<std::string_view>& lines, Answer& out) const {
    std::vector<LongLine> found;
    bool code = false;
    const std::size_t end = lines.size() - trailer_lines(parts, lines);
    for (std::size_t i = 0; i < end; ++i) {
      const bool fence = trim(lines[i]).starts_with("```");
      if (fence) code = !code;
      if (fence || code || may_be_long(lines[i])) continue;
      const std::size_t length = count_code_points(trim_end(lines[i]));
      if (length > body_) found.push_back({parts.title_line + 1 + i, length});
    }
    if (found.empty()) return;
    Finding finding = finding_about_message(commit, parts,
                                            fmt::format("line {} has {} characters, {} are allowed",
                                                        found[0].number, found[0].length, body_));
    finding.line = found[0].number;
    for (std::size_t i = 1; i < found.size() && i <= kMaxMore; ++i) {
      finding.details.push_back(fmt::format("line {} has {}", found[i].number, found[i].length));
    }
    if (found.size() > kMaxMore + 1) {
      finding.details.push_back(fmt::format("and {} more like these", found.size() - kMaxMore - 1));
    }
    finding.hint = "wrap the text; URLs, trailers and indented lines may stay as they are";
    out.add(std::move(finding));
  }

  static std::string_view trim_end(std::string_view line) {
    return line.substr(0, line.find_last_not_of(" \t\r") + 1);  // npos + 1 is 0
  }

  // What cannot be broken without harm.
  bool may_be_long(std::string_view line) const {
    return line.starts_with("    ") || line.starts_with('\t') || line.starts_with('>') ||
           line.find("://") != std::string_view::npos ||
           std::any_of(ignore_.begin(), ignore_.end(),
                       [&](const Pattern& pattern) { return pattern.matches_anywhere(line); });
  }

  // How many lines at the end are the paragraph of the trailers.
  static std::size_t trailer_lines(const MessageParts& parts,
                                   const std::vector<std::string_view>& lines) {
    if (read_trailers(parts.text).empty()) return 0;
    const auto blank = std::find_if(lines.rbegin(), lines.rend(),
                                    [](std::string_view line) { return trim(line).empty(); });
    return static_cast<std::size_t>(blank - lines.rbegin());
  }

  std::size_t title_;
  std::size_t body_;
  bool blank_line_;
  std::vector<Pattern> ignore_;
};

constexpr Example kExamples[] = {
    {"", "Add login", true},
    {"", "Add login\n\nPeople asked for it.", true},
    {"", "Add login\nand logout", false},
    {"{blank-line: false}", "Add login\nand logout", true},
    {"{title: 9}", "Add login", true},
    {"{title: 9}", "Add logins", false},
    {"{title: 9}", "Revert \"Add login\"\n\nThis reverts it.", true},
    {"{title: 9}", "parents: 2\n\nMerge branch 'feature/login'", true},
    {"{body: 12}", "Add login\n\nTwelve chars", true},
    {"{body: 12}", "Add login\n\nThirteen char", false},
    {"{body: 12}", "Add login\n\nSee https://example.com/1", true},
    {"{body: 12}", "Add login\n\n    $ git log --oneline", true},
    {"{body: 12}", "Add login\n\nWhy.\n\nSigned-off-by: Ada <ada@example.com>", true},
    {"{body: 12, ignore: '^Fixes '}", "Add login\n\nFixes what was broken", true},
};

}  // namespace

constinit const RuleInfo overlong_message{
    .id = "overlong-message",
    .subject = Subject::commit,
    .summary = "a commit message has a title or lines that are too long",
    .rationale = "Logs, mails and forges cut long titles, and show what follows them as the title.",
    .remedy = "Reword the commit: a short title, an empty line, then text in lines.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<OverlongMessage>,
};

}  // namespace trunkgate

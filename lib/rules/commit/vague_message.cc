// vague-message: a title that says nothing about the change.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/unicode.h"
#include "push/message_parts.h"
#include "rules/catalogue.h"
#include "rules/commit/commit_finding.h"
#include "rules/commit/vague_words.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<std::string>> kWords{
    "words", "", "more titles that say nothing, without the type, such as 'sync with upstream'"};
constexpr Option<std::int64_t> kMinWords{"min-words", "0",
                                         "fewest words of a title, without the type; 0 for any"};
constexpr Option<std::int64_t> kMinLength{
    "min-length", "0", "fewest characters (code points) of a title, without the type; 0 for any"};
constexpr const OptionInfo* kOptions[] = {&kWords.info, &kMinWords.info, &kMinLength.info};

bool is_type_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

// Where the text behind "type(scope)!: " starts, or 0.
std::size_t end_of_prefix(std::string_view title) {
  std::size_t at = 0;
  while (at < title.size() && is_type_character(title[at])) ++at;
  if (at == 0) return 0;
  if (at < title.size() && title[at] == '(') {
    const auto close = title.find(')', at);
    if (close == std::string_view::npos) return 0;
    at = close + 1;
  }
  if (at < title.size() && title[at] == '!') ++at;
  if (at >= title.size() || title[at] != ':') return 0;
  const auto text = title.find_first_not_of(" \t", at + 1);
  return text == std::string_view::npos ? title.size() : text;
}

class VagueMessage final : public Rule {
 public:
  explicit VagueMessage(const RuleSetup& setup)
      : min_words_(static_cast<std::size_t>(setup.options.get(kMinWords))),
        min_length_(static_cast<std::size_t>(setup.options.get(kMinLength))) {
    for (const std::string& words : setup.options.get(kWords)) {
      words_.push_back(plain_words(words));
      if (words_.back().empty()) {
        setup.options.diagnostics().error(
            item_location(*setup.options.find(kWords.info.name), words),
            "'" + printable(words) + "' has no letter; such titles are refused anyway");
      }
    }
  }

  std::optional<bool> accepts(std::string_view example) const override {
    Commit commit;
    commit.message = example;
    const MessageParts parts = read_message(commit);
    return mistake(std::string_view(parts.title).substr(end_of_prefix(parts.title))).empty();
  }

  void check_commit(const Push&, const Commit& commit, Answer& out) const override {
    const MessageParts parts = read_message(commit);
    const std::size_t start = end_of_prefix(parts.title);
    const std::string why = mistake(std::string_view(parts.title).substr(start));
    if (why.empty()) return;
    Finding finding = finding_about_message(
        commit, parts, parts.title.empty() ? "the commit has no message" : "the title " + why);
    finding.hint =
        "say what changes and where, for example 'fix: close the file when a read fails'";
    if (start < parts.title.size()) {
      mark_title(finding, parts, start, parts.title.size() - start);
    } else {
      mark_title(finding, parts, 0, start);
    }
    out.add(std::move(finding));
  }

 private:
  std::string mistake(std::string_view text) const {
    if (std::string why = vagueness(text); !why.empty()) return why;
    const std::string plain = plain_words(text);
    if (std::find(words_.begin(), words_.end(), plain) != words_.end()) {
      return "says only '" + printable(plain, 40) + "'";
    }
    const auto words = static_cast<std::size_t>(std::count(plain.begin(), plain.end(), ' ')) + 1;
    if (words < min_words_) {
      return "has " + count_of(words, "word", "words") + "; at least " +
             std::to_string(min_words_) + " are wanted";
    }
    const std::size_t length = count_code_points(text);
    if (length < min_length_) {
      return "has " + count_of(length, "character", "characters") + "; at least " +
             std::to_string(min_length_) + " are wanted";
    }
    return {};
  }

  std::vector<std::string> words_;
  std::size_t min_words_;
  std::size_t min_length_;
};

constexpr Example kExamples[] = {
    {"", "feat: add login", true},
    {"", "Fix a crash when the file is empty", true},
    {"", "update", false},
    {"", "Updates.", false},
    {"", "fix: bug", false},
    {"", "chore(api)!: minor changes", false},
    {"", "wip", false},
    {"", "...", false},
    {"", "aaaa", false},
    {"", "src/main.cc", false},
    {"", "Update README.md", false},
    {"", "fix: typo in README.md", true},
    {"", "chore: release 1.2.3", true},
    {"", "", false},
    {"{words: [sync with upstream]}", "Sync with Upstream", false},
    {"{min-words: 3}", "feat: add login form", true},
    {"{min-words: 3}", "feat: add login", false},
    {"{min-length: 9}", "feat: add login", true},
    {"{min-length: 10}", "feat: add login", false},
};

}  // namespace

constinit const RuleInfo vague_message{
    .id = "vague-message",
    .subject = Subject::commit,
    .summary = "a title says nothing about the change",
    .rationale = "Whoever looks for the cause of a fault reads titles first, years later.",
    .remedy = "Reword the commit: what changes, and where.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<VagueMessage>,
};

}  // namespace trunkgate

// off-pattern-message: a message that a pattern of the policy wants different.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "push/message_parts.h"
#include "rules/catalogue.h"
#include "rules/commit/commit_finding.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<Pattern>> kAll{"all", "", "every one of these must be found"};
constexpr Option<std::vector<Pattern>> kAny{"any", "", "one of these at least must be found"};
constexpr Option<std::vector<Pattern>> kNone{"none", "", "none of these may be found"};
constexpr Option<std::string> kIn{"in", "message", "where to look: title, body or message"};
constexpr Option<std::string> kHint{"hint", "", "what a refused pusher is told to do"};
constexpr const OptionInfo* kOptions[] = {&kAll.info, &kAny.info, &kNone.info, &kIn.info,
                                          &kHint.info};

constexpr std::array<std::string_view, 3> kParts{"message", "title", "body"};

class OffPatternMessage final : public Rule {
 public:
  explicit OffPatternMessage(const RuleSetup& setup)
      : all_(setup.options.get(kAll)),
        any_(setup.options.get(kAny)),
        none_(setup.options.get(kNone)),
        hint_(printable(setup.options.get(kHint))) {
    if (const Node* in = setup.options.find(kIn.info.name); in != nullptr) {
      part_ = read_word(*in, kParts, 0, setup.options.diagnostics());
    }
    if (!setup.options.has("all") && !setup.options.has("any") && !setup.options.has("none")) {
      setup.options.diagnostics().error(setup.options.where(),
                                        "the rule needs patterns: 'all', 'any' or 'none'");
    }
  }

  void check_commit(const Push&, const Commit& commit, Answer& out) const override {
    judge(commit, out);
  }

  std::optional<bool> accepts(std::string_view example) const override {
    Commit commit;
    commit.message = example;
    Answer answer;
    judge(commit, answer);
    return answer.findings.empty();
  }

 private:
  void judge(const Commit& commit, Answer& out) const {
    const MessageParts parts = read_message(commit);
    const std::string& text = part_ == 0 ? parts.text : (part_ == 1 ? parts.title : parts.body);
    const std::string what = "the " + std::string(kParts[part_]);
    for (const Pattern& pattern : all_) {
      if (!pattern.matches_anywhere(text)) {
        add_missing(commit, parts, what + " does not match " + quoted(pattern), {}, out);
      }
    }
    if (!any_.empty() && std::none_of(any_.begin(), any_.end(), [&](const Pattern& pattern) {
          return pattern.matches_anywhere(text);
        })) {
      if (any_.size() == 1) {
        add_missing(commit, parts, what + " does not match " + quoted(any_[0]), {}, out);
      } else {
        std::vector<std::string> texts;
        for (const Pattern& pattern : any_) texts.push_back(quoted(pattern));
        add_missing(commit, parts,
                    what + " matches none of " + std::to_string(any_.size()) + " patterns",
                    {"one of: " + join(texts, ", ")}, out);
      }
    }
    for (const Pattern& pattern : none_) {
      const auto found = pattern.find(text);
      if (found) add_found(commit, parts, text, *found, pattern, out);
    }
  }

  static std::string quoted(const Pattern& pattern) {
    return "'" + printable(pattern.text()) + "'";
  }

  void add_missing(const Commit& commit, const MessageParts& parts, std::string message,
                   std::vector<std::string> details, Answer& out) const {
    Finding finding = finding_about_message(commit, parts, std::move(message));
    finding.details = std::move(details);
    finding.hint = hint_;
    if (part_ == 1) mark_whole_title(finding, parts);
    out.add(std::move(finding));
  }

  // Says where: the text of a body may be long, and the pattern hard to read.
  void add_found(const Commit& commit, const MessageParts& parts, const std::string& text,
                 const PatternMatch& found, const Pattern& pattern, Answer& out) const {
    const std::string_view shown = std::string_view(text).substr(found.offset, found.size);
    Finding finding = finding_about_message(
        commit, parts,
        shown.empty() ? "the " + std::string(kParts[part_]) + " matches " + quoted(pattern)
                      : "'" + printable(shown, 40) + "' is not allowed here");
    finding.details = {"matches " + quoted(pattern)};
    finding.hint = hint_;
    if (part_ != 2 && found.offset < parts.title.size()) {
      mark_title(finding, parts, found.offset, found.size);
    }
    out.add(std::move(finding));
  }

  std::vector<Pattern> all_;
  std::vector<Pattern> any_;
  std::vector<Pattern> none_;
  std::size_t part_ = 0;
  std::string hint_;
};

constexpr Example kExamples[] = {
    {"{all: ['^[A-Z]', '[^.]$'], in: title}", "Add login", true},
    {"{all: ['^[A-Z]', '[^.]$'], in: title}", "Add login\n\nIt was missing.", true},
    {"{all: ['^[A-Z]', '[^.]$'], in: title}", "add login", false},
    {"{all: ['^[A-Z]', '[^.]$'], in: title}", "Add login.", false},
    {"{any: ['^feat', '^fix']}", "fix: repair login", true},
    {"{any: ['^feat', '^fix']}", "repair login", false},
    {"{any: '(?i)\\bwhy\\b', in: body}", "feat: add login\n\nWhy: people asked for it", true},
    {"{any: '(?i)\\bwhy\\b', in: body}", "feat: say why", false},
    {"{none: '(?i)do not merge'}", "feat: add login", true},
    {"{none: '(?i)do not merge'}", "feat: add login\n\nDo not merge!", false},
    {"{none: 'https?://internal[.]', hint: link to the public tracker}",
     "docs: see https://internal.example/1", false},
};

}  // namespace

constinit const RuleInfo off_pattern_message{
    .id = "off-pattern-message",
    .subject = Subject::commit,
    .summary = "a commit message does not match the policy's patterns",
    .rationale = "A team can ask for anything that a regular expression (RE2) can tell.",
    .remedy = "Reword the commit as the finding says.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<OffPatternMessage>,
};

}  // namespace trunkgate

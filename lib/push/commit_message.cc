// Decodes a commit message, finds its title, and puts the judgements of its parts together.
#include "push/commit_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "base/text.h"
#include "base/unicode.h"
#include "push/conventional_characters.h"
#include "push/conventional_exemptions.h"
#include "push/conventional_footers.h"
#include "push/conventional_header.h"
#include "push/conventional_lines.h"
#include "push/conventional_policy.h"
#include "push/conventional_problems.h"
#include "push/conventional_release_please.h"
#include "push/conventional_repair.h"
#include "push/message_encoding.h"

namespace trunkgate {
namespace {

MessagePlace place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto line_ends = std::count(before.begin(), before.end(), '\n');
  return {static_cast<std::size_t>(line_ends) + 1, count_code_points(before.substr(line_start)) + 1,
          1};
}

// What Git's editor puts into a message and takes out again, unless the clean-up is switched off.
void check_template_lines(std::span<const std::string_view> lines, std::size_t first_line,
                          ProblemList& problems) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].starts_with("# Please enter the commit message") &&
        !lines[i].starts_with("# Changes to be committed:")) {
      continue;
    }
    problems.warn("template-text", {first_line + i, 1, count_code_points(lines[i])},
                  "this line is Git's commit template; remove it");
    return;
  }
}

bool is_hostile(std::string_view code) {
  return code == "nul-byte" || code == "control-character" || code == "bidi-control" ||
         code == "invalid-encoding";
}

class Judge {
 public:
  Judge(const MessageOptions& options, const MessageFacts& facts)
      : options_(options), facts_(facts) {}

  CommitMessage judge(std::string_view bytes) {
    if (bytes.size() > kLongestMessage) return refuse_long(bytes);
    const DecodedMessage decoded = decode_message(bytes, facts_.encoding);
    lines_ = split_lines(decoded.text);
    find_title();
    if (!decoded.problem.empty()) {
      grammatical_ = false;
      problems_.reject("invalid-encoding", place_of(decoded.text, decoded.problem_offset),
                       decoded.problem);
    }
    if (check_characters(decoded.text, problems_)) grammatical_ = false;
    if (title_index_ < lines_.size()) {
      read_message();
    } else if (facts_.parents >= 2) {
      message_.exemption = "merge-commit";
    } else {
      problems_.reject("empty-message", {}, "the commit has no message");
    }
    finish();
    return std::move(message_);
  }

 private:
  CommitMessage refuse_long(std::string_view bytes) {
    const std::string_view first = bytes.substr(0, bytes.find('\n')).substr(0, 1000);
    message_.title = trim_right(lossy_utf8(first));
    message_.has_body = true;
    if (facts_.parents >= 2) message_.exemption = "merge-commit";
    problems_.reject(
        "message-too-long", {},
        fmt::format("the message has {} bytes, {} are allowed", bytes.size(), kLongestMessage));
    finish();
    return std::move(message_);
  }

  void find_title() {
    while (title_index_ < lines_.size() && is_blank_line(lines_[title_index_])) ++title_index_;
    if (title_index_ == lines_.size()) return;
    message_.title = trim_right(lines_[title_index_]);
    message_.title_line = title_index_ + 1;
    rest_ = std::span(lines_).subspan(title_index_ + 1);
    message_.has_body = !std::all_of(rest_.begin(), rest_.end(), is_blank_line);
    message_.reverted = reverted_commit(rest_);
    const bool separate_body = rest_.empty() || is_blank_line(rest_.front());
    message_.exemption =
        exemption_of(message_.title, separate_body, message_.reverted, options_, facts_);
  }

  void read_message() {
    const std::size_t line = message_.title_line;
    const std::u32string title = decode_utf8(message_.title);
    check_title_length(title, line, options_, problems_);
    const bool known = report_known_title(message_.title, line, problems_);
    if (!known) header_ = scan_header(title, line, options_, problems_);
    const ConventionalRest rest = read_rest(rest_, line + 1, problems_);
    check_template_lines(rest_, line + 1, problems_);
    if (header_.valid) check_release_please(rest_, line + 1, problems_);
    check_trailing_white_space(title);
    grammatical_ = grammatical_ && header_.valid && rest.valid;
    if (grammatical_) {
      check_header_policy(header_, line, options_, problems_);
      check_breaking(header_, rest.breaking, title, line, options_, problems_);
      fill_parts(rest);
    }
  }

  void check_trailing_white_space(const std::u32string& title) {
    const std::string_view whole = lines_[title_index_];
    if (whole.size() == message_.title.size() || title.back() == ':') return;
    problems_.warn("header-trailing-whitespace",
                   {message_.title_line, title.size() + 1,
                    count_code_points(whole.substr(message_.title.size()))},
                   "white space at the end of the title; remove it");
  }

  void fill_parts(const ConventionalRest& rest) {
    message_.type = encode_utf8(header_.type);
    if (header_.scope) message_.scope = encode_utf8(*header_.scope);
    message_.breaking = header_.breaking || rest.breaking;
    message_.description = encode_utf8(header_.description);
    message_.body = rest.body;
    message_.footers = rest.footers;
  }

  void finish() {
    message_.problems = problems_.finish();
    if (!message_.exemption.empty()) {
      // No structure excuses bytes that hide text or reorder it.
      std::erase_if(message_.problems, [](const MessageProblem& p) { return !is_hostile(p.code); });
      message_.verdict = verdict_of(message_.problems);
      if (message_.verdict == MessageVerdict::accept) message_.verdict = MessageVerdict::exempt;
      if (message_.verdict != MessageVerdict::exempt) message_.exemption.clear();
      return;
    }
    message_.verdict = verdict_of(message_.problems);
    const bool title_at_fault = std::any_of(
        message_.problems.begin(), message_.problems.end(),
        [&](const MessageProblem& problem) { return problem.line == message_.title_line; });
    if (title_at_fault && title_index_ < lines_.size()) {
      header_.breaking = header_.breaking ||
                         std::any_of(message_.problems.begin(), message_.problems.end(),
                                     [](const auto& p) { return p.code == kMissingBreakingMark; });
      message_.corrected_title =
          repaired_title(decode_utf8(lines_[title_index_]), header_, options_, message_.problems);
    }
  }

  const MessageOptions& options_;
  const MessageFacts& facts_;
  CommitMessage message_;
  ProblemList problems_;
  std::vector<std::string_view> lines_;
  std::span<const std::string_view> rest_;
  std::size_t title_index_ = 0;
  ConventionalHeader header_;
  bool grammatical_ = true;
};

}  // namespace

std::string_view to_string(MessageVerdict verdict) {
  switch (verdict) {
    case MessageVerdict::accept:
      return "accept";
    case MessageVerdict::warn:
      return "warn";
    case MessageVerdict::reject:
      return "reject";
    case MessageVerdict::exempt:
      return "exempt";
  }
  return "";
}

std::string_view to_string(MessageSeverity severity) {
  return severity == MessageSeverity::warn ? "warn" : "reject";
}

CommitMessage judge_message(std::string_view message, const MessageOptions& options,
                            const MessageFacts& facts) {
  return Judge(options, facts).judge(message);
}

}  // namespace trunkgate

// Judges one commit message by the Conventional Commits 1.0.0 grammar.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

// What a problem does to the verdict.
enum class MessageSeverity { warn, reject };

// One thing wrong at one place of the message.
struct MessageProblem {
  std::string code;  // stable, for example "missing-colon"
  MessageSeverity severity = MessageSeverity::reject;
  std::size_t line = 1;    // 1-based, counted in the raw message
  std::size_t column = 1;  // 1-based, in code points
  std::size_t length = 1;  // of the faulty part, in code points; at least 1
  std::string message;     // one sentence; names characters, never repeats hostile bytes
};

struct MessageFooter {
  std::string token;
  std::string value;
};

enum class MessageVerdict { accept, warn, reject, exempt };

// The words that stand in policies, events and JSON: "accept", "warn", "reject", "exempt".
std::string_view to_string(MessageVerdict verdict);
std::string_view to_string(MessageSeverity severity);

// How a breaking change has to be marked: with "!" before the colon, with a footer
// "BREAKING CHANGE: ...", with both, with any of them, or not at all because there may be none.
enum class BreakingMarks { any, mark, footer, both, none };

struct MessageOptions {
  // Accepted types in lower case; empty accepts any.
  std::vector<std::string> types = {"build", "chore",    "ci",     "docs",  "feat", "fix",
                                    "perf",  "refactor", "revert", "style", "test"};
  // Accepted scopes (globs); empty accepts any.
  std::vector<std::string> scopes;
  bool scope_required = false;
  // Longest title in code points; 0 means no limit.
  std::size_t title_length = 100;
  // A type that is not in lower case: a warning, or a rejection when true.
  bool strict_type_case = false;
  // "fixup!", "squash!" and "amend!" titles are exempt instead of rejected.
  bool allow_autosquash = false;
  BreakingMarks breaking = BreakingMarks::any;
};

// What the message alone cannot tell.
struct MessageFacts {
  std::size_t parents = 1;
  // The commit's encoding header; empty means UTF-8.
  std::string encoding;
};

struct CommitMessage {
  MessageVerdict verdict = MessageVerdict::accept;
  // Why an exempt message is exempt: "merge-commit", "git-revert", "initial-commit" or
  // "autosquash"; else empty.
  std::string exemption;

  // The title as UTF-8 without white space at its end; lossy when the bytes are not valid.
  std::string title;
  std::size_t title_line = 1;

  // The parts of a message that meets the grammar as a whole; else all of them are empty.
  std::optional<std::string> type;
  std::optional<std::string> scope;
  bool breaking = false;
  std::optional<std::string> description;
  std::optional<std::string> body;
  std::vector<MessageFooter> footers;

  std::vector<MessageProblem> problems;  // by position

  // The title with every certain fault repaired, when it is certain and differs.
  std::optional<std::string> corrected_title;
  // The commit that "This reverts commit <id>" names, 40 or 64 hex digits in lower case.
  std::optional<std::string> reverted;
  // There is text after the title (so a repair must not throw it away).
  bool has_body = false;
};

// A longer message is rejected unread, with the code "message-too-long".
constexpr std::size_t kLongestMessage = std::size_t{1} << 20U;

// Judges the bytes after the first empty line of a commit object. Never throws on hostile input;
// linear in the length of `message`. What a policy asks of the type, scope and description is said
// only of a message that meets the grammar.
CommitMessage judge_message(std::string_view message, const MessageOptions& options,
                            const MessageFacts& facts);

}  // namespace trunkgate

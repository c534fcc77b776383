// trunkgate message: judges one commit message, for people, for programs and as a commit-msg hook.
#include <cstdio>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/file.h"
#include "base/text.h"
#include "commands.h"
#include "policy/policy_loader.h"
#include "push/commit_message.h"
#include "rules/catalogue.h"
#include "rules/commit/message_options.h"

namespace trunkgate {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMaxMessageBytes = std::size_t{64} << 20U;

std::string read_message(const std::string& file) {
  if (file.empty() || file == "-") {
    return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  }
  FileText text = read_file(file, kMaxMessageBytes);
  if (text.state != FileState::present) {
    throw Error(ErrorKind::usage, "cannot read " + file + ": " +
                                      (text.reason.empty() ? "it is missing" : text.reason));
  }
  return std::move(text.text);
}

// What Git will make of a message it is still working on: no comment lines, nothing from the
// scissors line on. A commit-msg hook sees the file before that.
std::string without_comments(std::string_view text) {
  static constexpr std::string_view kScissors =
      "# ------------------------ >8 ------------------------";
  std::string kept;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (line == kScissors) break;
    if (!line.starts_with('#')) kept.append(line).append("\n");
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return kept;
}

// Git keeps the message it is working on under one of these names.
bool is_commit_msg_file(const std::string& file) {
  const std::string name = file.substr(file.rfind('/') + 1);
  return name == "COMMIT_EDITMSG" || name == "MERGE_MSG";
}

// A merge in progress shows beside the message.
bool merging(const std::string& file) {
  const auto slash = file.rfind('/');
  return exists((slash == std::string::npos ? "." : file.substr(0, slash)) + "/MERGE_HEAD");
}

// The options of the policy's first unconventional-commit rule.
MessageOptions options_of(const std::string& policy) {
  if (policy.empty()) return {};
  const auto loaded = load_policy({{policy, policy, false}}, read_policy_file);
  for (const ActiveRule& active : loaded->rules) {
    if (const MessageOptions* options = message_options_of(*active.rule)) return *options;
  }
  throw Error(ErrorKind::config, policy + " has no active rule unconventional-commit");
}

template <typename T>
ordered_json or_null(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

std::string to_json(const CommitMessage& message) {
  ordered_json json;
  json["verdict"] = to_string(message.verdict);
  json["type"] = or_null(message.type);
  json["scope"] = or_null(message.scope);
  json["breaking"] = message.breaking;
  json["description"] = or_null(message.description);
  json["body"] = or_null(message.body);
  json["footers"] = ordered_json::array();
  for (const MessageFooter& footer : message.footers) {
    json["footers"].push_back({{"token", footer.token}, {"value", footer.value}});
  }
  json["problems"] = ordered_json::array();
  for (const MessageProblem& problem : message.problems) {
    json["problems"].push_back({{"code", problem.code},
                                {"severity", to_string(problem.severity)},
                                {"line", problem.line},
                                {"column", problem.column},
                                {"message", problem.message}});
  }
  if (!message.exemption.empty()) json["exemption"] = message.exemption;
  if (message.corrected_title) json["corrected_title"] = *message.corrected_title;
  return json.dump(-1, ' ', true, ordered_json::error_handler_t::replace);
}

// One line for each problem, `FILE:LINE:COLUMN: LEVEL: CODE: TEXT`, so that editors can jump.
std::string to_text(const CommitMessage& message, const std::string& file) {
  std::ostringstream out;
  const std::string name = file.empty() ? "message" : printable(file);
  for (const MessageProblem& problem : message.problems) {
    out << name << ':' << problem.line << ':' << problem.column << ": "
        << (problem.severity == MessageSeverity::reject ? "error" : "warning") << ": "
        << problem.code << ": " << problem.message << '\n';
  }
  if (!message.problems.empty()) out << "  title:   " << printable(message.title) << '\n';
  if (message.corrected_title) {
    out << "  correct: " << printable(*message.corrected_title) << '\n';
  }
  out << to_string(message.verdict);
  if (!message.exemption.empty()) out << " (" << message.exemption << ')';
  out << '\n';
  return out.str();
}

}  // namespace

int message_command(const MessageArguments& arguments) {
  const MessageOptions options = options_of(arguments.policy);
  std::string text = read_message(arguments.file);
  MessageFacts facts{.parents = arguments.parents, .encoding = arguments.encoding};
  if (is_commit_msg_file(arguments.file)) {
    text = without_comments(text);
    if (facts.parents == 1 && merging(arguments.file)) facts.parents = 2;
  }
  const CommitMessage message = judge_message(text, options, facts);
  if (arguments.format == "json") {
    std::printf("%s\n", to_json(message).c_str());
  } else if (message.verdict != MessageVerdict::accept || !is_commit_msg_file(arguments.file)) {
    // A hook that has nothing to say is silent.
    const std::string report = to_text(message, arguments.file);
    std::fputs(report.c_str(), message.verdict == MessageVerdict::reject ? stderr : stdout);
  }
  return message.verdict == MessageVerdict::reject ? 1 : 0;
}

}  // namespace trunkgate

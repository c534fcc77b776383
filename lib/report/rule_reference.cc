#include "report/rule_reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "policy/always_on.h"
#include "policy/policy_keys.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr std::size_t kColumns = 80;

void paragraph(std::string& out, std::string_view indent, std::string_view text) {
  for (const std::string& line : wrap(text, kColumns - indent.size())) {
    out.append(indent).append(line).append("\n");
  }
}

// One line that shows line ends and bytes that cannot be printed.
std::string example_text(std::string_view text) {
  std::string shown;
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = rest.find('\n');
    shown += printable(rest.substr(0, end), 300);
    if (end == std::string_view::npos) break;
    shown += "\\n";
    rest.remove_prefix(end + 1);
  }
  return shown;
}

std::string default_text(const OptionInfo& option) {
  return option.fallback.empty() ? "none" : std::string(option.fallback);
}

std::string markdown_cell(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|' || c == '\\') cell += '\\';
    cell += c;
  }
  return cell;
}

// As many backticks as it takes.
std::string code(const std::string& text) {
  const std::string fence = text.find('`') == std::string::npos ? "`" : "``";
  return fence + text + fence;
}

void rule_markdown(std::string& out, const RuleInfo& rule) {
  out += fmt::format("\n## {}\n\n{}. About each {}.\n\n{} {}\n", rule.id, rule.summary,
                     to_string(rule.subject), rule.rationale, rule.remedy);
  if (!rule.options.empty()) {
    out += "\n| option | type | default | |\n|---|---|---|---|\n";
    for (const OptionInfo* option : rule.options) {
      out += fmt::format("| `{}` | {} | {} | {} |\n", option->name, option->type,
                         option->fallback.empty() ? "none" : code(markdown_cell(option->fallback)),
                         markdown_cell(option->help));
    }
  }
  out += "\n";
  for (const Example& example : rule.examples) {
    out += fmt::format(
        "- {}: {}{}\n", example.accepted ? "fine" : "refused", code(example_text(example.subject)),
        example.options.empty() ? "" : " with " + code(std::string(example.options)));
  }
}

}  // namespace

std::string explain_rule(const RuleInfo& rule) {
  std::string out = fmt::format("{} (about each {})\n", rule.id, to_string(rule.subject));
  paragraph(out, "  ", std::string(rule.summary) + ".");
  out += "\n";
  paragraph(out, "  ", rule.rationale);
  paragraph(out, "  ", rule.remedy);
  out += "\nOptions (besides mode, only and except, which every rule has)\n";
  if (rule.options.empty()) out += "  none\n";
  for (const OptionInfo* option : rule.options) {
    out +=
        fmt::format("  {}: {}; default: {}\n", option->name, option->type, default_text(*option));
    paragraph(out, "      ", option->help);
  }
  out += "\nExamples\n";
  for (const Example& example : rule.examples) {
    out += fmt::format("  {}  {}{}\n", example.accepted ? "fine   " : "refused",
                       example_text(example.subject),
                       example.options.empty() ? "" : "  with " + std::string(example.options));
  }
  return out;
}

std::string list_rules() {
  std::size_t widest = 0;
  for (const RuleInfo* rule : all_rules()) widest = std::max(widest, rule->id.size());
  std::string out;
  for (const RuleInfo* rule : all_rules()) {
    out += fmt::format("{:<{}}  {:<6}  {}\n", rule->id, widest, to_string(rule->subject),
                       rule->summary);
  }
  out += "\nRefused whatever the policy says:\n\n";
  for (const AlwaysOn& refusal : always_on()) {
    out += fmt::format("{:<{}}  {}\n", refusal.id, widest, refusal.summary);
  }
  return out;
}

std::string rules_markdown() {
  std::string out =
      "# The rules\n\n"
      "Made from the catalogue by `trunkgate explain --markdown`; a test compares the two.\n\n"
      "Every rule also takes\n\n";
  for (const OptionInfo* option : keys::kCommonKeys) {
    out += fmt::format("- `{}`: {}\n", option->name, option->help);
  }
  out += "\n| rule | about | |\n|---|---|---|\n";
  for (const RuleInfo* rule : all_rules()) {
    out += fmt::format("| [{0}](#{0}) | {1} | {2} |\n", rule->id, to_string(rule->subject),
                       markdown_cell(rule->summary));
  }
  out += "\nWhatever the policy says, these are refused:\n\n| id | |\n|---|---|\n";
  for (const AlwaysOn& refusal : always_on()) {
    out += fmt::format("| `{}` | {} |\n", refusal.id, markdown_cell(refusal.summary));
  }
  for (const RuleInfo* rule : all_rules()) rule_markdown(out, *rule);
  return out;
}

}  // namespace trunkgate

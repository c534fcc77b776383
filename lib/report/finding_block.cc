#include "report/finding_block.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>

#include "base/text.h"
#include "report/report.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxTitleColumns = 58;

// The first `n` code points.
std::string_view head(std::string_view text, std::size_t n) {
  std::size_t at = 0;
  while (at < text.size() && n > 0) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    --n;
  }
  return text.substr(0, at);
}

void add_title(const Finding& finding, ReportLines& lines) {
  if (!finding.path.empty()) {
    lines.line("  " + finding.commit->brief() + " " + place_of(finding));
    return;
  }
  lines.line(fmt::format("  {} \"{}\"", finding.commit->brief(),
                         printable(finding.title, kMaxTitleColumns)));
}

// Under the title with a caret when the fault is in the visible part of it.
void add_message(const Finding& finding, const std::string& text, ReportLines& lines) {
  const std::size_t indent = 2 + 8 + 2;  // "  5d6e7f81 \""
  if (finding.commit && finding.title_length > 0 && finding.title_column > 0) {
    const std::string_view before = head(finding.title, finding.title_column - 1);
    const std::string_view through =
        head(finding.title, finding.title_column - 1 + finding.title_length);
    const std::size_t start = columns(printable(before, kMaxTitleColumns));
    const std::size_t end = std::max(start + 1, columns(printable(through, kMaxTitleColumns)));
    if (end <= kMaxTitleColumns) {
      const std::string carets = std::string(indent + start, ' ') + std::string(end - start, '^');
      if (columns(carets) + 2 + columns(text) <= kReportColumns) {
        lines.line(carets + "  " + text);
        return;
      }
      lines.line(carets);
    }
  }
  lines.wrapped(finding.commit ? "    " : "  ", text, "    ");
}

void add_finding(const Finding& finding, const Finding& first, ReportLines& lines) {
  std::string severity = finding.advice || finding.mode == Mode::warn ? "warning: " : "";
  if (!finding.waived_by.empty()) severity = "waived by " + finding.waived_by + ": ";
  const bool elsewhere = !finding.path.empty() && finding.line != first.line;
  add_message(finding,
              severity + finding.message +
                  (elsewhere ? " (line " + std::to_string(finding.line) + ")" : ""),
              lines);
  for (const std::string& detail : finding.details) {
    if (detail.starts_with(' ')) {
      lines.line("    " + detail);
    } else {
      lines.wrapped("    ", detail, "    ");
    }
  }
}

// All of them under the title that they have in common, where they have one.
void add_findings(FindingGroup& findings, ReportLines& lines) {
  // Carets stand right below the title.
  std::stable_partition(findings.begin(), findings.end(),
                        [](const Finding* finding) { return finding->title_length > 0; });
  const Finding& first = *findings[0];
  if (first.commit) add_title(first, lines);
  for (const Finding* finding : findings) add_finding(*finding, first, lines);
}

// A command of the repair has the title in it.
bool sets_title(const Repair& repair, const std::string& title) {
  return std::any_of(repair.steps.begin(), repair.steps.end(), [&](const RepairStep& step) {
    return step.text.find(" -m " + shell_quote(title)) != std::string::npos;
  });
}

void add_commands(const std::vector<std::string>& commands, ReportLines& lines) {
  std::string_view label = "fix";
  for (const std::string& command : commands) {
    lines.labelled(label, command, false);
    label = "";
  }
}

// The titles, hints and commands of the findings themselves, each once; those that refuse go
// before advice, and nobody has to mend what is waived.
void add_advice(const RefVerdict& ref, const FindingGroup& findings, const Repair& repair,
                ReportLines& lines) {
  FindingGroup wanted;
  std::copy_if(findings.begin(), findings.end(), std::back_inserter(wanted),
               [](const Finding* finding) { return refuses(*finding); });
  if (wanted.empty()) {
    const auto unwaived =
        std::find_if(findings.begin(), findings.end(),
                     [](const Finding* finding) { return finding->waived_by.empty(); });
    if (unwaived == findings.end()) return;
    wanted.push_back(*unwaived);
  }
  std::set<std::string> said;
  for (const Finding* finding : wanted) {
    const std::optional<std::string>& title = finding->corrected_title;
    if (title && is_printable(*title) && !sets_title(repair, *title) &&
        said.insert(*title).second) {
      lines.labelled("title", *title, false);
    }
    if (!finding->hint.empty() && said.insert(finding->hint).second) {
      lines.labelled("hint", finding->hint, true);
    }
    const std::vector<std::string> commands = commands_of(ref, *finding, repair);
    if (commands.empty() || !said.insert(join(commands, "\n")).second) continue;
    add_commands(commands, lines);
  }
}

void add_rules(const FindingGroup& findings, ReportLines& lines) {
  std::set<std::string> rules;
  for (const Finding* finding : findings) {
    if (finding->rule.empty()) continue;
    std::string text = finding->rule;
    if (!finding->ruleset.empty()) text += " (" + finding->ruleset + ", " + finding->origin + ")";
    if (rules.insert(text).second) lines.labelled("rule", text, true);
  }
}

}  // namespace

bool shown(const Finding& finding) { return finding.mode != Mode::audit; }

std::string place_of(const Finding& finding) {
  return printable(finding.path) + (finding.line == 0 ? "" : ":" + std::to_string(finding.line));
}

void add_block(const Finding& finding, ReportLines& lines) {
  FindingGroup findings{&finding};
  add_findings(findings, lines);
  if (!finding.hint.empty()) lines.labelled("hint", finding.hint, true);
  add_commands(finding.commands, lines);
  add_rules(findings, lines);
  lines.line("");
}

void add_block(const RefVerdict& ref, FindingGroup findings, const Repair& repair, bool repairs,
               ReportLines& lines) {
  add_findings(findings, lines);
  add_advice(ref, findings, repair, lines);
  if (repairs) add_steps(repair, lines);
  add_rules(findings, lines);
  lines.line("");
}

void add_steps(const Repair& repair, ReportLines& lines) {
  std::string_view label = repair.steps[0].command ? "fix" : "hint";
  for (const RepairStep& step : repair.steps) {
    lines.labelled(label, step.text, !step.command);
    label = "";
  }
}

}  // namespace trunkgate

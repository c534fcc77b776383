#include "policy/test/test_result.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/text.h"
#include "git/ref_name.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxShownFindings = 20;
constexpr std::size_t kShown = 60;

using Words = std::vector<std::string>;

// Which list of an expectation a finding belongs to.
std::string_view list_of(const Finding& finding) {
  if (refuses(finding)) return "reject";
  return finding.mode == Mode::audit ? "audit" : "warn";
}

Words rules_in(const TestCaseResult& result, std::string_view list) {
  std::set<std::string> rules;
  for (const TestFinding& found : result.findings) {
    if (list_of(found.finding) == list) rules.insert(found.finding.rule);
  }
  return {rules.begin(), rules.end()};
}

Words short_names(const Words& refs) {
  Words names;
  for (const std::string& ref : refs) names.push_back(printable(short_name(ref), kShown));
  return names;
}

Words missing_from(const Words& has, const Words& wants) {
  Words missing;
  std::set_difference(wants.begin(), wants.end(), has.begin(), has.end(),
                      std::back_inserter(missing));
  return missing;
}

std::string outcome_word(Outcome outcome) {
  switch (outcome) {
    case Outcome::accepted:
      return "accept";
    case Outcome::rejected:
      return "reject";
    case Outcome::undecided:
      break;
  }
  return "undecided";
}

void add_part(std::string& text, const std::string& label, const Words& words) {
  if (!text.empty()) text += "; ";
  text += label + (words.empty() ? " nothing" : " " + join(words, ", "));
}

std::string expected_text(const Expectation& expect) {
  std::string text;
  if (expect.accepted) text = *expect.accepted ? "accept" : "reject";
  if (expect.reject && expect.reject->empty() && !expect.lets_in) {
    text = "accept";
  } else if (expect.reject) {
    add_part(text, "reject", *expect.reject);
  }
  if (expect.warn) add_part(text, "warn", *expect.warn);
  if (expect.audit) add_part(text, "audit", *expect.audit);
  if (expect.lets_in) add_part(text, "lets in", short_names(*expect.lets_in));
  for (const std::string& message : expect.messages) {
    text += (text.empty() ? "" : "; ") + ("message \"" + printable(message) + "\"");
  }
  return text;
}

std::string got_text(const Expectation& expect, const TestCaseResult& result) {
  std::string text;
  const Words reject = rules_in(result, "reject");
  const Words warn = rules_in(result, "warn");
  const Words audit = rules_in(result, "audit");
  text = outcome_word(result.outcome);
  if (!reject.empty()) text += " " + join(reject, ", ");
  if (!warn.empty()) add_part(text, "warn", warn);
  if (!audit.empty()) add_part(text, "audit", audit);
  if (expect.lets_in) add_part(text, "lets in", short_names(result.lets_in));
  return text;
}

void compare_list(const char* list, const std::optional<Words>& wanted, TestCaseResult& result) {
  if (!wanted) return;
  const Words got = rules_in(result, list);
  for (const std::string& rule : missing_from(got, *wanted)) {
    const bool elsewhere =
        std::any_of(result.findings.begin(), result.findings.end(),
                    [&](const TestFinding& found) { return found.finding.rule == rule; });
    result.differences.push_back(rule + " does not " + list +
                                 (elsewhere ? "" : ": it finds nothing"));
  }
  for (const std::string& rule : missing_from(*wanted, got)) {
    result.differences.push_back(rule + " is not expected to " + list);
  }
}

bool says(const Finding& finding, const std::string& text) {
  if (finding.message.find(text) != std::string::npos) return true;
  if (finding.hint.find(text) != std::string::npos) return true;
  return std::any_of(finding.details.begin(), finding.details.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

// "direct-push (trunk, policy.yaml:8) refs/heads/main: nothing lands ..."
std::string line_of(const TestFinding& found) {
  const Finding& finding = found.finding;
  std::string line = std::string(list_of(finding)) + " " + finding.rule;
  if (!finding.ruleset.empty()) line += " (" + finding.ruleset + ", " + finding.origin + ")";
  if (!found.ref.empty()) line += " " + printable(short_name(found.ref), kShown);
  if (!finding.title.empty()) line += " \"" + printable(finding.title, kShown) + "\"";
  if (!finding.path.empty()) {
    line += " " + printable(finding.path, kShown) +
            (finding.line == 0 ? "" : ":" + std::to_string(finding.line));
  }
  return line + ": " + finding.message;
}

}  // namespace

std::size_t TestRun::failed() const {
  return static_cast<std::size_t>(std::count_if(
      cases.begin(), cases.end(), [](const TestCaseResult& result) { return !result.passed(); }));
}

void compare(const Expectation& expect, TestCaseResult& result) {
  result.expected = expected_text(expect);
  result.got = got_text(expect, result);
  result.differences.clear();
  if (result.outcome == Outcome::undecided) {
    result.differences.emplace_back("the gate could not decide");
  }
  const bool accepted = result.outcome == Outcome::accepted;
  if (expect.accepted && *expect.accepted != accepted) {
    result.differences.emplace_back(accepted ? "the push is accepted" : "the push is refused");
  }
  compare_list("reject", expect.reject, result);
  compare_list("warn", expect.warn, result);
  compare_list("audit", expect.audit, result);
  if (expect.lets_in) {
    for (const std::string& ref : short_names(missing_from(result.lets_in, *expect.lets_in))) {
      result.differences.push_back(ref + " is not let in");
    }
    for (const std::string& ref : short_names(missing_from(*expect.lets_in, result.lets_in))) {
      result.differences.push_back(ref + " is let in");
    }
  }
  for (const std::string& text : expect.messages) {
    if (std::none_of(result.findings.begin(), result.findings.end(),
                     [&](const TestFinding& found) { return says(found.finding, text); })) {
      result.differences.push_back("no finding says \"" + printable(text) + "\"");
    }
  }
}

std::vector<std::string> explain_failure(const TestCaseResult& result) {
  std::vector<std::string> lines{"expected: " + result.expected, "got:      " + result.got};
  for (const std::string& difference : result.differences) lines.push_back("- " + difference);
  if (!result.findings.empty()) lines.emplace_back("findings:");
  std::size_t shown = 0;
  for (const TestFinding& found : result.findings) {
    if (++shown > kMaxShownFindings) break;
    lines.push_back("  " + line_of(found));
  }
  if (result.findings.size() > kMaxShownFindings) {
    lines.push_back("  ... and " + std::to_string(result.findings.size() - kMaxShownFindings) +
                    " more");
  }
  return lines;
}

}  // namespace trunkgate

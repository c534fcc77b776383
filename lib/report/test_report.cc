#include "report/test_report.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace trunkgate {
namespace {

using nlohmann::ordered_json;

bool same(const UntriedRule& a, const UntriedRule& b) {
  return a.rule == b.rule && a.ruleset == b.ruleset && a.origin == b.origin;
}

// By policy, in alphabetical order: the rules that no test file of it has tried.
std::map<std::string, std::vector<UntriedRule>> untried_rules(
    const std::vector<TestedFile>& files) {
  std::map<std::string, std::vector<UntriedRule>> result;
  for (const TestedFile& tested : files) {
    const auto [place, first] = result.try_emplace(tested.policy, tested.run.untried);
    if (first) continue;
    std::erase_if(place->second, [&](const UntriedRule& rule) {
      return std::none_of(tested.run.untried.begin(), tested.run.untried.end(),
                          [&](const UntriedRule& other) { return same(rule, other); });
    });
  }
  return result;
}

ordered_json to_json(const TestFinding& found) {
  const Finding& finding = found.finding;
  ordered_json json;
  json["rule"] = finding.rule;
  if (!finding.ruleset.empty()) json["ruleset"] = finding.ruleset;
  if (!finding.origin.empty()) json["origin"] = finding.origin;
  json["severity"] = refuses(finding) ? "error" : finding.mode == Mode::audit ? "audit" : "warning";
  if (!found.ref.empty()) json["ref"] = printable(found.ref, 1000);
  if (!finding.title.empty()) json["title"] = printable(finding.title);
  if (!finding.path.empty()) json["path"] = printable(finding.path);
  if (finding.line > 0) json["line"] = finding.line;
  json["message"] = finding.message;
  return json;
}

ordered_json to_json(const TestCaseResult& result) {
  ordered_json json;
  json["name"] = result.name;
  json["line"] = result.where.line;
  json["passed"] = result.passed();
  json["expected"] = result.expected;
  json["got"] = result.got;
  if (!result.passed()) json["differences"] = result.differences;
  json["findings"] = ordered_json::array();
  for (const TestFinding& found : result.findings) json["findings"].push_back(to_json(found));
  return json;
}

}  // namespace

TestTotals totals_of(const std::vector<TestedFile>& files) {
  TestTotals totals;
  for (const TestedFile& tested : files) {
    totals.failed += tested.run.failed();
    totals.passed += tested.run.cases.size() - tested.run.failed();
    totals.not_run += tested.run.not_run;
  }
  return totals;
}

std::string test_report_text(const std::vector<TestedFile>& files, bool coverage) {
  std::string text;
  for (const TestedFile& tested : files) {
    for (const TestCaseResult& result : tested.run.cases) {
      if (result.passed()) {
        text += "PASS " + result.name + "\n";
        continue;
      }
      text += "FAIL " + result.name + " (" + file_and_line(result.where) + ")\n";
      for (const std::string& line : explain_failure(result)) text += "     " + line + "\n";
    }
  }
  if (coverage) {
    for (const auto& [policy, rules] : untried_rules(files)) {
      for (const UntriedRule& rule : rules) {
        text += "UNTRIED " + rule.rule + " (" + rule.ruleset + ", " + rule.origin + ")\n";
      }
      if (rules.empty()) text += "every rule of " + printable(policy) + " is tried\n";
    }
  }
  const TestTotals totals = totals_of(files);
  text += count_of(totals.passed + totals.failed + totals.not_run, "case", "cases") + ": " +
          std::to_string(totals.passed) + " passed, " + std::to_string(totals.failed) + " failed";
  if (totals.not_run > 0) text += ", " + std::to_string(totals.not_run) + " not run: no time left";
  return text + "\n";
}

std::string test_report_json(const std::vector<TestedFile>& files, bool coverage) {
  const TestTotals totals = totals_of(files);
  ordered_json json{{"passed", totals.passed},
                    {"failed", totals.failed},
                    {"not_run", totals.not_run},
                    {"files", ordered_json::array()}};
  for (const TestedFile& tested : files) {
    ordered_json file{
        {"file", tested.file}, {"policy", tested.policy}, {"cases", ordered_json::array()}};
    for (const TestCaseResult& result : tested.run.cases) file["cases"].push_back(to_json(result));
    json["files"].push_back(std::move(file));
  }
  if (coverage) {
    json["untried"] = ordered_json::array();
    for (const auto& [policy, rules] : untried_rules(files)) {
      for (const UntriedRule& rule : rules) {
        json["untried"].push_back({{"policy", policy},
                                   {"rule", rule.rule},
                                   {"ruleset", rule.ruleset},
                                   {"origin", rule.origin}});
      }
    }
  }
  return json.dump(2, ' ', true, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace trunkgate

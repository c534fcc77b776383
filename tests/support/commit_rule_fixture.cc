#include "support/commit_rule_fixture.h"

#include <ostream>

#include "base/text.h"
#include "config/diagnostics.h"
#include "policy/policy_loader.h"
#include "push/message_parts.h"

namespace trunkgate {

void PrintTo(const Finding& finding, std::ostream* out) {
  *out << "{" << finding.message;
  for (const std::string& detail : finding.details) *out << "\n  detail  " << detail;
  if (!finding.hint.empty()) *out << "\n  hint    " << finding.hint;
  for (const std::string& command : finding.commands) *out << "\n  command " << command;
  const Amendment& wanted = finding.amendment;
  if (wanted.wanted) {
    *out << "\n  amend  " << (wanted.sign ? " -S" : "") << (wanted.sign_off ? " -s" : "")
         << (wanted.reset_author ? " --reset-author" : "")
         << (wanted.reset_date ? " --date=now" : "") << " " << join(wanted.trailers, ", ") << " "
         << join(wanted.settings, "; ") << " " << join(wanted.changes, "; ");
  }
  *out << "\n  commit  " << (finding.commit ? finding.commit->hex() : "none") << " "
       << printable(finding.title) << "\n  column  " << finding.title_column << "+"
       << finding.title_length << ", line " << finding.line << (finding.reword ? ", reword" : "")
       << (finding.keeps_body ? ", keeps body" : "") << (finding.advice ? ", advice" : "");
  if (finding.corrected_title) *out << "\n  title   " << printable(*finding.corrected_title);
  *out << "}";
}

void CommitRuleTest::with(const std::string& options, const std::string& more) {
  const std::string text = "version: 1\n" + more +
                           "rulesets:\n  - name: x\n    refs: ['refs/**']\n    rules:\n      " +
                           rule_ + ": " + options + "\n";
  const std::string policy = folder() + "/policy.yaml";
  policy_ = load_policy({{policy, "policy.yaml", false}}, [&](const std::string& path) {
    return path == policy ? FileText{FileState::present, text, {}} : read_policy_file(path);
  });
}

std::string CommitRuleTest::mistakes(const std::string& options, const std::string& more) {
  try {
    with(options, more);
  } catch (const ConfigError& error) {
    return error.diagnostics().render();
  }
  return {};
}

Findings CommitRuleTest::judge(std::string_view example, bool buried) {
  if (policy_ == nullptr) with("{}");
  CommitExample played(temporary_, example);
  last_ = played.id();
  parents_ = played.parents();
  if (buried) played.push_tip(temporary_.commit("feat: tip", {last_}));
  Answer answer = played.judge(*policy_->rules.at(0).rule);
  EXPECT_TRUE(answer.relied.empty());
  return std::move(answer.findings);
}

void CommitRuleTest::expect(std::string_view example, Findings expected, bool buried) {
  const Findings findings = judge(example, buried);
  const std::string title = read_message(temporary_.open()->commit(last_)).title;
  for (Finding& finding : expected) {
    finding.commit = last_;
    finding.title = title;
  }
  EXPECT_EQ(findings, expected) << printable(example);
}

}  // namespace trunkgate

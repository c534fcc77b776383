// What a bot reads: one line of JSON, compared whole.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "report/report.h"

namespace trunkgate {
namespace {

const ObjectId kTip = *ObjectId::parse("5d6e7f8100000000000000000000000000000000");
constexpr const char* kId = "push_0123456789abcdef0123456789abcdef";

Finding bad_type() {
  Finding finding;
  finding.message = "type 'feature' is not allowed; did you mean 'feat'?";
  finding.commit = kTip;
  finding.title = "feature: add login";
  finding.title_column = 1;
  finding.title_length = 7;
  finding.line = 1;
  finding.reword = true;
  finding.corrected_title = "feat: add login";
  finding.rule = "unconventional-commit";
  finding.ruleset = "branches";
  finding.origin = "policy.yaml:31";
  return finding;
}

RefVerdict rejected(const std::string& name) {
  RefVerdict ref;
  ref.name = name;
  ref.new_commit = kTip;
  ref.outcome = Outcome::rejected;
  return ref;
}

TEST(JsonReport, SaysThatAPushWasAccepted) {
  Verdict verdict;
  verdict.refs.emplace_back();
  verdict.refs[0].name = "refs/heads/x";
  verdict.policy_sha256 = "abc";
  EXPECT_EQ(json_report(verdict, {.push_id = kId}),
            "{\"verdict\":\"accepted\",\"push_id\":\"push_0123456789abcdef0123456789abcdef\","
            "\"changed\":true,\"findings\":[],\"refs\":[{\"ref\":\"refs/heads/x\","
            "\"verdict\":\"accepted\",\"findings\":[]}],\"policy\":{\"sha256\":\"abc\"}}\n");
}

TEST(JsonReport, SaysThatACheckChangedNothing) {
  EXPECT_EQ(json_report({}, {.push_id = kId, .checked_only = true}),
            "{\"verdict\":\"accepted\",\"push_id\":\"push_0123456789abcdef0123456789abcdef\","
            "\"changed\":false,\"findings\":[],\"refs\":[]}\n");
}

TEST(JsonReport, HasEveryPartOfAFinding) {
  Verdict verdict;
  verdict.refs = {rejected("refs/heads/x")};
  Finding finding = bad_type();
  finding.details = {"one", "two"};
  finding.hint = "try again";
  finding.path = "a\xff";
  verdict.refs[0].findings = {finding};
  EXPECT_EQ(json_report(verdict, {.push_id = kId}),
            "{\"verdict\":\"rejected\",\"push_id\":\"push_0123456789abcdef0123456789abcdef\","
            "\"changed\":false,\"findings\":[],\"refs\":[{\"ref\":\"refs/heads/x\","
            "\"verdict\":\"rejected\",\"findings\":[{\"rule\":\"unconventional-commit\","
            "\"ruleset\":\"branches\",\"origin\":\"policy.yaml:31\",\"severity\":\"error\","
            "\"message\":\"type 'feature' is not allowed; did you mean 'feat'?\","
            "\"details\":[\"one\",\"two\"],\"commit\":\"5d6e7f8100000000000000000000000000000000\","
            "\"title\":\"feature: add login\",\"path\":\"a\\\\xff\",\"line\":1,"
            "\"corrected_title\":\"feat: add login\",\"hint\":\"try again\"}],"
            "\"repair\":[\"git commit --amend -m 'feat: add login'\"]}]}\n");
}

TEST(JsonReport, HasOneRepairForAllCommitsOfARef) {
  Verdict verdict;
  verdict.refs = {rejected("refs/heads/x")};
  Finding older = bad_type();
  older.commit = ObjectId::parse("9a8b7c6d00000000000000000000000000000000");
  older.newer = 1;
  Finding direct;
  direct.message = "no direct push";
  direct.commands = {"git push origin 5d6e7f81:refs/heads/feature/x"};
  verdict.refs[0].findings = {direct, older};
  const auto json = nlohmann::json::parse(json_report(verdict, {.push_id = "p"}));
  EXPECT_EQ(
      json["refs"][0]["repair"],
      nlohmann::json::array({"git rebase -i 9a8b7c6d^", "# and mark 9a8b7c6d with 'reword'"}));
  EXPECT_EQ(json["refs"][0]["findings"][0]["commands"],
            nlohmann::json::array({"git push origin HEAD:refs/heads/feature/x"}));
  EXPECT_FALSE(json["refs"][0]["findings"][1].contains("commands"));
}

TEST(JsonReport, TellsWarningsFromErrorsAndLeavesOutAudits) {
  Verdict verdict;
  verdict.refs = {rejected("refs/heads/x")};
  for (const Mode mode : {Mode::warn, Mode::audit, Mode::enforce}) {
    Finding finding;
    finding.message = "m";
    finding.rule = "r";
    finding.mode = mode;
    verdict.refs[0].findings.push_back(finding);
  }
  verdict.refs[0].findings.push_back(verdict.refs[0].findings[2]);
  verdict.refs[0].findings[3].advice = true;
  EXPECT_EQ(json_report(verdict, {.push_id = "p"}),
            "{\"verdict\":\"rejected\",\"push_id\":\"p\",\"changed\":false,\"findings\":[],"
            "\"refs\":[{\"ref\":\"refs/heads/x\",\"verdict\":\"rejected\",\"findings\":["
            "{\"rule\":\"r\",\"severity\":\"warning\",\"message\":\"m\"},"
            "{\"rule\":\"r\",\"severity\":\"error\",\"message\":\"m\"},"
            "{\"rule\":\"r\",\"severity\":\"warning\",\"message\":\"m\"}]}]}\n");
}

TEST(JsonReport, HasFindingsAboutThePushAndNotices) {
  Verdict verdict;
  Finding finding;
  finding.rule = "shallow-push";
  finding.message = "the push comes from a shallow clone";
  finding.hint = "run git fetch --unshallow, then push again";
  verdict.findings = {finding};
  verdict.notices = {"the policy has 1 mistake"};
  EXPECT_EQ(json_report(verdict, {.push_id = "p"}),
            "{\"verdict\":\"rejected\",\"push_id\":\"p\",\"changed\":false,\"findings\":["
            "{\"rule\":\"shallow-push\",\"severity\":\"error\","
            "\"message\":\"the push comes from a shallow clone\","
            "\"hint\":\"run git fetch --unshallow, then push again\"}],\"refs\":[],"
            "\"notices\":[\"the policy has 1 mistake\"]}\n");
}

TEST(JsonReport, IsOneLineOfAsciiHoweverHostileThePushWas) {
  Verdict verdict;
  verdict.refs = {rejected("refs/heads/\x1b]0;x\x07\xe2\x80\xae\xff\n")};
  Finding finding = bad_type();
  finding.title = "feature: \x1b[2J\xff\xe2\x80\xae\n\xe6\x97\xa5";
  finding.corrected_title = "feat: \x1b[2J\xff";
  verdict.refs[0].findings = {finding};
  verdict.refs[0].outcome = Outcome::undecided;
  const std::string text = json_report(verdict, {.push_id = "p"});
  ASSERT_TRUE(text.ends_with("\n"));
  for (const char c : text.substr(0, text.size() - 1)) {
    EXPECT_TRUE(c >= 0x20 && c < 0x7F) << static_cast<int>(c);
  }
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["verdict"], "undecided");
  EXPECT_EQ(json["refs"][0]["ref"], "refs/heads/\\x1b]0;x\\x07<U+202E>\\xff\\n");
  EXPECT_EQ(json["refs"][0]["findings"][0]["title"],
            "feature: \\x1b[2J\\xff<U+202E>\\n\xe6\x97\xa5");
  EXPECT_EQ(json["refs"][0]["repair"], nlohmann::json::array({"git commit --amend"}));
}

TEST(JsonReport, CutsAndCountsFindingsBeyondAHundred) {
  Verdict verdict;
  verdict.refs = {rejected("refs/heads/x"), rejected("refs/heads/y")};
  verdict.refs[0].findings.assign(99, bad_type());
  verdict.refs[1].findings.assign(3, bad_type());
  verdict.findings_dropped = 5;
  const auto json = nlohmann::json::parse(json_report(verdict, {.push_id = "p"}));
  EXPECT_EQ(json["refs"][0]["findings"].size(), 99U);
  EXPECT_EQ(json["refs"][1]["findings"].size(), 1U);
  EXPECT_EQ(json["findings_dropped"], 7);
}

TEST(JsonReport, LeavesOutRefsWithoutFindingsInAVeryLargePush) {
  Verdict verdict;
  for (int i = 0; i < 150; ++i) {
    verdict.refs.emplace_back();
    verdict.refs.back().name = "refs/heads/b" + std::to_string(i);
  }
  verdict.refs[149] = rejected("refs/heads/x");
  verdict.refs[149].findings = {bad_type()};
  const auto json = nlohmann::json::parse(json_report(verdict, {.push_id = "p"}));
  ASSERT_EQ(json["refs"].size(), 1U);
  EXPECT_EQ(json["refs"][0]["ref"], "refs/heads/x");
}

TEST(JsonReport, HasTheStateOfEveryRequirement) {
  Verdict verdict;
  verdict.refs.emplace_back();
  verdict.refs[0].name = "refs/heads/x";
  verdict.refs[0].requirements = {
      {.state = RequirementState::not_applicable,
       .what = "check docs",
       .why = "no file of docs/** changes",
       .rule = "missing-check.docs",
       .ruleset = "trunk",
       .origin = "policy.yaml:5"},
      {.state = RequirementState::satisfied, .what = "1 approval", .rule = "missing-approval"}};
  EXPECT_EQ(json_report(verdict, {.push_id = kId}),
            "{\"verdict\":\"accepted\",\"push_id\":\"push_0123456789abcdef0123456789abcdef\","
            "\"changed\":true,\"findings\":[],\"refs\":[{\"ref\":\"refs/heads/x\","
            "\"verdict\":\"accepted\",\"findings\":[],\"requirements\":[{"
            "\"rule\":\"missing-check.docs\",\"ruleset\":\"trunk\",\"origin\":\"policy.yaml:5\","
            "\"state\":\"not applicable\",\"what\":\"check docs\","
            "\"why\":\"no file of docs/** changes\"},{\"rule\":\"missing-approval\","
            "\"state\":\"satisfied\",\"what\":\"1 approval\"}]}]}\n");
}

}  // namespace
}  // namespace trunkgate

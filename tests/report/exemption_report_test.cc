// What the pusher reads of exemptions, compared whole.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/report.h"

namespace trunkgate {
namespace {

const ObjectId kTip = *ObjectId::parse("5d6e7f8100000000000000000000000000000000");

Finding bad_type() {
  Finding finding;
  finding.message = "type 'feature' is not allowed";
  finding.rule = "unconventional-commit";
  finding.ruleset = "trunk";
  finding.origin = "policy.yaml:7";
  finding.commit = kTip;
  finding.title = "feature: add login";
  finding.hint = "use a type";
  finding.reword = true;
  finding.corrected_title = "feat: add login";
  return finding;
}

Verdict of(std::vector<Finding> findings, Outcome outcome) {
  Verdict verdict;
  RefVerdict& ref = verdict.refs.emplace_back();
  ref.name = "refs/heads/main";
  ref.new_commit = kTip;
  ref.outcome = outcome;
  ref.findings = std::move(findings);
  return verdict;
}

Verdict waived() {
  Finding finding = bad_type();
  finding.waived_by = "skip";
  Verdict verdict = of({finding}, Outcome::accepted);
  verdict.exemptions = {{.label = "skip",
                         .pusher = "carol",
                         .reason = "pager\x1b 4711",
                         .ref = "refs/heads/main",
                         .rules = {"unconventional-commit"},
                         .findings = 1,
                         .granted_by = {"dave"},
                         .expires = 1'700'100'000,
                         .uses_left = 0}};
  return verdict;
}

std::string text(const Verdict& verdict, bool checked_only = false) {
  return text_report(
      verdict, {.push_id = "push_3f9c1e2200112233445566778899aabb", .checked_only = checked_only});
}

TEST(ExemptionReport, IsLoudAboutWhatWasWaived) {
  EXPECT_EQ(text(waived()),
            "warning: EXEMPTION skip used by carol on refs/heads/main: waives 1\n"
            "warning: finding of unconventional-commit; reason: pager\\x1b 4711;\n"
            "warning: granted by dave; 0 uses left; ends 2023-11-16 02:00 UTC\n"
            "\n"
            "  5d6e7f81 \"feature: add login\"\n"
            "    waived by skip: type 'feature' is not allowed\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "\n"
            "hint: the push was accepted; push id 3f9c1e22\n");
}

TEST(ExemptionReport, SaysWhenNothingIsUsed) {
  EXPECT_EQ(text(waived(), true).substr(0, 67),
            "warning: EXEMPTION skip would be used by carol on refs/heads/main:\n");
  Verdict verdict = waived();
  Finding large;
  large.message = "is too large";
  large.rule = "oversized-file";
  large.ruleset = "trunk";
  large.origin = "policy.yaml:8";
  large.commit = kTip;
  large.path = "big";
  verdict.refs[0].findings.push_back(large);
  verdict.refs[0].outcome = Outcome::rejected;
  EXPECT_EQ(text(verdict),
            "error: REJECTED refs/heads/main: big: is too large\n"
            "warning: EXEMPTION skip would waive 1 finding of unconventional-commit\n"
            "warning: on refs/heads/main; a refused push uses nothing up\n"
            "\n"
            "  5d6e7f81 \"feature: add login\"\n"
            "    waived by skip: type 'feature' is not allowed\n"
            "    rule   unconventional-commit (trunk, policy.yaml:7)\n"
            "\n"
            "  5d6e7f81 big\n"
            "    is too large\n"
            "    rule   oversized-file (trunk, policy.yaml:8)\n"
            "\n"
            "hint: nothing on the server was changed; push id 3f9c1e22\n");
}

TEST(ExemptionReport, ShoutsWhenTheGlassIsBroken) {
  Verdict verdict = waived();
  ExemptionUse& use = verdict.exemptions[0];
  use = {};
  use.label = "fire";
  use.pusher = "carol";
  use.ref = "refs/heads/main";
  use.rules = {"a", "b"};
  use.findings = 2;
  use.break_glass = true;
  const std::string said = text(verdict);
  EXPECT_EQ(said.substr(0, said.find("\n\n")),
            "warning: BREAK-GLASS EXEMPTION fire used by carol on refs/heads/main:\n"
            "warning: waives everything, 2 findings of a, b");
}

TEST(ExemptionReport, KeepsOtherWarningsApart) {
  Verdict verdict = waived();
  Finding other = bad_type();
  other.message = "is too long";
  other.mode = Mode::warn;
  verdict.refs[0].findings.push_back(other);
  const std::string said = text(verdict);
  EXPECT_NE(said.find("\nwarning: refs/heads/main: is too long\n\n"), std::string::npos) << said;
  EXPECT_NE(said.find("    hint   use a type\n"), std::string::npos) << said;
}

TEST(ExemptionReport, OffersWhatWouldHelpAtTheEnd) {
  Verdict verdict = of({bad_type()}, Outcome::rejected);
  verdict.contact = "admins";
  verdict.offers = {
      {.label = "skip",
       .mine = true,
       .by = "managers",
       .waives = 1,
       .all = true,
       .needs_reason = true,
       .options_advertised = true},
      {.label = "two", .mine = false, .by = "managers", .waives = 1, .approval = "leads"},
      {.label = "off",
       .mine = true,
       .by = "managers",
       .waives = 1,
       .all = true,
       .options_advertised = false},
      {.label = "four", .mine = true, .by = "managers"}};
  const std::string said = text(verdict);
  EXPECT_EQ(said.substr(said.find("hint: nothing")),
            "hint: nothing on the server was changed; push id 3f9c1e22\n"
            "hint: questions? ask admins\n"
            "hint: you may waive this; it is recorded:\n"
            "hint:   git push -o exempt=skip -o reason='...' origin ...\n"
            "hint: managers may waive 1 of these findings with the exemption 'two',\n"
            "hint: once granted by leads\n"
            "hint: the exemption 'off' may waive this; an admin has to switch push\n"
            "hint: options on first, on the server:\n"
            "hint:   git config receive.advertisePushOptions true\n");
}

TEST(ExemptionReport, GivesTheCommandsOfARefusedExemption) {
  Verdict verdict = of({bad_type()}, Outcome::rejected);
  Finding refusal;
  refusal.rule = "exemption";
  refusal.message = "the exemption 'skip' has to be granted first";
  refusal.hint = "somebody else can";
  refusal.commands = {"git push origin x:y"};
  verdict.findings = {refusal};
  const std::string said = text(verdict);
  EXPECT_EQ(said.substr(0, said.find("  5d6e7f81")),
            "error: REJECTED push: the exemption 'skip' has to be granted first\n"
            "error: and 1 more\n"
            "\n"
            "  the exemption 'skip' has to be granted first\n"
            "    hint   somebody else can\n"
            "    fix    git push origin x:y\n"
            "    rule   exemption\n"
            "\n");
}

TEST(ExemptionReport, IsThereForPrograms) {
  Verdict verdict = waived();
  const auto json = nlohmann::json::parse(json_report(verdict, {.push_id = "push_1"}));
  EXPECT_EQ(json["verdict"], "accepted");
  EXPECT_EQ(json["refs"][0]["findings"][0]["waived_by"], "skip");
  EXPECT_EQ(json["refs"][0]["findings"][0]["severity"], "warning");
  EXPECT_FALSE(json["refs"][0].contains("repair"));
  EXPECT_EQ(json["exemptions"],
            nlohmann::json::parse(
                R"([{"label": "skip", "ref": "refs/heads/main", "pusher": "carol",
                     "reason": "pager\\x1b 4711", "rules": ["unconventional-commit"],
                     "findings": 1, "granted_by": ["dave"], "uses_left": 0,
                     "ends": "2023-11-16 02:00 UTC"}])"));
}

TEST(ExemptionReport, OffersPrograms) {
  Verdict verdict = of({bad_type()}, Outcome::rejected);
  verdict.offers = {{.label = "skip", .mine = true, .by = "managers", .waives = 1, .all = true},
                    {.label = "two", .by = "leads", .waives = 1, .options_advertised = false}};
  const auto json = nlohmann::json::parse(json_report(verdict, {.push_id = "push_1"}));
  EXPECT_EQ(json["exemptions_offered"],
            nlohmann::json::parse(
                R"([{"label": "skip", "may_use": true, "by": "managers", "waives": 1, "all": true,
                     "command": "git push -o exempt=skip origin ..."},
                    {"label": "two", "may_use": false, "by": "leads", "waives": 1, "all": false,
                     "needs": "git config receive.advertisePushOptions true"}])"));
}

}  // namespace
}  // namespace trunkgate

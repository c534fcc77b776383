#include "policy/policy_summary.h"

#include <gtest/gtest.h>

#include "policy/policy_loader.h"

namespace trunkgate {
namespace {

PolicySummary summary(const std::string& text) {
  const ReadPolicyFile read = [&](const std::string&) {
    FileText file;
    file.state = FileState::present;
    file.text = text;
    return file;
  };
  return summary_of(*load_policy({{.path = "/p/policy.yaml", .shown = "policy.yaml"}}, read));
}

TEST(PolicySummary, HasEveryRuleWithItsModeAndItsRefs) {
  const PolicySummary made = summary(
      "version: 1\n"
      "rulesets:\n"
      "  - name: trunk\n"
      "    refs: [main, 'release/**']\n"
      "    mode: warn\n"
      "    rules:\n"
      "      deleted-ref: {}\n"
      "      rewound-branch: {mode: enforce, except: {refs: [release/old]}}\n"
      "      oversized-file: {mode: off}\n");
  EXPECT_EQ(made.sha256.size(), 64U);
  EXPECT_EQ(made.rules,
            (std::map<std::pair<std::string, std::string>, RuleSummary>{
                {{"trunk", "deleted-ref"}, {"warn", "refs/heads/main refs/heads/release/**"}},
                {{"trunk", "rewound-branch"},
                 {"enforce", "refs/heads/main refs/heads/release/** -refs/heads/release/old"}}}));
}

TEST(PolicySummary, TellsWhatCameWhatWentAndWhatIsElsewhereOrInAnotherMode) {
  const PolicySummary before{.sha256 = "1",
                             .rules = {{{"a", "gone"}, {"warn", "x"}},
                                       {{"b", "elsewhere"}, {"warn", "x"}},
                                       {{"b", "mode"}, {"warn", "x"}},
                                       {{"b", "same"}, {"warn", "x"}}}};
  const PolicySummary after{.sha256 = "2",
                            .rules = {{{"b", "elsewhere"}, {"warn", "y"}},
                                      {{"b", "mode"}, {"audit", "x"}},
                                      {{"b", "same"}, {"warn", "x"}},
                                      {{"c", "new"}, {"warn", "x"}}}};
  std::vector<std::string> told;
  for (const RuleChange& change : differences(before, after)) {
    const auto words = [](const RuleSummary* rule) {
      return rule == nullptr ? std::string("-") : rule->mode + " " + rule->refs;
    };
    told.push_back(change.ruleset + " " + change.rule + ": " + words(change.before) + " -> " +
                   words(change.after));
  }
  EXPECT_EQ(told, (std::vector<std::string>{"a gone: warn x -> -", "b elsewhere: warn x -> warn y",
                                            "b mode: warn x -> audit x", "c new: - -> warn x"}));
  EXPECT_TRUE(differences(before, before).empty());
}

}  // namespace
}  // namespace trunkgate

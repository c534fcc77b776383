// What several layers of a policy make together.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "policy/policy_loader.h"
#include "policy/presets.h"

namespace trunkgate {
namespace {

using Files = std::map<std::string, std::string>;
using Lines = std::vector<std::string>;

std::string_view word(Mode mode) {
  switch (mode) {
    case Mode::enforce:
      return "enforce";
    case Mode::warn:
      return "warn";
    case Mode::audit:
      return "audit";
    case Mode::off:
      return "off";
  }
  return "";
}

class Layers : public testing::Test {
 protected:
  std::unique_ptr<Policy> load() const {
    std::vector<PolicyRoot> roots{{"/etc/policy.yaml", "/etc/policy.yaml", true},
                                  {"policy.yaml", "policy.yaml", false}};
    return load_policy(roots, [&](const std::string& path) {
      const auto found = files_.find(path);
      if (found == files_.end())
        return read_policy_file(path.starts_with("preset:") ? path : "/no");
      return FileText{FileState::present, found->second, {}};
    });
  }

  // "RULESET RULE MODE line" of each active rule.
  Lines rules() const {
    Lines lines;
    const auto policy = load();
    for (const ActiveRule& rule : policy->rules) {
      lines.push_back(rule.ruleset + " " + std::string(rule.info->id) + " " +
                      std::string(word(rule.mode)) + " " + file_and_line(rule.where));
    }
    return lines;
  }

  std::string mistakes() const {
    try {
      load();
      return {};
    } catch (const ConfigError& error) {
      return error.diagnostics().list().front().message;
    }
  }

  Files files_;
};

const std::string kAbove =
    "version: 1\n"
    "rulesets:\n"
    "  - name: trunk\n"
    "    refs: [main]\n"
    "    rules:\n"
    "      deleted-ref: {}\n"
    "      rewound-branch: {}\n";

TEST_F(Layers, ReplaceARuleOfTheSameRulesetAbove) {
  files_["above.yaml"] = kAbove;
  files_["policy.yaml"] =
      "version: 1\nextends: above.yaml\nrulesets:\n  - name: trunk\n    rules:\n"
      "      deleted-ref: {mode: warn}\n      direct-push: {}\n";
  EXPECT_EQ(rules(), (Lines{"trunk rewound-branch enforce above.yaml:7",
                            "trunk deleted-ref warn policy.yaml:6",
                            "trunk direct-push enforce policy.yaml:7"}));
}

TEST_F(Layers, GiveARulesetAboveAnotherModeOrOtherRefs) {
  files_["above.yaml"] = kAbove;
  files_["policy.yaml"] =
      "version: 1\nextends: above.yaml\nrulesets:\n"
      "  - {name: trunk, mode: audit, refs: [master]}\n";
  EXPECT_EQ(rules(), (Lines{"trunk deleted-ref audit above.yaml:6",
                            "trunk rewound-branch audit above.yaml:7"}));
  EXPECT_TRUE(load()->judges("refs/heads/master"));
  EXPECT_FALSE(load()->judges("refs/heads/main"));
}

TEST_F(Layers, OnlyAddToARulesetThatIsLocked) {
  files_["above.yaml"] = kAbove + "lock: [trunk]\n";
  files_["policy.yaml"] =
      "version: 1\nextends: above.yaml\nrulesets:\n  - name: trunk\n    rules:\n"
      "      deleted-ref: {mode: off}\n      rewound-branch: {mode: warn}\n      direct-push: {}\n";
  EXPECT_EQ(rules(), (Lines{"trunk deleted-ref enforce above.yaml:6",
                            "trunk rewound-branch enforce above.yaml:7",
                            "trunk rewound-branch warn policy.yaml:7",
                            "trunk direct-push enforce policy.yaml:8"}));
}

TEST_F(Layers, CannotChangeModeOrRefsOfALockedRuleset) {
  files_["above.yaml"] = kAbove + "lock: ['*']\n";
  const std::string start = "version: 1\nextends: above.yaml\nrulesets:\n  - {name: trunk, ";
  files_["policy.yaml"] = start + "mode: warn}\n";
  EXPECT_EQ(mistakes(), "the ruleset 'trunk' is locked by a layer above: its mode stays");
  files_["policy.yaml"] = start + "refs: [other]}\n";
  EXPECT_EQ(mistakes(), "the ruleset 'trunk' is locked by a layer above: its refs stay");
}

TEST_F(Layers, NeverLoosenThePolicyOfTheMachine) {
  files_["/etc/policy.yaml"] = kAbove;
  files_["policy.yaml"] =
      "version: 1\nrulesets:\n  - name: trunk\n    rules: {deleted-ref: {mode: off}}\n";
  EXPECT_EQ(rules(), (Lines{"trunk deleted-ref enforce /etc/policy.yaml:6",
                            "trunk rewound-branch enforce /etc/policy.yaml:7"}));
}

TEST_F(Layers, AreReadThroughSeveralFiles) {
  files_["top.yaml"] = kAbove;
  files_["middle.yaml"] =
      "version: 1\nextends: top.yaml\nrulesets:\n"
      "  - {name: trunk, rules: {deleted-ref: {mode: warn}}}\n";
  files_["policy.yaml"] =
      "version: 1\nextends: middle.yaml\nrulesets:\n"
      "  - {name: trunk, rules: {deleted-ref: {mode: audit}}}\n";
  EXPECT_EQ(rules(), (Lines{"trunk rewound-branch enforce top.yaml:7",
                            "trunk deleted-ref audit policy.yaml:4"}));
}

TEST_F(Layers, RefuseTheSameRulesetTwiceInOneFile) {
  files_["policy.yaml"] = kAbove + "  - {name: trunk, refs: [main], rules: {}}\n";
  EXPECT_EQ(mistakes(), "there is a ruleset 'trunk' already");
}

TEST_F(Layers, EndAModeOnItsDay) {
  files_["policy.yaml"] =
      "version: 1\nmode: warn\nmode-until: 2026-12-31\nrulesets:\n  - name: trunk\n    refs: "
      "[main]\n"
      "    rules:\n      deleted-ref: {}\n      rewound-branch: {mode: off, mode-until: "
      "2026-06-30}\n"
      "      direct-push: {mode: audit}\n";
  const auto modes = [&](std::int64_t now) {
    const auto policy = load();
    policy->apply_dates(now);
    Lines lines;
    for (const ActiveRule& rule : policy->rules) {
      lines.push_back(std::string(rule.info->id) + " " + std::string(word(rule.mode)));
    }
    return lines;
  };
  // 2026-06-30 23:59:59, one second later, 2026-12-31 23:59:59, one second later; all UTC.
  EXPECT_EQ(modes(1782863999), (Lines{"deleted-ref warn", "direct-push audit"}));
  EXPECT_EQ(modes(1782864000),
            (Lines{"deleted-ref warn", "rewound-branch enforce", "direct-push audit"}));
  EXPECT_EQ(modes(1798761599),
            (Lines{"deleted-ref warn", "rewound-branch enforce", "direct-push audit"}));
  EXPECT_EQ(modes(1798761600),
            (Lines{"deleted-ref enforce", "rewound-branch enforce", "direct-push audit"}));
}

TEST_F(Layers, FillAPresetsParameters) {
  files_["policy.yaml"] =
      "version: 1\nextends: [{preset: conventional-commits, with: {types: [feat, \"it's\"]}}]\n";
  const auto policy = load();
  ASSERT_EQ(policy->rules.size(), 1U);
  const std::string& text = policy->sources[0]->text;
  EXPECT_NE(text.find("types: [feat, 'it''s'], scopes: [], max-title: 72"), std::string::npos);
}

TEST_F(Layers, LoadEveryPresetWithItsDefaults) {
  for (const std::string_view name : preset_names()) {
    // One of them asks for people with keys.
    files_["policy.yaml"] = "version: 1\nextends: preset:" + std::string(name) +
                            "\nusers: {ada: {email: [ada@example.com], keys: ['ssh-ed25519 "
                            "AAAAC3NzaC1lZDI1NTE5AAAA']}}\n";
    EXPECT_EQ(mistakes(), "") << name;
    EXPECT_FALSE(load()->rules.empty()) << name;
  }
  EXPECT_FALSE(preset_names().empty());
  EXPECT_EQ(preset_text("nothing"), std::nullopt);
}

}  // namespace
}  // namespace trunkgate

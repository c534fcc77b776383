// What several layers of a policy make together.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "evidence/attestation_policy.h"
#include "policy/mode_setting.h"
#include "policy/policy_loader.h"
#include "policy/presets.h"
#include "push/pushed_file.h"
#include "rules/catalogue.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

using Files = std::map<std::string, std::string>;
using Lines = std::vector<std::string>;

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
                      std::string(to_string(rule.mode)) + " " + file_and_line(rule.where));
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

// A locked layer that speaks of people, and a lower one that would add itself to them.
const std::string kPeopleAbove =
    "version: 1\n"
    "users: {ada: {email: [ada@example.com], keys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA']}}\n"
    "rulesets:\n"
    "  - name: people\n"
    "    refs: [main]\n"
    "    rules:\n"
    "      changed-by-others: {by: [core, boss]}\n"
    "      foreign-author: {known: true}\n"
    "      unsigned-commit: {}\n"
    "      unauthorised-push: {update: [core]}\n"
    "      deleted-ref: {except: {pushers: [core]}}\n";
const std::string kPeopleBelow =
    "users: {eve: {email: [eve@example.com], keys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5BBBB']}}\n"
    "groups: {core: [eve], boss: [eve]}\n";

// Who and what eve can do by the rules of a policy.
class PeopleOfLayers : public Layers {
 protected:
  PeopleOfLayers() {
    std::filesystem::create_directory(temporary_.beside("scratch"));
    base_ = temporary_.commit("feat: base", {}, {{"a", "1"}});
    work_ = temporary_.commit("feat: work", {base_}, {{"a", "2"}});
  }

  // "RULE: MESSAGE" of every rule of the ruleset "people" that refuses a push by eve.
  Lines refusals() {
    const auto policy = load();
    const auto repository = temporary_.open();
    Pusher eve;
    eve.name = "eve";
    const PushedRef update{"refs/heads/main", RefKind::branch, base_, work_, base_, work_};
    const PushedRef deletion{"refs/heads/main", RefKind::branch, base_, {}, base_, {}};
    const Push push{*repository, eve, {}, {update}, temporary_.beside("scratch")};
    Commit commit = repository->commit(work_);
    commit.author.email = "eve@example.com";
    Lines lines;
    for (const ActiveRule& active : policy->rules) {
      const PushedRef& ref = active.info == &deleted_ref ? deletion : update;
      if (!active.scope.applies_to(push, ref, active.info->subject)) continue;
      Answer answer;
      active.rule->check_ref(push, ref, answer);
      if (active.info != &unsigned_commit) active.rule->check_commit(push, commit, answer);
      if (active.info == &changed_by_others) {
        const ChangedFile file{"a", {}, 0100644, {}, 0100644};
        active.rule->check_file(push, PushedFile(*repository, file, work_), answer);
      }
      for (const Finding& finding : answer.findings) {
        lines.push_back(std::string(active.info->id) + ": " + finding.message);
      }
    }
    return lines;
  }

  TemporaryRepository temporary_;
  ObjectId base_, work_;
};

const Lines kEveIsRefused{
    "changed-by-others: only core, boss may change it, and you are 'eve'",
    "foreign-author: author address 'eve@example.com' belongs to nobody the policy knows",
    "unauthorised-push: 'eve' may not update branch 'main'",
    "deleted-ref: the branch must not be deleted"};

TEST_F(PeopleOfLayers, KnowThoseOfLayersBelowWhereNothingIsLocked) {
  files_["above.yaml"] = kPeopleAbove;
  files_["policy.yaml"] = "version: 1\nextends: above.yaml\n" + kPeopleBelow;
  EXPECT_EQ(refusals(), Lines());
}

TEST_F(PeopleOfLayers, KnowNobodyOfALayerBelowALock) {
  for (const char* lock : {"lock: [people]\n", "lock: ['*']\n"}) {
    files_["above.yaml"] = kPeopleAbove + lock;
    files_["policy.yaml"] = "version: 1\nextends: above.yaml\n" + kPeopleBelow;
    EXPECT_EQ(refusals(), kEveIsRefused);
  }
}

TEST_F(PeopleOfLayers, KnowNobodyBelowThePolicyOfTheMachine) {
  files_["/etc/policy.yaml"] = kPeopleAbove;
  files_["policy.yaml"] = "version: 1\n" + kPeopleBelow;
  EXPECT_EQ(refusals(), kEveIsRefused);
}

TEST_F(PeopleOfLayers, CountForWhatALayerBelowTheLockAddsItself) {
  files_["above.yaml"] = kPeopleAbove + "lock: [people]\n";
  files_["policy.yaml"] = "version: 1\nextends: above.yaml\n" + kPeopleBelow +
                          "rulesets:\n  - name: people\n    rules:\n"
                          "      changed-by-others: {by: [core]}\n";
  EXPECT_EQ(refusals(), kEveIsRefused);
}

TEST_F(PeopleOfLayers, CountForWhatTheLayerItselfExtendsAndLocks) {
  // The preset asks for people; those of the machine's policy are meant, not those of a repository.
  files_["/etc/policy.yaml"] =
      "version: 1\nextends: preset:regulated\n"
      "users: {ada: {email: [ada@example.com], keys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA']}}\n";
  files_["policy.yaml"] = "version: 1\n" + kPeopleBelow;
  const Lines refused = refusals();
  EXPECT_EQ(std::count(refused.begin(), refused.end(), kEveIsRefused[1]), 1) << refused.size();
}

TEST_F(Layers, LetThePolicyOfTheMachineChangeWhatItExtends) {
  files_["above.yaml"] = kAbove;
  files_["/etc/policy.yaml"] =
      "version: 1\nextends: above.yaml\nrulesets: [{name: trunk, mode: warn}]\n";
  files_["policy.yaml"] = "version: 1\n";
  // What it extends is found beside it.
  files_["/etc/above.yaml"] = kAbove;
  EXPECT_EQ(rules(), (Lines{"trunk deleted-ref warn above.yaml:6",
                            "trunk rewound-branch warn above.yaml:7"}));
  files_["policy.yaml"] = "version: 1\nrulesets: [{name: trunk, mode: off}]\n";
  EXPECT_EQ(mistakes(), "the ruleset 'trunk' is locked by a layer above: its mode stays");
}

TEST_F(Layers, LockWhatTheyExtendAndSayNothingOf) {
  files_["top.yaml"] = kAbove;
  files_["policy.yaml"] =
      "version: 1\nextends: middle.yaml\nrulesets: [{name: trunk, mode: off}]\n";
  for (const char* lock : {"lock: [trunk]\n", "lock: '*'\n"}) {
    files_["middle.yaml"] = std::string("version: 1\nextends: top.yaml\n") + lock;
    EXPECT_EQ(mistakes(), "the ruleset 'trunk' is locked by a layer above: its mode stays");
  }
}

TEST_F(Layers, LockNothingBesideThem) {
  files_["one.yaml"] = kAbove;
  files_["two.yaml"] = "version: 1\nlock: ['*']\n";
  files_["policy.yaml"] =
      "version: 1\nextends: [one.yaml, two.yaml]\nrulesets: [{name: trunk, mode: warn}]\n";
  EXPECT_EQ(mistakes(), "");
}

TEST_F(Layers, LockOnlyWhatThereIs) {
  files_["policy.yaml"] = kAbove + "lock: [trank]\n";
  try {
    load();
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.what(),
                 "policy.yaml:8:8: error: there is no ruleset 'trank' to lock\n"
                 "    8 | lock: [trank]\n"
                 "      |        ^~~~~ did you mean 'trunk'?\n"
                 "1 mistake\n");
  }
}

TEST_F(Layers, LoosenALockedOneByNothingElse) {
  files_["above.yaml"] = kAbove + "lock: [trunk]\n";
  const auto below = [&](const std::string& text) {
    files_["policy.yaml"] = "version: 1\nextends: above.yaml\n" + text;
    return mistakes();
  };
  const std::string loosens = " would loosen the rulesets that a layer above locks";
  EXPECT_EQ(below("identity: {unknown: allow}\n"), "'identity'" + loosens);
  EXPECT_EQ(below("namespaces: ['refs/wip/**']\n"), "a further namespace" + loosens);
  EXPECT_EQ(below("on-violation: ref\n"), "'on-violation: ref'" + loosens);
  EXPECT_EQ(below("on-violation: push\n"), "");
  const std::string stays = "the ruleset 'trunk' is locked by a layer above: its ";
  EXPECT_EQ(below("rulesets: [{name: trunk, mode: warn}]\n"), stays + "mode stays");
  EXPECT_EQ(below("rulesets: [{name: trunk, mode: warn, mode-until: 2099-01-01}]\n"),
            stays + "mode stays");
  EXPECT_EQ(below("rulesets: [{name: trunk, mode-until: 2099-01-01}]\n"),
            "'mode-until' needs a 'mode' beside it that is not 'enforce'");
  EXPECT_EQ(below("rulesets: [{name: trunk, repositories: [other]}]\n"),
            stays + "repositories stay");
  // What these say holds for their own layer only.
  EXPECT_EQ(below("mode: off\nevents: {sinks: [{name: x, file: x}]}\ncontact: eve\n"), "");
  EXPECT_EQ(rules(), (Lines{"trunk deleted-ref enforce above.yaml:6",
                            "trunk rewound-branch enforce above.yaml:7"}));
}

TEST_F(Layers, SayWhoIsPushingBelowOneThatLocksNothing) {
  files_["above.yaml"] = kAbove;
  files_["policy.yaml"] =
      "version: 1\nextends: above.yaml\nidentity: {unknown: allow}\n"
      "namespaces: ['refs/wip/**']\non-violation: ref\n";
  EXPECT_EQ(mistakes(), "");
}

TEST_F(Layers, LetALockedRulesetKeepItsOnViolation) {
  files_["above.yaml"] = kAbove + "lock: [trunk]\non-violation: ref\n";
  files_["policy.yaml"] = "version: 1\nextends: above.yaml\non-violation: ref\n";
  EXPECT_TRUE(load()->ref_by_ref);
}

TEST_F(Layers, AreForTheRepositoriesTheyName) {
  files_["/etc/policy.yaml"] =
      "version: 1\nrulesets:\n"
      "  - {name: web, refs: [main], repositories: ['team/*', web], rules: {deleted-ref: {}}}\n"
      "  - {name: all, refs: [main], rules: {rewound-branch: {}}}\n";
  files_["policy.yaml"] = "version: 1\n";
  const auto names = [&](const std::string& path) {
    const auto policy = load();
    policy->settle({path, "refs/heads/main"});
    Lines lines;
    for (const ActiveRule& rule : policy->rules) lines.push_back(rule.ruleset);
    return lines;
  };
  EXPECT_EQ(names("/srv/web.git"), (Lines{"web", "all"}));
  EXPECT_EQ(names("/srv/team/x.git"), (Lines{"web", "all"}));
  EXPECT_EQ(names("/srv/other/x.git"), Lines{"all"});
  // A layer below may narrow a ruleset that nobody has locked.
  files_.erase("/etc/policy.yaml");
  files_["above.yaml"] = kAbove;
  files_["policy.yaml"] =
      "version: 1\nextends: above.yaml\nrulesets: [{name: trunk, repositories: other}]\n";
  EXPECT_EQ(names("/srv/web.git"), Lines());
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
      lines.push_back(std::string(rule.info->id) + " " + std::string(to_string(rule.mode)));
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

TEST_F(Layers, PutAParameterIntoALongerWord) {
  const std::string preset = "version: 1\nextends: [{preset: trunk-based, with: {evaluation: ";
  const std::map<std::string, std::string> names{
      {"nightly", "nightly"}, {"'v2.full'", "v2.full"}, {"\"a+b\"", "a+b"}};
  for (const auto& [written, name] : names) {
    files_["policy.yaml"] = preset + written + "}}]\n";
    EXPECT_EQ(load()->exemptions.at(0).waives,
              (Lines{"missing-check." + name, "metric-regression"}));
  }
  for (const char* name : {"'it''s'", "[a, b]", "'a, *'"}) {
    files_["policy.yaml"] = preset + name + "}}]\n";
    EXPECT_EQ(mistakes(), "the parameter 'evaluation' is a word of letters, digits and . _ @ + -");
  }
}

// What they say of evidence: a kind or a label, said by, the people of each.
Lines evidence_of(const Policy& policy) {
  Lines lines;
  for (const AttestationKind kind : kAttestationKinds) {
    const AttestationRules& rules = policy.attestations->of(kind);
    if (rules.taken) lines.push_back(std::string(to_string(kind)) + " " + join(rules.by, ","));
  }
  for (const Exemption& exemption : policy.exemptions) {
    lines.push_back(exemption.label + " " + join(exemption.by, ","));
  }
  return lines;
}

TEST_F(Layers, AddToTheEvidenceOfThoseAbove) {
  files_["above.yaml"] =
      "version: 1\n"
      "attestations: {approval: {by: [core]}, check: {by: [ci]}}\n"
      "exemptions:\n"
      "  a: {waives: [deleted-ref], by: [core]}\n"
      "  b: {waives: [deleted-ref], by: [core]}\n";
  files_["empty.yaml"] = "version: 1\nattestations:\nexemptions:\n";
  files_["policy.yaml"] =
      "version: 1\nextends: [above.yaml, empty.yaml]\ngroups: {core: [ada, bo]}\n"
      "attestations: {check: {by: [robot]}, lineage: {by: [robot]}}\n"
      "exemptions: {b: {waives: [deleted-ref], by: [eve]}, c: {waives: '*', by: [eve]}}\n";
  const Lines wanted{"approval ada,bo", "check robot", "lineage robot",
                     "a ada,bo",        "b eve",       "c eve"};
  EXPECT_EQ(evidence_of(*load()), wanted);
}

TEST_F(Layers, SayWhatIsWrongWithTheEvidenceOfAnyOfThem) {
  files_["policy.yaml"] = "version: 1\nextends: above.yaml\nexemptions: {}\nattestations: {}\n";
  files_["above.yaml"] = "version: 1\nexemptions: 7\n";
  EXPECT_EQ(mistakes(), "'exemptions' must be a map of labels");
  files_["above.yaml"] = "version: 1\nattestations: {approvals: {by: [ada]}}\n";
  EXPECT_EQ(mistakes(), "unknown key 'approvals' in 'attestations'");
}

TEST_F(Layers, OfTheMachineKeepTheirEvidenceAndTheirPeople) {
  files_["/etc/policy.yaml"] = "version: 1\nattestations: {approval: {by: [core]}}\n";
  files_["policy.yaml"] = "version: 1\ngroups: {core: [eve]}\n";
  EXPECT_EQ(evidence_of(*load()), Lines{"approval core"});
  files_["policy.yaml"] = "version: 1\nattestations: {approval: {by: [eve]}}\n";
  EXPECT_EQ(mistakes(), "'attestations' is set in a layer above already");
  files_["/etc/policy.yaml"] = "version: 1\n";
  EXPECT_EQ(evidence_of(*load()), Lines{"approval eve"});
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

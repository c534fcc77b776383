// What a policy becomes. Its mistakes are in mistakes_test.
#include "policy/policy_loader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "rules/catalogue.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

using Files = std::map<std::string, std::string>;
using Lines = std::vector<std::string>;

ReadPolicyFile from(const Files& files) {
  return [files](const std::string& path) {
    const auto found = files.find(path);
    return found == files.end() ? FileText{FileState::missing, {}, "No such file or directory"}
                                : FileText{FileState::present, found->second, {}};
  };
}

std::unique_ptr<Policy> load(const Files& files, const std::vector<PolicyRoot>& roots = {
                                                     {"/p/policy.yaml", "policy.yaml", false}}) {
  return load_policy(roots, from(files));
}
std::unique_ptr<Policy> load(const std::string& text) {
  return load(Files{{"/p/policy.yaml", text}});
}

// The rendered mistakes, or the words of a missing policy.
std::string refusal(const Files& files, const std::vector<PolicyRoot>& roots) {
  try {
    load(files, roots);
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

// "ruleset/rule mode at file:line" for each rule.
Lines rules(const Policy& policy) {
  static constexpr const char* kModes[] = {"enforce", "warn", "audit", "off"};
  Lines result;
  for (const ActiveRule& active : policy.rules) {
    result.push_back(active.ruleset + "/" + std::string(active.info->id) + " " +
                     kModes[static_cast<int>(active.mode)] + " at " + file_and_line(active.where));
  }
  return result;
}

TEST(PolicyLoader, NeedsNothingButTheVersion) {
  const auto policy = load("version: 1\n");
  EXPECT_EQ(rules(*policy), Lines());
  EXPECT_FALSE(policy->ref_by_ref);
  EXPECT_FALSE(policy->queue);
  EXPECT_EQ(policy->contact, "");
  EXPECT_TRUE(policy->namespaces.empty());
  EXPECT_TRUE(policy->sinks.empty());
  EXPECT_FALSE(policy->identity.allow_unknown);
  EXPECT_EQ(policy->identity.service_users, Lines());
  ASSERT_EQ(policy->identity.sources.size(), 1U);
  EXPECT_EQ(policy->identity.sources[0].kind, IdentitySource::Kind::os_user);
  ASSERT_EQ(policy->sources.size(), 1U);
  EXPECT_EQ(policy->sources[0]->path, "policy.yaml");
}

TEST(PolicyLoader, ReadsEveryKey) {
  const auto policy = load(
      "version: 1\n"
      "on-violation: ref\n"
      "land: {queue: true}\n"
      "users: {ada: {email: ada@example.com}}\n"
      "contact: \"ada \\u202e\"\n"
      "namespaces: ['refs/wip/**', refs/x/y]\n"
      "groups: {reviewers: [ada, bo]}\n"
      "identity:\n"
      "  service-users: [git]\n"
      "  sources: [{env: REMOTE_USER}, os-user]\n"
      "  unknown: allow\n"
      "rulesets: []\n"
      "events: {sinks: [{name: log, file: events.jsonl}, {name: far, file: /var/log/e.jsonl}]}\n");
  EXPECT_TRUE(policy->ref_by_ref);
  EXPECT_TRUE(policy->queue);
  EXPECT_EQ(policy->users.at("ada").emails, Lines{"ada@example.com"});
  EXPECT_EQ(policy->contact, "ada <U+202E>");
  EXPECT_TRUE(policy->namespaces.matches("refs/wip/a/b"));
  EXPECT_TRUE(policy->namespaces.matches("refs/x/y"));
  EXPECT_FALSE(policy->namespaces.matches("refs/x/z"));
  EXPECT_EQ(policy->identity.service_users, Lines{"git"});
  ASSERT_EQ(policy->identity.sources.size(), 2U);
  EXPECT_EQ(policy->identity.sources[0].kind, IdentitySource::Kind::environment);
  EXPECT_EQ(policy->identity.sources[0].variable, "REMOTE_USER");
  EXPECT_EQ(policy->identity.sources[1].kind, IdentitySource::Kind::os_user);
  EXPECT_TRUE(policy->identity.allow_unknown);
  ASSERT_EQ(policy->sinks.size(), 2U);
  EXPECT_EQ(policy->sinks[0].name, "log");
  EXPECT_EQ(std::get<FileSinkSettings>(policy->sinks[0].receiver).path, "/p/events.jsonl");
  EXPECT_EQ(std::get<FileSinkSettings>(policy->sinks[1].receiver).path, "/var/log/e.jsonl");
}

TEST(PolicyLoader, KnowsWhichTagsAreReleasesAndAsksForNoHotfixes) {
  const auto policy = load("version: 1\n");
  EXPECT_TRUE(policy->events.releases.matches("refs/tags/v1"));
  EXPECT_FALSE(policy->events.releases.matches("refs/tags/build-1"));
  EXPECT_TRUE(policy->events.hotfixes.empty());
  EXPECT_EQ(policy->events.hotfixes_into, Lines());
  EXPECT_FALSE(policy->events.received);
  EXPECT_TRUE(load("version: 1\nevents: {received: true}\n")->events.received);
}

TEST(PolicyLoader, ReadsWhichTagsAndBranchesEventsTellMoreAbout) {
  const auto policy = load(
      "version: 1\n"
      "events:\n"
      "  releases: ['refs/tags/release/*']\n"
      "  hotfixes: {branches: ['fix/**'], into: [develop, refs/heads/next]}\n");
  EXPECT_TRUE(policy->events.releases.matches("refs/tags/release/1"));
  EXPECT_FALSE(policy->events.releases.matches("refs/tags/v1"));
  EXPECT_TRUE(policy->events.hotfixes.matches("refs/heads/fix/a/b"));
  EXPECT_EQ(policy->events.hotfixes_into, (Lines{"refs/heads/develop", "refs/heads/next"}));
  const auto short_form = load("version: 1\nevents: {hotfixes: {}}\n");
  EXPECT_TRUE(short_form->events.hotfixes.matches("refs/heads/hotfix/x"));
  EXPECT_EQ(short_form->events.hotfixes_into, Lines{"refs/heads/develop"});
}

TEST(PolicyLoader, ReadsHowLongEventsAreKept) {
  const JournalPolicy normal;
  EXPECT_EQ(normal.keep_for, std::chrono::hours(400 * 24));
  EXPECT_EQ(normal.max_bytes, std::uint64_t{1} << 30U);
  EXPECT_EQ(load("version: 1\nevents: {}\n")->events.journal, normal);
  EXPECT_EQ(
      load("version: 1\nevents: {journal: {keep-for: 1d, max-size: 1 MiB}}\n")->events.journal,
      (JournalPolicy{.keep_for = std::chrono::hours(24), .max_bytes = 1U << 20U}));
  EXPECT_EQ(load("version: 1\nevents: {journal: {keep-for: 520w}}\n")->events.journal,
            (JournalPolicy{.keep_for = std::chrono::hours(520 * 7 * 24)}));
}

TEST(PolicyLoader, ReadsWhatIsDoneWhenNothingCanBeRecorded) {
  for (const char* events : {"{}", "{durability: required, overflow: degrade}"}) {
    const auto policy = load("version: 1\nevents: " + std::string(events) + "\n");
    EXPECT_FALSE(policy->events.best_effort) << events;
    EXPECT_FALSE(policy->events.blocks_when_full) << events;
  }
  const auto other = load("version: 1\nevents: {durability: best-effort, overflow: block}\n");
  EXPECT_TRUE(other->events.best_effort);
  EXPECT_TRUE(other->events.blocks_when_full);
}

TEST(PolicyLoader, GivesRulesTheNearestModeAndLeavesOutThoseThatAreOff) {
  const auto policy = load(
      "version: 1\n"
      "mode: audit\n"
      "rulesets:\n"
      "  - name: one\n"
      "    refs: [main]\n"
      "    rules:\n"
      "      deleted-ref:\n"
      "      rewound-branch: {mode: enforce}\n"
      "      direct-push: {mode: off}\n"
      "  - name: two\n"
      "    refs: [main]\n"
      "    mode: warn\n"
      "    rules: {deleted-ref: {}}\n"
      "  - name: three\n"
      "    refs: [main]\n"
      "    mode: off\n"
      "    rules: {deleted-ref: {}}\n");
  EXPECT_EQ(rules(*policy), (Lines{"one/deleted-ref audit at policy.yaml:7",
                                   "one/rewound-branch enforce at policy.yaml:8",
                                   "two/deleted-ref warn at policy.yaml:13"}));
}

TEST(PolicyLoader, TakesARuleMoreThanOnce) {
  const auto policy = load(
      "version: 1\n"
      "rulesets:\n"
      "  - name: x\n"
      "    refs: ['**']\n"
      "    rules:\n"
      "      ill-named-branch:\n"
      "        - {allow: ['a/**']}\n"
      "        - {max-length: 10, mode: warn}\n");
  EXPECT_EQ(rules(*policy), (Lines{"x/ill-named-branch enforce at policy.yaml:7",
                                   "x/ill-named-branch warn at policy.yaml:8"}));
}

TEST(PolicyLoader, PutsWhatAFileExtendsAboveIt) {
  const Files files{
      {"/p/policy.yaml",
       "version: 1\nextends: [base/base.yaml]\nrulesets: [{name: own, refs: [main], rules: "
       "{deleted-ref: {}}}]\n"},
      {"/p/base/base.yaml",
       "version: 1\nextends: [more.yaml]\ncontact: ada\nrulesets: [{name: base, refs: [main], "
       "rules: {rewound-branch: {}}}]\n"},
      {"/p/base/more.yaml", "version: 1\nevents: {sinks: [{name: log, file: e.jsonl}]}\n"}};
  const auto policy = load(files);
  EXPECT_EQ(rules(*policy), (Lines{"base/rewound-branch enforce at base/base.yaml:4",
                                   "own/deleted-ref enforce at policy.yaml:3"}));
  EXPECT_EQ(policy->contact, "ada");
  EXPECT_EQ(std::get<FileSinkSettings>(policy->sinks.at(0).receiver).path, "/p/base/e.jsonl");
  Lines sources;
  for (const auto& source : policy->sources) sources.push_back(source->path);
  EXPECT_EQ(sources, (Lines{"more.yaml", "base/base.yaml", "policy.yaml"}));
}

TEST(PolicyLoader, KeepsGroupsOfUpperLayersForLowerOnes) {
  const auto policy = load(
      Files{{"/etc/policy.yaml", "version: 1\ngroups: {bots: [ci]}\n"},
            {"/p/policy.yaml",
             "version: 1\nrulesets: [{name: x, refs: [main], rules: {direct-push: {only: {pushers: "
             "bots}}}}]\n"}},
      {{"/etc/policy.yaml", "/etc/policy.yaml", true}, {"/p/policy.yaml", "policy.yaml", false}});
  EXPECT_EQ(policy->rules.at(0).scope.only.pushers, Lines{"ci"});
}

TEST(PolicyLoader, TakesTheStricterOfTwoLayersForWhatABadRefRefuses) {
  const std::vector<PolicyRoot> roots{{"/a", "a", false}, {"/b", "b", false}};
  const auto ref_by_ref = [&](const std::string& upper, const std::string& lower) {
    return load(Files{{"/a", "version: 1\n" + upper}, {"/b", "version: 1\n" + lower}}, roots)
        ->ref_by_ref;
  };
  EXPECT_TRUE(ref_by_ref("on-violation: ref\n", "on-violation: ref\n"));
  EXPECT_FALSE(ref_by_ref("on-violation: push\n", "on-violation: ref\n"));
  EXPECT_FALSE(ref_by_ref("on-violation: ref\n", "on-violation: push\n"));
  EXPECT_TRUE(ref_by_ref("", "on-violation: ref\n"));
  EXPECT_TRUE(ref_by_ref("on-violation: ref\n", ""));
}

TEST(PolicyLoader, TakesTheLowerLayersWordForTheQueueUnlessRulesetsAreLocked) {
  const std::vector<PolicyRoot> roots{{"/a", "a", false}, {"/b", "b", false}};
  const auto queue = [&](const std::string& upper, const std::string& lower) {
    return load(Files{{"/a", "version: 1\n" + upper}, {"/b", "version: 1\n" + lower}}, roots)
        ->queue;
  };
  EXPECT_TRUE(queue("land: {queue: true}\n", ""));
  EXPECT_TRUE(queue("", "land: {queue: true}\n"));
  EXPECT_TRUE(queue("land: {queue: false}\n", "land: {queue: true}\n"));
  EXPECT_FALSE(queue("land: {queue: true}\n", "land: {queue: false}\n"));
  EXPECT_FALSE(queue("land: {}\n", ""));
  const std::string locked =
      "rulesets: [{name: x, refs: [main], rules: {deleted-ref: {}}}]\nlock: [x]\n";
  EXPECT_TRUE(queue(locked, "land: {queue: true}\n"));
  EXPECT_EQ(refusal({{"/a", "version: 1\nland: {queue: false}\n" + locked},
                     {"/b", "version: 1\nland: {queue: true}\n"}},
                    roots),
            "b:2:7: error: 'queue: true' would loosen the rulesets that a layer above locks\n"
            "    2 | land: {queue: true}\n"
            "      |       ^ say it there\n"
            "1 mistake\n");
}

TEST(PolicyLoader, LetsNoLowerLayerTouchTheIdentity) {
  EXPECT_EQ(refusal({{"/a", "version: 1\nidentity: {unknown: deny}\n"},
                     {"/b", "version: 1\nidentity: {unknown: allow}\n"}},
                    {{"/a", "a", false}, {"/b", "b", false}}),
            "b:2:11: error: 'identity' is set in a layer above already\n"
            "    2 | identity: {unknown: allow}\n"
            "      |           ^\n"
            "1 mistake\n");
}

TEST(PolicyLoader, TellsAMissingPolicyFromOneWithMistakes) {
  EXPECT_THROW(load(Files{}), PolicyMissing);
  EXPECT_EQ(refusal({}, {{"/p/policy.yaml", "policy.yaml", false}}),
            "the policy /p/policy.yaml is missing");
  EXPECT_THROW(load("version: 2\n"), ConfigError);
  const auto unreadable = [](const std::string&) {
    return FileText{FileState::unreadable, {}, "Permission denied"};
  };
  try {
    load_policy({{"/p/policy.yaml", "policy.yaml", true}}, unreadable);
    FAIL();
  } catch (const PolicyMissing& missing) {
    EXPECT_STREQ(missing.what(), "the policy /p/policy.yaml cannot be read: Permission denied");
  }
}

TEST(PolicyLoader, GoesOnWithoutAnOptionalLayer) {
  EXPECT_EQ(
      load(Files{{"/b", "version: 1\n"}}, {{"/a", "a", true}, {"/b", "b", false}})->sources.size(),
      1U);
}

TEST(PolicyLoader, ReportsMistakesOfAllLayersAtOnce) {
  EXPECT_EQ(refusal({{"/a", "version: 1\nmodes: warn\n"}, {"/b", "mode: warm\n"}},
                    {{"/a", "a", false}, {"/b", "b", false}}),
            "a:2:1: error: unknown key 'modes' in the policy\n"
            "    2 | modes: warn\n"
            "      | ^~~~~ did you mean 'mode'?\n"
            "b:1:1: error: 'version: 1' is missing\n"
            "    1 | mode: warm\n"
            "      | ^\n"
            "b:1:7: error: expected one of enforce, warn, audit, off; found 'warm'\n"
            "    1 | mode: warm\n"
            "      |       ^~~~ did you mean 'warn'?\n"
            "3 mistakes\n");
}

TEST(PolicyLoader, DigestsEveryNameAndText) {
  const auto digest = [](const std::string& shown, const std::string& text) {
    return load(Files{{"/p", text}}, {{"/p", shown, false}})->sha256;
  };
  EXPECT_EQ(digest("a", "version: 1\n").size(), 64U);
  EXPECT_EQ(digest("a", "version: 1\n"), digest("a", "version: 1\n"));
  EXPECT_NE(digest("a", "version: 1\n"), digest("a", "version: 1\n\n"));
  EXPECT_NE(digest("a", "version: 1\n"), digest("b", "version: 1\n"));
}

TEST(PolicyLoader, LooksForAPolicyInItsPlaces) {
  const auto shown = [](const std::vector<PolicyRoot>& roots) {
    Lines result;
    for (const PolicyRoot& root : roots) {
      result.push_back(root.in_git
                           ? "in Git"
                           : root.path + " as " + root.shown + (root.optional ? ", optional" : ""));
    }
    return result;
  };
  EXPECT_EQ(shown(policy_roots("/srv/x.git", "", "/etc/policy.yaml")),
            (Lines{"/etc/policy.yaml as /etc/policy.yaml, optional",
                   "/srv/x.git/trunkgate/policy.yaml as policy.yaml", "in Git"}));
  EXPECT_EQ(shown(policy_roots("/srv/x.git", "other.yaml", "")),
            (Lines{"/srv/x.git/other.yaml as other.yaml", "in Git"}));
  EXPECT_EQ(shown(policy_roots("/srv/x.git", "/srv/all.yaml", "")),
            (Lines{"/srv/all.yaml as /srv/all.yaml", "in Git"}));
}

TEST(PolicyLoader, ReadsFilesUpToTheirLimit) {
  const TemporaryRepository temporary;
  const std::string path = temporary.beside("policy.yaml");
  std::ofstream(path) << std::string(kMaxPolicyFileBytes, '#');
  EXPECT_EQ(read_policy_file(path).state, FileState::present);
  std::ofstream(path, std::ios::app) << "#";
  EXPECT_EQ(read_policy_file(path).state, FileState::too_large);
  EXPECT_EQ(read_policy_file(temporary.beside("missing")).state, FileState::missing);
  EXPECT_EQ(read_policy_file(temporary.path()).state, FileState::not_regular);
}

TEST(Policy, ProtectsWhatDirectPushIsEnforcedOn) {
  const auto policy = load(
      "version: 1\n"
      "rulesets:\n"
      "  - {name: a, refs: [main, 'release/**'], rules: {direct-push: {except: {refs: "
      "release/x}}}}\n"
      "  - {name: b, refs: [develop], rules: {direct-push: {mode: warn}, deleted-ref: {}}}\n"
      "  - {name: c, refs: [v1], rules: {direct-push: {except: {pushers: ada}}}}\n");
  EXPECT_TRUE(policy->is_protected("refs/heads/main"));
  EXPECT_TRUE(policy->is_protected("refs/heads/release/1"));
  EXPECT_FALSE(policy->is_protected("refs/heads/release/x"));
  EXPECT_FALSE(policy->is_protected("refs/heads/develop"));
  EXPECT_TRUE(policy->is_protected("refs/heads/v1"));
  // What is guarded in another way has its name to itself, too.
  EXPECT_EQ(policy->protected_names(),
            (Lines{"refs/heads/develop", "refs/heads/main", "refs/heads/v1"}));
  EXPECT_EQ(policy->named_refs("refs/heads/trunk"),
            (Lines{"refs/heads/develop", "refs/heads/main", "refs/heads/trunk", "refs/heads/v1"}));
  EXPECT_EQ(policy->named_refs(""),
            (Lines{"refs/heads/develop", "refs/heads/main", "refs/heads/v1"}));
  EXPECT_TRUE(policy->judges("refs/heads/develop"));
  EXPECT_FALSE(policy->judges("refs/heads/other"));
}

TEST(Policy, NamesARuleByItsRulesetItsIdAndItsRefs) {
  const auto key = [](const std::string& ruleset, const std::string& refs,
                      const std::string& rule) {
    return load("version: 1\nrulesets: [{name: " + ruleset + ", refs: " + refs + ", rules: {" +
                rule + "}}]\n")
        ->rules.at(0)
        .key();
  };
  const std::string base = key("a", "[main, x]", "deleted-ref: {}");
  EXPECT_EQ(base.size(), 32U);
  EXPECT_EQ(key("a", "[x, refs/heads/main]", "deleted-ref: {mode: warn}"), base);
  EXPECT_NE(key("b", "[main, x]", "deleted-ref: {}"), base);
  EXPECT_NE(key("a", "[main]", "deleted-ref: {}"), base);
  EXPECT_NE(key("a", "[main, x]", "rewound-branch: {}"), base);
  EXPECT_NE(key("a", "[main, x]", "deleted-ref: {except: {refs: x}}"), base);
}

TEST(PolicyLoader, WarnsOfAProgramThatIsNotHere) {
  const auto policy = load(
      "version: 1\n"
      "rulesets:\n"
      "  - name: x\n"
      "    refs: [main]\n"
      "    rules:\n"
      "      command:\n"
      "        - {run: /bin/true}\n"
      "        - {run: [bin/none, -x]}\n"
      "        - {run: /none, on-failure: warn}\n");
  Diagnostics warnings;
  for (const Diagnostic& warning : policy->warnings) {
    warnings.warning(warning.where, warning.message, warning.suggestion);
  }
  EXPECT_EQ(warnings.render(),
            "policy.yaml:8:17: warning: there is no program /p/bin/none here that could be run\n"
            "    8 |         - {run: [bin/none, -x]}\n"
            "      |                 ^ without it every push is refused\n"
            "policy.yaml:9:17: warning: there is no program /none here that could be run\n"
            "    9 |         - {run: /none, on-failure: warn}\n"
            "      |                 ^~~~~\n"
            "2 warnings\n");
}

TEST(PolicyLoader, ReadsTheSameFromItsCache) {
  const Files files{
      {"/p/policy.yaml",
       "version: 1\n"
       "rulesets:\n"
       "  - name: x\n"
       "    refs: [HEAD, {match: 'rel-[0-9]+'}]\n"
       "    repositories: ['team/*']\n"
       "    rules:\n"
       "      missing-ticket: {hint: see the wiki, except: {commits: [merge, revert]}}\n"}};
  const auto read = from(files);
  const std::vector<PolicyRoot> roots{{"/p/policy.yaml", "policy.yaml", false}};
  DocumentCache first("");
  load_policy(roots, read, &first);
  DocumentCache second(first.bytes());
  const auto policy = load_policy(roots, read, &second);
  EXPECT_FALSE(second.changed());
  policy->settle({"/srv/team/web.git", "refs/heads/trunk"});
  ASSERT_EQ(policy->rules.size(), 1U);
  const ActiveRule& rule = policy->rules[0];
  EXPECT_EQ(rule.hint, "see the wiki");
  EXPECT_EQ(rule.scope.refs_text(), "refs/heads/trunk\n~branch rel-[0-9]+\n+\n-");
  EXPECT_TRUE(rule.scope.except.commits->revert);
  EXPECT_TRUE(rule.scope.except.commits->merge);
  EXPECT_FALSE(rule.scope.except.commits->non_merge);
}

TEST(Policy, KnowsItsOwnNamespaces) {
  for (const char* name :
       {"refs/attest/x", "refs/for/x", "refs/meta/x", "refs/archive/x", "refs/trunkgate/x"}) {
    EXPECT_TRUE(in_own_namespace(name)) << name;
  }
  for (const char* name : {"refs/heads/for/x", "refs/format/x", "refs/metax", "refs/attest"}) {
    EXPECT_FALSE(in_own_namespace(name)) << name;
  }
}

}  // namespace
}  // namespace trunkgate

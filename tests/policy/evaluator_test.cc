// Whole pushes judged against whole policies.
#include "policy/evaluator.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "policy/policy_loader.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

const ObjectId kNone;

class EvaluatorTest : public testing::Test {
 protected:
  EvaluatorTest() : base_(temporary_.commit("feat: base", {}, {{"a", "1"}})) {
    fs::create_directory(temporary_.beside("scratch"));
    temporary_.set_ref("refs/heads/main", base_);
  }

  void with(const std::string& text) {
    policy_ = load_policy({{"policy.yaml", "policy.yaml", false}}, [&](const std::string&) {
      return FileText{FileState::present, "version: 1\n" + text, {}};
    });
  }
  // Records the baselines now, as an installation would.
  void install() { judge({}); }

  Verdict judge(const std::vector<RefUpdate>& updates, const std::string& pusher = "ada") {
    const auto repository = temporary_.open();
    Baselines baselines(temporary_.path() + "/trunkgate/state/baselines", {});
    RefUpdates received;
    received.updates = updates;
    if (updates.empty()) {  // an update that touches nothing a rule looks at
      received.updates.push_back({kNone, base_, "refs/heads/zz"});
    }
    Pusher who;
    who.name = pusher;
    return evaluate(
        {*policy_, *repository, baselines, received, who, {}, {}, temporary_.beside("scratch")});
  }

  // "REF: OUTCOME" for each ref, and below it "  RULE at ORIGIN [COMMIT]: MESSAGE".
  static Lines shown(const Verdict& verdict) {
    static constexpr const char* kOutcomes[] = {"accepted", "rejected", "undecided"};
    static constexpr const char* kModes[] = {"", "warn ", "audit ", "off "};
    Lines result;
    const auto add = [&](const Finding& finding) {
      result.push_back("  " + std::string(kModes[static_cast<int>(finding.mode)]) + finding.rule +
                       (finding.origin.empty() ? "" : " at " + finding.origin) +
                       (finding.commit ? " [" + finding.commit->brief() + "]" : "") + ": " +
                       finding.message);
    };
    for (const Finding& finding : verdict.findings) add(finding);
    for (const RefVerdict& ref : verdict.refs) {
      result.push_back(ref.name + ": " + kOutcomes[static_cast<int>(ref.outcome)]);
      for (const Finding& finding : ref.findings) add(finding);
    }
    return result;
  }

  ObjectId commit(const std::string& title, const std::vector<ObjectId>& parents) {
    return temporary_.commit(title + "\n", parents, {{"a", title}});
  }

  TemporaryRepository temporary_;
  ObjectId base_;
  std::unique_ptr<Policy> policy_;
};

constexpr const char* kMessages =
    "rulesets:\n"
    "  - {name: all, refs: ['**'], rules: {unconventional-commit: {}}}\n";
const std::string kBad = "type 'feature' is not allowed; did you mean 'feat'?";

std::string bad(const ObjectId& id, int line = 3) {
  return "  unconventional-commit at policy.yaml:" + std::to_string(line) + " [" + id.brief() +
         "]: " + kBad;
}

TEST_F(EvaluatorTest, AcceptsAPushThatMeetsThePolicy) {
  with(kMessages);
  const ObjectId next = commit("feat: next", {base_});
  const Verdict verdict = judge({{base_, next, "refs/heads/main"}});
  EXPECT_EQ(shown(verdict), Lines{"refs/heads/main: accepted"});
  EXPECT_EQ(verdict.outcome(), Outcome::accepted);
  EXPECT_EQ(verdict.refs[0].old_id, base_);
  EXPECT_EQ(verdict.refs[0].new_id, next);
  EXPECT_EQ(verdict.refs[0].new_commit, next);
  EXPECT_EQ(verdict.refs[0].kind, RefKind::branch);
  EXPECT_EQ(verdict.refs[0].new_commits, 1U);
  EXPECT_FALSE(verdict.refs[0].has_merges);
  EXPECT_FALSE(verdict.refs[0].protected_ref);
  EXPECT_EQ(verdict.policy_sha256, policy_->sha256);
}

TEST_F(EvaluatorTest, GivesEveryFindingFromTheOldestCommitOn) {
  with(kMessages);
  const ObjectId one = commit("feature: one", {base_});
  const ObjectId two = commit("feat: two", {one});
  const ObjectId three = commit("feature: three", {two});
  const Verdict verdict = judge({{base_, three, "refs/heads/main"}});
  EXPECT_EQ(shown(verdict), (Lines{"refs/heads/main: rejected", bad(one), bad(three)}));
  EXPECT_EQ(verdict.refs[0].findings[0].ruleset, "all");
  EXPECT_FALSE(verdict.refs[0].findings[0].root);
}

TEST_F(EvaluatorTest, ReadsFromTheOldestCommitOnAcrossMergesToo) {
  with(kMessages);
  const ObjectId one = commit("feature: one", {base_});
  const ObjectId two = commit("feature: two", {one});
  const ObjectId merge = commit("Merge branch 'x'", {one, two});
  const Verdict verdict = judge({{base_, merge, "refs/heads/main"}});
  EXPECT_EQ(shown(verdict), (Lines{"refs/heads/main: rejected", bad(one), bad(two)}));
  EXPECT_TRUE(verdict.refs[0].has_merges);
}

// More files than one thread takes at once.
TEST_F(EvaluatorTest, GivesFindingsAboutManyFilesByCommitAndPath) {
  with(
      "rulesets:\n"
      "  - name: all\n"
      "    refs: ['**']\n"
      "    rules:\n"
      "      forbidden-content: {match: bad}\n"
      "      whitespace-error: {}\n");
  std::map<std::string, std::string> files;
  const auto name = [](int i) { return "f" + std::to_string(1000 + i); };
  for (int i = 0; i < 1000; ++i)
    files[name(i)] = i % 100 == 7 ? "bad \n" : std::to_string(i) + "\n";
  const ObjectId one = temporary_.commit("feat: one", {base_}, files);
  files[name(3)] = "3\nbad\n";
  files[name(7)] += "good\n";
  const ObjectId two = temporary_.commit("feat: two", {one}, files);
  Lines expected;
  for (int i = 7; i < 1000; i += 100) {
    expected.push_back(name(i) + " " + one.brief() + " forbidden-content:1");
    expected.push_back(name(i) + " " + one.brief() + " whitespace-error:1");
  }
  expected.push_back(name(3) + " " + two.brief() + " forbidden-content:2");
  for (int round = 0; round < 5; ++round) {
    Lines found;
    const Verdict verdict = judge({{base_, two, "refs/heads/main"}});
    for (const Finding& finding : verdict.refs.at(0).findings) {
      found.push_back(finding.path + " " + finding.commit->brief() + " " + finding.rule + ":" +
                      std::to_string(finding.line));
    }
    EXPECT_EQ(found, expected);
  }
}

// More commits than one thread walks, and rules that only one thread may ask.
TEST_F(EvaluatorTest, GivesFindingsAboutManyCommitsByCommitAndPath) {
  with(
      "rulesets:\n"
      "  - name: all\n"
      "    refs: ['**']\n"
      "    rules:\n"
      "      forbidden-path: {paths: ['*.bin']}\n"
      "      colliding-path: {}\n"
      "      forbidden-content: {match: bad}\n");
  std::vector<ObjectId> commits{base_};
  Lines expected;
  for (int i = 1; i <= 1100; ++i) {
    // The same forbidden content at the same path, again and again, is said once.
    std::map<std::string, std::string> files{{"a/same", i % 2 == 0 ? "bad\n" : "good\n"}};
    if (i % 400 == 0) files["z" + std::to_string(i) + ".bin"] = "x";
    if (i % 500 == 0) {
      files["B"] = "1";
      files["b"] = "2";
    }
    commits.push_back(
        temporary_.commit("feat: number " + std::to_string(i), {commits.back()}, files));
    const std::string at = " " + commits.back().brief() + " ";
    if (i % 500 == 0) expected.push_back("B" + at + "colliding-path");
    if (i == 2) expected.push_back("a/same" + at + "forbidden-content");
    if (i % 500 == 0) expected.push_back("b" + at + "colliding-path");
    if (i % 400 == 0) expected.push_back("z" + std::to_string(i) + ".bin" + at + "forbidden-path");
  }
  Lines found;
  const Verdict verdict = judge({{base_, commits.back(), "refs/heads/main"}});
  for (const Finding& finding : verdict.refs.at(0).findings) {
    found.push_back(finding.path + " " + finding.commit->brief() + " " + finding.rule);
  }
  EXPECT_EQ(found, expected);
}

TEST_F(EvaluatorTest, NeverJudgesHistory) {
  const ObjectId old = commit("feature: old", {base_});
  temporary_.set_ref("refs/heads/main", old);
  with(kMessages);
  install();
  EXPECT_EQ(shown(judge({{kNone, old, "refs/heads/x"}})), Lines{"refs/heads/x: accepted"});
  const ObjectId next = commit("feat: next", {old});
  EXPECT_EQ(shown(judge({{old, next, "refs/heads/main"}})), Lines{"refs/heads/main: accepted"});
}

TEST_F(EvaluatorTest, GivesARuleThatIsNewItsOwnBaseline) {
  with("rulesets:\n  - {name: main, refs: [main], rules: {unconventional-commit: {}}}\n");
  install();
  const ObjectId old = commit("feature: old", {base_});
  temporary_.set_ref("refs/heads/release/1", old);  // nobody judged that
  with(
      "rulesets:\n  - {name: main, refs: [main], rules: {unconventional-commit: {}}}\n"
      "  - {name: releases, refs: ['release/**'], rules: {unconventional-commit: {}}}\n");
  EXPECT_EQ(shown(judge({{kNone, old, "refs/heads/release/2"}})),
            Lines{"refs/heads/release/2: accepted"});
  EXPECT_EQ(shown(judge({{base_, old, "refs/heads/main"}})),
            (Lines{"refs/heads/main: rejected", bad(old)}))
      << "the rule on main is older than the commit";
}

TEST_F(EvaluatorTest, FindsCommitsThatCameInWhereTheRuleIsNotInForce) {
  with(
      "namespaces: ['refs/wip/**']\nrulesets:\n"
      "  - {name: main, refs: [main], rules: {unconventional-commit: {}}}\n");
  install();
  const ObjectId laundered = commit("feature: x", {base_});
  for (const char* name : {"refs/wip/x", "refs/heads/x", "refs/tags/x", "refs/attest/x/y/z"}) {
    temporary_.set_ref(name, laundered);
    EXPECT_EQ(shown(judge({{base_, laundered, "refs/heads/main"}})),
              (Lines{"refs/heads/main: rejected", "  unconventional-commit at policy.yaml:4 [" +
                                                      laundered.brief() + "]: " + kBad}))
        << name;
    temporary_.git({"update-ref", "-d", name});
  }
}

TEST_F(EvaluatorTest, FindsCommitsThatCameInThroughAnExceptionOfOneOfTwoRules) {
  // On x the first rule always looks, though not at what the robot pushes; the second never does.
  const auto policy = [](const std::string& first, const std::string& second) {
    return "rulesets:\n  - name: all\n    refs: [main, x]\n    rules:\n"
           "      unconventional-commit:\n        - " +
           first + "\n        - " + second + "\n";
  };
  const std::string lax = "{types: [feature], except: {refs: x, pushers: robot}}";
  const std::string strict = "{except: {refs: x}}";
  // The strict one is what finds it, on the line on which it stands.
  for (const int line : {7, 8}) {
    const std::string text = line == 8 ? policy(lax, strict) : policy(strict, lax);
    with(text);
    install();
    const ObjectId next = commit("feature: x", {base_});
    temporary_.set_ref("refs/heads/x", next);
    EXPECT_EQ(shown(judge({{base_, next, "refs/heads/main"}})),
              (Lines{"refs/heads/main: rejected", bad(next, line)}))
        << text;
    temporary_.git({"update-ref", "-d", "refs/heads/x"});
    fs::remove_all(temporary_.path() + "/trunkgate");
  }
}

TEST_F(EvaluatorTest, JudgesACommitOnceWhereTheSameRuleIsInForce) {
  with(kMessages);
  install();
  const ObjectId accepted_once = commit("feature: x", {base_});
  temporary_.set_ref("refs/heads/x", accepted_once);  // under warn, say
  EXPECT_EQ(shown(judge({{base_, accepted_once, "refs/heads/main"}})),
            Lines{"refs/heads/main: accepted"});
}

TEST_F(EvaluatorTest, KeepsWarningsAndAuditsFromRefusing) {
  with(
      "rulesets:\n"
      "  - {name: a, refs: ['**'], mode: warn, rules: {unconventional-commit: {}}}\n"
      "  - {name: b, refs: ['**'], mode: audit, rules: {ill-named-branch: {allow: [main]}}}\n");
  const ObjectId next = commit("feature: x", {base_});
  EXPECT_EQ(
      shown(judge({{kNone, next, "refs/heads/x"}})),
      (Lines{"refs/heads/x: accepted",
             "  audit ill-named-branch at policy.yaml:4: branch name 'x' is not allowed",
             "  warn unconventional-commit at policy.yaml:3 [" + next.brief() + "]: " + kBad}));
}

TEST_F(EvaluatorTest, LooksForNothingMoreWhenThePushItselfIsRefused) {
  with(kMessages);
  const ObjectId next = commit("feature: x", {base_});
  EXPECT_EQ(shown(judge({{base_, next, "refs/heads/main"}, {base_, next, "refs/heads/main"}})),
            (Lines{"  duplicate-ref: the push updates refs/heads/main more than once",
                   "refs/heads/main: accepted", "refs/heads/main: accepted"}));
  const Verdict unknown = judge({{base_, next, "refs/heads/main"}}, "");
  EXPECT_EQ(unknown.outcome(), Outcome::rejected);
  EXPECT_FALSE(unknown.lets_in(unknown.refs[0]));
}

TEST_F(EvaluatorTest, RefusesARefBeforeItsRulesAreAsked) {
  with(kMessages);
  const ObjectId next = commit("feature: x", {base_});
  EXPECT_EQ(
      shown(judge({{next, base_, "refs/heads/main"}})),
      (Lines{"refs/heads/main: rejected", "  stale-old-value: the reference is at " +
                                              base_.brief() + " by now, not at " + next.brief()}));
}

TEST_F(EvaluatorTest, PutsAFindingOnTheFirstRefThatBringsTheCommit) {
  with(kMessages);
  const ObjectId one = commit("feature: one", {base_});
  const ObjectId two = commit("feature: two", {one});
  const std::vector<RefUpdate> updates{{kNone, one, "refs/heads/x"}, {kNone, two, "refs/heads/y"}};
  EXPECT_EQ(shown(judge(updates)),
            (Lines{"refs/heads/x: rejected", bad(one), "refs/heads/y: rejected", bad(two)}));
  with(std::string("on-violation: ref\n") + kMessages);
  EXPECT_EQ(shown(judge(updates)), (Lines{"refs/heads/x: rejected", bad(one, 4),
                                          "refs/heads/y: rejected", bad(one, 4), bad(two, 4)}));
}

TEST_F(EvaluatorTest, LetsGoodRefsInWhereThePolicySaysRefByRef) {
  with(std::string("on-violation: ref\n") + kMessages);
  const ObjectId good = commit("feat: good", {base_});
  const ObjectId wrong = commit("feature: wrong", {base_});
  const Verdict verdict =
      judge({{kNone, good, "refs/heads/good"}, {kNone, wrong, "refs/heads/wrong"}});
  EXPECT_TRUE(verdict.lets_in(verdict.refs[0]));
  EXPECT_FALSE(verdict.lets_in(verdict.refs[1]));
}

TEST_F(EvaluatorTest, CallsAMalformedCommitThePushersFault) {
  with(kMessages);
  const ObjectId broken =
      temporary_.raw("commit", "tree " + temporary_.tree({}).hex() + "\nparent " + base_.hex() +
                                   "\nauthor A <<a> 0 +0000\ncommitter A <a> 0 +0000\n\nfeat: x\n");
  EXPECT_EQ(shown(judge({{base_, broken, "refs/heads/main"}})),
            (Lines{"refs/heads/main: rejected",
                   "  malformed-commit [" + broken.brief() + "]: commit " + broken.brief() +
                       " is malformed: its author line has no single <address>"}));
}

TEST_F(EvaluatorTest, ReadsEveryTagThatIsPushedThoughNoRuleAsksForIt) {
  const std::string start = "object " + base_.hex() + "\ntype commit\ntag v1\n";
  const ObjectId broken = temporary_.raw(
      "tag", start + "tagger Eve" + std::string(1, '\0') + " <a@x> 0 +0000\n\nrelease\n");
  const ObjectId outer =
      temporary_.raw("tag", "object " + broken.hex() + "\ntype tag\ntag v2\n\nx\n");
  const ObjectId fine = temporary_.raw("tag", start + "\nrelease\n");
  const std::string said = "  malformed-tag: tag " + broken.brief() +
                           " is malformed: its header has a NUL, behind which Git shows nothing";
  with("");
  EXPECT_EQ(shown(judge({{kNone, broken, "refs/tags/v1"},
                         {kNone, outer, "refs/tags/v2"},
                         {kNone, fine, "refs/tags/v3"}})),
            (Lines{"refs/tags/v1: rejected", said, "refs/tags/v2: rejected", said,
                   "refs/tags/v3: accepted"}));
}

TEST_F(EvaluatorTest, TellsTheReportWhereACommitStandsAndWhetherItHasToStaySigned) {
  with(
      "users: {ada: {keys: ['ssh-ed25519 "
      "AAAAC3NzaC1lZDI1NTE5AAAAIJ7Hd1KSyXxdhpJzKNmVwJb5OSXTK2cPf5gkAzY3Yk2m']}}\n"
      "rulesets:\n"
      "  - name: a\n"
      "    refs: ['**']\n"
      "    rules: {unconventional-commit: {}, forbidden-path: {paths: a}, unsigned-commit: {}}\n");
  const ObjectId root = commit("feature: root", {});
  const std::string who = " A <a@b> 1700000000 +0000\n";
  const ObjectId tip = temporary_.raw(
      "commit", "tree " + temporary_.tree({{"b", "1"}}).hex() + "\nparent " + root.hex() +
                    "\nauthor" + who + "committer" + who +
                    "gpgsig -----BEGIN SSH SIGNATURE-----\n AAAA\n -----END SSH SIGNATURE-----\n"
                    "\nfeature: tip\n");
  const Verdict verdict = judge({{kNone, tip, "refs/heads/x"}});
  ASSERT_EQ(verdict.refs.size(), 1U);
  EXPECT_TRUE(verdict.refs[0].stays_signed);
  std::set<std::string> rules;
  for (const Finding& finding : verdict.refs[0].findings) {
    rules.insert(finding.rule);
    EXPECT_EQ(finding.root, finding.commit == root) << finding.rule;
    EXPECT_EQ(finding.newer, finding.commit == root ? 1U : 0U) << finding.rule;
  }
  EXPECT_EQ(rules,
            (std::set<std::string>{"unconventional-commit", "forbidden-path", "unsigned-commit"}));
  with("rulesets: [{name: a, refs: ['**'], rules: {unconventional-commit: {}}}]\n");
  EXPECT_FALSE(judge({{kNone, tip, "refs/heads/x"}}).refs[0].stays_signed);
}

TEST_F(EvaluatorTest, CannotDecideWhenAnObjectIsMissingAndGoesOnWithOtherRules) {
  with(
      "rulesets:\n"
      "  - {name: a, refs: ['**'], rules: {unconventional-commit: {}, ill-named-branch: {allow: "
      "[main]}}}\n");
  const ObjectId broken = temporary_.raw(
      "commit", "tree " + temporary_.tree({}).hex() + "\nparent " + std::string(40, 'd') +
                    "\nauthor A <a> 0 +0000\ncommitter A <a> 0 +0000\n\nfeat: x\n");
  const Verdict verdict = judge({{kNone, broken, "refs/heads/x"}});
  EXPECT_EQ(shown(verdict),
            (Lines{"refs/heads/x: undecided",
                   "  ill-named-branch at policy.yaml:3: branch name 'x' is not allowed",
                   "  unconventional-commit: could not decide: the repository is damaged: object "
                   "dddddddd is missing"}));
  EXPECT_EQ(verdict.outcome(), Outcome::undecided);
}

TEST_F(EvaluatorTest, KnowsProtectedRefsAndWhatALandingReliesOn) {
  with("rulesets:\n  - {name: trunk, refs: [main], rules: {direct-push: {}}}\n");
  const ObjectId work = commit("feat: work", {base_});
  temporary_.set_ref("refs/heads/feature/x", work);
  const Verdict verdict = judge({{base_, work, "refs/heads/main"}});
  EXPECT_EQ(shown(verdict), Lines{"refs/heads/main: accepted"});
  EXPECT_TRUE(verdict.refs[0].protected_ref);
  EXPECT_EQ(verdict.refs[0].relied,
            (std::vector<std::pair<std::string, ObjectId>>{{"refs/heads/feature/x", work}}));
}

TEST_F(EvaluatorTest, LandsNothingThatTheSamePushBringsAsABranch) {
  with("rulesets:\n  - {name: trunk, refs: [main], rules: {direct-push: {}}}\n");
  const ObjectId work = commit("feat: work", {base_});
  EXPECT_EQ(shown(judge({{kNone, work, "refs/heads/feature/x"}, {base_, work, "refs/heads/main"}})),
            (Lines{"refs/heads/feature/x: accepted", "refs/heads/main: rejected",
                   "  direct-push at policy.yaml:3: no direct push to 'main'"}));
}

TEST_F(EvaluatorTest, MarksFindingsAboutTheFirstCommitOfAll) {
  with(kMessages);
  const ObjectId root = commit("feature: root", {});
  const Verdict verdict = judge({{kNone, root, "refs/heads/x"}});
  ASSERT_EQ(shown(verdict), (Lines{"refs/heads/x: rejected", bad(root)}));
  EXPECT_TRUE(verdict.refs[0].findings[0].root);
}

TEST_F(EvaluatorTest, KeepsAThousandFindingsAndCountsTheRest) {
  with(kMessages);
  std::string stream;
  for (int i = 1; i <= 1005; ++i) {
    stream += "commit refs/heads/long\nmark :" + std::to_string(i) +
              "\ncommitter Ada <ada@example.com> " + std::to_string(i) +
              " +0000\ndata 10\nfeature: x\n" +
              (i > 1 ? "from :" + std::to_string(i - 1) : "from " + base_.hex()) + "\n\n";
  }
  temporary_.git({"fast-import", "--quiet"}, stream);
  const ObjectId tip = *ObjectId::parse(temporary_.git({"rev-parse", "long"}));
  temporary_.git({"update-ref", "-d", "refs/heads/long"});
  const Verdict verdict = judge({{base_, tip, "refs/heads/main"}});
  EXPECT_EQ(verdict.refs[0].findings.size(), kMaxFindings);
  EXPECT_EQ(verdict.findings_dropped, 5U);
  EXPECT_EQ(verdict.refs[0].new_commits, 1005U);
}

TEST_F(EvaluatorTest, JudgesWhatADeletionLeavesToJudge) {
  with(
      "rulesets:\n  - {name: a, refs: ['**'], rules: {deleted-ref: {}, unconventional-commit: "
      "{}}}\n");
  EXPECT_EQ(shown(judge({{base_, kNone, "refs/heads/main"}})),
            (Lines{"refs/heads/main: rejected",
                   "  deleted-ref at policy.yaml:3: the branch must not be deleted"}));
}

TEST_F(EvaluatorTest, PutsTheHintOfThePolicyBeforeThatOfTheRule) {
  with(
      "rulesets:\n"
      "  - name: all\n"
      "    refs: ['**']\n"
      "    rules:\n"
      "      deleted-ref: {hint: 'see https://wiki.example/refs.'}\n"
      "      rewound-branch: {hint: \"ask  \\e ada\"}\n"
      "      unconventional-commit: {hint: see the wiki}\n"
      "      forbidden-path: {paths: '*.x', hint: of the rule itself}\n");
  const auto hints = [&](const ObjectId& from, const ObjectId& to) {
    Lines lines;
    for (const RefVerdict& ref : judge({{from, to, "refs/heads/main"}}).refs) {
      for (const Finding& finding : ref.findings) {
        lines.push_back(finding.rule + ": " + finding.hint);
      }
    }
    return lines;
  };
  EXPECT_EQ(
      hints(base_, kNone),
      Lines{"deleted-ref: see https://wiki.example/refs. an admin can remove it on the server "
            "with git update-ref -d"});
  const ObjectId other = commit("feat: other", {});
  EXPECT_EQ(hints(base_, other),
            Lines{"rewound-branch: ask  \\x1b ada; put your commits on top of what is there, then "
                  "push without --force"});
  const ObjectId bad = temporary_.commit("feature: x\n", {base_}, {{"a.x", "1"}});
  EXPECT_EQ(hints(base_, bad),
            (Lines{"unconventional-commit: see the wiki", "forbidden-path: of the rule itself"}));
}

TEST_F(EvaluatorTest, IsForTheBranchThatHeadNames) {
  const std::string text = "rulesets:\n  - {name: trunk, refs: [HEAD], rules: {deleted-ref: {}}}\n";
  const auto outcome = [&](const std::string& head) {
    with(text);
    policy_->settle({temporary_.path(), head});
    return shown(judge({{base_, kNone, "refs/heads/main"}}))[0];
  };
  EXPECT_EQ(outcome("refs/heads/main"), "refs/heads/main: rejected");
  EXPECT_EQ(outcome("refs/heads/trunk"), "refs/heads/main: accepted");
  // Nobody has said what HEAD is: nothing is let through.
  with(text);
  EXPECT_THROW(judge({{base_, kNone, "refs/heads/main"}}), Error);
}

// Images are frozen, and ci/ is eve's.
constexpr const char* kGuarded =
    "rulesets:\n"
    "  - name: all\n"
    "    refs: [main, 'feature/**']\n"
    "    rules:\n"
    "      frozen-path: {paths: images/}\n"
    "      changed-by-others: {paths: ci/, by: [eve]}\n";

class GuardedTest : public EvaluatorTest {
 protected:
  GuardedTest() {
    with(kGuarded);
    main0_ = at({}, {{"images/base", "v1"}, {"src", "1"}, {"ci/run", "1"}});
    temporary_.set_ref("refs/heads/main", main0_);
    judge({{main0_, main0_, "refs/heads/main"}});  // records the baselines
    main1_ =
        at({main0_}, {{"images/base", "v2"}, {"images/new", "1"}, {"src", "1"}, {"ci/run", "2"}});
    temporary_.set_ref("refs/heads/main", main1_);
  }

  using Files = std::map<std::string, std::string>;
  ObjectId at(const std::vector<ObjectId>& parents, const Files& files) {
    return temporary_.commit("feat: x\n", parents, files);
  }
  // "RULE PATH: MESSAGE" of each finding.
  Lines found(const ObjectId& from, const ObjectId& to,
              const std::string& ref = "refs/heads/main") {
    Lines lines;
    for (const RefVerdict& verdict : judge({{from, to, ref}}).refs) {
      for (const Finding& finding : verdict.findings) {
        lines.push_back(finding.rule + " " + finding.path + ": " + finding.message);
      }
    }
    return lines;
  }

  ObjectId main0_;  // what was there before main1_
  ObjectId main1_;  // main
};

const std::string kNotEve = "only eve may change it, and you are 'ada'";

TEST_F(GuardedTest, SeesWorkOfTheServerThatAMergeThrowsAway) {
  const ObjectId side = at({main0_}, {{"images/base", "v1"}, {"src", "2"}, {"ci/run", "1"}});
  const Files back{{"images/base", "v1"}, {"src", "2"}, {"ci/run", "1"}};
  const Lines undone{"changed-by-others ci/run: " + kNotEve,
                     "frozen-path images/base: is frozen: it must not be changed",
                     "frozen-path images/new: is frozen: it must not be deleted"};
  EXPECT_EQ(found(main1_, at({main1_, side}, back)), undone);
  EXPECT_EQ(found(main1_, at({side, main1_}, back)), undone);
  // What merging gives is nobody's change.
  const Files merged{{"images/base", "v2"}, {"images/new", "1"}, {"src", "2"}, {"ci/run", "2"}};
  EXPECT_EQ(found(main1_, at({main1_, side}, merged)), Lines());
  EXPECT_EQ(found(main1_, at({side, main1_}, merged)), Lines());
}

TEST_F(GuardedTest, LetsABranchTakeInWhatTheServerHas) {
  const ObjectId side = at({main0_}, {{"images/base", "v1"}, {"src", "2"}, {"ci/run", "1"}});
  temporary_.set_ref("refs/heads/feature/x", side);
  const ObjectId merge = at(
      {side, main1_}, {{"images/base", "v2"}, {"images/new", "1"}, {"src", "2"}, {"ci/run", "2"}});
  EXPECT_EQ(found(side, merge, "refs/heads/feature/x"), Lines());
  // And what somebody who may has changed since.
  const ObjectId main2 =
      at({main1_}, {{"images/base", "v2"}, {"images/new", "1"}, {"src", "1"}, {"ci/run", "3"}});
  temporary_.set_ref("refs/heads/main", main2);
  const ObjectId again = at(
      {merge, main2}, {{"images/base", "v2"}, {"images/new", "1"}, {"src", "2"}, {"ci/run", "3"}});
  EXPECT_EQ(found(side, again, "refs/heads/feature/x"), Lines());
}

TEST_F(GuardedTest, SeesWhatAMergeTakesFromAHistoryOfItsOwn) {
  const ObjectId root = at({}, {{"images/base", "evil"}, {"ci/run", "1"}});
  const ObjectId merge =
      at({main1_, root},
         {{"images/base", "evil"}, {"images/new", "1"}, {"src", "1"}, {"ci/run", "2"}});
  // The root brings ci/run as well, and the merge decides against it.
  EXPECT_EQ(found(main1_, merge),
            (Lines{"changed-by-others ci/run: " + kNotEve, "changed-by-others ci/run: " + kNotEve,
                   "frozen-path images/base: is frozen: it must not be changed"}));
}

TEST_F(GuardedTest, SeesAFolderAgainThatStoodInAnotherCommitOfThePush) {
  const Files gone{{"images/base", "v2"}, {"images/new", "1"}, {"src", "1"}};
  // The root has that very tree, and there nothing is deleted.
  const ObjectId root = at({}, gone);
  const ObjectId deleting = at({main1_}, gone);
  const Verdict verdict =
      judge({{main1_, deleting, "refs/heads/main"}, {kNone, root, "refs/heads/feature/x"}});
  EXPECT_EQ(shown(verdict)[0], "refs/heads/main: rejected");
  EXPECT_EQ(shown(verdict)[1],
            "  changed-by-others at policy.yaml:7 [" + deleting.brief() + "]: " + kNotEve);
}

TEST_F(EvaluatorTest, KnowsRevertsWhenItJudgesFiles) {
  const auto rules = [&](const std::string& options) {
    with("rulesets:\n  - {name: all, refs: ['**'], rules: {forbidden-path: {paths: '*.x'" +
         options + "}}}\n");
  };
  rules("");
  const ObjectId one = temporary_.commit("feat: one", {base_}, {{"a", "1"}});
  const ObjectId two = temporary_.commit("feat: two", {one}, {{"a", "1"}, {"b.x", "1"}});
  const ObjectId three = temporary_.commit("feat: three", {two}, {{"a", "1"}});
  const ObjectId back =
      temporary_.commit("Revert \"feat: three\"\n\nThis reverts commit " + three.hex() + ".\n",
                        {three}, {{"a", "1"}, {"b.x", "1"}});
  temporary_.set_ref("refs/heads/main", three);
  const auto outcome = [&] { return shown(judge({{three, back, "refs/heads/main"}}))[0]; };
  EXPECT_EQ(outcome(), "refs/heads/main: rejected");
  rules(", except: {commits: revert}");
  EXPECT_EQ(outcome(), "refs/heads/main: accepted");
  rules(", only: {commits: revert}");
  EXPECT_EQ(outcome(), "refs/heads/main: rejected");
  rules(", only: {commits: merge}");
  EXPECT_EQ(outcome(), "refs/heads/main: accepted");
}

TEST_F(EvaluatorTest, AsksAboutContentsOfTheFilesAndCommitsAloneThatARuleIsFor) {
  const ObjectId tip =
      temporary_.commit("feat: one", {base_}, {{"a.md", "blank \n"}, {"b.py", "blank \n"}});
  const auto judged = [&](const std::string& conditions) {
    with("rulesets:\n  - {name: all, refs: ['**'], rules: {whitespace-error: {" + conditions +
         "}}}\n");
    const Verdict verdict = judge({{base_, tip, "refs/heads/main"}});
    Lines paths;
    for (const Finding& finding : verdict.refs[0].findings) paths.push_back(finding.path);
    return paths;
  };
  EXPECT_EQ(judged(""), (Lines{"a.md", "b.py"}));
  EXPECT_EQ(judged("only: {paths: '*.md'}"), Lines{"a.md"});
  EXPECT_EQ(judged("except: {paths: '*.md'}"), Lines{"b.py"});
  EXPECT_EQ(judged("only: {commits: merge}"), Lines{});
  EXPECT_EQ(judged("except: {commits: non-merge}"), Lines{});
}

TEST_F(EvaluatorTest, JudgesTheSameContentAgainWhenItsModeChanges) {
  with(
      "rulesets:\n  - {name: all, refs: ['**'], rules: {executable-bit: {always: '*.sh', "
      "script-only: true}}}\n");
  const std::string script = temporary_.raw("blob", "#!/bin/sh\n").hex();
  const auto with_mode = [&](const std::string& mode) {
    return *ObjectId::parse(temporary_.git({"mktree"}, mode + " blob " + script + "\ta.sh\n"));
  };
  const ObjectId one = temporary_.commit_of_tree("feat: one", {base_}, with_mode("100755"));
  const ObjectId two = temporary_.commit_of_tree("feat: two", {one}, with_mode("100644"));
  EXPECT_EQ(shown(judge({{base_, one, "refs/heads/main"}})), Lines{"refs/heads/main: accepted"});
  EXPECT_EQ(
      shown(judge({{base_, two, "refs/heads/main"}})),
      (Lines{"refs/heads/main: rejected", "  executable-bit at policy.yaml:3 [" + two.brief() +
                                              "]: must be executable and is not"}));
}

// A rule about messages that has to look at paths, and cannot for one commit of the push.
class FailingRuleTest : public EvaluatorTest {
 protected:
  ObjectId deep(const std::vector<ObjectId>& parents) {
    ObjectId tree = temporary_.tree({{"a", "1"}});
    for (int i = 0; i < 140; ++i) {
      tree = *ObjectId::parse(temporary_.git({"mktree"}, "040000 tree " + tree.hex() + "\td\n"));
    }
    return temporary_.commit_of_tree("feat: deep\n\nSigned-off-by: Ada <ada@example.com>\n",
                                     parents, tree);
  }
};

TEST_F(FailingRuleTest, LetsNothingInThatItWasNotAskedAbout) {
  with(
      "on-violation: ref\nrulesets:\n  - {name: all, refs: ['**'], rules: {missing-signoff: "
      "{except: {paths: docs/}}}}\n");
  const ObjectId unsigned_one = commit("feat: x", {base_});
  const Verdict verdict =
      judge({{kNone, unsigned_one, "refs/heads/zz"}, {kNone, deep({base_}), "refs/heads/aa"}});
  EXPECT_EQ(verdict.outcome(), Outcome::undecided);
  for (const RefVerdict& ref : verdict.refs) EXPECT_FALSE(verdict.lets_in(ref)) << ref.name;
}

TEST_F(FailingRuleTest, DoesNoMoreThanTheRuleMay) {
  const ObjectId tip = deep({base_});
  for (const char* mode : {"audit", "warn"}) {
    with(std::string("rulesets:\n  - {name: all, refs: ['**'], rules: {rewound-branch: {mode: ") +
         mode + ", only: {paths: docs/}}}}\n");
    EXPECT_EQ(judge({{base_, tip, "refs/heads/main"}}).outcome(), Outcome::accepted) << mode;
  }
  with(
      "rulesets:\n  - {name: all, refs: ['**'], rules: {rewound-branch: {only: {paths: "
      "docs/}}}}\n");
  EXPECT_EQ(judge({{base_, tip, "refs/heads/main"}}).outcome(), Outcome::undecided);
}

// A push with more findings than anybody reads.
class CrowdedFindingsTest : public EvaluatorTest {
 protected:
  // So many commits on top of base_ with advice for each, then one with advice and a fault. Its id.
  ObjectId advice_and_a_fault(int commits) {
    std::string stream;
    for (int i = 0; i <= commits; ++i) {
      const std::string message =
          i < commits ? "feat: add login.\n" : "feat: add login.\n\nBreaking change: all of it\n";
      stream += "commit refs/heads/many\ncommitter Ada <ada@example.com> " +
                std::to_string(1'700'000'000 + i) + " +0000\ndata " +
                std::to_string(message.size()) + "\n" + message + "\n";
      if (i == 0) stream += "from " + base_.hex() + "\n\n";
    }
    temporary_.git({"fast-import", "--quiet"}, stream);
    const ObjectId tip = *ObjectId::parse(temporary_.git({"rev-parse", "refs/heads/many"}));
    temporary_.git({"update-ref", "-d", "refs/heads/many"});
    return tip;
  }
};

TEST_F(CrowdedFindingsTest, RefuseByTheFaultThatStandsBehindAllAdvice) {
  with(kMessages);
  install();
  const ObjectId tip = advice_and_a_fault(5100);
  const Verdict verdict = judge({{base_, tip, "refs/heads/main"}});
  EXPECT_EQ(verdict.outcome(), Outcome::rejected);
  // Each commit has advice, and the last one a fault.
  EXPECT_EQ(verdict.refs[0].findings.size() + verdict.findings_dropped, 5102U);
}

TEST_F(CrowdedFindingsTest, RefuseEveryRefByItself) {
  with(std::string("on-violation: ref\n") + kMessages);
  install();
  const ObjectId many = advice_and_a_fault(5100);
  const ObjectId one =
      temporary_.commit("feat: add login.\n\nBreaking change: all of it\n", {base_});
  for (const bool first : {true, false}) {
    std::vector<RefUpdate> updates{{kNone, one, "refs/heads/one"},
                                   {kNone, many, "refs/heads/many"}};
    if (!first) std::swap(updates[0], updates[1]);
    const Verdict verdict = judge(updates);
    for (const RefVerdict& ref : verdict.refs) EXPECT_FALSE(verdict.lets_in(ref)) << ref.name;
  }
}

}  // namespace
}  // namespace trunkgate

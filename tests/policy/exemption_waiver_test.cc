// What is waived when somebody asks for it, and what is not.
#include "policy/exemption_waiver.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/recorded_pushers.h"
#include "policy/evaluator.h"
#include "policy/exemption_claims.h"
#include "policy/policy_loader.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

const ObjectId kNone;
constexpr std::int64_t kNow = 1'700'100'000;

class ExemptionTest : public testing::Test {
 protected:
  ExemptionTest() : base_(server_.commit("feat: base", {}, {{"a", "1"}})) {
    fs::create_directory(server_.beside("scratch"));
    server_.set_ref("refs/heads/main", base_);
  }

  // The rules refuse bad titles and large files on every branch.
  void with(const std::string& exemptions, const std::string& more = "") {
    const std::string text =
        "version: 1\n" + more +
        "groups: {managers: [carol, dave]}\n"
        "attestations: {exemption: {by: [managers]}}\n"
        "rulesets:\n"
        "  - name: all\n"
        "    refs: ['refs/heads/**']\n"
        "    rules: {unconventional-commit: {}, oversized-file: {limit: 1KiB}}\n"
        "exemptions: {" +
        exemptions + "}\n";
    policy_ = load_policy({{"policy.yaml", "policy.yaml", false}}, [&](const std::string&) {
      return FileText{FileState::present, text, {}};
    });
    policy_->settle({server_.path(), "refs/heads/main"});
    judge({{kNone, base_, "refs/heads/zz"}});  // records the baselines
  }

  Verdict judge(const std::vector<RefUpdate>& updates) {
    const auto repository = server_.open();
    Baselines baselines(server_.beside("state") + "/baselines", {});
    RefUpdates received;
    received.updates = updates;
    Pusher who;
    who.name = pusher_;
    return evaluate({.policy = *policy_,
                     .repository = *repository,
                     .baselines = baselines,
                     .received = received,
                     .pusher = who,
                     .options = options_,
                     .conditions = {.now = now_},
                     .scratch = server_.beside("scratch"),
                     .state = server_.beside("state")});
  }
  Verdict push(const ObjectId& id, const std::string& ref = "refs/heads/main") {
    return judge({{base_, id, ref}});
  }

  // A use as accepting it would leave it; its push is over.
  void record_use(const Verdict& verdict, std::int64_t time = kNow) {
    const auto repository = server_.open();
    ExemptionClaims claims(*repository, server_.beside("state"));
    for (const ExemptionUse& use : verdict.exemptions) {
      const PushKey key{"01234567", "89abcdef", ++pid_, "1"};
      const Exemption& exemption = *find_exemption(policy_->exemptions, use.label);
      ASSERT_TRUE(claims.claim(exemption, use, verdict.refs[0].new_id, key, time));
      confirm_claims(server_.beside("state"), key, {{use.ref, verdict.refs[0].new_id}});
    }
    claims.keep();
  }

  void grant(const ObjectId& commit, const std::string& name, const std::string& by,
             std::int64_t time = kNow) {
    const AttestationName grant{commit, AttestationKind::exemption, name};
    const ObjectId blob = server_.raw("blob", "{\"reason\":\"" + by + std::to_string(time) + "\"}");
    server_.set_ref(grant.ref(), blob);
    const auto repository = server_.open();
    Push push{*repository, {}, {}, {}, {}};
    append_lines(server_.beside("state"),
                 {issuer_line(push.repository, grant, blob, {by, time, false})}, {});
  }

  // "accepted" or "rejected", then each finding: "- " for one about the push, the label that
  // waives it or "!" if nothing does; then notices.
  static Lines shown(const Verdict& verdict) {
    static constexpr const char* kOutcomes[] = {"accepted", "rejected", "undecided"};
    Lines lines{kOutcomes[static_cast<int>(verdict.outcome())]};
    for (const Finding& finding : verdict.findings) {
      lines.push_back("- " + finding.message);
      for (const std::string& detail : finding.details) lines.push_back("  " + detail);
      if (!finding.hint.empty()) lines.push_back("  ? " + finding.hint);
      for (const std::string& command : finding.commands) lines.push_back("  $ " + command);
    }
    for (const RefVerdict& ref : verdict.refs) {
      for (const Finding& finding : ref.findings) {
        lines.push_back((finding.waived_by.empty() ? "!" : finding.waived_by) + " " + finding.rule);
      }
    }
    for (const std::string& notice : verdict.notices) lines.push_back(notice);
    return lines;
  }
  // "LABEL on REF: FINDINGS of RULES; WHY [by GRANTERS] [left USES] [ends +SECONDS]"
  static Lines uses(const Verdict& verdict) {
    Lines lines;
    for (const ExemptionUse& use : verdict.exemptions) {
      std::string line = use.label + " by " + use.pusher + " on " + use.ref + ": " +
                         std::to_string(use.findings) + " of " + join(use.rules, ", ") + "; " +
                         use.reason;
      if (!use.granted_by.empty()) line += " by " + join(use.granted_by, ", ");
      if (use.uses_left) line += " left " + std::to_string(*use.uses_left);
      if (use.expires != 0) line += " ends +" + std::to_string(use.expires - kNow);
      lines.push_back(line);
    }
    return lines;
  }

  PushedRef update_of_main() const {
    PushedRef ref;
    ref.name = "refs/heads/main";
    ref.new_id = ref.new_commit = base_;
    return ref;
  }
  ObjectId bad(const std::string& title = "feature: x") {
    return server_.commit(title + "\n", {base_}, {{"a", title}});
  }
  ObjectId bad_and_large() {
    return server_.commit("feature: large\n", {base_}, {{"big", std::string(2000, 'x')}});
  }

  TemporaryRepository server_;
  ObjectId base_;
  std::unique_ptr<Policy> policy_;
  std::string pusher_ = "carol";
  Lines options_ = {"exempt=title", "reason=pager 4711"};
  std::int64_t now_ = kNow;
  long pid_ = 100;
};

const std::string kTitle = "title: {waives: [unconventional-commit], by: [managers]}";

TEST_F(ExemptionTest, WaivesTheFindingsOfTheRulesItNames) {
  with(kTitle);
  const Verdict verdict = push(bad());
  EXPECT_EQ(shown(verdict), (Lines{"accepted", "title unconventional-commit"}));
  EXPECT_TRUE(verdict.lets_in(verdict.refs[0]));
  EXPECT_EQ(uses(verdict),
            Lines{"title by carol on refs/heads/main: 1 of unconventional-commit; pager 4711"});
}

TEST_F(ExemptionTest, LeavesWhatOtherRulesSay) {
  with(kTitle);
  EXPECT_EQ(shown(push(bad_and_large())),
            (Lines{"rejected", "title unconventional-commit", "! oversized-file"}));
}

TEST_F(ExemptionTest, AddsUp) {
  with(kTitle + ", size: {waives: oversized-file, by: carol}");
  options_ = {"exempt=title", "exempt=size", "exempt=title", "reason=a", "reason=b"};
  const Verdict verdict = push(bad_and_large());
  EXPECT_EQ(shown(verdict),
            (Lines{"accepted", "title unconventional-commit", "size oversized-file"}));
  EXPECT_EQ(uses(verdict),
            (Lines{"title by carol on refs/heads/main: 1 of unconventional-commit; a; b",
                   "size by carol on refs/heads/main: 1 of oversized-file; a; b"}));
}

TEST_F(ExemptionTest, IsNeverUsedWithoutBeingAskedFor) {
  with(kTitle);
  for (const Lines& options : {Lines{}, Lines{"reason=x"}, Lines{"policy=check", "draft"}}) {
    options_ = options;
    EXPECT_EQ(shown(push(bad("feature: x\n\nexempt=title\nExempt: title\n[exempt=title]"))),
              (Lines{"rejected", "! unconventional-commit"}));
  }
}

TEST_F(ExemptionTest, WaivesContentsOfALargeFileRefByRef) {
  with("size: {waives: oversized-file, by: managers}", "on-violation: ref\n");
  const ObjectId large = server_.commit("feat: x\n", {base_}, {{"big", std::string(2000, 'x')}});
  options_ = {};
  EXPECT_TRUE(push(large).refuses_all);
  options_ = {"exempt=size", "reason=x"};
  const Verdict verdict = push(large);
  EXPECT_EQ(shown(verdict), (Lines{"accepted", "size oversized-file"}));
  EXPECT_FALSE(verdict.refuses_all);
  EXPECT_TRUE(verdict.lets_in(verdict.refs[0]));
}

TEST_F(ExemptionTest, IsForItsRefsOnly) {
  with("title: {waives: unconventional-commit, by: managers, refs: [hotfix/**]}");
  EXPECT_EQ(shown(push(bad())),
            (Lines{"rejected", "- the exemption 'title' is not for refs/heads/main",
                   "  ? push without it", "! unconventional-commit"}));
  EXPECT_EQ(shown(judge({{kNone, bad(), "refs/heads/hotfix/x"}})),
            (Lines{"accepted", "title unconventional-commit"}));
}

TEST_F(ExemptionTest, KnowsTheDefaultBranch) {
  with("title: {waives: unconventional-commit, by: managers, refs: [HEAD]}");
  EXPECT_EQ(shown(push(bad())), (Lines{"accepted", "title unconventional-commit"}));
}

TEST_F(ExemptionTest, OfSeveralRefsThatArePushedWaivesOnItsOwn) {
  with("title: {waives: unconventional-commit, by: managers, refs: [main]}");
  const Verdict verdict = judge(
      {{base_, bad("feature: a"), "refs/heads/main"}, {kNone, bad("feature: b"), "refs/heads/b"}});
  EXPECT_EQ(shown(verdict),
            (Lines{"rejected", "title unconventional-commit", "! unconventional-commit"}));
}

TEST_F(ExemptionTest, RefusesALabelThatDoesNotExist) {
  with(kTitle);
  options_ = {"exempt=titel", "reason=x"};
  EXPECT_EQ(shown(push(bad())),
            (Lines{"rejected", "- there is no exemption 'titel'; did you mean 'title'?",
                   "  there is: title", "! unconventional-commit"}));
  options_ = {"exempt"};
  EXPECT_EQ(shown(push(bad())),
            (Lines{"rejected", "- no exemption is named", "  ? name one: git push -o exempt=LABEL",
                   "! unconventional-commit"}));
  options_ = {"exempt=\x1b[31m"};
  EXPECT_EQ(push(bad()).findings[0].message, "there is no exemption '\\x1b[31m'");
}

TEST_F(ExemptionTest, RefusesAGoodPushThatAsksForOneThatDoesNotExist) {
  with(kTitle);
  options_ = {"exempt=nope"};
  EXPECT_EQ(shown(push(bad("feat: x"))),
            (Lines{"rejected", "- there is no exemption 'nope'", "  there is: title"}));
}

TEST_F(ExemptionTest, RefusesWhoMayNot) {
  with(kTitle);
  pusher_ = "ada";
  EXPECT_EQ(shown(push(bad())),
            (Lines{"rejected", "- 'ada' may not use the exemption 'title'", "  may: managers",
                   "  ? ask one of them", "! unconventional-commit"}));
}

TEST_F(ExemptionTest, RefusesWhomNobodyKnows) {
  with(kTitle, "identity: {unknown: allow}\n");
  pusher_ = "";
  EXPECT_EQ(shown(push(bad()))[1],
            "- the server does not know who is pushing, so nobody may use the exemption 'title'");
}

TEST_F(ExemptionTest, NeedsAReasonUnlessItIsOptional) {
  with(kTitle);
  options_ = {"exempt=title", "reason= "};
  EXPECT_EQ(shown(push(bad())),
            (Lines{"rejected", "- the exemption 'title' needs a reason, which is kept",
                   "  $ git push -o exempt=title -o reason='WHY' origin ...",
                   "! unconventional-commit"}));
  with("title: {waives: unconventional-commit, by: managers, reason: optional}");
  EXPECT_EQ(shown(push(bad())), (Lines{"accepted", "title unconventional-commit"}));
}

TEST_F(ExemptionTest, IsOnlyMentionedWhenItHasNothingToWaive) {
  with("title: {waives: unconventional-commit, by: managers, uses: 1}");
  const Verdict verdict = push(bad("feat: x"));
  EXPECT_EQ(shown(verdict),
            (Lines{"accepted",
                   "the exemption 'title' has nothing to waive here, and nothing of "
                   "it is used up"}));
  EXPECT_EQ(uses(verdict), Lines{});
}

TEST_F(ExemptionTest, IsUsedUpForACommitOnWhateverRef) {
  with("title: {waives: unconventional-commit, by: managers, uses: 2}");
  const ObjectId commit = bad();
  const Verdict first = push(commit);
  EXPECT_EQ(
      uses(first),
      Lines{"title by carol on refs/heads/main: 1 of unconventional-commit; pager 4711 left 1"});
  record_use(first);
  record_use(push(commit, "refs/heads/main"));
  EXPECT_EQ(shown(judge({{kNone, commit, "refs/heads/other"}})),
            (Lines{"rejected",
                   "- the exemption 'title' is used up for " + commit.brief() + ": 2 uses of 2",
                   "  used by 'carol' on refs/heads/main, 2023-11-16 02:00 UTC",
                   "  used by 'carol' on refs/heads/main, 2023-11-16 02:00 UTC",
                   "  ? it holds for each commit anew", "! unconventional-commit"}));
  EXPECT_EQ(shown(push(bad("feature: y"))), (Lines{"accepted", "title unconventional-commit"}));
}

TEST_F(ExemptionTest, IsUsedUpWithinOnePush) {
  with("title: {waives: unconventional-commit, by: managers, uses: 1}", "on-violation: ref\n");
  const ObjectId commit = bad();
  const Verdict verdict = judge({{kNone, commit, "refs/heads/a"}, {kNone, commit, "refs/heads/b"}});
  EXPECT_EQ(
      shown(verdict),
      (Lines{"rejected",
             "- the exemption 'title' is used up for " + commit.brief() + ": 1 use of 1",
             "  used by this very push, for another reference", "  ? it holds for each commit anew",
             "title unconventional-commit", "! unconventional-commit"}));
}

TEST_F(ExemptionTest, HasABudgetForAllCommitsTogether) {
  with("title: {waives: unconventional-commit, by: managers, budget: 2}");
  record_use(push(bad("feature: 1")), kNow - 8 * 24 * 3600);
  record_use(push(bad("feature: 2")), kNow - 3600);
  record_use(push(bad("feature: 3")));
  EXPECT_EQ(
      shown(push(bad("feature: 4"))),
      (Lines{"rejected", "- the exemption 'title' has used up its budget: 2 uses in 7 days",
             "  used by 'carol' on refs/heads/main, 2023-11-16 02:00 UTC",
             "  used by 'carol' on refs/heads/main, 2023-11-16 01:00 UTC",
             "  ? the next one is free from 2023-11-23 01:00 UTC", "! unconventional-commit"}));
}

TEST_F(ExemptionTest, EndsSoLongAfterTheServerFirstGotTheCommit) {
  with("title: {waives: unconventional-commit, by: managers, expires: 24h}");
  const ObjectId commit = bad();
  EXPECT_EQ(uses(push(commit)),
            Lines{"title by carol on refs/heads/main: 1 of unconventional-commit; pager 4711 ends "
                  "+86400"});
  append_lines(server_.beside("state"),
               {pusher_line(commit, "ada", kNow - 24 * 3600 + 1, "refs/heads/x")}, {});
  EXPECT_EQ(uses(push(commit)),
            Lines{"title by carol on refs/heads/main: 1 of unconventional-commit; pager 4711 ends "
                  "+1"});
  now_ = kNow + 1;
  EXPECT_EQ(
      shown(push(commit)),
      (Lines{"rejected", "- the exemption 'title' ended for this commit 2023-11-16 02:00 UTC",
             "  the server first got it 2023-11-15 02:00 UTC",
             "  ? it holds from the first push of a commit; a new commit has a time of its own",
             "! unconventional-commit"}));
}

TEST_F(ExemptionTest, RecordsWhenACommitFirstCame) {
  with(kTitle);
  const Verdict verdict = push(bad());
  ASSERT_EQ(verdict.refs[0].lines.size(), 1U);
  EXPECT_EQ(verdict.refs[0].lines[0].log, "pushers");
}

const std::string kGranted =
    "title: {waives: unconventional-commit, by: managers, uses: 1, expires: 1h, "
    "approval: {by: managers}}";

TEST_F(ExemptionTest, HasToBeGrantedBySomebodyElse) {
  with(kGranted);
  const ObjectId commit = bad();
  const auto refused = [&](const Lines& problems) {
    Lines lines{"rejected",
                "- the exemption 'title' has to be granted for " + commit.brief() + " first",
                "  1 grant by managers"};
    for (const std::string& problem : problems) lines.push_back("  " + problem);
    lines.insert(lines.end(),
                 {"  ? somebody else can grant it; then push again as you did",
                  "  $ git push origin $(printf '{\"reason\":\"WHY\"}' | git hash-object -w "
                  "--stdin):refs/attest/" +
                      commit.hex() + "/exemption/title",
                  "! unconventional-commit"});
    return lines;
  };
  EXPECT_EQ(shown(push(commit)), refused({}));
  grant(commit, "title", "carol");
  EXPECT_EQ(shown(push(commit)), refused({"the grant by 'carol' does not count: it is your own"}));
  grant(commit, "title", "eve");
  EXPECT_EQ(shown(push(commit)),
            refused({"a grant was left by 'eve', who may leave no exemption"}));
  grant(commit, "title", "dave", kNow - 3600);
  EXPECT_EQ(shown(push(commit)), refused({"the grant by 'dave' ended 2023-11-16 02:00 UTC"}));
  grant(commit, "title", "dave", kNow - 3599);
  EXPECT_EQ(uses(push(commit)),
            Lines{"title by carol on refs/heads/main: 1 of unconventional-commit; pager 4711 by "
                  "dave left 0 ends +1"});
  const Verdict verdict = push(commit);
  ASSERT_EQ(verdict.refs[0].relied.size(), 1U);
  EXPECT_EQ(verdict.refs[0].relied[0].first, "refs/attest/" + commit.hex() + "/exemption/title");
}

TEST_F(ExemptionTest, CountsItsUsesForEachGrant) {
  with(kGranted);
  const ObjectId commit = bad();
  grant(commit, "title", "dave", kNow - 10);
  record_use(push(commit), kNow - 5);
  EXPECT_EQ(push(commit).findings.at(0).message,
            "the exemption 'title' is used up for " + commit.brief() + ": 1 use of 1");
  EXPECT_EQ(push(commit).findings.at(0).hint, "a new grant makes it new");
  grant(commit, "title", "dave", kNow - 4);
  EXPECT_EQ(shown(push(commit)), (Lines{"accepted", "title unconventional-commit"}));
}

TEST_F(ExemptionTest, CountsItsUsesAnewOnlyWhenAllHaveGrantedAnew) {
  with(
      "title: {waives: unconventional-commit, by: ada, uses: 1, "
      "approval: {by: managers, count: 2}}");
  pusher_ = "ada";
  const ObjectId commit = bad();
  grant(commit, "title@one", "carol", kNow - 10);
  grant(commit, "title@two", "dave", kNow - 10);
  record_use(push(commit), kNow - 5);
  grant(commit, "title@two", "dave", kNow - 4);
  EXPECT_EQ(push(commit).findings.at(0).message.substr(0, 34),
            "the exemption 'title' is used up f");
  EXPECT_EQ(push(commit).findings.at(0).hint, "new grants by all of them make it new");
  grant(commit, "title@one", "carol", kNow - 3);
  EXPECT_EQ(push(commit).outcome(), Outcome::accepted);
}

TEST_F(ExemptionTest, IsGrantedByAsManyPeopleAsThePolicyWants) {
  with("title: {waives: unconventional-commit, by: ada, approval: {by: managers, count: 2}}");
  pusher_ = "ada";
  const ObjectId commit = bad();
  grant(commit, "title@one", "carol");
  grant(commit, "title@two", "carol");
  EXPECT_EQ(push(commit).findings.at(0).details, (Lines{"1 grant more by managers"}));
  grant(commit, "title@three", "dave");
  grant(commit, "titles", "dave");
  EXPECT_EQ(uses(push(commit)),
            Lines{"title by ada on refs/heads/main: 1 of unconventional-commit; pager 4711 by "
                  "carol, dave"});
}

TEST_F(ExemptionTest, BreaksTheGlassForEveryRule) {
  with("fire: {waives: '*', by: managers}");
  options_ = {"exempt=fire", "reason=x"};
  const Verdict verdict = push(bad_and_large());
  EXPECT_EQ(shown(verdict),
            (Lines{"accepted", "fire unconventional-commit", "fire oversized-file"}));
  ASSERT_EQ(verdict.exemptions.size(), 1U);
  EXPECT_TRUE(verdict.exemptions[0].break_glass);
}

TEST_F(ExemptionTest, NeverWaivesWhatIsAlwaysRefused) {
  with("fire: {waives: '*', by: managers}");
  options_ = {"exempt=fire", "reason=x"};
  const ObjectId commit = bad();
  EXPECT_EQ(shown(judge({{commit, bad(), "refs/heads/main"}}))[0], "rejected");  // a stale value
  EXPECT_EQ(
      shown(judge({{kNone, base_, "refs/replace/" + base_.hex()}})),
      (Lines{"rejected", "! replaced-object",
             "the exemption 'fire' has nothing to waive here, and nothing of it is used up"}));
  const AttestationName forged{base_, AttestationKind::approval, "carol"};
  EXPECT_EQ(shown(judge({{kNone, base_, forged.ref()}}))[1], "! attestation");
}

TEST_F(ExemptionTest, OffersWhatThePusherMayUse) {
  with(kTitle +
       ", size: {waives: oversized-file, by: [dave], reason: optional}, "
       "fire: {waives: '*', by: managers}");
  options_ = {};
  const Verdict verdict = push(bad_and_large());
  ASSERT_EQ(verdict.offers.size(), 2U);
  EXPECT_EQ(verdict.offers[0].label, "title");
  EXPECT_TRUE(verdict.offers[0].mine);
  EXPECT_EQ(verdict.offers[0].waives, 1U);
  EXPECT_FALSE(verdict.offers[0].all);
  EXPECT_TRUE(verdict.offers[0].needs_reason);
  EXPECT_FALSE(verdict.offers[0].options_advertised);
  EXPECT_EQ(verdict.offers[1].label, "size");
  EXPECT_FALSE(verdict.offers[1].mine);
  EXPECT_EQ(verdict.offers[1].by, "dave");
  server_.git({"config", "receive.advertisePushOptions", "true"});
  const Verdict again = push(bad());
  ASSERT_EQ(again.offers.size(), 1U);
  EXPECT_TRUE(again.offers[0].all);
  EXPECT_TRUE(again.offers[0].options_advertised);
}

TEST_F(ExemptionTest, OffersNothingThatWouldBeRefused) {
  with("title: {waives: unconventional-commit, by: managers, uses: 1}");
  const ObjectId commit = bad();
  record_use(push(commit));
  options_ = {};
  EXPECT_EQ(push(commit).offers.size(), 0U);
  EXPECT_EQ(push(bad("feature: y")).offers.size(), 1U);
  EXPECT_EQ(push(bad("feat: y")).offers.size(), 0U);
}

TEST_F(ExemptionTest, DoesNotWaiveByAPartWhatNobodyIsTold) {
  Exemption exemption;
  exemption.waives = {"command.lint", "oversized-file"};
  EXPECT_TRUE(exemption.waives_rule("command.lint"));
  EXPECT_FALSE(exemption.waives_rule("command.linter"));
  EXPECT_FALSE(exemption.waives_rule("command"));
  EXPECT_FALSE(exemption.waives_rule("command.lint", true));
  EXPECT_TRUE(exemption.waives_rule("oversized-file", true));
  EXPECT_TRUE(exemption.waives_rule("oversized-file.x", true));
}

// Nobody is told of so many findings, and what is not told still refuses unless it is waived.
TEST_F(ExemptionTest, WaivesMoreThanCanBeTold) {
  with(kTitle);
  const auto outcome = [&](bool large_file) {
    VerdictBuilder builder;
    RefVerdict& ref = builder.verdict().refs.emplace_back();
    ref.name = "refs/heads/main";
    for (const ActiveRule& rule : policy_->rules) {
      const bool titles = rule.info->id == "unconventional-commit";
      Answer answer;
      for (std::size_t i = 0; titles && i < kMaxFindings + 5; ++i) answer.add({.message = "bad"});
      if (!titles && large_file) answer.add({.message = "large"});
      builder.add(ref, std::move(answer), &rule);
    }
    const auto repository = server_.open();
    Push push{*repository, {}, options_, {}, {}};
    push.pusher.name = "carol";
    push.refs.push_back(update_of_main());
    apply_exemptions(push, *policy_, {0}, builder);
    return builder.finish().outcome();
  };
  EXPECT_EQ(outcome(false), Outcome::accepted);
  EXPECT_EQ(outcome(true), Outcome::rejected);
}

// Rules about evidence say how what they want stands; those of the label are overridden.
class ExemptedRequirements : public ExemptionTest {
 protected:
  Verdict judged(const std::string& exemptions, std::vector<Finding> findings,
                 std::vector<Requirement> requirements) {
    with(exemptions);
    VerdictBuilder builder;
    Verdict& verdict = builder.verdict();
    verdict.refs.resize(1);
    verdict.refs[0].name = "refs/heads/main";
    for (Finding& finding : findings) {
      if (finding.rule != "attestation") finding.ruleset = "trunk";
    }
    verdict.refs[0].findings = std::move(findings);
    verdict.refs[0].requirements = std::move(requirements);
    const auto repository = server_.open();
    Push push{*repository, {}, options_, {}, {}};
    push.pusher.name = "carol";
    push.refs.push_back(update_of_main());
    push.state = server_.beside("state");
    push.now = kNow;
    apply_exemptions(push, *policy_, {0}, builder);
    return builder.finish();
  }
  static Lines requirements(const Verdict& verdict) {
    Lines lines;
    for (const Requirement& requirement : verdict.refs[0].requirements) {
      lines.push_back(requirement.rule + " " + std::string(to_string(requirement.state)) +
                      (requirement.why.empty() ? "" : ": " + requirement.why));
    }
    return lines;
  }
};

TEST_F(ExemptedRequirements, AreOverridden) {
  const auto unsatisfied = RequirementState::unsatisfied;
  const Verdict verdict =
      judged("title: {waives: [command.lint, unconventional-commit], by: managers}",
             {{.message = "m", .rule = "command.lint"}, {.message = "n", .rule = "command.test"}},
             {{.state = unsatisfied, .why = "failed", .rule = "command.lint"},
              {.state = unsatisfied, .why = "failed", .rule = "command.test"},
              {.state = unsatisfied, .rule = "unconventional-commit", .mode = Mode::warn},
              {.state = RequirementState::error, .rule = "unconventional-commit"},
              {.state = RequirementState::satisfied, .rule = "unconventional-commit"}});
  EXPECT_EQ(shown(verdict), (Lines{"rejected", "title command.lint", "! command.test"}));
  EXPECT_EQ(requirements(verdict),
            (Lines{"command.lint overridden: title: pager 4711", "command.test unsatisfied: failed",
                   "unconventional-commit unsatisfied", "unconventional-commit error",
                   "unconventional-commit satisfied"}));
}

TEST_F(ExemptedRequirements, StandWhereNothingIsWaived) {
  const Verdict verdict = judged(kTitle, {{.message = "m", .rule = "oversized-file"}},
                                 {{.state = RequirementState::unsatisfied, .rule = "x"}});
  EXPECT_EQ(requirements(verdict), Lines{"x unsatisfied"});
}

TEST_F(ExemptedRequirements, OfAGateThatFailedAreWaivedByBreakGlassOnly) {
  const std::vector<Finding> failed{
      {.message = "m", .undecided = true, .rule = "unconventional-commit"}};
  const std::vector<Requirement> error{
      {.state = RequirementState::error, .rule = "unconventional-commit"}};
  EXPECT_EQ(
      shown(judged(kTitle, failed, error)),
      (Lines{"undecided", "! unconventional-commit",
             "the exemption 'title' has nothing to waive here, and nothing of it is used up"}));
  const Verdict verdict = judged("title: {waives: '*', by: managers}", failed, error);
  EXPECT_EQ(shown(verdict), (Lines{"accepted", "title unconventional-commit"}));
  EXPECT_EQ(requirements(verdict), Lines{"unconventional-commit overridden: title: pager 4711"});
}

TEST_F(ExemptedRequirements, NeverCoverEvidenceThatIsForged) {
  EXPECT_EQ(shown(judged("title: {waives: '*', by: managers}",
                         {{.message = "m", .rule = "attestation"}}, {}))[1],
            "! attestation");
}

}  // namespace
}  // namespace trunkgate

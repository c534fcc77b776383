// direct-push: squashed and rebased branches; whole findings.
#include "rules/ref/landing_advice.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rules/ref/direct_push_fixture.h"

namespace trunkgate {
namespace {

class RewrittenLanding : public DirectPush {
 protected:
  RewrittenLanding() { with("{land: [squash, rebase], from: ['feature/**', 'hotfix/**']}"); }

  ObjectId squash(const Files& files, const std::string& message = "feat: squashed") {
    return temporary_.commit(message, {main_}, files);
  }
  // work_ as a rebase makes it, with words of its text replaced.
  ObjectId rebased(const Files& files, const std::map<std::string, std::string>& replaced = {}) {
    const auto repository = temporary_.open();
    const Commit old = repository->commit(work_);
    std::string text = repository->commit_text(work_);
    const auto replace = [&](const std::string& from, const std::string& to) {
      text.replace(text.find(from), from.size(), to);
    };
    replace("tree " + old.tree.hex(), "tree " + temporary_.tree(files).hex());
    replace("parent " + base_.hex(), "parent " + main_.hex());
    for (const auto& [from, to] : replaced) replace(from, to);
    return temporary_.raw("commit", text);
  }
  Files with_evil() const {
    Files files = kMerged;
    files["evil"] = "1\n";
    return files;
  }

  const Lines kSquash{"git fetch origin", "git switch --detach origin/main",
                      "git merge --squash origin/feature/x", "git commit",
                      "git push origin HEAD:main"};
  const Lines kRebase{"git fetch origin", "git switch --detach origin/feature/x",
                      "git rebase origin/main", "git push origin HEAD:main"};
};

TEST_F(RewrittenLanding, AcceptsASquash) {
  const Answer answer = land(squash(kMerged));
  EXPECT_TRUE(answer.findings.empty());
  EXPECT_EQ(answer.relied, (Relied{{"refs/heads/feature/x", work_}}));
}

TEST_F(RewrittenLanding, AcceptsARebase) {
  const Answer answer = land(rebased(kMerged));
  EXPECT_TRUE(answer.findings.empty());
  EXPECT_EQ(answer.relied, (Relied{{"refs/heads/feature/x", work_}}));
}

TEST_F(RewrittenLanding, AcceptsEachOnlyWhereItIsAllowed) {
  const ObjectId squashed = squash(kMerged);
  const ObjectId one = rebased(kMerged, {{"feat: work", "work"}});  // unconventional
  with("{land: [squash]}");
  EXPECT_TRUE(land(squashed).findings.empty());
  with("{land: [rebase]}");
  EXPECT_EQ(land(squashed).findings.at(0).message, "no direct push to 'main'");
  with("{}");
  EXPECT_EQ(land(squashed).findings.at(0).message, "no direct push to 'main'");
  EXPECT_EQ(land(rebased(kMerged)).findings.at(0).message, "no direct push to 'main'");
  EXPECT_EQ(land(one).findings.at(0).message, "no direct push to 'main'");
}

TEST_F(RewrittenLanding, AcceptsABranchThatStandsOnTopAlready) {
  const ObjectId next = temporary_.commit("feat: next", {main_}, {{"n", "1\n"}});
  const ObjectId last = temporary_.commit("feat: last", {next}, {{"n", "2\n"}});
  temporary_.set_ref("refs/heads/feature/y", last);
  with("{land: [rebase], from: ['feature/**']}");
  EXPECT_TRUE(land(last).findings.empty());
  with("{land: [squash], from: ['feature/**']}");
  EXPECT_TRUE(land(next).findings.empty());  // of one commit
  EXPECT_EQ(land(last).findings.at(0).message, "no direct push to 'main'");
  with("{land: [rebase], from: ['hotfix/**']}");
  EXPECT_EQ(land(last).findings.at(0).message, "no direct push to 'main'");
}

TEST_F(RewrittenLanding, AcceptsOneThatComesOutAsABranchThatMayLand) {
  temporary_.set_ref("refs/heads/backup/x", work_);
  const Answer answer = land(squash(kMerged));
  EXPECT_TRUE(answer.findings.empty());
  EXPECT_EQ(answer.relied, (Relied{{"refs/heads/feature/x", work_}}));
}

TEST_F(RewrittenLanding, RejectsABranchThatMayNot) {
  temporary_.git({"update-ref", "-d", "refs/heads/feature/x"});
  temporary_.set_ref("refs/heads/exp/x", work_);
  const ObjectId squashed = squash(kMerged);
  expect_finding(land(squashed), "'exp/x', which was squashed, may not land on 'main'",
                 {"may land: feature/**, hotfix/**"},
                 "push it under a name that may land, then push again",
                 {"git push origin " + work_.hex() + ":refs/heads/feature/NAME",
                  "git push origin " + squashed.brief() + ":refs/heads/main"});
  EXPECT_EQ(land(rebased(kMerged)).findings.at(0).message,
            "'exp/x', which was rebased, may not land on 'main'");
}

TEST_F(RewrittenLanding, RejectsASquashWithAMessageThatIsNotConventional) {
  const ObjectId squashed = squash(kMerged, "Squashed commit of the following:\n\nfeat: work\n");
  const Answer answer = land(squashed);
  ASSERT_EQ(answer.findings.size(), 1U);
  const Finding& finding = answer.findings[0];
  EXPECT_EQ(finding.message, "the message of a squash on 'main' must be conventional");
  EXPECT_EQ(finding.details.size(), 1U);
  EXPECT_EQ(finding.hint, "give it a title such as \"feat: add login\"");
  EXPECT_EQ(finding.commit, squashed);
  EXPECT_TRUE(finding.reword);
  EXPECT_TRUE(finding.keeps_body);
  // Types and lengths are for unconventional-commit.
  EXPECT_TRUE(land(squash(kMerged, "model: " + std::string(200, 'x'))).findings.empty());
}

TEST_F(RewrittenLanding, RejectsAnUnconventionalSquashBelowAnother) {
  const ObjectId fix = temporary_.commit("fix: it", {base_}, {{"a", "1\n"}, {"f", "1\n"}});
  temporary_.set_ref("refs/heads/hotfix/y", fix);
  Files files = kMerged;
  const ObjectId bad = squash(files, "no type");
  files["f"] = "1\n";
  const Answer answer = land(temporary_.commit("fix: it all", {bad}, files));
  ASSERT_EQ(answer.findings.size(), 1U);
  EXPECT_EQ(answer.findings[0].commit, bad);
  EXPECT_EQ(answer.findings[0].newer, 1U);
}

TEST_F(RewrittenLanding, TellsWhereASquashDiffersAndHowToDoItAgain) {
  const ObjectId squashed = squash(with_evil());
  const Answer answer = land(squashed);
  expect_finding(answer, "the commit is not what squashing 'feature/x' gives", {"evil"},
                 "squash again and change nothing before the commit", kSquash);
  EXPECT_EQ(answer.findings[0].commit, squashed);
}

TEST_F(RewrittenLanding, TellsWhereARebaseDiffersAndHowToDoItAgain) {
  const ObjectId tip = rebased(with_evil());
  const Answer answer = land(tip);
  expect_finding(answer,
                 "the commit is not what rebasing " + work_.brief() + " of 'feature/x' gives",
                 {"evil"}, "rebase again and change nothing on the way", kRebase);
  EXPECT_EQ(answer.findings[0].commit, tip);
}

TEST_F(RewrittenLanding, TellsThatAConflictIsForTheBranchToSettle) {
  const ObjectId other = temporary_.commit("feat: other", {base_}, {{"a", "3\n"}});
  temporary_.set_ref("refs/heads/feature/x", other);
  const ObjectId next = temporary_.commit("feat: next", {base_}, {{"a", "2\n"}});
  const std::string hint = "settle it on the branch, push it, have it looked at, then land it";
  expect_finding(judge(update(next, temporary_.commit("feat: x", {next}, {{"a", "3\n"}}))),
                 "squashing 'feature/x' settles a conflict, which nobody has reviewed", {"a"}, hint,
                 {"git fetch origin", "git switch --detach origin/feature/x",
                  "git merge origin/main", "git push origin HEAD:feature/x"});
  expect_finding(
      judge(update(next, temporary_.commit("feat: other", {next}, {{"a", "3\n"}}))),
      "rebasing " + other.brief() + " of 'feature/x' settles a conflict, which nobody has reviewed",
      {"a"}, hint,
      {"git fetch origin", "git switch --detach origin/feature/x", "git rebase origin/main",
       "git push --force-with-lease origin HEAD:feature/x"});
}

TEST_F(RewrittenLanding, AcceptsAsASquashWhatIsNoRebaseForItsAuthor) {
  EXPECT_TRUE(land(rebased(kMerged, {{"author Ada", "author Bo"}})).findings.empty());
}

TEST_F(RewrittenLanding, TellsWhatARebaseMustKeep) {
  with("{land: [rebase]}");
  expect_finding(land(rebased(kMerged, {{"author Ada", "author Bo"}})),
                 "the commit has another author than " + work_.brief() + " of 'feature/x'", {},
                 "rebase again and change nothing on the way", kRebase);
  const ObjectId more = temporary_.commit("feat: more", {work_}, {{"a", "1\n"}, {"w", "2\n"}});
  temporary_.set_ref("refs/heads/feature/x", more);
  expect_finding(land(rebased(kMerged)), "the push leaves out " + more.brief() + " of 'feature/x'",
                 {}, "rebase again and change nothing on the way", kRebase);
  temporary_.set_ref("refs/heads/feature/x", work_);
  const ObjectId extra = temporary_.commit("feat: extra", {rebased(kMerged)}, with_evil());
  expect_finding(land(extra), "the commit is none of 'feature/x'", {},
                 "push it to the branch first, or land the branch without it", kRebase);
  const ObjectId inner = merge({work_, main_}, kMerged);
  const ObjectId both = temporary_.commit("feat: last", {inner}, kMerged);
  temporary_.set_ref("refs/heads/feature/x", both);
  expect_finding(land(temporary_.commit("feat: last", {rebased(kMerged)}, kMerged)),
                 "'feature/x' holds merges, which a rebase leaves out: " + inner.brief(), {},
                 "rebase the branch itself, push it, have it looked at, then land it",
                 {"git fetch origin", "git switch --detach origin/feature/x",
                  "git rebase origin/main", "git push --force-with-lease origin HEAD:feature/x"});
}

TEST_F(RewrittenLanding, TellsHowToLandInTheFirstWayOfThePolicy) {
  const ObjectId next = temporary_.commit("feat: next", {main_}, {{"n", "1\n"}});
  const std::string push = "git push origin " + next.brief() + ":refs/heads/feature/NAME";
  const auto commands = [&](const std::string& ways) {
    with("{land: " + ways + ", from: ['feature/**']}");
    return land(next).findings.at(0).commands;
  };
  EXPECT_EQ(
      commands("[squash, merge]"),
      (Lines{push, "git fetch origin", "git switch --detach origin/main",
             "git merge --squash origin/feature/NAME", "git commit", "git push origin HEAD:main"}));
  EXPECT_EQ(commands("[rebase]"),
            (Lines{push, "git fetch origin", "git switch --detach origin/feature/NAME",
                   "git rebase origin/main", "git push origin HEAD:main"}));
  EXPECT_EQ(commands("[fast-forward, squash]"),
            (Lines{push, "git push origin " + next.brief() + ":main"}));
  EXPECT_EQ(commands("[merge, squash]").at(3), "git merge --no-ff origin/feature/NAME");
}

TEST_F(RewrittenLanding, TellsThatNotEveryBranchWasComparedBefore) {
  for (int i = 10; i < 30; ++i) {
    temporary_.set_ref("refs/heads/wip/" + std::to_string(i),
                       temporary_.commit("wip", {base_}, {{std::to_string(i), "1\n"}}));
  }
  const ObjectId next = temporary_.commit("feat: next", {main_}, {{"n", "1\n"}});
  EXPECT_EQ(land(next).findings.at(0).details,
            Lines{"there are more branches than could be compared (5 were not); one that the "
                  "commit's message names comes first"});
}

TEST_F(RewrittenLanding, TellsThatMoreCommitsThanAFewAreNotCompared) {
  std::string stream;
  for (int i = 1; i <= 65; ++i) {
    stream += "commit refs/wip/long\nmark :" + std::to_string(i) +
              "\ncommitter Ada <ada@example.com> 0 +0000\ndata 2\nx\n" + "from " +
              (i == 1 ? main_.hex() : ":" + std::to_string(i - 1)) + "\n\n";
  }
  temporary_.git({"fast-import", "--quiet"}, stream);
  const auto details = [&](const std::string& name) {
    return land(*ObjectId::parse(temporary_.git({"rev-parse", name}))).findings.at(0).details;
  };
  EXPECT_EQ(details("refs/wip/long"),
            Lines{"more than 64 commits are not compared with those of branches"});
  EXPECT_EQ(details("refs/wip/long~1"), Lines());
}

TEST_F(RewrittenLanding, LeavesNamesThatCannotBePrintedOutOfCommands) {
  temporary_.git({"update-ref", "-d", "refs/heads/feature/x"});
  temporary_.set_ref("refs/heads/feature/\xc2\x9b", work_);
  const Answer answer = land(squash(with_evil()));
  EXPECT_EQ(answer.findings.at(0).message,
            "the commit is not what squashing 'feature/<U+009B>' gives");
  for (const std::string& command : answer.findings[0].commands) {
    EXPECT_EQ(command.find('\xc2'), std::string::npos) << command;
  }
}

}  // namespace
}  // namespace trunkgate

// unconventional-commit: whole findings; the grammar itself is tested in push/.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/policy_loader.h"
#include "rules/catalogue.h"
#include "rules/commit/message_options.h"
#include "support/numbered_lines.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

using Lines = std::vector<std::string>;
using Files = std::map<std::string, std::string>;

class UnconventionalCommit : public testing::Test {
 protected:
  UnconventionalCommit() : base_(temporary_.commit("feat: base", {}, {{"a", "1\n"}})) {
    with("{}");
  }

  void with(const std::string& options) {
    policy_ = load_policy({{"policy.yaml", "policy.yaml", false}}, [&](const std::string&) {
      return FileText{FileState::present,
                      "version: 1\nrulesets:\n  - name: x\n    refs: ['refs/**']\n    rules:\n"
                      "      unconventional-commit: " +
                          options + "\n",
                      {}};
    });
  }
  const Rule& rule() const { return *policy_->rules.at(0).rule; }
  std::vector<Finding> judge(const ObjectId& id) const {
    const auto repository = temporary_.open();
    Answer answer;
    rule().check_commit({*repository, {}, {}, {}, {}}, repository->commit(id), answer);
    EXPECT_TRUE(answer.relied.empty());
    return answer.findings;
  }
  std::vector<Finding> judge(const std::string& message) {
    last_ = temporary_.commit(message, {base_}, {{"a", "2\n"}});
    return judge(last_);
  }

  TemporaryRepository temporary_;
  ObjectId base_;
  ObjectId last_;
  std::unique_ptr<Policy> policy_;
};

TEST_F(UnconventionalCommit, AcceptsAConventionalMessage) {
  EXPECT_TRUE(judge("feat: add login\n").empty());
  EXPECT_TRUE(judge("fix(api)!: drop v1\n\nbody\n\nBREAKING CHANGE: use v2\n").empty());
}

TEST_F(UnconventionalCommit, RejectsAnotherTypeAndMarksIt) {
  const std::vector<Finding> findings = judge("feature: add login\n");
  ASSERT_EQ(findings.size(), 1U);
  const Finding& finding = findings[0];
  EXPECT_EQ(finding.message, "type 'feature' is not allowed; did you mean 'feat'?");
  EXPECT_EQ(finding.details, Lines());
  EXPECT_EQ(finding.hint, "");
  EXPECT_EQ(finding.commands, Lines());
  EXPECT_EQ(finding.commit, last_);
  EXPECT_EQ(finding.title, "feature: add login");
  EXPECT_EQ(finding.title_column, 1U);
  EXPECT_EQ(finding.title_length, 7U);
  EXPECT_EQ(finding.line, 1U);
  EXPECT_TRUE(finding.reword);
  EXPECT_EQ(finding.corrected_title, "feat: add login");
  EXPECT_FALSE(finding.keeps_body);
  EXPECT_FALSE(finding.advice);
}

TEST_F(UnconventionalCommit, KnowsThatThereIsABodyToKeep) {
  const std::vector<Finding> findings = judge("feature: add login\n\nbecause of this\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_TRUE(findings[0].keeps_body);
}

TEST_F(UnconventionalCommit, SaysTheLineOfAFaultBelowTheTitle) {
  const std::vector<Finding> findings = judge("feat: add login\nand logout\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].details, Lines{"line 2, column 1"});
  EXPECT_EQ(findings[0].title_column, 0U);
  EXPECT_EQ(findings[0].title_length, 0U);
  EXPECT_EQ(findings[0].line, 2U);
}

TEST_F(UnconventionalCommit, OnlyWarnsOfATypeThatIsNotInLowerCase) {
  std::vector<Finding> findings = judge("Feat: add login\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_TRUE(findings[0].advice);
  with("{type-case: reject}");
  findings = judge("Feat: add login\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_FALSE(findings[0].advice);
}

TEST_F(UnconventionalCommit, ReadsEveryOption) {
  with(
      "{types: [Feat, wibble], scopes: [api, 'ui-*'], scope-required: true, max-title: 24, "
      "type-case: reject, autosquash: allow}");
  const MessageOptions* options = message_options_of(rule());
  ASSERT_NE(options, nullptr);
  EXPECT_EQ(options->types, (Lines{"feat", "wibble"}));
  EXPECT_EQ(options->scopes, (Lines{"api", "ui-*"}));
  EXPECT_TRUE(options->scope_required);
  EXPECT_EQ(options->title_length, 24U);
  EXPECT_TRUE(options->strict_type_case);
  EXPECT_TRUE(options->allow_autosquash);
  EXPECT_TRUE(judge("wibble(ui-login): add it\n").empty());
  EXPECT_FALSE(judge("wibble(ui-login): add one\n").empty());
  EXPECT_FALSE(judge("fix(api): repair it\n").empty());
  EXPECT_FALSE(judge("feat(db): add it\n").empty());
  EXPECT_FALSE(judge("feat: add it\n").empty());
  EXPECT_TRUE(judge("fixup! feat(api): add it\n").empty());
}

TEST_F(UnconventionalCommit, HasTheDefaultsOfTheJudge) {
  const MessageOptions* options = message_options_of(rule());
  ASSERT_NE(options, nullptr);
  const MessageOptions defaults;
  EXPECT_EQ(options->types, defaults.types);
  EXPECT_EQ(options->scopes, defaults.scopes);
  EXPECT_EQ(options->scope_required, defaults.scope_required);
  EXPECT_EQ(options->title_length, defaults.title_length);
  EXPECT_EQ(options->strict_type_case, defaults.strict_type_case);
  EXPECT_EQ(options->allow_autosquash, defaults.allow_autosquash);
}

TEST_F(UnconventionalCommit, CountsATitleUpToTheLimit) {
  EXPECT_TRUE(judge("feat: " + std::string(94, 'x') + "\n").empty());
  const std::vector<Finding> findings = judge("feat: " + std::string(95, 'x') + "\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_FALSE(findings[0].advice);
}

TEST_F(UnconventionalCommit, JudgesMessagesThatAreNotUtf8) {
  const std::string who = "Ada <ada@example.com> 0 +0000\n";
  const std::vector<Finding> findings = judge(temporary_.raw(
      "commit", "tree " + temporary_.tree({}).hex() + "\nparent " + base_.hex() + "\nauthor " +
                    who + "committer " + who + "\nfeature: add \xff\n"));
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings[0].title, "feature: add \xef\xbf\xbd");
}

TEST_F(UnconventionalCommit, ExemptsMergesAndFirstCommitsByTheirShape) {
  const ObjectId side = temporary_.commit("feat: side", {base_});
  EXPECT_TRUE(
      judge(temporary_.commit("Merge branch 'side'\n", {base_, side}, {{"a", "1\n"}})).empty());
  EXPECT_FALSE(judge("Merge branch 'side'\n").empty());
  EXPECT_TRUE(judge(temporary_.commit("Initial commit\n", {})).empty());
  EXPECT_FALSE(judge("Initial commit\n").empty());
}

// Reverts of a commit that changes line 20 of a file.
class RevertCommit : public UnconventionalCommit {
 protected:
  RevertCommit() {
    const ObjectId start = temporary_.commit("feat: start", {base_}, {{"a", kBefore}});
    change_ = temporary_.commit("feat: change", {start}, {{"a", kAfter}});
  }
  std::string message(const std::string& id) const {
    return "Revert \"feat: change\"\n\nThis reverts commit " + id + ".\n";
  }
  void expect_refused(const ObjectId& revert, const std::string& why) const {
    const std::vector<Finding> findings = judge(revert);
    ASSERT_EQ(findings.size(), 1U);
    const Finding& finding = findings[0];
    EXPECT_EQ(finding.message, why);
    EXPECT_EQ(finding.details, Lines());
    EXPECT_EQ(finding.hint, "write a title of your own, for example revert: what is taken back");
    EXPECT_EQ(finding.commands, Lines());
    EXPECT_EQ(finding.commit, revert);
    EXPECT_EQ(finding.title, "Revert \"feat: change\"");
    EXPECT_EQ(finding.title_column, 1U);
    EXPECT_EQ(finding.title_length, 6U);
    EXPECT_TRUE(finding.reword);
    EXPECT_EQ(finding.corrected_title, std::nullopt);
    EXPECT_TRUE(finding.keeps_body);
    EXPECT_FALSE(finding.advice);
  }

  const std::string kBefore = lines(1, 30);
  const std::string kAfter = replaced(kBefore, "line 20\n", "LINE 20\n");
  ObjectId change_;
};

TEST_F(RevertCommit, IsExemptWhenItTakesTheCommitBack) {
  EXPECT_TRUE(
      judge(temporary_.commit(message(change_.hex()), {change_}, {{"a", kBefore}})).empty());
}

TEST_F(RevertCommit, IsExemptWhenOtherLinesChangedInBetween) {
  const std::string between = "zero\n" + replaced(kAfter, "line 5\n", "");
  const ObjectId later = temporary_.commit("feat: later", {change_}, {{"a", between}});
  const ObjectId revert = temporary_.commit(message(change_.hex()), {later},
                                            {{"a", replaced(between, "LINE 20\n", "line 20\n")}});
  EXPECT_TRUE(judge(revert).empty());
}

TEST_F(RevertCommit, IsRejectedWhenItDoesSomethingElse) {
  const ObjectId revert =
      temporary_.commit(message(change_.hex()), {change_}, {{"a", kBefore}, {"evil", "1"}});
  expect_refused(revert,
                 "it says it reverts " + change_.brief() + " but does not take back its changes");
  const ObjectId half = temporary_.commit(message(change_.hex()), {change_}, {{"a", kAfter}});
  expect_refused(half,
                 "it says it reverts " + change_.brief() + " but does not take back its changes");
}

TEST_F(RevertCommit, IsRejectedWhenTheCommitIsNotThere) {
  expect_refused(temporary_.commit(message(std::string(40, 'd')), {change_}, {{"a", kBefore}}),
                 "it says it reverts dddddddd, which is not on the server");
}

TEST_F(RevertCommit, IsRejectedWhenItNamesNoCommit) {
  const ObjectId tree = temporary_.tree({{"a", "1"}});
  expect_refused(temporary_.commit(message(tree.hex()), {change_}, {{"a", kBefore}}),
                 "it says it reverts " + tree.brief() + ", which is not on the server");
  expect_refused(temporary_.commit(message(std::string(64, 'd')), {change_}, {{"a", kBefore}}),
                 "it says it reverts a commit, which is not on the server");
}

TEST_F(RevertCommit, IsJudgedLikeAnyOtherWhenItIsConventional) {
  EXPECT_TRUE(judge(temporary_.commit("revert: take the change back\n\nThis reverts commit " +
                                          std::string(40, 'd') + ".\n",
                                      {change_}, {{"a", kBefore}}))
                  .empty());
}

}  // namespace
}  // namespace trunkgate

// banned-commit: whole findings.
#include <filesystem>
#include <fstream>

#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

class BannedCommit : public CommitRuleTest {
 protected:
  BannedCommit() : CommitRuleTest("banned-commit") {
    base_ = temporary_.commit("feat: base", {});
    bad_ = temporary_.commit("feat: bad", {base_});
    next_ = temporary_.commit("feat: next", {bad_});
  }

  // Judges an update of refs/heads/x to `to`.
  Findings update(const ObjectId& from, const ObjectId& to) const {
    const auto repository = temporary_.open();
    const PushedRef ref{.name = "refs/heads/x",
                        .kind = RefKind::branch,
                        .old_id = from,
                        .new_id = to,
                        .old_commit = from,
                        .new_commit = to};
    Answer answer;
    rule().check_ref({*repository, {}, {}, {ref}, {}}, ref, answer);
    return answer.findings;
  }
  Finding banned() const {
    return {.message = "commit " + bad_.brief() + " is banned",
            .hint = "it held a key",
            .commands = {"git rebase --onto " + bad_.brief() + "^ " + bad_.brief()},
            .commit = bad_,
            .title = "feat: bad"};
  }

  ObjectId base_;
  ObjectId bad_;
  ObjectId next_;
};

TEST_F(BannedCommit, IsFoundAmongTheNewCommits) {
  with("{ids: ['" + bad_.hex() + "'], hint: it held a key}");
  EXPECT_EQ(update(base_, next_), Findings{banned()});
  EXPECT_EQ(update(base_, bad_), Findings{banned()});
  EXPECT_EQ(update(base_, temporary_.commit("feat: other", {base_})), Findings());
}

TEST_F(BannedCommit, IsKnownByItsFirstDigits) {
  with("{ids: ['" + bad_.hex().substr(0, 12) + "', '" + bad_.hex() +
       "', 'ffffffffffff', '000000000000'], hint: it held a key}");
  EXPECT_EQ(update(base_, next_), Findings{banned()});
}

TEST_F(BannedCommit, ComesFromAFile) {
  std::filesystem::create_directory(folder());
  std::ofstream(folder() + "/banned") << "# purged\n\n" << bad_.hex() << "  # a key\r\n";
  with("{file: banned, hint: it held a key}");
  EXPECT_EQ(update(base_, next_), Findings{banned()});
}

TEST_F(BannedCommit, IsNotJudgedWhenItIsThereAlready) {
  with("{ids: ['" + bad_.hex() + "'], hint: it held a key}");
  EXPECT_EQ(update(bad_, next_), Findings());
  EXPECT_EQ(update(ObjectId(), next_), Findings{banned()});
  temporary_.set_ref("refs/heads/old", next_);
  EXPECT_EQ(update(ObjectId(), next_), Findings());
  // Only as a tip.
  EXPECT_EQ(update(ObjectId(), bad_), Findings{banned()});
  EXPECT_EQ(update(next_, ObjectId()), Findings());
}

TEST_F(BannedCommit, IsNotHiddenByRefsOfTheProductItself) {
  with("{ids: ['" + bad_.hex() + "'], hint: it held a key}");
  temporary_.set_ref("refs/archive/heads/old", next_);
  EXPECT_EQ(update(base_, next_), Findings{banned()});
}

TEST_F(BannedCommit, GivesNoCommandForARoot) {
  with("{ids: ['" + base_.hex() + "']}");
  EXPECT_EQ(update(ObjectId(), next_),
            (Findings{{.message = "commit " + base_.brief() + " is banned",
                       .hint = "start again from what the server has: git fetch, then git rebase",
                       .commit = base_,
                       .title = "feat: base"}}));
}

TEST_F(BannedCommit, NeedsIdsThatCanBeRead) {
  EXPECT_NE(mistakes("{}").find("the rule needs commits: 'ids' or 'file'"), std::string::npos);
  EXPECT_NE(mistakes("{ids: [deadbeef]}")
                .find("'deadbeef' is no id of a commit: 12 to 40 hexadecimal digits"),
            std::string::npos);
  EXPECT_NE(mistakes("{file: none}").find("cannot read 'none'"), std::string::npos);
  std::filesystem::create_directory(folder());
  std::ofstream(folder() + "/banned") << "# x\nnonsense\n";
  EXPECT_NE(mistakes("{file: banned}").find("line 2 of 'banned' is no id of a commit"),
            std::string::npos);
}

}  // namespace
}  // namespace trunkgate

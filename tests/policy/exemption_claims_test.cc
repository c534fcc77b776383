// Uses of exemptions: which count, and who gets the last one.
#include "policy/exemption_claims.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "policy/exemption_claim_files.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNow = 1'700'100'000;
const ObjectId kZero;

class ClaimsTest : public testing::Test {
 protected:
  ClaimsTest()
      : base_(server_.commit("feat: base", {})),
        next_(server_.commit("feat: next", {base_})),
        last_(server_.commit("feat: last", {next_})) {
    server_.set_ref("refs/heads/main", base_);
    once_.label = "once";
    once_.uses = 1;
  }

  static PushKey push(long pid) { return {"01234567", "89abcdef", pid, "7"}; }
  ExemptionUse use(const ObjectId& subject, const std::string& ref = "refs/heads/main",
                   std::int64_t since = 0) const {
    ExemptionUse use;
    use.label = "once";
    use.pusher = "carol";
    use.ref = ref;
    use.subjects = {{subject, since}};
    return use;
  }
  // The push with number `pid` claims; its claim outlives it unless it is refused.
  bool claim(long pid, const ExemptionUse& use, const ObjectId& new_id, std::int64_t now = kNow) {
    const auto repository = server_.open();
    ExemptionClaims claims(*repository, state(), [&](const PushKey&) { return liveness_; });
    if (!claims.claim(once_, use, new_id, push(pid), now)) return false;
    claims.keep();
    return true;
  }
  std::size_t counted(std::int64_t now = kNow) const {
    const auto repository = server_.open();
    return ExemptionClaims(*repository, state(), [&](const PushKey&) { return liveness_; })
        .counted("once", now)
        .size();
  }
  std::string state() const { return server_.beside("state"); }
  std::size_t files(const std::string& folder) const {
    const fs::path path = state() + "/exemptions/once/" + folder;
    if (!fs::exists(path)) return 0;
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }

  TemporaryRepository server_;
  ObjectId base_, next_, last_;
  Exemption once_;
  Liveness liveness_ = Liveness::alive;
};

TEST_F(ClaimsTest, CountWhileTheirPushIsAlive) {
  EXPECT_TRUE(claim(1, use(next_), next_));
  EXPECT_EQ(counted(), 1U);
  EXPECT_FALSE(claim(2, use(next_, "refs/heads/b"), next_));
  EXPECT_TRUE(claim(3, use(last_), last_));  // another commit
}

TEST_F(ClaimsTest, AreReleasedWhenTheirPushDiesBeforeItLands) {
  EXPECT_TRUE(claim(1, use(next_), next_));
  liveness_ = Liveness::dead;
  EXPECT_EQ(counted(), 0U);
  EXPECT_EQ(files("open"), 1U);  // looking changes nothing
  EXPECT_TRUE(claim(2, use(next_, "refs/heads/b"), next_));
  EXPECT_EQ(files("open"), 1U);
}

TEST_F(ClaimsTest, CountWhenTheirPushDiedAfterItLanded) {
  EXPECT_TRUE(claim(1, use(next_), next_));
  liveness_ = Liveness::dead;
  for (const ObjectId& value : {next_, last_}) {
    server_.set_ref("refs/heads/main", value);
    EXPECT_EQ(counted(), 1U);
  }
  EXPECT_FALSE(claim(2, use(next_, "refs/heads/b"), next_));
  EXPECT_EQ(files("used"), 1U);
  // From now on for ever.
  server_.set_ref("refs/heads/main", base_);
  EXPECT_EQ(counted(), 1U);
}

TEST_F(ClaimsTest, OfADeletionCountWhenTheRefIsGone) {
  EXPECT_TRUE(claim(1, use(base_), kZero));
  liveness_ = Liveness::dead;
  EXPECT_EQ(counted(), 0U);
  server_.git({"update-ref", "-d", "refs/heads/main"});
  EXPECT_EQ(counted(), 1U);
}

TEST_F(ClaimsTest, OfAnotherHostAreBelievedForADay) {
  EXPECT_TRUE(claim(1, use(next_), next_));
  liveness_ = Liveness::foreign;
  EXPECT_EQ(counted(kNow + 24 * 3600 - 1), 1U);
  EXPECT_EQ(counted(kNow + 24 * 3600), 0U);
}

TEST_F(ClaimsTest, CountForEverOnceTheyAreConfirmed) {
  EXPECT_TRUE(claim(1, use(next_), next_));
  confirm_claims(state(), push(2), {{"refs/heads/main", next_}});  // another push
  confirm_claims(state(), push(1), {{"refs/heads/other", next_}, {"refs/heads/main", last_}});
  EXPECT_EQ(files("used"), 0U);
  confirm_claims(state(), push(1), {{"refs/heads/main", next_}});
  EXPECT_EQ(files("open"), 0U);
  EXPECT_EQ(files("used"), 1U);
  liveness_ = Liveness::dead;
  EXPECT_EQ(counted(), 1U);  // though the ref does not have it
}

TEST_F(ClaimsTest, ConfirmingIsFineWhereThereAreNone) {
  confirm_claims(state(), push(1), {{"refs/heads/main", next_}});
  EXPECT_FALSE(fs::exists(state() + "/exemptions"));
}

TEST_F(ClaimsTest, AreReleasedWhenTheirPushEndsRefused) {
  const auto repository = server_.open();
  {
    ExemptionClaims claims(*repository, state());
    EXPECT_TRUE(claims.claim(once_, use(next_), next_, push(1), kNow));
    EXPECT_EQ(files("open"), 1U);
  }
  EXPECT_EQ(files("open"), 0U);
}

TEST_F(ClaimsTest, SayWhoMadeThem) {
  EXPECT_TRUE(claim(1, use(next_), next_));
  const auto claims = all_claims(claims_folder(state(), "once"));
  ASSERT_EQ(claims.size(), 1U);
  EXPECT_TRUE(claims[0].open);
  EXPECT_EQ(claims[0].time, kNow);
  EXPECT_EQ(claims[0].push, push(1));
  confirm_claims(state(), push(1), {{"refs/heads/main", next_}});  // the file moves away
  const auto text = read_claim(claims[0]);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->pusher, "carol");
  EXPECT_EQ(text->ref, "refs/heads/main");
  EXPECT_EQ(text->new_id, next_);
}

// They are made whole, so nobody knows what a damaged one was used for.
TEST_F(ClaimsTest, ThatAreDamagedOutliveTheirPush) {
  EXPECT_TRUE(claim(1, use(next_), next_));
  server_.set_ref("refs/heads/main", next_);
  for (const auto& file : fs::directory_iterator(state() + "/exemptions/once/open")) {
    std::ofstream(file.path()) << next_.hex();
  }
  EXPECT_EQ(counted(), 1U);
  liveness_ = Liveness::dead;
  EXPECT_EQ(counted(), 1U);
  EXPECT_FALSE(claim(2, use(next_), next_));
}

TEST_F(ClaimsTest, OfAnEarlierGrantDoNotCount) {
  EXPECT_TRUE(claim(1, use(next_, "refs/heads/main", kNow - 5), next_));
  EXPECT_FALSE(claim(2, use(next_, "refs/heads/b", kNow), next_));
  EXPECT_TRUE(claim(3, use(next_, "refs/heads/b", kNow + 1), next_, kNow + 1));
}

// The clock of the server that took it may have been ahead.
TEST_F(ClaimsTest, OfAGrantThatIsYetToComeCount) {
  EXPECT_TRUE(claim(1, use(next_, "refs/heads/main", kNow + 60), next_));
  EXPECT_FALSE(claim(2, use(next_, "refs/heads/b", kNow + 60), next_, kNow + 1));
  EXPECT_FALSE(claim(3, use(next_, "refs/heads/b", kNow + 60), next_, kNow + 61));
}

TEST_F(ClaimsTest, OfSeveralSubjectsAreOneUseOfTheBudget) {
  once_.uses.reset();
  once_.budget = 2;
  ExemptionUse both = use(next_);
  both.subjects.push_back({last_, 0});
  EXPECT_TRUE(claim(1, both, last_));
  EXPECT_EQ(files("open"), 2U);
  EXPECT_TRUE(claim(2, use(next_, "refs/heads/b"), next_));
  EXPECT_FALSE(claim(3, use(base_), base_));
  EXPECT_TRUE(claim(4, use(base_), base_, kNow + kBudgetSeconds));
}

TEST_F(ClaimsTest, NeverGiveOneUseToTwoOfManyProcesses) {
  std::vector<pid_t> children;
  for (int i = 0; i < 12; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      bool mine = false;
      try {
        mine = claim(100 + i, use(next_, "refs/heads/b" + std::to_string(i)), next_);
      } catch (...) {
        ::_exit(2);
      }
      ::_exit(mine ? 1 : 0);
    }
    children.push_back(child);
  }
  int won = 0;
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_NE(WEXITSTATUS(status), 2);
    won += WEXITSTATUS(status);
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(counted(), 1U);
}

TEST_F(ClaimsTest, NeedNoStateToBeJudged) {
  const auto repository = server_.open();
  ExemptionClaims claims(*repository, "");
  EXPECT_TRUE(claims.counted("once", kNow).empty());
  EXPECT_TRUE(claims.claim(once_, use(next_), next_, push(1), kNow));
}

}  // namespace
}  // namespace trunkgate

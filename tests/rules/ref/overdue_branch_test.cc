// overdue-branch: ages, claims and tricks; whole findings.
#include "base/digest.h"
#include "base/file.h"
#include "support/rule_test.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kHour = 3600;

class OverdueBranch : public RuleTest {
 protected:
  OverdueBranch() : RuleTest("overdue-branch") {
    server_.set_ref("refs/heads/main", main_);
    state_ = server_.beside("state");
    std::filesystem::create_directory(state_);
    start_ = server_.open()->links(two_).time;
    now_ = start_;
    with("{warn-after: 48h, limit: 72h}");
  }
  std::string create(std::int64_t hour) { return push(hour, {}, one_); }
  std::string update(std::int64_t hour) { return push(hour, one_, two_); }
  std::string remove(std::int64_t hour) { return push(hour, one_, {}); }
  std::string push(std::int64_t hour, const ObjectId& from, const ObjectId& to) {
    now_ = start_ + hour * kHour;
    return judge("refs/heads/feature/x", from, to);
  }
  static std::string advice(const std::string& age) {
    return "advice: 'feature/x' is " + age +
           " old; the limit is 72 hours\n"
           "? land it soon, and go on with the rest on a new branch\n";
  }
  static std::string refusal(const std::string& age) {
    return "refused: 'feature/x' is " + age +
           " old; the limit is 72 hours\n"
           "? land what is there, and go on with the rest on a branch of another name\n"
           "$ git switch -c NEW-NAME\n$ git push origin NEW-NAME\n";
  }
  std::string claim() const {
    return read_file(state_ + "/branches/" + sha256("refs/heads/feature/x"), 1000).text;
  }

  ObjectId main_ = server_.commit("feat: main", {}, {{"m", "1"}});
  ObjectId one_ = server_.commit("feat: one", {main_}, {{"o", "1"}});
  ObjectId two_ = server_.commit("feat: two", {one_}, {{"t", "1"}});
  std::int64_t start_ = 0;
};

TEST_F(OverdueBranch, CountsFromTheFirstPush) {
  EXPECT_EQ(create(100), kFine);
  EXPECT_EQ(update(147), kFine);
  EXPECT_EQ(update(148), advice("48 hours"));
  EXPECT_EQ(update(171), advice("71 hours"));
  EXPECT_EQ(update(172), refusal("72 hours"));
  EXPECT_EQ(update(100 + 24 * 14), refusal("14 days"));
  EXPECT_EQ(remove(1000), kFine);
}

TEST_F(OverdueBranch, KeepsAClaimThatIsConfirmedLater) {
  create(1);
  EXPECT_EQ(claim(), "1 " + std::to_string(start_ + kHour) + " 0 " + one_.hex() + "\n");
  update(2);
  EXPECT_EQ(claim(), "1 " + std::to_string(start_ + kHour) + " " +
                         std::to_string(start_ + 2 * kHour) + " " + one_.hex() + "\n");
}

TEST_F(OverdueBranch, CountsFromTheOldestOwnCommitWhereNothingWasSeen) {
  // `one` is a minute older than `two`, the start.
  EXPECT_EQ(update(71), advice("71 hours"));
  EXPECT_EQ(update(72), refusal("72 hours"));
  state_.clear();
  EXPECT_EQ(update(72), refusal("72 hours"));
  EXPECT_EQ(push(500, main_, two_), kFine);  // nothing of its own
}

TEST_F(OverdueBranch, DoesNotBelieveTheClaimOfARefusedPush) {
  create(0);  // refused for something else
  EXPECT_EQ(create(100), kFine);
  EXPECT_EQ(update(101), kFine);
  // The branch that came some other way does not hold what was claimed.
  with("{warn-after: 48h, limit: 72h, base: main}");
  std::filesystem::remove_all(state_ + "/branches");
  const ObjectId late = server_.commit("feat: late", {main_}, {{"l", "1"}});
  create(-1000);
  EXPECT_EQ(push(10, late, server_.commit("feat: later", {late}, {{"l", "2"}})), kFine);
}

TEST_F(OverdueBranch, GoesOnWhenTheBranchIsDeletedAndMadeAgain) {
  create(0);
  EXPECT_EQ(remove(70), kFine);
  EXPECT_EQ(push(71, {}, two_), advice("71 hours"));
  EXPECT_EQ(push(73, {}, two_), refusal("73 hours"));
  // Trying again does not help, a new name does, and so does time.
  EXPECT_EQ(push(141, {}, two_), refusal("141 hours"));
  EXPECT_EQ(push(142, {}, two_), kFine);
}

TEST_F(OverdueBranch, LetsAnOldBranchMergeItsBase) {
  create(0);
  const ObjectId news = server_.commit("feat: news", {main_}, {{"m", "2"}});
  server_.set_ref("refs/heads/main", news);
  const ObjectId merge = server_.commit("Merge", {one_, news}, {{"o", "1"}, {"m", "2"}});
  EXPECT_EQ(push(80, one_, merge), advice("80 hours"));
  EXPECT_EQ(push(80, one_, server_.commit("feat: more", {merge}, {{"x", "1"}})),
            refusal("80 hours"));
  EXPECT_EQ(push(80, one_, server_.commit("Merge", {one_, two_}, {{"x", "1"}})),
            refusal("80 hours"));
  with("{limit: 72h, landing: refuse}");
  EXPECT_EQ(push(80, one_, merge), refusal("80 hours"));
}

TEST_F(OverdueBranch, TakesAnUnreadableClaimForNone) {
  create(0);
  for (const char* text : {"", "2 1 1 x\n", "1 -5 0 0\n", "1 x 0 0"}) {
    write_file(state_ + "/branches/" + sha256("refs/heads/feature/x"), text, {}, Durability::none);
    EXPECT_EQ(update(1), kFine);
  }
}

TEST_F(OverdueBranch, IsNotAboutTheBaseAndTags) {
  now_ = start_ + 1000 * kHour;
  EXPECT_EQ(judge("refs/heads/main", one_, two_), kFine);
  EXPECT_EQ(judge("refs/tags/v1", one_, two_), kFine);
  EXPECT_EQ(list_folder(state_), std::vector<std::string>());
}

}  // namespace
}  // namespace trunkgate

// What pre-receive leaves for update.
#include "hook/handover.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

class HandoverTest : public testing::Test {
 protected:
  HandoverTest() : one_(temporary_.commit("feat: one", {})) {
    two_ = temporary_.commit("feat: two", {one_});
  }

  Handover handover() const { return Handover(folder(), key_); }
  std::string folder() const { return temporary_.beside("state/verdicts"); }
  std::string file() const { return folder() + "/" + key_.text(); }

  // "none", "let in", "refused" or "moved REF".
  std::string answer(const ObjectId& from, const ObjectId& to, const std::string& ref) const {
    std::string moved;
    switch (handover().look_up(from.hex(), to.hex(), ref, temporary_.path(), moved)) {
      case Handover::Answer::none:
        return "none";
      case Handover::Answer::let_in:
        return "let in";
      case Handover::Answer::refused:
        return "refused";
      case Handover::Answer::moved:
        return "moved " + moved;
    }
    return {};
  }

  TemporaryRepository temporary_;
  PushKey key_{.host = "0a0b0c0d", .boot = "01020304", .pid = 42, .start = "777"};
  ObjectId one_;
  ObjectId two_;
};

TEST_F(HandoverTest, WhatWasNotThereMustStayAway) {
  handover().write(
      {{one_.hex(), two_.hex(), "refs/heads/a", true, {{"refs/heads/b", ObjectId().hex()}}}}, {});
  EXPECT_EQ(answer(one_, two_, "refs/heads/a"), "let in");
  temporary_.set_ref("refs/heads/b", one_);
  EXPECT_EQ(answer(one_, two_, "refs/heads/a"), "moved refs/heads/b");
}

TEST_F(HandoverTest, SaysHowManyUpdatesThereAre) {
  EXPECT_EQ(handover().size(), std::nullopt);
  handover().write({{one_.hex(), two_.hex(), "refs/heads/a", true, {{"refs/heads/b", one_.hex()}}},
                    {one_.hex(), two_.hex(), "refs/heads/b", false, {}}},
                   {});
  EXPECT_EQ(handover().size(), 2U);
}

TEST_F(HandoverTest, AnswersForExactlyTheUpdatesItWasGiven) {
  handover().write({{one_.hex(), two_.hex(), "refs/heads/a", true, {}},
                    {one_.hex(), two_.hex(), "refs/heads/b", false, {}}},
                   {});
  EXPECT_EQ(answer(one_, two_, "refs/heads/a"), "let in");
  EXPECT_EQ(answer(one_, two_, "refs/heads/b"), "refused");
  EXPECT_EQ(answer(one_, two_, "refs/heads/c"), "none");
  EXPECT_EQ(answer(two_, one_, "refs/heads/a"), "none");
  EXPECT_EQ(answer(ObjectId(), two_, "refs/heads/a"), "none");
  EXPECT_EQ(answer(one_, two_, "refs/heads/"), "none");
  EXPECT_EQ(answer(one_, two_, "heads/a"), "none");
}

TEST_F(HandoverTest, KnowsNothingOfAnotherPush) {
  handover().write({{one_.hex(), two_.hex(), "refs/heads/a", true, {}}}, {});
  key_.start = "778";
  EXPECT_EQ(answer(one_, two_, "refs/heads/a"), "none");
}

TEST_F(HandoverTest, HoldsWhileTheRefsItReliesOnStayWhereTheyWere) {
  temporary_.set_ref("refs/heads/feature/x", one_);
  temporary_.set_ref("refs/heads/feature/y", two_);
  handover().write({{one_.hex(),
                     two_.hex(),
                     "refs/heads/main",
                     true,
                     {{"refs/heads/feature/x", one_.hex()}, {"refs/heads/feature/y", two_.hex()}}},
                    {one_.hex(), two_.hex(), "refs/heads/other", true, {}}},
                   {});
  EXPECT_EQ(answer(one_, two_, "refs/heads/main"), "let in");
  temporary_.git({"pack-refs", "--all", "--prune"});
  EXPECT_EQ(answer(one_, two_, "refs/heads/main"), "let in");
  temporary_.set_ref("refs/heads/feature/y", one_);
  EXPECT_EQ(answer(one_, two_, "refs/heads/main"), "moved refs/heads/feature/y");
  temporary_.git({"update-ref", "-d", "refs/heads/feature/x"});
  EXPECT_EQ(answer(one_, two_, "refs/heads/main"), "moved refs/heads/feature/x");
  EXPECT_EQ(answer(one_, two_, "refs/heads/other"), "let in");
}

TEST_F(HandoverTest, HoldsNothingBehindALandingThatWaitsForWhatHasMoved) {
  temporary_.set_ref("refs/heads/main", one_);
  temporary_.set_ref("refs/heads/feature/x", two_);
  handover().write(
      {{one_.hex(), two_.hex(), "refs/heads/before", true, {}},
       {one_.hex(), two_.hex(), "refs/heads/main", true, {{"refs/heads/feature/x", two_.hex()}}},
       {one_.hex(), two_.hex(), "refs/heads/behind", true, {}}},
      {});
  EXPECT_EQ(answer(one_, two_, "refs/heads/behind"), "let in");
  temporary_.set_ref("refs/heads/feature/x", one_);
  EXPECT_EQ(answer(one_, two_, "refs/heads/behind"), "moved refs/heads/feature/x");
  EXPECT_EQ(answer(one_, two_, "refs/heads/before"), "let in");
  // What has landed may be taken back afterwards.
  temporary_.set_ref("refs/heads/main", two_);
  EXPECT_EQ(answer(one_, two_, "refs/heads/behind"), "let in");
}

TEST_F(HandoverTest, IsNotFooledByANameThatHoldsAWholeUpdate) {
  const std::string update = one_.hex() + " " + two_.hex() + " refs/heads/main";
  handover().write({{one_.hex(), two_.hex(), "refs/heads/x " + update, true, {}},
                    {one_.hex(), two_.hex(), "a " + update, true, {}}},
                   {});
  EXPECT_EQ(answer(one_, two_, "refs/heads/main"), "none");
}

TEST_F(HandoverTest, LetsNothingInWhenItsFileIsCutShort) {
  temporary_.set_ref("refs/heads/feature/x", two_);
  handover().write(
      {{one_.hex(), two_.hex(), "refs/heads/main", true, {{"refs/heads/feature/x", one_.hex()}}}},
      {});
  const auto size = fs::file_size(file());
  for (const std::size_t cut : {1U, 10U, 30U, 60U}) {
    fs::resize_file(file(), size - cut);
    EXPECT_NE(answer(one_, two_, "refs/heads/main"), "let in") << cut;
  }
}

TEST_F(HandoverTest, KeepsItsFormatOnDisk) {
  handover().write({{one_.hex(), two_.hex(), "refs/heads/a", true, {{"refs/heads/x", two_.hex()}}},
                    {one_.hex(), two_.hex(), "refs/heads/b", false, {}}},
                   {.extra = 0060});
  EXPECT_EQ(read_file(file(), 10000).text,
            "a " + one_.hex() + " " + two_.hex() + " refs/heads/a\nw " + two_.hex() +
                " refs/heads/x\nr " + one_.hex() + " " + two_.hex() + " refs/heads/b\n");
  struct stat status {};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0660U);
}

TEST_F(HandoverTest, IsSweptWhenItsPushIsOver) {
  const PushKey mine = current_push();
  PushKey dead = mine;
  dead.start = "1";
  PushKey foreign = dead;
  foreign.host = mine.host == "00000000" ? "11111111" : "00000000";
  for (const PushKey& key : {mine, dead, foreign}) Handover(folder(), key).write({}, {});
  std::ofstream(folder() + "/notes.txt").close();
  sweep_handovers(folder());
  EXPECT_TRUE(fs::exists(folder() + "/" + mine.text()));
  EXPECT_FALSE(fs::exists(folder() + "/" + dead.text()));
  EXPECT_TRUE(fs::exists(folder() + "/" + foreign.text()));
  EXPECT_TRUE(fs::exists(folder() + "/notes.txt"));
  sweep_handovers(temporary_.beside("missing"));
}

}  // namespace
}  // namespace trunkgate

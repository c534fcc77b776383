// What fails or is killed on the way: nothing lost, nothing told twice.
#include <utime.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "deliverer_fixture.h"
#include "events/deliverer.h"

namespace trunkgate {
namespace {

using DelivererCrash = DelivererTest;

TEST_F(DelivererCrash, SetsDamagedRecordsAsideAndTellsTheRest) {
  const ObjectId a = commit("a");
  pushed(1, {update("refs/heads/x", none_, a)});
  pushed(2, {update("refs/heads/y", none_, a)});
  std::ofstream(spool_file(key(1).text() + ".I")) << "{\"format\":1,";
  std::ofstream(spool_file(key(3).text() + ".X")) << "";
  const DeliveryReport report = deliver();
  EXPECT_EQ(report.problems.size(), 2U);
  EXPECT_EQ(report.records_left, 0U);
  EXPECT_TRUE(exists(spool_file(key(1).text() + ".I.damaged")));
  EXPECT_TRUE(exists(spool_file(key(3).text() + ".X.damaged")));
  // The result says enough for the push whose intent is lost.
  EXPECT_EQ(story(), (Story{"push.accepted", "ref.created refs/heads/x", "push.accepted",
                            "ref.created refs/heads/y"}));
}

TEST_F(DelivererCrash, SweepsTemporaryFilesAfterADay) {
  spool().write(intent(1, {}));
  std::ofstream(spool_file("old.I.tmp-1-0")) << "x";
  const utimbuf times{.actime = 0, .modtime = kNow / kSecond - 24 * 3600 - 1};
  ASSERT_EQ(::utime(spool_file("old.I.tmp-1-0").c_str(), &times), 0);
  deliver();
  EXPECT_FALSE(exists(spool_file("old.I.tmp-1-0")));
}

TEST_F(DelivererCrash, LeavesTheSpoolToAPassThatWaitsAlready) {
  pushed(1, {update("refs/heads/x", none_, commit("a"))});
  {
    const auto waiting = FileLock::try_now(folder() + "/state/deliver.waiting", Sharing{});
    const DeliveryReport report = deliver();
    EXPECT_TRUE(report.left_to_another);
    EXPECT_TRUE(lines().empty());
  }
  EXPECT_FALSE(deliver().left_to_another);
  EXPECT_EQ(lines().size(), 2U);
}

TEST_F(DelivererCrash, QueuesWhatASinkDidNotTakeAndLetsNoOtherWait) {
  pushed(1, {update("refs/heads/x", none_, commit("a"))});
  FileSink file(events_file(), Sharing{});
  FlakySink flaky;
  const DeliveryReport failed = deliver({&flaky, &file});
  EXPECT_EQ(failed.events_written, 2U);
  EXPECT_EQ(failed.delivered, 2U);
  EXPECT_EQ(failed.records_left, 0U);
  EXPECT_EQ(failed.next, kNow + 5 * kSecond);
  EXPECT_EQ(failed.problems, std::vector<std::string>{"flaky: no answer"});
  const auto before = lines();
  EXPECT_EQ(before.size(), 2U);

  flaky.failing = false;
  now_ += 4 * kSecond;
  EXPECT_EQ(deliver({&flaky, &file}).delivered, 0U);
  now_ += kSecond;
  EXPECT_EQ(deliver({&flaky, &file}).delivered, 2U);
  EXPECT_EQ(lines(), before);
  ASSERT_EQ(flaky.delivered.size(), 2U);
  EXPECT_EQ(flaky.delivered[0].id, ids()[0]);
  EXPECT_EQ(flaky.delivered[1].id, ids()[1]);
  EXPECT_EQ(flaky.delivered[0].attempt, 2);
}

TEST_F(DelivererCrash, RepeatsTheSameIdsAfterACrashBetweenSinkAndJournal) {
  const ObjectId a = commit("a");
  pushed(5, {update("refs/heads/x", none_, a)});
  FileSink file(events_file(), Sharing{});
  FlakySink crash(&file);
  deliver({&crash});
  const auto before = lines();
  ASSERT_EQ(before.size(), 2U);
  // What comes in meanwhile must not take the numbers given already, though it is older.
  pushed(1, {update("refs/heads/y", none_, a)});
  now_ += 10 * kSecond;
  EXPECT_EQ(deliver().records_left, 0U);
  const auto after = lines();
  ASSERT_EQ(after.size(), 4U);
  EXPECT_TRUE(std::equal(before.begin(), before.end(), after.begin()));
  expect_linked();
}

TEST_F(DelivererCrash, TakesOverWhatWasCountedBeforeThereWasAJournal) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  set_ref("refs/heads/quiet", a);
  std::ofstream(folder() + "/state/sequence.json")
      << R"({"format":1,"last":7,"begun":[],"done":["gone.I"],"refs":[["refs/heads/x",3,"evt_00000000000000000000000000000003",")"
      << a.hex() << R"("]]})";
  pushed(1, {update("refs/heads/x", a, b)});
  EXPECT_EQ(deliver().problems, std::vector<std::string>{});
  EXPECT_EQ(story(), (Story{"push.accepted", "ref.updated refs/heads/x"}));
  EXPECT_EQ(events()[0]["sequence"], "00000000000000000008");
  EXPECT_EQ(events()[1]["refsequence"], "00000000000000000004");
  EXPECT_EQ(events()[1]["refprevious"], "evt_00000000000000000000000000000003");
  EXPECT_FALSE(exists(folder() + "/state/sequence.json"));
}

TEST_F(DelivererCrash, DoesNotRepeatWhatOnlyLacksTheRemoval) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  pushed(1, {update("refs/heads/x", none_, a)});
  std::filesystem::copy(folder() + "/spool", folder() + "/copy");
  deliver();
  std::filesystem::copy(folder() + "/copy", folder() + "/spool");
  pushed(2, {update("refs/heads/x", a, b)});
  deliver();
  EXPECT_EQ(lines().size(), 4U);
  EXPECT_TRUE(spool().names().empty());
  expect_linked();
}

TEST_F(DelivererCrash, SetsADamagedJournalAsideAndBeginsAnewFromTheRefs) {
  const ObjectId a = commit("a");
  pushed(1, {update("refs/heads/x", none_, a)});
  deliver();
  const auto first = ids();
  const std::string journal = folder() + "/journal.db";
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(journal + end);
  std::ofstream(journal) << std::string(8192, 'x');
  pushed(2, {update("refs/heads/x", a, none_)});
  pushed(3, {update("refs/heads/x", none_, a)});
  const DeliveryReport report = deliver();
  EXPECT_EQ(
      report.problems,
      std::vector<std::string>{journal + ": file is not a database; it was renamed to " + journal +
                               ".damaged-1; events are counted in epoch 2 from now "
                               "on, and what no sink had got is not sent again"});
  EXPECT_TRUE(exists(journal + ".damaged-1"));
  ASSERT_EQ(lines().size(), 6U);
  EXPECT_EQ(events()[4]["source"], "https://git.example.com/trainer.git?epoch=2");
  EXPECT_EQ(events()[5]["sequence"], "00000000000000000004");
  EXPECT_EQ(events()[5]["refsequence"], "00000000000000000002");
  // The same happening in another epoch has another id.
  EXPECT_EQ(std::set<std::string>(first.begin(), first.end()).count(events()[5]["id"]), 0U);
}

TEST_F(DelivererCrash, SeesThatTheJournalIsGone) {
  const ObjectId a = commit("a");
  pushed(1, {update("refs/heads/x", none_, a)});
  deliver();
  const std::string journal = folder() + "/journal.db";
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(journal + end);
  const DeliveryReport report = deliver();
  EXPECT_EQ(report.problems,
            std::vector<std::string>{journal + " was gone; events are counted in epoch 2 from now "
                                               "on, and what no sink had got is not sent again"});
  // What the refs hold was told in the epoch before.
  EXPECT_EQ(report.events_written, 0U);
  EXPECT_EQ(deliver().problems, std::vector<std::string>{});
}

TEST_F(DelivererCrash, SeesThatTheJournalIsAnOlderCopy) {
  const ObjectId a = commit("a");
  pushed(1, {update("refs/heads/x", none_, a)});
  deliver();
  const std::string journal = folder() + "/journal.db";
  std::filesystem::copy(journal, journal + ".copy");
  pushed(2, {update("refs/heads/y", none_, a)});
  deliver();
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(journal + end);
  std::filesystem::rename(journal + ".copy", journal);
  const DeliveryReport report = deliver();
  EXPECT_EQ(report.problems, std::vector<std::string>{
                                 journal + " is older than it was: event 4 is missing in it; "
                                           "events are counted in epoch 2 from now on, and what "
                                           "no sink had got is not sent again"});
  // It does not know that the ref was told.
  EXPECT_EQ(story().back(), "ref.created refs/heads/y external");
  EXPECT_EQ(events().back()["source"], "https://git.example.com/trainer.git?epoch=2");
}

TEST_F(DelivererCrash, TellsAPushOfTwoThousandRefs) {
  const ObjectId a = commit("a");
  std::vector<SpooledUpdate> updates;
  std::string commands;
  for (int i = 0; i < 2000; ++i) {
    const std::string ref = "refs/tags/build-" + std::to_string(i);
    updates.push_back(update(ref, none_, a));
    commands += "create " + ref + " " + a.hex() + "\n";
  }
  std::ofstream(root_ + "/commands") << commands;
  git("update-ref --stdin < '" + root_ + "/commands'");
  spool().write(intent(1, updates));
  spool().write(result(1, updates));
  EXPECT_EQ(deliver().events_written, 4001U);
  const Json accepted = events()[0]["data"];
  EXPECT_EQ(accepted["counts"]["refs"], 2000);
  EXPECT_LE(accepted["changes"].size(), 200U);
  EXPECT_EQ(accepted["truncated"], Json::array({"/changes"}));
  const Json last = events()[4000]["data"];
  EXPECT_EQ(last["version"]["tags"].size(), 50U);
  EXPECT_EQ(last["truncated"], Json::array({"/version/tags"}));
  expect_linked();
}

}  // namespace
}  // namespace trunkgate

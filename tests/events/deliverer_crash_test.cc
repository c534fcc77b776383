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

TEST_F(DelivererCrash, QueuesEverythingBehindASinkThatFails) {
  pushed(1, {update("refs/heads/x", none_, commit("a"))});
  FileSink file(events_file(), Sharing{});
  FlakySink flaky;
  const DeliveryReport failed = deliver({&flaky, &file});
  EXPECT_EQ(failed.events_written, 0U);
  EXPECT_EQ(failed.records_left, 2U);
  EXPECT_EQ(failed.problems, std::vector<std::string>{"flaky: no answer"});
  const auto before = lines();
  EXPECT_EQ(before.size(), 2U);

  flaky.failing = false;
  now_ += kSecond;
  FileSink again(events_file(), Sharing{});
  EXPECT_EQ(deliver({&flaky, &again}).records_left, 0U);
  EXPECT_EQ(lines(), before);
  ASSERT_EQ(flaky.delivered.size(), 2U);
  EXPECT_EQ(flaky.delivered[0].id, ids()[0]);
  EXPECT_EQ(flaky.delivered[1].id, ids()[1]);
}

TEST_F(DelivererCrash, RepeatsTheSameIdsAfterACrashBetweenSinkAndState) {
  const ObjectId a = commit("a");
  pushed(5, {update("refs/heads/x", none_, a)});
  FileSink file(events_file(), Sharing{});
  FlakySink crash(&file);
  deliver({&crash});
  const auto before = lines();
  ASSERT_EQ(before.size(), 2U);
  // What comes in meanwhile must not take the numbers given already, though it is older.
  pushed(1, {update("refs/heads/y", none_, a)});
  now_ += kSecond;
  EXPECT_EQ(deliver().records_left, 0U);
  const auto after = lines();
  ASSERT_EQ(after.size(), 4U);
  EXPECT_TRUE(std::equal(before.begin(), before.end(), after.begin()));
  expect_linked();
}

TEST_F(DelivererCrash, RepeatsTheSameIdsWhenTheStateCannotBeWritten) {
  const ObjectId a = commit("a");
  pushed(1, {update("refs/heads/x", none_, a)});
  deliver();
  pushed(2, {update("refs/heads/x", a, commit("b", {a}))});
  const std::string state = folder() + "/state/sequence.json";
  // Takes the place of the state file while the events are written.
  struct Breaker final : Sink {
    std::string name() const override { return "breaker"; }
    std::vector<DeliveryOutcome> deliver(std::span<const Delivery> events) override {
      std::filesystem::rename(path, path + ".kept");
      std::filesystem::create_directories(path + "/in/the/way");
      return std::vector<DeliveryOutcome>(events.size(),
                                          {.state = DeliveryOutcome::State::delivered});
    }
    std::string path;
  } breaker;
  breaker.path = state;
  FileSink file(events_file(), Sharing{});
  const DeliveryReport report = deliver({&file, &breaker});
  EXPECT_EQ(report.problems.size(), 1U);
  EXPECT_EQ(report.records_left, 2U);
  EXPECT_THROW(deliver(), Error);
  std::filesystem::remove_all(state);
  std::filesystem::rename(state + ".kept", state);
  const auto before = lines();
  EXPECT_EQ(deliver().records_left, 0U);
  EXPECT_EQ(lines(), before);
  expect_linked();
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

TEST_F(DelivererCrash, StopsAtADamagedState) {
  pushed(1, {update("refs/heads/x", none_, commit("a"))});
  std::ofstream(folder() + "/state/sequence.json") << "{";
  EXPECT_THROW(deliver(), Error);
  EXPECT_EQ(spool().names().size(), 2U);
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
  EXPECT_EQ(deliver().events_written, 2001U);
  const Json accepted = events()[0]["data"];
  EXPECT_EQ(accepted["counts"]["refs"], 2000);
  EXPECT_LE(accepted["changes"].size(), 200U);
  EXPECT_EQ(accepted["truncated"], Json::array({"/changes"}));
  const Json last = events()[2000]["data"];
  EXPECT_EQ(last["version"]["tags"].size(), 50U);
  EXPECT_EQ(last["truncated"], Json::array({"/version/tags"}));
  expect_linked();
}

}  // namespace
}  // namespace trunkgate

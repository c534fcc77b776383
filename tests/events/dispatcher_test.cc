#include "events/dispatcher.h"

#include <algorithm>
#include <map>

#include "deliverer_fixture.h"
#include "events/outbox.h"
#include "events/redelivery.h"
#include "events/retry.h"

namespace trunkgate {
namespace {

using State = DeliveryOutcome::State;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;

// Answers for each ref as the test says; the events of pushes arrive.
struct Choosy final : Sink {
  std::string name() const override { return "choosy"; }
  std::vector<DeliveryOutcome> deliver(std::span<const Delivery> events) override {
    std::vector<DeliveryOutcome> outcomes;
    std::set<std::string> failed;
    for (const Delivery& event : events) {
      const std::string subject = Json::parse(event.json)["subject"];
      DeliveryOutcome outcome{.state = State::delivered};
      if (const auto found = answers.find(subject); found != answers.end()) outcome = found->second;
      if (all) outcome = *all;
      if (failed.contains(event.partition)) outcome = {};
      if (outcome.state != State::delivered) failed.insert(event.partition);
      if (outcome.state == State::delivered) got.push_back(subject);
      if (outcome.state == State::failed) tried.push_back(subject);
      outcomes.push_back(outcome);
    }
    return outcomes;
  }
  std::int64_t gathers_for() const override { return gathers; }
  std::optional<std::uint64_t> lost_since() override { return std::exchange(lost, std::nullopt); }

  std::map<std::string, DeliveryOutcome> answers;
  std::optional<DeliveryOutcome> all;
  std::int64_t gathers = 0;
  std::optional<std::uint64_t> lost;
  Story got;
  Story tried;
};

class Dispatcher : public DelivererTest {
 protected:
  void SetUp() override {
    DelivererTest::SetUp();
    a_ = commit("a");
    b_ = commit("b", {a_});
  }
  void push(int n, const std::string& ref, const ObjectId& before, const ObjectId& after) {
    pushed(n, {update("refs/heads/" + ref, before, after)});
  }
  // What came through, branches only.
  Story pass() {
    sink_.got.clear();
    sink_.tried.clear();
    report_ = deliver({&sink_});
    Story branches;
    for (const std::string& subject : sink_.got) {
      if (subject.starts_with("refs/heads/")) branches.push_back(subject.substr(11));
    }
    return branches;
  }
  SinkHealth health() { return Outbox(Journal::path_in(folder()), "sink0").health(); }
  static DeliveryOutcome refusal(std::int64_t retry_after = 0) {
    return {.state = State::failed,
            .reason = "answered 400",
            .retry_after = retry_after,
            .refused = true};
  }
  static DeliveryOutcome outage(std::int64_t retry_after = 0) {
    return {.state = State::failed, .reason = "no route", .retry_after = retry_after};
  }

  Choosy sink_;
  DeliveryReport report_;
  ObjectId a_;
  ObjectId b_;
};

TEST_F(Dispatcher, HoldsBackOnlyTheRefWhoseEventFailed) {
  push(1, "x", none_, a_);
  push(2, "x", a_, b_);
  push(3, "y", none_, a_);
  sink_.answers["refs/heads/x"] = refusal();
  EXPECT_EQ(pass(), Story{"y"});
  EXPECT_EQ(report_.next, now_ + 5 * kSecond);
  EXPECT_EQ(report_.problems, (Story{"choosy: answered 400"}));
  now_ += 5 * kSecond - 1;
  EXPECT_EQ(pass(), Story{});
  now_ += 1;
  sink_.answers.clear();
  EXPECT_EQ(pass(), (Story{"x", "x"}));
  EXPECT_EQ(report_.next, std::nullopt);
}

TEST_F(Dispatcher, FollowsTheScheduleForAnEventThatIsRefused) {
  push(1, "x", none_, a_);
  sink_.answers["refs/heads/x"] = refusal();
  const std::int64_t begin = now_;
  std::vector<std::int64_t> waits;
  for (int i = 0; i < 9; ++i) {
    pass();
    ASSERT_TRUE(report_.next) << i;
    waits.push_back(*report_.next - now_);
    now_ = *report_.next;
  }
  EXPECT_EQ(waits,
            (std::vector<std::int64_t>{5 * kSecond, 5 * kMinute, 30 * kMinute, 2 * kHour, 5 * kHour,
                                       10 * kHour, 14 * kHour, 20 * kHour, 24 * kHour}));
  EXPECT_EQ((now_ - begin) / kMinute, 75 * 60 + 35);
  push(2, "x", a_, b_);
  sink_.answers.clear();
  sink_.all = refusal();
  pass();
  // It is given up, which is an event of its own, and what comes after it has its turn.
  EXPECT_TRUE(report_.problems[0].starts_with("choosy: gave up event evt_")) << report_.problems[0];
  const Database journal(Journal::path_in(folder()), Database::Access::read_only);
  Query dead = journal.prepare("SELECT json FROM events WHERE type LIKE '%delivery.dead%'");
  ASSERT_TRUE(dead.step());
  const Json event = Json::parse(dead.bytes(0));
  EXPECT_EQ(event["subject"], "sink0");
  EXPECT_EQ(event["data"]["delivery"]["sink"], "sink0");
  EXPECT_EQ(event["data"]["delivery"]["reason"], "answered 400");
  EXPECT_EQ(event["data"]["cause"], "timer");
  sink_.all.reset();
  now_ += 5 * kSecond;
  EXPECT_EQ(pass(), Story{"x"});
}

TEST_F(Dispatcher, HoldsNothingBackWhereNoOrderIsWanted) {
  push(1, "x", none_, a_);
  sink_.answers["refs/heads/x"] = refusal();
  DeliverySettings free = settings({&sink_});
  free.receivers[0].ordered = false;
  Deliverer(repository(), free).run();
  sink_.answers.clear();
  push(2, "x", a_, b_);
  sink_.got.clear();
  Deliverer(repository(), free).run();
  // The later one; the first waits for its time.
  EXPECT_EQ(std::count(sink_.got.begin(), sink_.got.end(), "refs/heads/x"), 1);
  sink_.got.clear();
  now_ += 5 * kSecond;
  Deliverer(repository(), free).run();
  EXPECT_EQ(sink_.got, Story{"refs/heads/x"});
}

TEST_F(Dispatcher, AsksAReceiverThatIsDownAgainSoonAndGivesNothingUp) {
  push(1, "x", none_, a_);
  sink_.all = outage();
  std::vector<std::int64_t> waits;
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(pass(), Story{});
    waits.push_back(*report_.next - now_);
    now_ = *report_.next;
  }
  EXPECT_EQ(waits, (std::vector<std::int64_t>{5 * kSecond, 10 * kSecond, 20 * kSecond, 40 * kSecond,
                                              80 * kSecond, 160 * kSecond, 320 * kSecond,
                                              640 * kSecond, 15 * kMinute, 15 * kMinute}));
  sink_.all.reset();
  EXPECT_EQ(pass(), Story{"x"});
  EXPECT_EQ(health().failures, 0);
}

TEST_F(Dispatcher, ProbesSeveralRefsForTheOldestEventMayBeWhatIsWrong) {
  push(1, "x", none_, a_);
  sink_.answers["refs/heads/x"] = outage();
  for (int i = 0; i < 6; ++i) {
    pass();
    now_ = report_.next.value_or(now_);
  }
  push(2, "y", none_, a_);
  EXPECT_EQ(pass(), Story{"y"});
  EXPECT_EQ(health().failures, 0);
}

TEST_F(Dispatcher, TriesEightEventsOnceAReceiverHasFailedFiveTimes) {
  for (int n = 1; n <= 12; ++n) push(n, "b" + std::to_string(n), none_, a_);
  sink_.all = outage();
  std::vector<std::size_t> tried;
  for (int i = 0; i < 7; ++i) {
    pass();
    tried.push_back(sink_.tried.size());
    now_ = *report_.next;
  }
  // One of each push and one of each ref, of which none waits for another.
  EXPECT_EQ(tried, (std::vector<std::size_t>{24, 24, 24, 24, 24, 8, 8}));
  sink_.all.reset();
  EXPECT_EQ(pass().size(), 12U);
}

TEST_F(Dispatcher, WaitsAsLongAsTheReceiverAsks) {
  push(1, "x", none_, a_);
  sink_.all = outage(2 * kHour);
  pass();
  EXPECT_EQ(*report_.next, now_ + 2 * kHour);
  now_ = *report_.next;
  sink_.all = outage(48 * kHour);
  pass();
  EXPECT_EQ(*report_.next, now_ + kMaxRetryAfter);
}

TEST_F(Dispatcher, GivesAReceiverABreakThatAsksForOneBetweenEvents) {
  push(1, "x", none_, a_);
  push(2, "y", none_, a_);
  sink_.answers["refs/heads/x"] = outage(kHour);
  EXPECT_EQ(pass(), Story{"y"});
  EXPECT_EQ(*report_.next, now_ + kHour);
  push(3, "z", none_, a_);
  sink_.answers.clear();
  EXPECT_EQ(pass(), Story{});
  now_ += kHour;
  EXPECT_EQ(pass(), (Story{"x", "z"}));
}

TEST_F(Dispatcher, DoesNotWaitForATimeThatAClockSetBackHasMovedAway) {
  push(1, "x", none_, a_);
  sink_.all = outage(kHour);
  pass();
  now_ -= 24 * kHour;
  sink_.all.reset();
  EXPECT_EQ(pass(), Story{"x"});
  push(2, "x", a_, b_);
  push(3, "y", none_, a_);
  sink_.answers["refs/heads/x"] = refusal(kHour);
  EXPECT_EQ(pass(), Story{"y"});
  sink_.answers.clear();
  now_ -= 24 * kHour;
  EXPECT_EQ(pass(), Story{"x"});
}

TEST_F(Dispatcher, DisablesASinkThatIsGoneAndKeepsItsBacklog) {
  push(1, "x", none_, a_);
  sink_.all = outage();
  sink_.all->gone = true;
  sink_.all->reason = "answered 410";
  pass();
  EXPECT_EQ(health().disabled, now_);
  EXPECT_EQ(report_.next, std::nullopt);
  sink_.all.reset();
  push(2, "x", a_, b_);
  now_ += kHour;
  EXPECT_EQ(pass(), Story{});
  Outbox outbox(Journal::path_in(folder()), "sink0");
  outbox.set_health({});
  EXPECT_EQ(pass(), (Story{"x", "x"}));
}

TEST_F(Dispatcher, DisablesASinkToWhichNothingCameThroughForFiveDays) {
  push(1, "x", none_, a_);
  sink_.all = outage();
  for (int i = 0; i < 5; ++i) {
    pass();
    now_ = *report_.next;
  }
  now_ += kMaxOutage;
  pass();
  EXPECT_EQ(health().disabled, now_);
  EXPECT_EQ(health().reason, "nothing came through for five days; last: no route");
}

TEST_F(Dispatcher, GathersEventsForADigest) {
  sink_.gathers = 10 * kMinute;
  push(1, "x", none_, a_);
  EXPECT_EQ(pass(), Story{});
  EXPECT_EQ(report_.next, now_ + 10 * kMinute);
  now_ += 9 * kMinute;
  push(2, "y", none_, a_);
  EXPECT_EQ(pass(), Story{});
  now_ += kMinute;
  EXPECT_EQ(pass(), (Story{"x", "y"}));
}

TEST_F(Dispatcher, SendsAgainWhatTheReceiverHasLost) {
  push(1, "x", none_, a_);
  push(2, "y", none_, a_);
  EXPECT_EQ(pass(), (Story{"x", "y"}));
  push(3, "z", none_, a_);
  sink_.lost = 3;
  EXPECT_EQ(pass(), (Story{"y", "z"}));
  EXPECT_EQ(report_.problems, Story{"choosy: the receiver has lost events; 2 are sent again"});
}

TEST_F(Dispatcher, LeavesASinkToTheProcessThatIsAtIt) {
  push(1, "x", none_, a_);
  wait_ = false;
  {
    const auto lock = FileLock::try_now(folder() + "/state/sink-sink0.lock", Sharing{});
    EXPECT_EQ(pass(), Story{});
  }
  EXPECT_EQ(pass(), Story{"x"});
}

TEST(Retry, IsSpreadByAFifth) {
  EXPECT_EQ(wait_after_refusal(1, 0), 4 * kSecond);
  EXPECT_EQ(wait_after_refusal(1, 1), 6 * kSecond);
  EXPECT_EQ(wait_after_outage(1, 0), 4 * kSecond);
  EXPECT_EQ(wait_after_outage(100, 1), 18 * kMinute);
}

// Disables its sink in the middle of a pass, as an operator does.
struct Interrupted final : Sink {
  explicit Interrupted(std::string folder) : folder_(std::move(folder)) {}
  std::string name() const override { return "interrupted"; }
  std::vector<DeliveryOutcome> deliver(std::span<const Delivery> events) override {
    ++batches;
    disable_sink(folder_, "sink0", "by hand", kNow);
    return {events.size(), outcome};
  }
  int batches = 0;
  DeliveryOutcome outcome{.state = State::delivered};

 private:
  std::string folder_;
};

TEST_F(Dispatcher, StopsAtASinkThatAnOperatorDisablesMeanwhile) {
  push(1, "x", none_, a_);
  Interrupted sink(folder());
  deliver({&sink});
  push(2, "x", a_, b_);
  deliver({&sink});
  EXPECT_EQ(sink.batches, 1);
  EXPECT_EQ(health().disabled, kNow);
  EXPECT_EQ(health().reason, "by hand");
}

TEST_F(Dispatcher, LeavesASinkDisabledThatFailsMeanwhile) {
  push(1, "x", none_, a_);
  Interrupted sink(folder());
  sink.outcome = outage();
  EXPECT_EQ(deliver({&sink}).next, std::nullopt);
  EXPECT_EQ(health().disabled, kNow);
  EXPECT_EQ(health().reason, "by hand");
}

}  // namespace
}  // namespace trunkgate

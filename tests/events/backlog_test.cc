// What waits for a sink that takes nothing: all of it, in order, and not for ever.
#include "deliverer_fixture.h"
#include "events/journal.h"
#include "events/outbox.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kDay = std::int64_t{24} * 3600 * kSecond;

class Backlog : public DelivererTest {
 protected:
  // So many events of ten refs, recorded for the sink of deliver().
  void record(std::uint64_t count) {
    Journal journal(folder(), Sharing{});
    const std::vector<Subscriber> sinks{{.sink = "sink0", .takes = {}}};
    const Sequence sequence;
    std::vector<Event> events;
    for (std::uint64_t n = 1; n <= count; ++n) {
      Event& event = events.emplace_back();
      event.sequence = ++last_;
      event.id = "evt_" + std::to_string(last_);
      event.source = "https://git.example.com/trainer.git";
      event.type = event_type("ref.updated");
      event.subject = "refs/heads/" + std::to_string(last_ % 10);
      event.time = event.recorded_time = now_;
      event.partition_key = event.ref = event.subject;
      event.body = "{\"text\":\"" + std::string(500, 'x') + "\"}";
      if (events.size() == 5000 || n == count) {
        journal.record({.events = events,
                        .sequence = sequence,
                        .changed = {},
                        .files = {},
                        .subscribers = sinks,
                        .notices = {},
                        .now = now_});
        events.clear();
      }
    }
  }
  std::int64_t count(const std::string& sql) const {
    return Database(Journal::path_in(folder()), Database::Access::read_only)
        .number(sql)
        .value_or(-1);
  }
  void prune(std::int64_t max_bytes, const std::vector<std::string>& sinks) const {
    Journal(folder(), Sharing{}).prune(now_ - 30 * kDay, max_bytes, sinks);
  }
  void disable() const {
    Outbox outbox(Journal::path_in(folder()), "sink0");
    outbox.set_health({.disabled = now_, .reason = "no answer"});
  }

  std::uint64_t last_ = 0;
};

// D-043.
TEST_F(Backlog, OfAHundredThousandEventsDrainsInOrderAfterSevenDays) {
  FlakySink sink;
  for (int day = 0; day < 7; ++day) {
    record(100'000 / 7 + (day == 0 ? 100'000 % 7 : 0));
    deliver({&sink});
    now_ += kDay;
  }
  EXPECT_TRUE(sink.delivered.empty());
  const auto size = static_cast<double>(std::filesystem::file_size(Journal::path_in(folder())));
  EXPECT_LT(size / 100'000, 2000);  // bytes for an event of a thousand
  sink.failing = false;
  // It was disabled when nothing had come through for five days, and somebody has looked after it.
  Outbox(Journal::path_in(folder()), "sink0").set_health({});
  deliver({&sink});
  // One more tells that the sink was disabled: here, nothing keeps that from the sink itself.
  ASSERT_EQ(sink.delivered.size(), 100'001U);
  for (std::uint64_t n = 0; n < 100'001; ++n) {
    if (sink.delivered[n].sequence != n + 1) FAIL() << sink.delivered[n].sequence << " at " << n;
  }
}

TEST_F(Backlog, OfASinkOfThePolicyIsNeverCut) {
  record(1000);
  now_ += 300 * kDay;
  prune(100'000, {"sink0"});
  EXPECT_EQ(count("SELECT count(*) FROM events"), 1000);
}

TEST_F(Backlog, OfADisabledSinkGoesAfterThreeMonthsOrWhenItIsTooLarge) {
  record(1000);
  disable();
  now_ += 89 * kDay;
  prune(std::int64_t{1} << 30, {"sink0"});
  EXPECT_EQ(count("SELECT count(*) FROM events"), 1000);
  prune(500'000, {"sink0"});
  const std::int64_t left = count("SELECT count(*) FROM events");
  EXPECT_GT(left, 0);
  EXPECT_LT(left, 600);
  EXPECT_EQ(count("SELECT min(sequence) FROM deliveries"), 1001 - left);
  now_ += 2 * kDay;
  prune(std::int64_t{1} << 30, {"sink0"});
  EXPECT_EQ(count("SELECT count(*) FROM events"), 0);
  EXPECT_EQ(count("SELECT count(*) FROM deliveries"), 0);
}

TEST_F(Backlog, OfASinkThatLeftThePolicyGoesLikewise) {
  record(100);
  disable();
  Outbox(Journal::path_in(folder()), "sink0").set_health({});
  now_ += 31 * kDay;
  prune(std::int64_t{1} << 30, {"another"});
  EXPECT_EQ(count("SELECT count(*) FROM events"), 100);
  now_ += 60 * kDay;
  prune(std::int64_t{1} << 30, {"another"});
  EXPECT_EQ(count("SELECT count(*) FROM events"), 0);
}

}  // namespace
}  // namespace trunkgate

#include "events/redelivery.h"

#include "base/error.h"
#include "events/delivery_rows.h"
#include "events/outbox.h"
#include "operator_fixture.h"

namespace trunkgate {
namespace {

class RedeliveryTest : public OperatorTest {
 protected:
  // One line for each delivery: "sink0 3 delivered".
  Story rows() const {
    const JournalReader journal(folder());
    Story found;
    for (std::uint64_t i = 1; i <= journal.last(); ++i) {
      for (const DeliveryRow& row : deliveries_of(journal, i)) {
        found.push_back(row.sink + " " + std::to_string(i) + " " +
                        std::string(to_string(row.state)));
      }
    }
    return found;
  }
  Story again(const EventRange& range, const std::vector<Subscriber>& sinks) {
    Story results;
    for (const Redelivered& sink : redeliver(folder(), range, sinks, now_)) {
      results.push_back(sink.sink + " " + std::to_string(sink.events) + (sink.off ? " off" : ""));
    }
    return results;
  }
  Story statuses() const {
    Story lines;
    for (const SinkStatus& status : sink_statuses(JournalReader(folder()))) {
      lines.push_back(status_text(status));
    }
    return lines;
  }
};

TEST_F(RedeliveryTest, SendsTheSameEventsAgainWithTheirIds) {
  const auto sent = ids();
  EXPECT_EQ(again({.first = 2, .last = 3}, {{.sink = "sink0"}}), Story{"sink0 2"});
  FlakySink sink;
  sink.failing = false;
  deliver({&sink});
  ASSERT_EQ(sink.delivered.size(), 2U);
  EXPECT_EQ(sink.delivered[0].id, sent[1]);
  EXPECT_EQ(sink.delivered[1].id, sent[2]);
  EXPECT_EQ(sink.delivered[0].attempt, 2);
  EXPECT_EQ(rows()[1], "sink0 2 delivered");
}

TEST_F(RedeliveryTest, GivesASinkWhatItNeverHadWhereItTakesIt) {
  const auto tags = [](const FilteredEvent& event) {
    return event.refs.names == std::vector<std::string>{"refs/heads/nightly"};
  };
  EXPECT_EQ(again({}, {{.sink = "tags", .takes = tags}, {.sink = "all"}}),
            (Story{"tags 1", "all 7"}));
  EXPECT_EQ(again({}, {{.sink = "tags", .takes = tags}}), Story{"tags 1"});
  EXPECT_EQ(statuses(), (Story{"all: on; 7 open, the oldest of 2026-01-02T03:04:05Z; 0 dead",
                               "sink0: on; 0 open; 0 dead",
                               "tags: on; 1 open, the oldest of 2026-01-02T04:04:05Z; 0 dead"}));
}

TEST_F(RedeliveryTest, BringsBackWhatWasGivenUpAndWhatWaits) {
  change("UPDATE deliveries SET state = 2, refusals = 10, reason = 'no' WHERE sequence = 2");
  change("UPDATE deliveries SET state = 0, due = 9e15, refusals = 5 WHERE sequence = 3");
  EXPECT_EQ(again({.first = 2, .last = 3}, {{.sink = "sink0"}}), Story{"sink0 2"});
  FlakySink sink;
  sink.failing = false;
  deliver({&sink});
  EXPECT_EQ(sink.delivered.size(), 2U);
}

TEST_F(RedeliveryTest, TakesAThousandEventsInSmallSteps) {
  const Database journal(journal_path(), Database::Access::write);
  journal.execute(
      "WITH RECURSIVE n(i) AS (SELECT max(sequence) + 1 FROM events UNION ALL SELECT i + 1 FROM n "
      "WHERE i < 1500) "
      "INSERT INTO events SELECT i, 'evt_' || i, 't', NULL, '', i, i, '{}', '' FROM n");
  EXPECT_EQ(again({}, {{.sink = "sink0"}, {.sink = "other"}}), (Story{"sink0 1500", "other 1500"}));
  EXPECT_EQ(again({.begin = 1000, .end = 1099}, {{.sink = "other"}}), Story{"other 100"});
}

TEST_F(RedeliveryTest, SaysThatASinkIsOffAndKeepsWhatItIsToGet) {
  EXPECT_TRUE(disable_sink(folder(), "sink0", "too loud", now_));
  EXPECT_FALSE(disable_sink(folder(), "sink0", "again", now_));
  EXPECT_EQ(again({.first = 1, .last = 2}, {{.sink = "sink0"}}), Story{"sink0 2 off"});
  EXPECT_EQ(statuses(), Story{"sink0: off since 2026-01-02T04:04:05Z; 2 open, the oldest of "
                              "2026-01-02T03:04:05Z; 0 dead; too loud"});
  FlakySink sink;
  sink.failing = false;
  deliver({&sink});
  EXPECT_EQ(sink.delivered.size(), 0U);
  EXPECT_TRUE(enable_sink(folder(), "sink0"));
  EXPECT_FALSE(enable_sink(folder(), "sink0"));
  deliver({&sink});
  EXPECT_EQ(sink.delivered.size(), 2U);
}

TEST_F(RedeliveryTest, EndsTheWaitOfAFailingSinkThatIsEnabled) {
  pushed(9, {update("refs/heads/main", c_, b_)});
  FlakySink sink;
  deliver({&sink});
  EXPECT_EQ(statuses(),
            Story{"sink0: on, failing since 2026-01-02T04:04:05Z, next try 2026-01-02T04:04:10Z; 2 "
                  "open, the oldest of 2026-01-02T04:04:05Z; 0 dead; no answer"});
  sink.failing = false;
  deliver({&sink});
  EXPECT_EQ(sink.delivered.size(), 0U);
  EXPECT_TRUE(enable_sink(folder(), "sink0"));
  deliver({&sink});
  EXPECT_EQ(sink.delivered.size(), 2U);
}

TEST_F(RedeliveryTest, MakesNoJournalWhereThereIsNone) {
  std::filesystem::remove(journal_path());
  EXPECT_THROW(again({}, {{.sink = "sink0"}}), Error);
  EXPECT_THROW(disable_sink(folder(), "sink0", "x", now_), Error);
  EXPECT_THROW(enable_sink(folder(), "sink0"), Error);
  EXPECT_FALSE(exists(journal_path()));
}

TEST_F(RedeliveryTest, ListsWhatASinkLacks) {
  change("UPDATE deliveries SET state = 2, attempts = 10, reason = 'no' WHERE sequence = 2");
  change("UPDATE deliveries SET state = 0, attempts = 1 WHERE sequence = 5");
  change("UPDATE deliveries SET state = 0, attempts = 0 WHERE sequence = 6");
  const JournalReader journal(folder());
  const auto listed = [&](DeliveryChoice choice) {
    std::vector<std::uint64_t> sequences;
    each_delivery(journal, "sink0", choice, [&](const DeliveryRow& row) {
      sequences.push_back(row.sequence);
      return true;
    });
    return sequences;
  };
  using Numbers = std::vector<std::uint64_t>;
  EXPECT_EQ(listed(DeliveryChoice::undelivered), (Numbers{2, 5, 6}));
  EXPECT_EQ(listed(DeliveryChoice::open), (Numbers{5, 6}));
  EXPECT_EQ(listed(DeliveryChoice::failed), Numbers{5});
  EXPECT_EQ(listed(DeliveryChoice::dead), Numbers{2});
  const DeliveryRow row = deliveries_of(journal, 2).at(0);
  EXPECT_EQ(row_text(journal, row),
            "     2  2026-01-02T03:02:26Z  ref.created        refs/heads/main  dead, 10 attempts, "
            "last 2026-01-02T03:04:05Z: no");
  EXPECT_EQ(
      row_json(journal, row),
      "{\"sink\":\"sink0\",\"sequence\":2,\"event\":\"" + ids()[1] +
          "\",\"type\":\"dev.trunkgate.ref.created.v1\",\"time\":\"2026-01-02T03:02:26.678901Z\","
          "\"ref\":\"refs/heads/main\",\"state\":\"dead\",\"attempts\":10,\"due\":null,"
          "\"changed\":\"2026-01-02T03:04:05.678901Z\",\"reason\":\"no\"}");
  EXPECT_EQ(status_json(sink_statuses(journal).at(0)),
            "{\"sink\":\"sink0\",\"on\":true,\"disabled\":null,\"failing_since\":null,"
            "\"retry_at\":null,\"last_success\":\"2026-01-02T04:04:05.678901Z\",\"reason\":\"\","
            "\"open\":2,\"dead\":1,\"oldest_open\":\"2026-01-02T04:04:05.678901Z\"}");
}

}  // namespace
}  // namespace trunkgate

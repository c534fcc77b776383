#include "events/event_line.h"

#include <sstream>

#include "base/error.h"
#include "base/text.h"
#include "operator_fixture.h"

namespace trunkgate {
namespace {

class EventLineTest : public OperatorTest {
 protected:
  Story lines_of(const EventQuery& query = {}) const {
    Story lines;
    JournalReader(folder()).each(query, [&](const RecordedEvent& event) {
      lines.push_back(event_line(event));
      return true;
    });
    return lines;
  }
  RecordedEvent event(const std::string& name) const {
    return JournalReader(folder()).find(name).value();
  }
};

TEST_F(EventLineTest, TellsEachKindOfEventOnOneLine) {
  const std::string a = a_.hex().substr(0, 8);
  const std::string b = b_.hex().substr(0, 8);
  const std::string c = c_.hex().substr(0, 8);
  const std::string one = key(1).push_id().substr(0, 13);
  const std::string two = key(2).push_id().substr(0, 13);
  const std::string three = key(3).push_id().substr(0, 13);
  EXPECT_EQ(
      lines_of(),
      (Story{
          "     1  2026-01-02T03:02:26Z  push.accepted      " + one +
              " refs/heads/main  alice  00000000.." + a,
          "     2  2026-01-02T03:02:26Z  ref.created        refs/heads/main  alice  00000000.." + a,
          "     3  2026-01-02T03:02:27Z  push.rejected      " + two + " refs/heads/main  alice  " +
              a + ".." + c,
          "     4  2026-01-02T03:02:28Z  push.accepted      " + three + " 2 refs  alice",
          "     5  2026-01-02T03:02:28Z  ref.updated        refs/heads/main  alice  " + a + ".." +
              b,
          "     6  2026-01-02T03:02:28Z  ref.created        refs/heads/nightly  alice  00000000.." +
              a,
          "     7  2026-01-02T04:04:05Z  ref.updated        refs/heads/main  (system)  " + b +
              ".." + c + "  (external)",
      }));
}

TEST_F(EventLineTest, IsPrintableAndShortWhateverTheJournalHolds) {
  change(
      "UPDATE events SET json = CAST(x'7b1b5b316d' AS TEXT), type = CAST(x'1b5d30' AS TEXT), "
      "push_id = CAST(x'9b' AS TEXT), ref = x'726566731bff0a' WHERE sequence = 1");
  change("UPDATE events SET json = '[1]' WHERE sequence = 2");
  change(
      "UPDATE events SET json = '{\"subject\":\"\\u001b\\u009b\\u202e\",\"data\":{\"changes\":"
      "[[],{}],\"actor\":7}}', ref = NULL WHERE sequence = 3");
  const Story found = lines_of();
  EXPECT_EQ(found[0],
            "     1  2026-01-02T03:02:26Z  \\x1b]0             refs\\x1b\\xff\\n  -  (cannot be "
            "read)");
  EXPECT_EQ(found[1], "     2  2026-01-02T03:02:26Z  ref.created        refs/heads/main  -");
  for (const std::string& line : found) EXPECT_TRUE(is_printable(line)) << line;
  EXPECT_THROW(event_json(event("1")), Error);
}

TEST_F(EventLineTest, GivesTheJsonThatWasSentInAscii) {
  change("UPDATE events SET json = '{\"b\":\"\xc3\xbc\xe2\x80\xae\",\"a\":1}' WHERE sequence = 2");
  EXPECT_EQ(event_json(event("2")), "{\"b\":\"\\u00fc\\u202e\",\"a\":1}");
  EXPECT_EQ(Json::parse(event_json(event("3")))["data"]["violations"],
            events()[2]["data"]["violations"]);
}

TEST_F(EventLineTest, ShowsAllOfAnEventAndWhereItWent) {
  change(
      "UPDATE events SET json = '{\"b\":\"\xc3\xbc\xe2\x80\xae\",\"a\":[1]}' WHERE sequence = 2");
  const std::vector<DeliveryRow> rows{{.sink = "log",
                                       .sequence = 2,
                                       .state = DeliveryState::delivered,
                                       .attempts = 1,
                                       .due = 0,
                                       .changed = kNow},
                                      {.sink = "ci",
                                       .sequence = 2,
                                       .state = DeliveryState::open,
                                       .attempts = 3,
                                       .due = kNow + 60 * kSecond,
                                       .changed = kNow,
                                       .reason = "no \x1b route"},
                                      {.sink = "bus",
                                       .sequence = 2,
                                       .state = DeliveryState::dead,
                                       .attempts = 10,
                                       .due = 0,
                                       .changed = kNow},
                                      {.sink = "new", .sequence = 2}};
  EXPECT_EQ(
      event_page(event("2"), rows),
      "{\n  \"b\": \"\xc3\xbc<U+202E>\",\n  \"a\": [\n    1\n  ]\n}\n"
      "deliveries:\n"
      "  log: delivered 2026-01-02T03:04:05Z, 1 attempt\n"
      "  ci: open, 3 attempts, last 2026-01-02T03:04:05Z, next 2026-01-02T03:05:05Z: no \\x1b "
      "route\n"
      "  bus: dead, 10 attempts, last 2026-01-02T03:04:05Z\n"
      "  new: open\n");
  EXPECT_TRUE(event_page(event("2"), {}).ends_with("]\n}\nno sink takes it\n"));
  EXPECT_EQ(event_page_json(event("2"), {rows.data() + 1, 1}),
            "{\"event\":{\"b\":\"\\u00fc\\u202e\",\"a\":[1]},\"deliveries\":[{\"sink\":\"ci\","
            "\"state\":\"open\",\"attempts\":3,\"changed\":\"2026-01-02T03:04:05.678901Z\","
            "\"due\":\"2026-01-02T03:05:05.678901Z\",\"reason\":\"no \\\\x1b route\"}]}");
}

TEST_F(EventLineTest, CutsNoMessageOfAnEventInFull) {
  const std::string message(200'000, 'x');
  change("UPDATE events SET json = '{\"a\":\"" + message + "\"}' WHERE sequence = 2");
  EXPECT_EQ(event_page(event("2"), {}), "{\n  \"a\": \"" + message + "\"\n}\nno sink takes it\n");
}

}  // namespace
}  // namespace trunkgate

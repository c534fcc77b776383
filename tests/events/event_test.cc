#include "events/event.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "events/bytes_json.h"
#include "events/event_builder.h"

namespace trunkgate {
namespace {

TEST(Event, IsOneLineOfCloudEventsJson) {
  Event event;
  event.id = "evt_00000000000000000000000000000001";
  event.source = "https://git.example.com/a.git";
  event.type = event_type("ref.updated");
  event.subject = "refs/heads/\"x\"";
  event.time = 1'767'323'045'000'001;
  event.recorded_time = 1'767'323'046'000'000;
  event.sequence = 42;
  event.ref_sequence = 7;
  event.ref_previous = "evt_00000000000000000000000000000000";
  event.correlation_id = "push_00000000000000000000000000000000";
  event.partition_key = "uuid:refs/heads/\"x\"";
  event.auth_type = "user";
  event.auth_id = "alice";
  event.body = "{\"schema_version\":1}";
  EXPECT_EQ(
      to_json(event),
      "{\"specversion\":\"1.0\",\"id\":\"evt_00000000000000000000000000000001\","
      "\"source\":\"https://git.example.com/a.git\",\"type\":\"dev.trunkgate.ref.updated.v1\","
      "\"subject\":\"refs/heads/\\\"x\\\"\",\"time\":\"2026-01-02T03:04:05.000001Z\","
      "\"recordedtime\":\"2026-01-02T03:04:06.000000Z\",\"datacontenttype\":\"application/json\","
      "\"dataschema\":\"https://trunkgate.invalid/schemas/events/1.json\","
      "\"sequence\":\"00000000000000000042\",\"refsequence\":\"00000000000000000007\","
      "\"refprevious\":\"evt_00000000000000000000000000000000\","
      "\"correlationid\":\"push_00000000000000000000000000000000\","
      "\"partitionkey\":\"uuid:refs/heads/\\\"x\\\"\",\"authtype\":\"user\",\"authid\":\"alice\","
      "\"data\":{\"schema_version\":1}}");
}

TEST(Event, HasAnIdThatDependsOnWhatHappenedOnly) {
  const EventIdentity one{
      .repository_id = "u", .type = "t", .about = "r", .count = 1, .before = "a", .after = "b"};
  EventIdentity two = one;
  EXPECT_EQ(event_id(one), event_id(two));
  // printf 'u|t|r|1|a|b' | sha256sum
  EXPECT_EQ(event_id(one), "evt_13213fbfff348ae16e4d0b14d7055df2");
  two.count = 2;
  EXPECT_NE(event_id(one), event_id(two));
}

TEST(Event, WritesTimesOfFourDigitYears) {
  EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(rfc3339(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(rfc3339(INT64_MAX).substr(0, 19), "9999-12-31T23:59:59");
  EXPECT_EQ(rfc3339(INT64_MIN).substr(0, 19), "0001-01-01T00:00:00");
}

TEST(Event, MakesAttributesOfAnyBytes) {
  EXPECT_EQ(attribute_text("refs/heads/\xC3\xA9"), "refs/heads/\xC3\xA9");
  EXPECT_EQ(attribute_text("a\x01\x7F\n\xC2\x85z"), "az");
  EXPECT_EQ(attribute_text("caf\xE9"), "caf\xEF\xBF\xBD");
  EXPECT_EQ(attribute_text(std::string(5000, 'x')).size(), 1024U);
  EXPECT_TRUE(is_utf8(attribute_text("x" + std::string(5000, '\xFF'))));
}

TEST(Event, MakesAFileUriOfAPath) {
  EXPECT_EQ(file_uri("/srv/git/a b%\xE9.git"), "file:///srv/git/a%20b%25%E9.git");
}

TEST(BytesJson, CutsBetweenCharacters) {
  EXPECT_EQ(cut_bytes("a\xC3\xA9", 2), "a");
  EXPECT_EQ(cut_bytes("a\xC3\xA9", 3), "a\xC3\xA9");
  EXPECT_EQ(cut_bytes("\xF0\x9F\x98\x80z", 3), "");
  EXPECT_EQ(cut_bytes("abc", 9), "abc");
}

}  // namespace
}  // namespace trunkgate

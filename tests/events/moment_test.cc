#include "events/moment.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kMomentNow = 1'767'323'045'678'901;  // 2026-01-02T03:04:05.678901Z
constexpr std::int64_t kDayStart = 1'767'312'000'000'000;   // 2026-01-02T00:00:00Z
constexpr std::int64_t kMomentSecond = 1'000'000;

TEST(Moment, IsASequenceATimeAgoOrAUtcTimeWithTheSpanThatItNames) {
  EXPECT_EQ(parse_moment("17", kMomentNow).sequence, 17U);
  const Moment ago = parse_moment("36h", kMomentNow);
  EXPECT_EQ(ago.sequence, std::nullopt);
  EXPECT_EQ(ago.begin, kMomentNow - 36 * 3600 * kMomentSecond);
  EXPECT_EQ(ago.end, ago.begin);
  const Moment day = parse_moment("2026-01-02", kMomentNow);
  EXPECT_EQ(day.begin, kDayStart);
  EXPECT_EQ(day.end, kDayStart + 86400 * kMomentSecond - 1);
  for (const char* text : {"2026-01-02T03:04", "2026-01-02 03:04"}) {
    const Moment minute = parse_moment(text, kMomentNow);
    EXPECT_EQ(minute.begin, kDayStart + (3 * 3600 + 4 * 60) * kMomentSecond) << text;
    EXPECT_EQ(minute.end, minute.begin + 60 * kMomentSecond - 1) << text;
  }
  for (const char* text : {"2026-01-02T03:04:05", "2026-01-02T03:04:05Z", "2026-01-02 03:04:05"}) {
    const Moment second = parse_moment(text, kMomentNow);
    EXPECT_EQ(second.begin, kMomentNow / kMomentSecond * kMomentSecond) << text;
    EXPECT_EQ(second.end, second.begin + kMomentSecond - 1) << text;
  }
}

TEST(Moment, IsNothingElse) {
  for (const char* text :
       {"", "x", "-1", "+1", "1x", "h", "-3h", "1.5h", "2026-02-30", "2026-13-01",
        "2026-01-02T03:04:05+01:00", "99999999999999999999", "999999999999w"}) {
    EXPECT_THROW(parse_moment(text, kMomentNow), Error) << text;
  }
  try {
    parse_moment("yester\x1b[1mday", kMomentNow);
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()), "'yester\\x1b[1mday' is no time and no event's number");
    EXPECT_EQ(error.hint(),
              "write 36h or 7d (ago), 2026-01-31, 2026-01-31T09:30 (UTC), or a sequence like 17");
  }
}

TEST(Moment, BoundsARangeOnBothSides) {
  const EventRange numbers = event_range("3", "7", kMomentNow);
  EXPECT_EQ(numbers.first, 3U);
  EXPECT_EQ(numbers.last, 7U);
  const EventRange times = event_range("2026-01-02", "2026-01-02", kMomentNow);
  EXPECT_EQ(times.begin, kDayStart);
  EXPECT_EQ(times.end, kDayStart + 86400 * kMomentSecond - 1);
  EXPECT_EQ(times.last, EventRange().last);
}

}  // namespace
}  // namespace trunkgate

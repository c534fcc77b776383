// frozen-ref: whole findings, and the calendar.
#include <ctime>

#include "support/rule_test.h"

namespace trunkgate {
namespace {

class FrozenRef : public RuleTest {
 protected:
  FrozenRef() : RuleTest("frozen-ref") {}
  std::string at(const char* time, const std::string& name = "refs/heads/main") {
    std::tm parts{};
    EXPECT_NE(::strptime(time, "%Y-%m-%d %H:%M:%S", &parts), nullptr);
    now_ = ::timegm(&parts);
    return judge(name, {}, one_);
  }
  bool frozen(const char* time) { return !at(time).empty(); }
  void expect_mistake(const std::string& options, const std::string& words) {
    EXPECT_NE(mistakes(options).find(words), std::string::npos) << mistakes(options);
  }
  ObjectId one_ = server_.commit("feat: one", {});
};

TEST_F(FrozenRef, IsAlwaysFrozenWithoutATime) {
  with("{text: 'moved to  the new server'}");
  EXPECT_EQ(at("2026-01-05 09:30:00"),
            "refused: 'main' is frozen: moved to  the new server\n"
            "  now: Mon 2026-01-05 09:30 +00:00\n? ask an admin\n");
  EXPECT_NE(judge("refs/tags/v1", one_, {}), kFine);
  EXPECT_EQ(judge("refs/heads/main", one_, one_), kFine);
}

TEST_F(FrozenRef, SaysWhenItOpens) {
  with("{text: weekend, days: [fri, sat, sun], hours: '16:00-24:00', timezone: '-05:30'}");
  EXPECT_EQ(at("2026-01-03 02:00:00"),
            "refused: 'main' is frozen: weekend\n  now: Fri 2026-01-02 20:30 -05:30\n"
            "  open again: Sat 2026-01-03 00:00 -05:30\n? push again then\n");
}

TEST_F(FrozenRef, KeepsDaysAndHours) {
  with("{text: x, days: [mon], hours: '09:00-17:00'}");
  EXPECT_FALSE(frozen("2026-01-05 08:59:59"));
  EXPECT_TRUE(frozen("2026-01-05 09:00:00"));
  EXPECT_TRUE(frozen("2026-01-05 16:59:59"));
  EXPECT_FALSE(frozen("2026-01-05 17:00:00"));
  EXPECT_FALSE(frozen("2026-01-06 12:00:00"));
}

TEST_F(FrozenRef, CountsANightToTheDayItStartsOn) {
  with("{text: x, days: [mon], hours: '22:00-06:00', from: 2026-01-05, until: 2026-01-05}");
  EXPECT_FALSE(frozen("2026-01-05 05:00:00"));
  EXPECT_TRUE(frozen("2026-01-05 22:00:00"));
  EXPECT_TRUE(frozen("2026-01-06 05:59:00"));
  EXPECT_FALSE(frozen("2026-01-06 06:00:00"));
  EXPECT_FALSE(frozen("2026-01-12 23:00:00"));
}

TEST_F(FrozenRef, KeepsTheFirstAndTheLastDayThere) {
  with("{text: x, from: 2026-12-21, until: 2026-12-31, timezone: '+01:00'}");
  EXPECT_FALSE(frozen("2026-12-20 22:59:59"));
  EXPECT_TRUE(frozen("2026-12-20 23:00:00"));
  EXPECT_TRUE(frozen("2026-12-31 22:59:59"));
  EXPECT_FALSE(frozen("2026-12-31 23:00:00"));
}

TEST_F(FrozenRef, KnowsDaysBefore1970AndFarAhead) {
  with("{text: x, days: [wed]}");
  EXPECT_TRUE(frozen("1969-12-31 12:00:00"));
  EXPECT_FALSE(frozen("1970-01-01 00:00:00"));
  EXPECT_TRUE(frozen("2106-02-10 00:00:00"));
}

TEST_F(FrozenRef, ReportsMistakes) {
  expect_mistake("{}", "'text' is missing");
  expect_mistake("{text: ' '}", "'text' is missing");
  expect_mistake("{text: x, days: [monday]}", "'monday' is no day");
  expect_mistake("{text: x, days: []}", "never be frozen");
  for (const char* hours : {"9-17", "09:00-24:01", "09:00-09:00", "24:00-06:00", "09:60-10:00"}) {
    expect_mistake(std::string("{text: x, hours: '") + hours + "'}", "expected hours such as");
  }
  for (const char* zone : {"UTC", "01:00", "+15:00", "+1:00"}) {
    expect_mistake(std::string("{text: x, timezone: '") + zone + "'}", "a distance from UTC");
  }
  expect_mistake("{text: x, from: 2026-02-30}", "expected a day such as");
  expect_mistake("{text: x, from: 2026-02-03, until: 2026-02-02}", "it ends before it starts");
}

}  // namespace
}  // namespace trunkgate

#include "rules/ref/frozen_hours.h"

#include <fmt/format.h>

#include <chrono>
#include <string_view>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr int kMinutesPerDay = 24 * 60;
constexpr std::string_view kDayWords[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::string_view kDayNames[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// So many digits, as a number.
std::optional<int> digits(std::string_view text, std::size_t count) {
  if (text.size() != count) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// "09:30" in minutes; "24:00" is the end of a day.
std::optional<int> minutes_of(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = digits(text.substr(0, 2), 2);
  const auto minute = digits(text.substr(3), 2);
  if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > kMinutesPerDay) {
    return std::nullopt;
  }
  return *hour * 60 + *minute;
}

// "2026-12-21" in days since 1970.
std::optional<std::int64_t> day_of(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4), 4);
  const auto month = digits(text.substr(5, 2), 2);
  const auto day = digits(text.substr(8), 2);
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// 1970 began on a Thursday.
std::size_t weekday(std::int64_t day) { return static_cast<std::size_t>(((day + 3) % 7 + 7) % 7); }

std::optional<std::int64_t> read_day(const OptionReader& options,
                                     const Option<std::string>& option) {
  const Node* node = options.find(option.info.name);
  if (node == nullptr) return std::nullopt;
  const std::string text = options.get(option);
  const auto day = day_of(text);
  if (!day) options.diagnostics().error(node->where, "expected a day such as 2026-12-21");
  return day;
}

}  // namespace

FrozenHours::FrozenHours(const OptionReader& options) : zone_(options.get(kFrozenZone)) {
  Diagnostics& diagnostics = options.diagnostics();
  if (const Node* node = options.find(kFrozenDays.info.name); node != nullptr) {
    days_ = {};
    const std::vector<std::string> words = options.get(kFrozenDays);
    for (const std::string& word : words) {
      bool known = false;
      for (std::size_t i = 0; i < days_.size(); ++i) {
        if (word != kDayWords[i]) continue;
        days_[i] = known = true;
      }
      if (known) continue;
      diagnostics.error(
          item_location(*node, word),
          "'" + printable(word) + "' is no day; there are mon, tue, wed, thu, fri, sat and sun");
    }
    if (words.empty()) diagnostics.error(node->where, "with no day it would never be frozen");
  }
  if (const Node* node = options.find(kFrozenHours.info.name); node != nullptr) {
    const std::string text = options.get(kFrozenHours);
    const auto from = text.size() == 11 ? minutes_of(text.substr(0, 5)) : std::nullopt;
    const auto until = text.size() == 11 ? minutes_of(text.substr(6)) : std::nullopt;
    if (!from || !until || text[5] != '-' || *from == *until || *from == kMinutesPerDay) {
      diagnostics.error(node->where, "expected hours such as 09:00-17:00 or 22:00-06:00");
    } else {
      from_minute_ = *from;
      until_minute_ = *until;
    }
  }
  const auto zone = zone_.size() == 6 ? minutes_of(zone_.substr(1)) : std::nullopt;
  if (!zone || *zone > 14 * 60 || (zone_[0] != '+' && zone_[0] != '-')) {
    diagnostics.error(options.find(kFrozenZone.info.name)->where,
                      "expected a distance from UTC such as +01:00 or -05:30");
  } else {
    offset_minutes_ = zone_[0] == '-' ? -*zone : *zone;
  }
  first_day_ = read_day(options, kFrozenFrom);
  last_day_ = read_day(options, kFrozenUntil);
  if (first_day_ && last_day_ && *last_day_ < *first_day_) {
    diagnostics.error(options.find(kFrozenUntil.info.name)->where, "it ends before it starts");
  }
}

bool FrozenHours::on_day(std::int64_t day) const {
  return (!first_day_ || day >= *first_day_) && (!last_day_ || day <= *last_day_) &&
         days_[weekday(day)];
}

bool FrozenHours::contains(std::int64_t time) const {
  const std::int64_t there = floor_div(time, 60) + offset_minutes_;
  const std::int64_t day = floor_div(there, kMinutesPerDay);
  const auto minute = static_cast<int>(there - day * kMinutesPerDay);
  if (from_minute_ < until_minute_) {
    return on_day(day) && minute >= from_minute_ && minute < until_minute_;
  }
  return (on_day(day) && minute >= from_minute_) || (on_day(day - 1) && minute < until_minute_);
}

std::optional<std::int64_t> FrozenHours::end_after(std::int64_t time) const {
  std::int64_t minute = floor_div(time, 60) * 60;
  for (int i = 0; i < 366 * kMinutesPerDay; ++i) {
    minute += 60;
    if (!contains(minute)) return minute;
  }
  return std::nullopt;
}

std::string FrozenHours::clock(std::int64_t time) const {
  const std::int64_t there = floor_div(time, 60) + offset_minutes_;
  const std::int64_t day = floor_div(there, kMinutesPerDay);
  const std::int64_t minute = there - day * kMinutesPerDay;
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  return fmt::format("{} {:04}-{:02}-{:02} {:02}:{:02} {}", kDayNames[weekday(day)],
                     static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), minute / 60, minute % 60, zone_);
}

}  // namespace trunkgate

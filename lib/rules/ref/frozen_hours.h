// When a reference is frozen: days of the week, hours, first and last day.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "rules/rule.h"

namespace trunkgate {

inline constexpr Option<std::vector<std::string>> kFrozenDays{
    "days", "", "mon, tue, wed, thu, fri, sat, sun; left out: every day"};
inline constexpr Option<std::string> kFrozenHours{
    "hours", "",
    "such as 09:00-17:00; a range over midnight belongs to the day it starts on; left out: all "
    "day"};
inline constexpr Option<std::string> kFrozenZone{"timezone", "+00:00",
                                                 "of days, hours and dates, against UTC"};
inline constexpr Option<std::string> kFrozenFrom{"from", "", "first day, such as 2026-12-21"};
inline constexpr Option<std::string> kFrozenUntil{"until", "", "last day, itself included"};

class FrozenHours {
 public:
  // Mistakes go to the reader's diagnostics.
  explicit FrozenHours(const OptionReader& options);

  // Seconds since 1970.
  bool contains(std::int64_t time) const;
  // The first full minute after `time` that is not frozen; nothing within the next year.
  std::optional<std::int64_t> end_after(std::int64_t time) const;
  // "Mon 2026-01-05 09:30 +01:00"
  std::string clock(std::int64_t time) const;

 private:
  bool on_day(std::int64_t day) const;  // days since 1970, there

  std::array<bool, 7> days_{true, true, true, true, true, true, true};  // from Monday on
  int from_minute_ = 0;
  int until_minute_ = 24 * 60;
  int offset_minutes_ = 0;
  std::string zone_;
  std::optional<std::int64_t> first_day_;
  std::optional<std::int64_t> last_day_;
};

}  // namespace trunkgate

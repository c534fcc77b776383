#include "events/moment.h"

#include <array>
#include <charconv>
#include <ctime>
#include <string>

#include "base/error.h"
#include "base/microseconds.h"
#include "base/text.h"

namespace trunkgate {
namespace {

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.front() == '-' || failure != std::errc() ||
      end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> length_of(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  std::int64_t unit = 0;
  switch (text.back()) {
    case 's':
      unit = kSecond;
      break;
    case 'm':
      unit = kMinute;
      break;
    case 'h':
      unit = kHour;
      break;
    case 'd':
      unit = kDay;
      break;
    case 'w':
      unit = 7 * kDay;
      break;
    default:
      return std::nullopt;
  }
  const auto count = number_in(text.substr(0, text.size() - 1));
  if (!count || *count > 100'000'000) return std::nullopt;
  return *count * unit;
}

// A form of strptime(3) and how long what it names is.
struct Form {
  const char* text;
  std::int64_t length;
};
constexpr std::array<Form, 6> kForms{{{"%Y-%m-%d", kDay},
                                      {"%Y-%m-%dT%H:%M", kMinute},
                                      {"%Y-%m-%d %H:%M", kMinute},
                                      {"%Y-%m-%dT%H:%M:%S", kSecond},
                                      {"%Y-%m-%d %H:%M:%S", kSecond},
                                      {"%Y-%m-%dT%H:%M:%SZ", kSecond}}};

std::optional<Moment> time_in(const std::string& text) {
  for (const Form& form : kForms) {
    std::tm parts{};
    const char* end = ::strptime(text.c_str(), form.text, &parts);
    if (end == nullptr || *end != '\0') continue;
    const int day = parts.tm_mday;
    const std::int64_t begin = static_cast<std::int64_t>(::timegm(&parts)) * kSecond;
    // timegm() makes the 2nd of March of the 30th of February.
    if (parts.tm_mday != day) return std::nullopt;
    return Moment{.sequence = std::nullopt, .begin = begin, .end = begin + form.length - 1};
  }
  return std::nullopt;
}

}  // namespace

Moment parse_moment(std::string_view text, std::int64_t now) {
  if (const auto sequence = number_in(text)) {
    return {.sequence = static_cast<std::uint64_t>(*sequence)};
  }
  if (const auto length = length_of(text)) return {.begin = now - *length, .end = now - *length};
  if (const auto moment = time_in(std::string(text))) return *moment;
  throw Error(ErrorKind::usage, "'" + printable(text) + "' is no time and no event's number",
              "write 36h or 7d (ago), 2026-01-31, 2026-01-31T09:30 (UTC), or a sequence like 17");
}

EventRange event_range(std::string_view since, std::string_view until, std::int64_t now) {
  EventRange range;
  if (!since.empty()) {
    const Moment moment = parse_moment(since, now);
    if (moment.sequence) {
      range.first = *moment.sequence;
    } else {
      range.begin = moment.begin;
    }
  }
  if (!until.empty()) {
    const Moment moment = parse_moment(until, now);
    if (moment.sequence) {
      range.last = *moment.sequence;
    } else {
      range.end = moment.end;
    }
  }
  return range;
}

}  // namespace trunkgate

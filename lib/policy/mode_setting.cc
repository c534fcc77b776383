#include "policy/mode_setting.h"

#include <charconv>
#include <chrono>

namespace trunkgate {
namespace {

// In the order of Mode.
constexpr std::string_view kModeWords[] = {"enforce", "warn", "audit", "off"};

// The first second after the day "2026-12-31"; 0 when it is no date.
std::int64_t end_of_day(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const auto number = [&](std::size_t at, std::size_t size, auto& value) {
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + size, value);
    return error == std::errc() && end == text.data() + at + size;
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !number(0, 4, year) ||
      !number(5, 2, month) || !number(8, 2, day)) {
    return 0;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return 0;
  return (std::chrono::sys_days(date) + std::chrono::days(1)).time_since_epoch().count() *
         std::int64_t{86'400};
}

}  // namespace

std::string_view to_string(Mode mode) { return kModeWords[static_cast<std::size_t>(mode)]; }

ModeSetting read_mode(const OptionReader& reader, const ModeSetting& inherited,
                      Diagnostics& diagnostics) {
  ModeSetting setting = inherited;
  const Node* mode = reader.find("mode");
  if (mode != nullptr) {
    setting.mode = static_cast<Mode>(
        read_word(*mode, kModeWords, static_cast<std::size_t>(inherited.mode), diagnostics));
    setting.until = 0;
  }
  const Node* until = reader.find("mode-until");
  if (until == nullptr) return setting;
  setting.until = until->kind == Node::Kind::scalar ? end_of_day(until->text) : 0;
  if (setting.until == 0) {
    diagnostics.error(until->where, "expected a date such as 2026-12-31");
  } else if (mode == nullptr || setting.mode == Mode::enforce) {
    diagnostics.error(until->where, "'mode-until' needs a 'mode' beside it that is not 'enforce'");
  }
  return setting;
}

}  // namespace trunkgate

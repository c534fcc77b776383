#include "events/retry.h"

#include <algorithm>
#include <array>

#include "base/microseconds.h"

namespace trunkgate {
namespace {

constexpr std::array<std::int64_t, kMaxRefusals - 1> kWaits{5 * kSecond, 5 * kMinute, 30 * kMinute,
                                                            2 * kHour,   5 * kHour,   10 * kHour,
                                                            14 * kHour,  20 * kHour,  24 * kHour};
constexpr std::int64_t kLongestOutageWait = 15 * kMinute;

std::int64_t spread(std::int64_t wait, double chance) {
  return static_cast<std::int64_t>(static_cast<double>(wait) *
                                   (0.8 + 0.4 * std::clamp(chance, 0.0, 1.0)));
}

}  // namespace

std::int64_t wait_after_refusal(int refusals, double chance) {
  const auto index = static_cast<std::size_t>(std::clamp(refusals, 1, kMaxRefusals - 1) - 1);
  return spread(kWaits[index], chance);
}

std::int64_t wait_after_outage(int failures, double chance) {
  std::int64_t wait = 5 * kSecond;
  for (int i = 1; i < failures && wait < kLongestOutageWait; ++i) wait *= 2;
  return spread(std::min(wait, kLongestOutageWait), chance);
}

}  // namespace trunkgate

#include "events/webhook/retry_after.h"

#include <curl/curl.h>

#include <algorithm>

#include "base/microseconds.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kLongest = 24 * 60 * 60;

std::int64_t seconds_of(const std::string& text, std::int64_t now) {
  if (text.empty()) return 0;
  if (text.find_first_not_of("0123456789") == std::string::npos) {
    // More digits than any sensible number has are a long time anyway.
    return text.size() > 9 ? kLongest : std::stol(text);
  }
  const std::int64_t date = curl_getdate(text.c_str(), nullptr);
  return date < 0 ? 0 : date - now / kSecond;
}

}  // namespace

std::int64_t retry_after(const std::string& value, std::int64_t now) {
  const std::int64_t seconds = seconds_of(std::string(trim(value)), now);
  return std::clamp<std::int64_t>(seconds, 0, kLongest) * kSecond;
}

}  // namespace trunkgate

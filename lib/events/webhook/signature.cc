#include "events/webhook/signature.h"

#include <fmt/format.h>

#include <optional>

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::string_view kPrefix = "whsec_";

// Many programs leave the padding away.
std::optional<std::string> from_base64(std::string_view text) {
  std::string padded(text);
  while (padded.size() % 4 != 0) padded.push_back('=');
  return unbase64(padded);
}

}  // namespace

WebhookKeys::WebhookKeys(std::string_view text, const std::string& place) {
  int number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    if (line.empty()) continue;
    if (first_line_.empty()) first_line_ = line;
    if (!line.starts_with(kPrefix)) {
      keys_.emplace_back(line);
      continue;
    }
    const auto key = from_base64(line.substr(kPrefix.size()));
    if (!key || key->empty()) {
      throw Error(ErrorKind::delivery,
                  fmt::format("line {} of {} has no base64 after \"whsec_\"", number, place),
                  fmt::format("printf 'whsec_%s\\n' \"$(openssl rand -base64 32)\" >{}",
                              shell_quote(place)));
    }
    keys_.push_back(*key);
  }
}

std::string WebhookKeys::standard(std::string_view id, std::int64_t timestamp,
                                  std::string_view body) const {
  const std::string content = fmt::format("{}.{}.{}", id, timestamp, body);
  std::string signatures;
  for (const std::string& key : keys_) {
    if (!signatures.empty()) signatures += ' ';
    signatures += "v1," + base64(hmac_sha256(key, content));
  }
  return signatures;
}

std::string WebhookKeys::plain(std::string_view body) const {
  return hex(hmac_sha256(first_line_, body));
}

}  // namespace trunkgate

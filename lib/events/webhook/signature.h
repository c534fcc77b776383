// Signs what a webhook sends: Standard Webhooks 1.0, and the plain digests of older receivers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

// The secrets of one receiver, one for each line of a file. While a secret is changed there are
// two, and the receiver accepts what either has signed.
class WebhookKeys {
 public:
  // Without secrets: signs nothing.
  WebhookKeys() = default;
  // `text` is the file's, `place` its printable name for mistakes. What follows "whsec_" is base64;
  // any other line is the secret itself. Throws Error(delivery), without any of the text.
  WebhookKeys(std::string_view text, const std::string& place);

  bool empty() const { return keys_.empty(); }

  // Of `webhook-signature`: "v1,<base64>" for each secret, with spaces between. `timestamp` is in
  // seconds since 1970.
  std::string standard(std::string_view id, std::int64_t timestamp, std::string_view body) const;

  // 64 hexadecimal digits under the first line of the file as it stands, "whsec_" included: what
  // people paste into the receiver.
  std::string plain(std::string_view body) const;

 private:
  std::vector<std::string> keys_;
  std::string first_line_;
};

}  // namespace trunkgate

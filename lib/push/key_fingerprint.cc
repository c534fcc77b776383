#include "push/key_fingerprint.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxAuthBytes = std::size_t{64} << 10U;

// Of a key as plain_key() gives it.
std::string fingerprint_of(std::string_view key) {
  const auto blob = unbase64(key.substr(key.find(' ') + 1));
  if (!blob) return {};
  std::string text = "SHA256:" + base64(*unhex(sha256(*blob)));
  while (text.ends_with('=')) text.pop_back();
  return text;
}

}  // namespace

std::string key_fingerprint(const IdentityPolicy& policy, const Environment& environment,
                            const Pusher& pusher) {
  if (pusher.source != "ssh-key") return {};
  const std::string file = environment.get("SSH_USER_AUTH").value_or("");
  for (const std::string& key : authenticated_keys(read_file(file, kMaxAuthBytes).text)) {
    for (const IdentitySource& source : policy.sources) {
      const auto known = source.keys.find(key);
      if (known != source.keys.end() && known->second == pusher.name) return fingerprint_of(key);
    }
  }
  return {};
}

}  // namespace trunkgate

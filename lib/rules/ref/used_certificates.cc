#include "rules/ref/used_certificates.h"

#include <charconv>
#include <filesystem>
#include <system_error>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kHour = 3600;
constexpr std::size_t kMaxPushId = 256;

}  // namespace

bool UsedCertificates::take(std::string_view signed_text, std::int64_t time_of_nonce) const {
  if (push_.state.empty()) return true;
  const Sharing sharing = push_.repository.sharing();
  const std::string folder = push_.state + "/certificates";
  const std::string hour = folder + "/" + std::to_string(time_of_nonce / kHour);
  if (!exists(hour)) {  // once an hour is often enough
    forget_old(folder);
    make_folder(hour, sharing);
  }
  const std::string path = hour + "/" + sha256(signed_text);
  // Synced: a machine that has lost power must not have forgotten it.
  if (create_file(path, push_.id, sharing, Durability::synced)) return true;
  const FileText by = read_file(path, kMaxPushId);
  return by.state == FileState::present && !by.text.empty() && by.text == push_.id;
}

void UsedCertificates::forget_old(const std::string& folder) const {
  for (const std::string& name : list_folder(folder)) {
    std::int64_t hour = 0;
    const char* end = name.data() + name.size();
    const auto [after, error] = std::from_chars(name.data(), end, hour);
    if (error != std::errc() || after != end) continue;
    // The whole hour must be past it.
    if ((hour + 1) * kHour + kMaxNonceAge >= push_.now) continue;
    std::error_code ignored;
    std::filesystem::remove_all(folder + "/" + name, ignored);
  }
}

}  // namespace trunkgate

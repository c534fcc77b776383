#include "push/known_signatures.h"

#include <charconv>
#include <string_view>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kRemembered = 24 * 3600;  // seconds
constexpr std::size_t kMaxRememberedBytes = 16 * 1024;

}  // namespace

// "1 DIGEST TIME" and then a signer a line; kept on disk for a day at most.
std::optional<KnownSignature> KnownSignatures::find(const ObjectId& id, std::int64_t now) const {
  if (folder_.empty() || id.is_zero()) return std::nullopt;
  const FileText file = read_file(path_of(id), kMaxRememberedBytes);
  if (file.state != FileState::present || !file.text.ends_with('\n')) return std::nullopt;
  const std::vector<std::string_view> lines = split(file.text, '\n');
  const std::vector<std::string_view> words = split(lines[0], ' ');
  if (words.size() != 3 || words[0] != "1") return std::nullopt;
  KnownSignature known{.keys = std::string(words[1]), .signers = {}};
  const auto [end, error] =
      std::from_chars(words[2].data(), words[2].data() + words[2].size(), known.time);
  if (error != std::errc() || now < known.time || now - known.time > kRemembered) {
    return std::nullopt;
  }
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) known.signers.emplace_back(lines[i]);
  return known;
}

void KnownSignatures::keep(const ObjectId& id, const KnownSignature& signature,
                           const Sharing& sharing) const {
  if (folder_.empty() || id.is_zero()) return;
  std::string text = "1 " + signature.keys + " " + std::to_string(signature.time) + "\n";
  for (const std::string& signer : signature.signers) {
    if (signer.find('\n') != std::string::npos) return;
    text += signer + "\n";
  }
  make_folder(folder_, sharing);
  write_file(path_of(id), text, sharing, Durability::none);
}

void KnownSignatures::forget(const ObjectId& id) const {
  if (!folder_.empty() && !id.is_zero()) remove_file(path_of(id));
}

}  // namespace trunkgate

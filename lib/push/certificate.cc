#include "push/certificate.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "push/ber.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxAddress = 254;  // RFC 5321
constexpr std::size_t kMaxAddresses = 64;
constexpr std::size_t kPemLine = 64;

constexpr std::string_view kSignedContent("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 9);
constexpr std::string_view kEmailAddress("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", 9);
constexpr std::string_view kSubjectAltName("\x55\x1d\x11", 3);
// 2.16.840.1.101.3.4.2: NIST's digests. Of these SHA-224 and SHA-512/224 are left out.
constexpr std::string_view kDigests("\x60\x86\x48\x01\x65\x03\x04\x02", 8);
constexpr std::array<char, 7> kStrong{
    0x01, 0x02, 0x03,  // SHA-256, SHA-384, SHA-512
    0x08, 0x09, 0x0a,  // SHA3-256, SHA3-384, SHA3-512
    0x0c,              // SHAKE256, which Ed448 takes
};

// Context-specific tags, [0] and so on.
constexpr std::uint8_t kZero = 0xa0;
constexpr std::uint8_t kOne = 0xa1;
constexpr std::uint8_t kExtensions = 0xa3;
constexpr std::uint8_t kRfc822Name = 0x81;

std::vector<std::string> blocks_in(std::string_view pem, std::string_view label) {
  const std::string opening = "-----BEGIN " + std::string(label) + "-----";
  const std::string closing = "-----END " + std::string(label) + "-----";
  std::vector<std::string> blocks;
  std::optional<std::string> text;
  for (const std::string_view raw : split(pem, '\n')) {
    const std::string_view line = trim(raw);
    if (line == opening) {
      text.emplace();
    } else if (line == closing && text) {
      auto bytes = unbase64(*text);
      std::string_view rest = bytes ? std::string_view(*bytes) : std::string_view();
      if (take_ber(rest, kBerSequence) && rest.empty()) blocks.push_back(std::move(*bytes));
      text.reset();
    } else if (text) {
      *text += line;
    }
  }
  return blocks;
}

std::string block_of(std::string_view der, const std::string& label) {
  const std::string text = base64(der);
  std::string pem = "-----BEGIN " + label + "-----\n";
  for (std::size_t at = 0; at < text.size(); at += kPemLine) {
    pem += text.substr(at, kPemLine) + "\n";
  }
  return pem + "-----END " + label + "-----\n";
}

void add_address(std::string_view address, std::vector<std::string>& out) {
  const bool visible = std::all_of(address.begin(), address.end(),
                                   [](char c) { return c > ' ' && c <= '~' && c != ','; });
  if (!visible || address.size() > kMaxAddress || address.find('@') == std::string_view::npos ||
      out.size() >= kMaxAddresses || std::find(out.begin(), out.end(), address) != out.end()) {
    return;
  }
  out.emplace_back(address);
}

// Name ::= SEQUENCE OF SET OF SEQUENCE { type, value }
void add_addresses_of_name(std::string_view name, std::vector<std::string>& out) {
  while (auto set = take_ber(name, kBerSet)) {
    while (auto pair = take_ber(*set, kBerSequence)) {
      const auto type = take_ber(*pair, kBerObjectId);
      const auto value = take_ber(*pair, kBerIa5Text);
      if (type == kEmailAddress && value) add_address(*value, out);
    }
  }
}

// Extensions ::= SEQUENCE OF SEQUENCE { type, critical BOOLEAN DEFAULT FALSE, value OCTET STRING }
void add_addresses_of_extensions(std::string_view extensions, std::vector<std::string>& out) {
  auto list = take_ber(extensions, kBerSequence);
  if (!list) return;
  while (auto extension = take_ber(*list, kBerSequence)) {
    if (take_ber(*extension, kBerObjectId) != kSubjectAltName) continue;
    while (const auto item = take_ber(*extension)) {
      if (item->tag != kBerOctets) continue;
      std::string_view value = item->content;
      auto names = take_ber(value, kBerSequence);
      while (names) {
        const auto name = take_ber(*names);
        if (!name) break;
        if (name->tag == kRfc822Name) add_address(name->content, out);
      }
    }
  }
}

// SignedData's parts up to `signerInfos`; nothing when it is no such thing.
struct CmsParts {
  bool detached = true;
  std::string_view signers;
};

std::optional<CmsParts> parts_of_cms(std::string_view bytes) {
  auto outer = take_ber(bytes, kBerSequence);
  if (!outer || !bytes.empty() || take_ber(*outer, kBerObjectId) != kSignedContent) {
    return std::nullopt;
  }
  auto wrapped = take_ber(*outer, kZero);
  auto body = wrapped ? take_ber(*wrapped, kBerSequence) : std::nullopt;
  if (!body || !take_ber(*body, kBerInteger) || !take_ber(*body, kBerSet)) return std::nullopt;
  auto content = take_ber(*body, kBerSequence);
  if (!content || !take_ber(*content, kBerObjectId)) return std::nullopt;
  CmsParts parts;
  parts.detached = content->empty();
  take_ber(*body, kZero);  // certificates
  take_ber(*body, kOne);   // lists of revoked ones, which are the policy's to name
  const auto signers = take_ber(*body, kBerSet);
  if (!signers || !body->empty()) return std::nullopt;
  parts.signers = *signers;
  return parts;
}

}  // namespace

std::vector<std::string> certificates_in(std::string_view pem) {
  return blocks_in(pem, "CERTIFICATE");
}
std::vector<std::string> revocation_lists_in(std::string_view pem) {
  return blocks_in(pem, "X509 CRL");
}
std::string certificate_pem(std::string_view der) { return block_of(der, "CERTIFICATE"); }
std::string revocation_list_pem(std::string_view der) { return block_of(der, "X509 CRL"); }

std::vector<std::string> addresses_in(std::string_view certificate) {
  std::vector<std::string> out;
  auto whole = take_ber(certificate, kBerSequence);
  auto body = whole ? take_ber(*whole, kBerSequence) : std::nullopt;
  if (!body) return out;
  take_ber(*body, kZero);  // version
  if (!take_ber(*body, kBerInteger)) return out;
  for (int skipped = 0; skipped < 3; ++skipped) {  // algorithm, issuer, validity
    if (!take_ber(*body, kBerSequence)) return out;
  }
  const auto subject = take_ber(*body, kBerSequence);
  while (const auto item = take_ber(*body)) {
    if (item->tag == kExtensions) add_addresses_of_extensions(item->content, out);
  }
  if (subject) add_addresses_of_name(*subject, out);
  return out;
}

std::string flaw_of_cms(std::string_view signature) {
  const auto parts = parts_of_cms(signature);
  if (!parts) return "is damaged";
  if (!parts->detached) return "holds a text of its own";
  std::string_view rest = parts->signers;
  auto signer = take_ber(rest, kBerSequence);
  if (!signer) return "is damaged";
  if (!rest.empty()) return "is more than one signature";
  // SignerInfo ::= SEQUENCE { version, who, digest algorithm, ... }
  if (!take_ber(*signer, kBerInteger) || !take_ber(*signer)) return "is damaged";
  auto algorithm = take_ber(*signer, kBerSequence);
  const auto digest = algorithm ? take_ber(*algorithm, kBerObjectId) : std::nullopt;
  if (!digest) return "is damaged";
  if (!digest->starts_with(kDigests) || digest->size() != kDigests.size() + 1 ||
      std::find(kStrong.begin(), kStrong.end(), digest->back()) == kStrong.end()) {
    return "uses a digest that is too weak: SHA-256 or better is wanted";
  }
  return {};
}

}  // namespace trunkgate

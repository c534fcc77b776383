#include "push/signed_text.h"

#include "git/tag.h"

namespace trunkgate {
namespace {

constexpr std::string_view kHeader = "gpgsig ";
constexpr std::string_view kAnyHeader = "gpgsig";

SignatureFormat format_of(std::string_view signature) {
  if (signature.empty()) return SignatureFormat::none;
  if (signature.starts_with("-----BEGIN SSH SIGNATURE-----")) return SignatureFormat::ssh;
  if (signature.starts_with("-----BEGIN PGP SIGNATURE-----") ||
      signature.starts_with("-----BEGIN PGP MESSAGE-----")) {
    return SignatureFormat::gpg;
  }
  if (signature.starts_with("-----BEGIN SIGNED MESSAGE-----")) return SignatureFormat::x509;
  return SignatureFormat::unknown;
}

// Moves the headers apart; `raw` loses them.
void split_headers(std::string_view& raw, SignedText& out) {
  enum class Part { payload, signature, other } part = Part::payload;
  while (!raw.empty()) {
    const auto end = raw.find('\n');
    const std::string_view line = raw.substr(0, end == std::string_view::npos ? end : end + 1);
    if (line == "\n") return;
    raw.remove_prefix(line.size());
    const bool goes_on = line[0] == ' ';
    if (goes_on && part == Part::signature) {
      out.signature += line.substr(1);
    } else if (line.starts_with(kHeader)) {
      part = Part::signature;
      ++out.signatures;
      out.signature += line.substr(kHeader.size());
    } else if (line.starts_with(kAnyHeader) || (goes_on && part == Part::other)) {
      part = Part::other;
    } else {
      part = Part::payload;
      out.payload += line;
    }
  }
}

}  // namespace

std::string_view to_string(SignatureFormat format) {
  switch (format) {
    case SignatureFormat::none:
      return "none";
    case SignatureFormat::ssh:
      return "SSH";
    case SignatureFormat::gpg:
      return "GPG";
    case SignatureFormat::x509:
      return "X.509";
    case SignatureFormat::unknown:
      return "an unknown format";
  }
  return "none";
}

SignedText split_signed_commit(std::string_view raw) {
  SignedText out;
  split_headers(raw, out);
  out.payload += raw;
  out.format = format_of(out.signature);
  return out;
}

SignedText split_signed_tag(std::string_view raw) {
  SignedText out;
  const std::size_t start = tag_signature_start(raw);
  std::string_view text = raw.substr(0, start);
  SignedText ignored;  // a tag's header "gpgsig" is for another hash than this repository's
  split_headers(text, ignored);
  out.payload = ignored.payload + std::string(text);
  out.signature = raw.substr(start);
  out.signatures = out.signature.empty() ? 0 : 1;
  out.format = format_of(out.signature);
  return out;
}

SignedText split_signed_certificate(std::string_view raw) {
  SignedText out;
  const std::size_t start = tag_signature_start(raw);
  out.payload = raw.substr(0, start);
  out.signature = raw.substr(start);
  out.signatures = out.signature.empty() ? 0 : 1;
  out.format = format_of(out.signature);
  return out;
}

}  // namespace trunkgate

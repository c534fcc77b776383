#include <algorithm>
#include <array>
#include <optional>

#include "base/child_process.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "push/certificate.h"
#include "push/signature_check.h"

namespace trunkgate {
namespace {

constexpr auto kTimeLimit = std::chrono::seconds(20);
constexpr std::size_t kMaxSignature = std::size_t{256} << 10U;  // of the armoured text
constexpr std::size_t kMaxSigner = std::size_t{64} << 10U;

ChildResult openssl(std::vector<std::string> argv, std::string_view input) {
  ChildRequest request;
  request.argv = std::move(argv);
  // Without the system's configuration: it can load engines and change what counts.
  request.environment = {"LC_ALL=C", "PATH=/usr/bin:/bin", "OPENSSL_CONF=/dev/null"};
  request.input = input;
  request.output_limit = std::size_t{64} << 10U;
  request.timeout = kTimeLimit;
  ChildResult result = run_child(request);
  if (!result.started) {
    throw Error(ErrorKind::config, "openssl cannot be run: " + result.start_error,
                "install openssl on the server");
  }
  if (result.timed_out) throw Error(ErrorKind::config, "openssl takes too long");
  return result;
}

// The bytes of "-----BEGIN SIGNED MESSAGE-----" and so on.
std::optional<std::string> unarmoured(std::string_view armoured) {
  if (armoured.size() > kMaxSignature) return std::nullopt;
  std::string text;
  for (const std::string_view line : split(armoured, '\n')) {
    if (!line.starts_with("-----")) text += trim(line);
  }
  return unbase64(text);
}

// X509_verify_cert_error_string(3), which openssl shows behind "Verify error: ".
struct Reason {
  std::string_view words;
  std::string_view problem;
};
constexpr std::string_view kNoList =
    "was made with a certificate that no current list of revoked ones covers";
constexpr std::string_view kWeak = "was made with a certificate whose key or digest is too weak";
constexpr std::array<Reason, 10> kReasons{{
    {"certificate has expired", "was made with a certificate that has expired"},
    {"certificate is not yet valid", "was made with a certificate that is not valid yet"},
    {"certificate revoked", "was made with a certificate that has been revoked"},
    {"unable to get certificate CRL", kNoList},
    {"CRL has expired", kNoList},
    {"CRL is not yet valid", kNoList},
    {"certificate purpose", "was made with a certificate that is not for signing mail (S/MIME)"},
    {"key too weak", kWeak},
    {"key too small", kWeak},
    {"md too weak", kWeak},
}};

std::string problem_in(std::string_view errors) {
  static constexpr std::string_view kVerify = "Verify error:";
  const auto at = errors.find(kVerify);
  if (at == std::string_view::npos) {
    return errors.find("signer certificate not found") != std::string_view::npos
               ? "does not hold the certificate it was made with"
               : "is not accepted by openssl";
  }
  errors.remove_prefix(at + kVerify.size());
  const std::string_view words = trim(errors.substr(0, errors.find('\n')));
  for (const Reason& reason : kReasons) {
    if (words.find(reason.words) != std::string_view::npos) return std::string(reason.problem);
  }
  return "was made with a certificate that is not allowed (" + printable(words, 80) + ")";
}

}  // namespace

X509Signatures::X509Signatures(std::string_view authorities, std::string_view revoked,
                               const std::string& scratch)
    : folder_(scratch, "x509"), revokes_(!trim(revoked).empty()) {
  // Written anew, so that nothing but plain certificates and lists is in the file.
  std::string text;
  for (const std::string& each : certificates_in(authorities)) text += certificate_pem(each);
  for (const std::string& each : revocation_lists_in(revoked)) text += revocation_list_pem(each);
  write_file(folder_.path() + "/authorities", text, {}, Durability::none);
}

std::vector<std::string> X509Signatures::command(bool judges_certificate) const {
  const std::string& folder = folder_.path();
  std::vector<std::string> argv{
      "openssl", "cms", "-verify", "-inform", "DER", "-in", folder + "/signature", "-content",
      "/dev/stdin",
      "-binary",  // no end of a line is changed
      "-out", "/dev/null", "-signer", folder + "/signer",
      // A signature may leave out the signer's certificate when the policy has it.
      "-certfile", folder + "/authorities", "-CAfile", folder + "/authorities", "-no-CApath",
      "-no-CAstore",
      // An authority of the policy is enough, whoever stands above it.
      "-partial_chain", "-purpose", "smimesign",
      // RSA of 2048 bits and SHA-256, or as good.
      "-auth_level", "2", "-verify_depth", "8"};
  if (revokes_) argv.emplace_back("-crl_check_all");
  if (!judges_certificate) argv.emplace_back("-noverify");
  return argv;
}

std::string X509Signatures::signer() const {
  const FileText file = read_file(folder_.path() + "/signer", kMaxSigner);
  const std::vector<std::string> certificates = certificates_in(file.text);
  return certificates.size() == 1 ? certificates[0] : std::string();
}

SignatureCheck X509Signatures::check(const SignedText& text) {
  const std::optional<std::string> signature = unarmoured(text.signature);
  if (!signature) return {.problem = "is damaged"};
  if (std::string flaw = flaw_of_cms(*signature); !flaw.empty()) return {.problem = flaw};
  write_file(folder_.path() + "/signature", *signature, {}, Durability::none);
  remove_file(folder_.path() + "/signer");
  const ChildResult verified = openssl(command(true), text.payload);
  if (!verified.succeeded()) return refusal(verified.errors, text.payload);
  const std::string certificate = signer();
  if (certificate.empty()) return {.problem = "cannot be read"};
  SignatureCheck check{.signers = addresses_in(certificate), .key = sha256(certificate)};
  check.good = !check.signers.empty();
  if (!check.good) check.problem = "was made with a certificate without an e-mail address";
  return check;
}

// What is wrong with it: the text is another one, or the certificate does not count.
SignatureCheck X509Signatures::refusal(std::string_view errors, const std::string& payload) {
  if (errors.find("Error loading file") != std::string_view::npos ||
      errors.find("Could not read") != std::string_view::npos) {
    throw Error(ErrorKind::config, "openssl cannot read the certificates of the policy: " +
                                       printable(trim(errors.substr(0, errors.find('\n'))), 120));
  }
  if (errors.find("Error reading SMIME") != std::string_view::npos) {
    return {.problem = "is damaged"};
  }
  const std::string problem = problem_in(errors);
  if (!openssl(command(false), payload).succeeded()) {
    const bool lacks = errors.find("signer certificate not found") != std::string_view::npos;
    return {.problem = lacks ? problem : "does not fit what is signed"};
  }
  const std::string certificate = signer();
  return {.key = certificate.empty() ? std::string() : sha256(certificate), .problem = problem};
}

}  // namespace trunkgate

#include <algorithm>
#include <optional>

#include "base/child_process.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "push/signature_check.h"

namespace trunkgate {
namespace {

// What Git signs commits and tags for (git-config(1), gpg.format).
constexpr const char* kNamespace = "git";
constexpr std::size_t kMaxPrincipals = 64;

ChildResult ssh_keygen(std::vector<std::string> arguments, std::string_view input) {
  ChildRequest request;
  request.argv = {"ssh-keygen", "-Y"};
  request.argv.insert(request.argv.end(), arguments.begin(), arguments.end());
  request.environment = {"LC_ALL=C", "PATH=/usr/bin:/bin"};
  request.input = input;
  request.output_limit = std::size_t{64} << 10U;
  ChildResult result = run_child(request);
  if (!result.started) {
    throw Error(ErrorKind::config, "ssh-keygen cannot be run: " + result.start_error,
                "install openssh-client on the server");
  }
  if (result.timed_out) throw Error(ErrorKind::config, "ssh-keygen takes too long");
  return result;
}

std::optional<std::string_view> take_string(std::string_view& bytes) {
  if (bytes.size() < 4) return std::nullopt;
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) size = size << 8U | static_cast<unsigned char>(bytes[i]);
  if (bytes.size() - 4 < size) return std::nullopt;
  const std::string_view text = bytes.substr(4, size);
  bytes.remove_prefix(4 + size);
  return text;
}

// The public key in an armoured signature (OpenSSH's PROTOCOL.sshsig); nothing when it is no such
// thing. Only saves work: whether the signature is by that key is ssh-keygen's to say.
std::optional<std::string> key_of(std::string_view armoured) {
  std::string text;
  for (const std::string_view line : split(armoured, '\n')) {
    if (!line.starts_with("-----")) text += trim(line);
  }
  const std::optional<std::string> bytes = unbase64(text);
  static constexpr std::string_view kMagic = "SSHSIG";
  static constexpr std::size_t kVersionBytes = 4;
  if (!bytes || !bytes->starts_with(kMagic) || bytes->size() < kMagic.size() + kVersionBytes) {
    return std::nullopt;
  }
  std::string_view rest = std::string_view(*bytes).substr(kMagic.size() + kVersionBytes);
  const auto key = take_string(rest);
  if (!key) return std::nullopt;
  return std::string(*key);
}

// "Good "git" signature with ED25519 key SHA256:abc" and the like.
std::string fingerprint_in(std::string_view text) {
  const auto start = text.find("SHA256:");
  if (start == std::string_view::npos) return {};
  return printable(text.substr(start, text.find_first_of(" \n\r", start) - start), 60);
}

}  // namespace

SshSignatures::SshSignatures(std::string_view allowed, std::string_view revoked,
                             const std::string& scratch)
    : folder_(scratch, "ssh"), revokes_(!trim(revoked).empty()) {
  write_file(folder_.path() + "/allowed", allowed, {}, Durability::none);
  if (revokes_) write_file(folder_.path() + "/revoked", revoked, {}, Durability::none);
}

const std::vector<std::string>& SshSignatures::principals(const std::string& signature_file,
                                                          const std::string& key) {
  if (const auto known = principals_.find(key); known != principals_.end()) return known->second;
  const ChildResult found =
      ssh_keygen({"find-principals", "-f", folder_.path() + "/allowed", "-s", signature_file}, {});
  std::vector<std::string> names;
  if (found.succeeded()) {
    for (const std::string_view line : split(found.output, '\n')) {
      // One line can hold several, with commas.
      for (const std::string_view name : split(trim(line), ',')) {
        if (!name.empty() && names.size() < kMaxPrincipals) names.emplace_back(name);
      }
    }
  }
  return principals_.emplace(key, std::move(names)).first->second;
}

SignatureCheck SshSignatures::check(const SignedText& text) {
  const std::optional<std::string> key = key_of(text.signature);
  if (!key) return {.problem = "is damaged"};
  const std::string file = folder_.path() + "/signature";
  write_file(file, text.signature, {}, Durability::none);
  SignatureCheck check;
  bool revoked = false;
  for (const std::string& name : principals(file, *key)) {
    std::vector<std::string> arguments{
        "verify", "-n", kNamespace, "-f", folder_.path() + "/allowed", "-I", name, "-s", file};
    ChildResult verified;
    if (revokes_) {
      std::vector<std::string> strict = arguments;
      strict.insert(strict.end(), {"-r", folder_.path() + "/revoked"});
      verified = ssh_keygen(strict, text.payload);
      // ssh-keygen does not say why.
      revoked =
          revoked || (!verified.succeeded() && ssh_keygen(arguments, text.payload).succeeded());
    } else {
      verified = ssh_keygen(arguments, text.payload);
    }
    if (!verified.succeeded()) continue;
    check.good = true;
    check.signers.push_back(name);
    check.key = fingerprint_in(verified.output);
  }
  if (check.good) return check;
  // What is wrong with it: the text is another one, or the key is not on the list.
  const ChildResult alone =
      ssh_keygen({"check-novalidate", "-n", kNamespace, "-s", file}, text.payload);
  if (!alone.succeeded()) return {.problem = "does not fit what is signed"};
  check.key = fingerprint_in(alone.output);
  check.problem = revoked ? "was made with a key that has been revoked"
                          : "was made with a key that is not allowed (now)";
  return check;
}

}  // namespace trunkgate

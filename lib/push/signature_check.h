// What came out of checking one signature, and the checkers.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/scratch_folder.h"
#include "push/signed_text.h"

namespace trunkgate {

struct SignatureCheck {
  bool good = false;
  // Whom the key belongs to: names and addresses, as the list of keys has them. Only when good.
  std::vector<std::string> signers = {};
  std::string key = {};      // a fingerprint, where it is known; printable
  std::string problem = {};  // when not good: "was made with a key nobody has allowed"
};

// Checks SSH signatures with ssh-keygen(1) against a list of allowed signers. A key's time of
// validity is that of the check, not the date in the commit, which its author chooses.
class SshSignatures {
 public:
  // `allowed` in the format of allowed signers, `revoked` a key revocation list or keys one a line;
  // empty for none. Files are kept below `scratch`.
  SshSignatures(std::string_view allowed, std::string_view revoked, const std::string& scratch);

  // Throws Error(config) when ssh-keygen cannot be run.
  SignatureCheck check(const SignedText& text);

 private:
  const std::vector<std::string>& principals(const std::string& signature_file,
                                             const std::string& key);

  ScratchFolder folder_;
  bool revokes_;
  std::map<std::string, std::vector<std::string>> principals_;  // by the key's bytes
};

// GnuPG's word for how far a key is trusted, weakest first.
enum class KeyTrust { undefined, never, marginal, full, ultimate };

// Checks GPG signatures with gpg(1).
class GpgSignatures {
 public:
  // With `keys`, an export of public keys, each of them counts. With `home`, the folder of a GnuPG
  // that somebody keeps, those it trusts at least as far as `trust`.
  GpgSignatures(std::string_view keys, const std::string& scratch);
  GpgSignatures(std::string home, KeyTrust trust, const std::string& scratch);

  // Throws Error(config) when gpg cannot be run.
  SignatureCheck check(const SignedText& text);

 private:
  std::vector<std::string> command() const;

  ScratchFolder folder_;
  std::string home_;
  KeyTrust least_ = KeyTrust::undefined;
  bool trusts_all_;
};

}  // namespace trunkgate

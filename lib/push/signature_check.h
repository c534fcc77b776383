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

// Checks X.509 signatures (CMS, as gpgsm makes them) with openssl-cms(1). A certificate is valid at
// the time of the check. The signers are the e-mail addresses in it; one without any is nobody's.
class X509Signatures {
 public:
  // `authorities`: certificates in PEM, each of which may end a chain; nothing the system trusts
  // counts beside them. With `revoked`, lists of revoked certificates in PEM, every certificate of
  // a chain needs a current list of its authority.
  X509Signatures(std::string_view authorities, std::string_view revoked,
                 const std::string& scratch);

  // Throws Error(config) when openssl cannot be run or cannot read the authorities.
  SignatureCheck check(const SignedText& text);

 private:
  SignatureCheck refusal(std::string_view errors, const std::string& payload);
  std::vector<std::string> command(bool judges_certificate) const;
  std::string signer() const;

  ScratchFolder folder_;
  bool revokes_;
};

}  // namespace trunkgate

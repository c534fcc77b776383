// Whose signature counts: what unsigned-commit, unsigned-tag and unsigned-push have in common.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "push/signature_check.h"
#include "rules/rule.h"

namespace trunkgate {

inline constexpr Option<std::string> kSshSigners{
    "ssh", "", "a file of allowed signers (ssh-keygen(1)); the keys in 'users' count without one"};
inline constexpr Option<std::string> kRevokedKeys{
    "revoked", "", "a file of SSH keys that count no more: a key revocation list or public keys"};
inline constexpr Option<std::string> kGpgKeys{
    "gpg", "", "a file of GPG public keys (gpg --export), all of which count"};
inline constexpr Option<std::string> kGpgHome{
    "gpg-home", "", "absolute path of a GnuPG home on the server, with its keys and its trust"};
inline constexpr Option<std::string> kGpgTrust{
    "trust", "full", "with gpg-home: undefined, marginal, full or ultimate trust is needed"};
inline constexpr Option<std::string> kX509Authorities{
    "x509", "", "a PEM file of authorities of X.509, what any of them has issued counts"};
inline constexpr Option<std::string> kX509Revoked{
    "x509-revoked", "",
    "a PEM file of revocation lists (CRLs): a current one of every authority in a chain is needed"};
inline constexpr Option<std::vector<std::string>> kSignedBy{
    "by", "", "users and groups whose signature is needed; left out: anybody's whose key counts"};

// Somebody a signature may have to be of.
struct Signer {
  std::string_view role;     // "committer"
  std::string_view name;     // of a user; may be empty
  std::string_view address;  // may be empty
};

// Whether a key with a pattern for a name ('*' in a file of allowed signers) makes a signature
// count. It does for Git; but whose signature that is, nobody can tell.
enum class Signatories { any, people };

class SignatureJudge {
 public:
  // Reports mistakes in the options.
  explicit SignatureJudge(const RuleSetup& setup, Signatories signatories = Signatories::any);

  struct Fault {
    std::string message;  // "is not signed", "is signed by 'bo' and not by its committer 'ada'"
    std::vector<std::string> details;
    bool unsigned_object = false;
  };
  // Nothing when `text`, of the object `id`, has a signature that counts, and, with `wanted`, is
  // that person's. A good signature is remembered for a day in the state folder, for as long as the
  // keys that count stay the same; not that of something without an id, which is seen once.
  std::optional<Fault> fault(const Push& push, const ObjectId& id, const SignedText& text,
                             const std::optional<Signer>& wanted) const;

  // The users whose good signature `text` has, by the policy's names for them; none, with what is
  // wrong in `problem` ("is not signed"), when it has none that counts.
  std::vector<std::string> signers_of(const Push& push, const ObjectId& id, const SignedText& text,
                                      std::string& problem) const;

  // How a client is set up to sign with a kind of key that counts.
  std::string advice() const;

 private:
  void read_authorities(const RuleSetup& setup);
  SignatureCheck check(const Push& push, const ObjectId& id, const SignedText& text) const;
  SignatureCheck check_anew(const Push& push, const SignedText& text) const;
  std::optional<Fault> fault_of_signers(const std::vector<std::string>& signers,
                                        const std::optional<Signer>& wanted) const;
  bool is(std::string_view signer, const Signer& person) const;
  bool may_sign(const std::vector<std::string>& signers) const;
  std::vector<std::string> users_called(std::string_view signer) const;

  std::string allowed_;  // in the format of allowed signers
  std::string revoked_;
  std::string gpg_keys_;
  std::string authorities_;   // X.509, in PEM
  std::string x509_revoked_;  // lists of revoked certificates, in PEM
  std::string gpg_home_;
  KeyTrust gpg_trust_ = KeyTrust::full;
  std::optional<std::vector<std::string>> by_;
  Users users_;
  Signatories signatories_;
  std::string digest_;  // of everything above that makes a signature count
  // Made for the first signature of a push.
  mutable std::unique_ptr<SshSignatures> ssh_;
  mutable std::unique_ptr<GpgSignatures> gpg_;
  mutable std::unique_ptr<X509Signatures> x509_;
};

}  // namespace trunkgate

#include "rules/signature_judge.h"

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/text.h"
#include "push/certificate.h"
#include "push/known_signatures.h"
#include "push/pusher.h"

namespace trunkgate {
namespace {

// Keys that are kept elsewhere and may change unseen: what they make count is told, never trusted.
constexpr const char* kUnseenKeys = "-";
constexpr std::size_t kShown = 80;

constexpr std::array<std::string_view, 4> kTrustWords{"undefined", "marginal", "full", "ultimate"};
constexpr std::array<KeyTrust, 4> kTrusts{KeyTrust::undefined, KeyTrust::marginal, KeyTrust::full,
                                          KeyTrust::ultimate};

// The text of a file that an option names; nothing without the option, or when it cannot be read,
// which is reported.
std::optional<std::string> text_of(const RuleSetup& setup, const Option<std::string>& option) {
  const Node* node = setup.options.find(option.info.name);
  if (node == nullptr) return std::nullopt;
  const std::string name = setup.options.get(option);
  FileText file = setup.read_file(name);
  if (file.state == FileState::present) return std::move(file.text);
  setup.options.diagnostics().error(
      node->where, "cannot read '" + printable(name) + "'" +
                       (file.reason.empty() ? std::string() : ": " + printable(file.reason)));
  return std::nullopt;
}

std::string quoted(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "'" : ", '") + printable(name, kShown) + "'";
  }
  return text;
}

// As in a file of allowed signers: ssh-keygen(1), PATTERNS.
bool is_pattern(const std::string& name) {
  return name.find_first_of("*?") != std::string::npos || name.starts_with('!');
}

}  // namespace

SignatureJudge::SignatureJudge(const RuleSetup& setup, Signatories signatories)
    : allowed_(text_of(setup, kSshSigners).value_or("")),
      revoked_(text_of(setup, kRevokedKeys).value_or("")),
      gpg_keys_(text_of(setup, kGpgKeys).value_or("")),
      gpg_home_(setup.options.get(kGpgHome)),
      users_(setup.users),
      signatories_(signatories) {
  const OptionReader& options = setup.options;
  if (!allowed_.empty() && !allowed_.ends_with('\n')) allowed_ += '\n';
  for (const auto& [name, user] : users_) {
    for (const std::string& key : user.keys) {
      allowed_ += name + " namespaces=\"git\" " + key + "\n";
    }
  }
  if (const Node* trust = options.find(kGpgTrust.info.name); trust != nullptr) {
    gpg_trust_ = kTrusts[read_word(*trust, kTrustWords, 2, options.diagnostics())];
  }
  if (options.has(kSignedBy.info.name)) by_ = users_of(setup, kSignedBy);
  if (!gpg_home_.empty() && !gpg_home_.starts_with('/')) {
    options.diagnostics().error(options.find(kGpgHome.info.name)->where,
                                "'gpg-home' is the absolute path of a folder");
  }
  if (!gpg_home_.empty() && options.has(kGpgKeys.info.name)) {
    options.diagnostics().error(options.find(kGpgHome.info.name)->where,
                                "'gpg' and 'gpg-home' exclude each other");
  }
  read_authorities(setup);
  if (allowed_.empty() && gpg_keys_.empty() && gpg_home_.empty() &&
      !options.has(kX509Authorities.info.name)) {
    options.diagnostics().error(options.where(),
                                "nobody's signature would count: the rule needs 'ssh', 'gpg', "
                                "'gpg-home' or 'x509', or 'users' with keys");
  }
  // What a GnuPG home trusts can change at any time without this being seen.
  if (gpg_home_.empty()) {
    digest_ = sha256(allowed_ + '\0' + revoked_ + '\0' + gpg_keys_ + '\0' + authorities_ + '\0' +
                     x509_revoked_);
  }
}

void SignatureJudge::read_authorities(const RuleSetup& setup) {
  const OptionReader& options = setup.options;
  const auto authorities = text_of(setup, kX509Authorities);
  const auto revoked = text_of(setup, kX509Revoked);
  const Node* revoked_node = options.find(kX509Revoked.info.name);
  if (authorities && certificates_in(*authorities).empty()) {
    options.diagnostics().error(options.find(kX509Authorities.info.name)->where,
                                "there is no certificate in PEM in that file "
                                "(-----BEGIN CERTIFICATE-----)");
  }
  if (revoked_node != nullptr && !options.has(kX509Authorities.info.name)) {
    options.diagnostics().error(revoked_node->where, "'x509-revoked' says nothing without 'x509'");
  } else if (revoked && revocation_lists_in(*revoked).empty()) {
    // Taken for no list at all it would let in what has been revoked.
    options.diagnostics().error(revoked_node->where,
                                "there is no revocation list in PEM in that file "
                                "(-----BEGIN X509 CRL-----)");
  }
  authorities_ = authorities.value_or("");
  x509_revoked_ = revoked.value_or("");
}

std::string SignatureJudge::advice() const {
  if (!allowed_.empty() || authorities_.empty()) {
    return "with SSH keys: git config gpg.format ssh, and user.signingKey to your key";
  }
  return "with a certificate: git config gpg.format x509, and user.signingKey to its address";
}

std::vector<std::string> SignatureJudge::users_called(std::string_view signer) const {
  std::vector<std::string> names{std::string(signer)};
  for (const auto& [name, user] : users_) {
    if (std::any_of(user.emails.begin(), user.emails.end(), [&](const std::string& email) {
          return ascii_lower(email) == ascii_lower(signer);
        })) {
      names.push_back(name);
    }
  }
  return names;
}

bool SignatureJudge::is(std::string_view signer, const Signer& person) const {
  if (!person.address.empty() && ascii_lower(signer) == ascii_lower(person.address)) return true;
  for (const std::string& name : users_called(signer)) {
    if (!person.name.empty() && name == person.name) return true;
    const auto user = users_.find(name);
    if (user == users_.end() || person.address.empty()) continue;
    for (const std::string& email : user->second.emails) {
      if (ascii_lower(email) == ascii_lower(person.address)) return true;
    }
  }
  return false;
}

bool SignatureJudge::may_sign(const std::vector<std::string>& signers) const {
  if (!by_) return true;
  for (const std::string& signer : signers) {
    for (const std::string& name : users_called(signer)) {
      if (std::binary_search(by_->begin(), by_->end(), name)) return true;
    }
  }
  return false;
}

SignatureCheck SignatureJudge::check_anew(const Push& push, const SignedText& text) const {
  if (text.format == SignatureFormat::ssh && !allowed_.empty()) {
    if (ssh_ == nullptr) {
      ssh_ = std::make_unique<SshSignatures>(allowed_, revoked_, push.scratch);
    }
    return ssh_->check(text);
  }
  if (text.format == SignatureFormat::gpg && (!gpg_keys_.empty() || !gpg_home_.empty())) {
    if (gpg_ == nullptr) {
      gpg_ = gpg_home_.empty()
                 ? std::make_unique<GpgSignatures>(gpg_keys_, push.scratch)
                 : std::make_unique<GpgSignatures>(gpg_home_, gpg_trust_, push.scratch);
    }
    return gpg_->check(text);
  }
  if (text.format == SignatureFormat::x509 && !authorities_.empty()) {
    if (x509_ == nullptr) {
      x509_ = std::make_unique<X509Signatures>(authorities_, x509_revoked_, push.scratch);
    }
    return x509_->check(text);
  }
  return {.problem = "is of a kind that the policy has no keys for"};
}

SignatureCheck SignatureJudge::check(const Push& push, const ObjectId& id,
                                     const SignedText& text) const {
  const KnownSignatures all(push.state);
  const auto known = all.find(id, push.now);
  if (known && !digest_.empty() && known->keys == digest_) {
    return {.good = true, .signers = known->signers};
  }
  SignatureCheck check = check_anew(push, text);
  if (!check.good) {
    // Another key counted when it was found good: events must not go on saying so.
    if (known) all.forget(id);
  } else if (!digest_.empty() || !known) {
    all.keep(id,
             {.keys = digest_.empty() ? kUnseenKeys : digest_,
              .time = push.now,
              .signers = check.signers},
             push.repository.sharing());
  }
  return check;
}

std::optional<SignatureJudge::Fault> SignatureJudge::fault(
    const Push& push, const ObjectId& id, const SignedText& text,
    const std::optional<Signer>& wanted) const {
  if (text.signatures == 0) {
    return Fault{.message = "is not signed", .details = {}, .unsigned_object = true};
  }
  if (text.signatures > 1) return Fault{.message = "has more than one signature", .details = {}};
  const SignatureCheck check = this->check(push, id, text);
  if (!check.good) {
    Fault fault{.message = "has a signature that " + check.problem, .details = {}};
    if (!check.key.empty()) {
      fault.details.push_back("key: " + check.key + " (" + std::string(to_string(text.format)) +
                              ")");
    }
    return fault;
  }
  return fault_of_signers(check.signers, wanted);
}

std::vector<std::string> SignatureJudge::signers_of(const Push& push, const ObjectId& id,
                                                    const SignedText& text,
                                                    std::string& problem) const {
  if (const auto wrong = fault(push, id, text, std::nullopt)) {
    problem = wrong->message;
    return {};
  }
  std::vector<std::string> names;
  for (const std::string& signer : check(push, id, text).signers) {
    if (is_pattern(signer)) continue;
    for (std::string& name : users_called(signer)) {
      if (is_user_name(name)) names.push_back(std::move(name));
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (names.empty()) problem = "has a signature of nobody in particular";
  return names;
}

std::optional<SignatureJudge::Fault> SignatureJudge::fault_of_signers(
    const std::vector<std::string>& signers, const std::optional<Signer>& wanted) const {
  if (signatories_ == Signatories::people &&
      std::all_of(signers.begin(), signers.end(), is_pattern)) {
    return Fault{.message = "has a signature that was made with a key of nobody in particular: " +
                            quoted(signers),
                 .details = {}};
  }
  if (!may_sign(signers)) {
    std::vector<std::string> allowed;
    for (const std::string& name : *by_) allowed.push_back(printable(name, kShown));
    return Fault{.message = "is signed by " + quoted(signers) +
                            ", whose signature is not "
                            "enough",
                 .details = {allowed.empty() ? "nobody's is" : "wanted: " + join(allowed, ", ")}};
  }
  if (wanted && std::none_of(signers.begin(), signers.end(),
                             [&](const std::string& signer) { return is(signer, *wanted); })) {
    const std::string_view who = wanted->address.empty() ? wanted->name : wanted->address;
    return Fault{.message = "is signed by " + quoted(signers) + ", not by its " +
                            std::string(wanted->role) + " '" + printable(who, kShown) + "'",
                 .details = {}};
  }
  return std::nullopt;
}

}  // namespace trunkgate

#include "rules/signature_judge.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/digest.h"
#include "base/text.h"
#include "push/certificate.h"
#include "push/pusher.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kRemembered = 24 * 3600;  // seconds
constexpr std::size_t kMaxRememberedBytes = 16 * 1024;
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

std::string remembered_in(const Push& push, const ObjectId& id) {
  return push.state + "/signatures/" + id.hex();
}

// "1 DIGEST TIME" and then a signer a line; kept on disk for a day at most.
std::optional<SignatureCheck> recall(const Push& push, const ObjectId& id,
                                     const std::string& digest) {
  if (push.state.empty() || digest.empty() || id.is_zero()) return std::nullopt;
  const FileText file = read_file(remembered_in(push, id), kMaxRememberedBytes);
  if (file.state != FileState::present || !file.text.ends_with('\n')) return std::nullopt;
  std::vector<std::string_view> lines = split(file.text, '\n');
  const std::vector<std::string_view> words = split(lines[0], ' ');
  if (words.size() != 3 || words[0] != "1" || words[1] != digest) return std::nullopt;
  std::int64_t time = 0;
  const auto [end, error] =
      std::from_chars(words[2].data(), words[2].data() + words[2].size(), time);
  if (error != std::errc() || push.now < time || push.now - time > kRemembered) {
    return std::nullopt;
  }
  SignatureCheck check{.good = true};
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) check.signers.emplace_back(lines[i]);
  return check;
}

void remember(const Push& push, const ObjectId& id, const std::string& digest,
              const SignatureCheck& check) {
  if (push.state.empty() || digest.empty() || id.is_zero()) return;
  std::string text = "1 " + digest + " " + std::to_string(push.now) + "\n";
  for (const std::string& signer : check.signers) {
    if (signer.find('\n') != std::string::npos) return;
    text += signer + "\n";
  }
  const Sharing sharing = push.repository.sharing();
  make_folder(push.state + "/signatures", sharing);
  write_file(remembered_in(push, id), text, sharing, Durability::none);
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
  if (auto known = recall(push, id, digest_)) return *known;
  SignatureCheck check = check_anew(push, text);
  if (check.good) remember(push, id, digest_, check);
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

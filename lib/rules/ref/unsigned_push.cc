// unsigned-push: a push without a certificate that counts (`git push --signed`).
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <memory>

#include "base/text.h"
#include "push/push_certificate.h"
#include "rules/catalogue.h"
#include "rules/ref/certificate_faults.h"
#include "rules/ref/ref_words.h"
#include "rules/ref/used_certificates.h"
#include "rules/signature_judge.h"

namespace trunkgate {
namespace {

constexpr Option<std::string> kSigner{"signer", "anyone",
                                      "whose signature it has to be: anyone or pusher"};
constexpr Option<std::vector<std::string>> kPushee{
    "pushee", "",
    "globs of this repository's addresses that a certificate may be for; left out: any"};
constexpr Option<std::chrono::seconds> kMaxAge{
    "max-age", "4h", "how long a push may take after the server's nonce for it; 24h at most"};
constexpr Option<std::chrono::seconds> kNonceSlop{
    "nonce-slop", "0s", "over HTTP, how much older a nonce may be than receive.certNonceSlop says"};
constexpr const OptionInfo* kOptions[] = {
    &kSigner.info,      &kSignedBy.info, &kSshSigners.info, &kRevokedKeys.info,
    &kGpgKeys.info,     &kGpgHome.info,  &kGpgTrust.info,   &kX509Authorities.info,
    &kX509Revoked.info, &kPushee.info,   &kMaxAge.info,     &kNonceSlop.info};
constexpr std::array<std::string_view, 2> kSigners{"anyone", "pusher"};

constexpr const char* kSeed = "receive.certNonceSeed";

class UnsignedPush final : public Rule {
 public:
  explicit UnsignedPush(const RuleSetup& setup)
      : judge_(setup, Signatories::people),
        limits_{.slop = setup.options.get(kNonceSlop), .age = setup.options.get(kMaxAge)} {
    const OptionReader& options = setup.options;
    std::vector<Glob> pushees;
    for (const std::string& text : options.get(kPushee)) {
      if (const auto mistake = Glob::mistake(text)) {
        options.diagnostics().error(item_location(*options.find(kPushee.info.name), text),
                                    "bad glob: " + *mistake);
      } else {
        pushees.emplace_back(text);
      }
    }
    pushee_ = GlobSet(std::move(pushees));
    if (const Node* signer = options.find(kSigner.info.name); signer != nullptr) {
      of_pusher_ = read_word(*signer, kSigners, 0, options.diagnostics()) == 1;
    }
    if (limits_.age > std::chrono::seconds(kMaxNonceAge)) {
      options.diagnostics().error(options.find(kMaxAge.info.name)->where,
                                  "'max-age' is 24h at most: so long are used certificates kept");
    }
  }

  // The certificate is judged once for a push, and what is wrong is said of its first reference.
  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override {
    const auto received = received_certificate(push);
    if (judged_.certificate != received) {
      judged_ = {received, ref.name, faults(push, *received)};
      for (const Finding& fault : judged_.faults) out.add(fault);
    } else if (!judged_.faults.empty()) {
      out.need(judged_.ref, judged_.faults.front());
    }
  }

 private:
  // Held as long as it is compared with, so that no other push's is at the same address.
  struct Judged {
    std::shared_ptr<const ReceivedCertificate> certificate;
    std::string ref;
    std::vector<Finding> faults;
  };

  std::vector<Finding> faults(const Push& push, const ReceivedCertificate& received) const {
    if (auto fault = fault_of_server(push)) return {std::move(*fault)};
    std::vector<Finding> faults = faults_of(push, received);
    if (faults.empty() && !taken(push, received.certificate)) {
      faults.push_back({.message = "the push certificate has been used already",
                        .hint = "push again: each push is signed anew"});
    }
    return faults;
  }

  // What no pusher can do anything about.
  static std::optional<Finding> fault_of_server(const Push& push) {
    if (push.update_alone) {
      return Finding{.message = "the push certificate cannot be seen: the hook 'update' gets none",
                     .hint = "an admin of this server has to install the hook pre-receive, too",
                     .undecided = true};
    }
    // Only what stands in the repository: the rest of the configuration is that of whoever the hook
    // runs as, which can be the pusher.
    if (push.repository.config(kSeed).value_or("").empty()) {
      return Finding{.message =
                         "the server takes no signed pushes: the configuration of the "
                         "repository has no receive.certNonceSeed",
                     .hint = "an admin of this server sets it with trunkgate install",
                     .undecided = true};
    }
    return std::nullopt;
  }

  std::vector<Finding> faults_of(const Push& push, const ReceivedCertificate& received) const {
    if (!received.sent) {
      Finding finding{.message = "the push is not signed", .commands = repair(push)};
      finding.details = {"to sign every push: git config push.gpgSign if-asked"};
      finding.hint = judge_.advice();
      return {finding};
    }
    const PushCertificate& certificate = received.certificate;
    const std::string& problem = received.problem.empty() ? certificate.mistake : received.problem;
    if (!problem.empty()) {
      return {{.message = "the push certificate " + problem, .commands = repair(push)}};
    }
    std::vector<Finding> all;
    const Signer pusher{kSigners[1], push.pusher.name, {}};
    const auto unsound =
        judge_.fault(push, {}, certificate.text, of_pusher_ ? std::optional(pusher) : std::nullopt);
    if (unsound) {
      all.push_back({.message = "the push certificate " + unsound->message,
                     .details = unsound->details,
                     .commands = repair(push)});
    }
    for (auto& found : {faults_of_nonce(push, received, limits_),
                        faults_of_contents(push, certificate), faults_of_address(certificate)}) {
      all.insert(all.end(), found.begin(), found.end());
    }
    return all;
  }

  // The nonce binds a certificate to the repository already, for its digest is over the path; this
  // is for servers that share a seed, and for paths that are the same on two of them.
  std::vector<Finding> faults_of_address(const PushCertificate& certificate) const {
    if (pushee_.empty() || pushee_.matches(certificate.pushee)) return {};
    if (certificate.pushee.empty()) {
      return {{.message = "the push certificate does not say which repository it is for"}};
    }
    return {{.message = "the push certificate is for '" + printable(certificate.pushee, 120) +
                        "', which is not an address of this repository"}};
  }

  static bool taken(const Push& push, const PushCertificate& certificate) {
    return UsedCertificates(push).take(certificate.text.payload,
                                       time_of_nonce(certificate.nonce).value_or(0));
  }

  static std::vector<std::string> repair(const Push& push) {
    if (push.refs.size() != 1 || !fits_in_command(push.refs[0])) return {"git push --signed"};
    return {std::string("git push --signed origin ") + (push.refs[0].deletes() ? "--delete " : "") +
            full_word(push.refs[0])};
  }

  SignatureJudge judge_;
  GlobSet pushee_;
  NonceLimits limits_;
  bool of_pusher_ = false;
  mutable Judged judged_;
};

constexpr Example kExamples[] = {
    {"{gpg-home: /nonexistent}", "create refs/heads/x", false},
    {"{gpg-home: /nonexistent}", "delete refs/tags/v1", false},
};

}  // namespace

constinit const RuleInfo unsigned_push{
    .id = "unsigned-push",
    .subject = Subject::ref,
    .summary = "a push has no certificate that counts",
    .rationale =
        "A signed push says who moved which reference to what, and nobody on the way can change "
        "it, not even one who has the pusher's password.",
    .remedy = "Push with git push --signed and a key that the policy knows.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<UnsignedPush>,
};

}  // namespace trunkgate

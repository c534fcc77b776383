// unsigned-commit: a commit without a signature that counts.
#include <array>

#include "base/text.h"
#include "push/message_parts.h"
#include "rules/catalogue.h"
#include "rules/commit/commit_finding.h"
#include "rules/signature_judge.h"

namespace trunkgate {
namespace {

constexpr Option<std::string> kSigner{
    "signer", "anyone", "whose signature it has to be: anyone, author, committer or pusher"};
constexpr Option<bool> kRequired{
    "required", "true", "with false a commit without a signature passes; one with a bad one never"};
constexpr const OptionInfo* kOptions[] = {
    &kSigner.info,  &kRequired.info, &kSignedBy.info, &kSshSigners.info,      &kRevokedKeys.info,
    &kGpgKeys.info, &kGpgHome.info,  &kGpgTrust.info, &kX509Authorities.info, &kX509Revoked.info};
constexpr std::array<std::string_view, 4> kSigners{"anyone", "author", "committer", "pusher"};

class UnsignedCommit final : public Rule {
 public:
  explicit UnsignedCommit(const RuleSetup& setup)
      : judge_(setup), required_(setup.options.get(kRequired)) {
    if (const Node* signer = setup.options.find(kSigner.info.name); signer != nullptr) {
      signer_ = read_word(*signer, kSigners, 0, setup.options.diagnostics());
    }
  }

  void check_commit(const Push& push, const Commit& commit, Answer& out) const override {
    if (!required_ && !commit.signed_commit) return;
    const SignedText text = commit.signed_commit
                                ? split_signed_commit(push.repository.commit_text(commit.id))
                                : SignedText();
    const auto fault = judge_.fault(push, commit.id, text, wanted(push, commit));
    if (!fault) return;
    Finding finding = finding_about(commit, read_message(commit), "the commit " + fault->message);
    finding.details = fault->details;
    finding.amendment = {.wanted = true, .sign = true};
    if (fault->unsigned_object) finding.hint = judge_.advice();
    out.add(std::move(finding));
  }

 private:
  std::optional<Signer> wanted(const Push& push, const Commit& commit) const {
    switch (signer_) {
      case 1:
        return Signer{kSigners[1], {}, commit.author.email};
      case 2:
        return Signer{kSigners[2], {}, commit.committer.email};
      case 3:
        return Signer{kSigners[3], push.pusher.name, {}};
      default:
        return std::nullopt;
    }
  }

  SignatureJudge judge_;
  bool required_;
  std::size_t signer_ = 0;
};

constexpr Example kExamples[] = {
    {"{gpg-home: /nonexistent}", "feat: add login", false},
    {"{gpg-home: /nonexistent, required: false}", "feat: add login", true},
};

}  // namespace

constinit const RuleInfo unsigned_commit{
    .id = "unsigned-commit",
    .subject = Subject::commit,
    .summary = "a commit has no signature that counts",
    .rationale =
        "Author and committer of a commit are free text; a signature says who really made it.",
    .remedy = "Sign the commits with a key that the policy knows: git commit --amend -S.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<UnsignedCommit>,
};

}  // namespace trunkgate

// unsigned-tag: a tag without a signature that counts.
#include <array>

#include "base/text.h"
#include "rules/catalogue.h"
#include "rules/ref/ref_words.h"
#include "rules/signature_judge.h"

namespace trunkgate {
namespace {

constexpr Option<std::string> kSigner{"signer", "anyone",
                                      "whose signature it has to be: anyone, tagger or pusher"};
constexpr const OptionInfo* kOptions[] = {
    &kSigner.info,  &kSignedBy.info, &kSshSigners.info,      &kRevokedKeys.info, &kGpgKeys.info,
    &kGpgHome.info, &kGpgTrust.info, &kX509Authorities.info, &kX509Revoked.info};
constexpr std::array<std::string_view, 3> kSigners{"anyone", "tagger", "pusher"};

class UnsignedTag final : public Rule {
 public:
  explicit UnsignedTag(const RuleSetup& setup) : judge_(setup) {
    if (const Node* signer = setup.options.find(kSigner.info.name); signer != nullptr) {
      signer_ = read_word(*signer, kSigners, 0, setup.options.diagnostics());
    }
  }

  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override {
    if (ref.kind != RefKind::tag || ref.deletes() || ref.new_id == ref.old_id) return;
    Finding finding;
    if (push.repository.header(ref.new_id).type != ObjectType::tag) {
      finding.message = "the tag is lightweight, so it cannot be signed";
    } else {
      const Tag tag = push.repository.tag(ref.new_id);
      const auto fault =
          judge_.fault(push, ref.new_id, split_signed_tag(push.repository.tag_text(ref.new_id)),
                       wanted(push, tag));
      if (!fault) return;
      finding.message = "the tag " + fault->message;
      finding.details = fault->details;
    }
    if (fits_in_command(ref)) {
      const std::string target = ref.new_commit.is_zero() ? "COMMIT" : ref.new_commit.brief();
      finding.commands = {"git tag -s -f " + short_word(ref) + " " + target,
                          "git push origin " + full_word(ref)};
    }
    out.add(std::move(finding));
  }

 private:
  std::optional<Signer> wanted(const Push& push, const Tag& tag) const {
    if (signer_ == 1) return Signer{kSigners[1], {}, tag.tagger.email};
    if (signer_ == 2) return Signer{kSigners[2], push.pusher.name, {}};
    return std::nullopt;
  }

  SignatureJudge judge_;
  std::size_t signer_ = 0;
};

constexpr Example kExamples[] = {
    {"{gpg-home: /nonexistent}", "create refs/tags/v1", false},
    {"{gpg-home: /nonexistent}", "annotate refs/tags/v1", false},
    {"{gpg-home: /nonexistent}", "create refs/heads/x", true},
    {"{gpg-home: /nonexistent}", "delete refs/tags/v1", true},
};

}  // namespace

constinit const RuleInfo unsigned_tag{
    .id = "unsigned-tag",
    .subject = Subject::ref,
    .summary = "a tag has no signature that counts",
    .rationale = "A release tag tells people what to trust; anybody can make one without a key.",
    .remedy = "Sign the tag with a key that the policy knows: git tag -s.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<UnsignedTag>,
    .refs = JudgedRefs::tags,
};

}  // namespace trunkgate

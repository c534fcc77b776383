#include "policy/attestations_reader.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"
#include "config/option_reader.h"
#include "policy/policy_keys.h"
#include "push/signed_text.h"
#include "rules/signature_judge.h"

namespace trunkgate {
namespace {

using namespace keys;

constexpr const OptionInfo* kSignatureKeys[] = {
    &kSshSigners.info, &kRevokedKeys.info,     &kGpgKeys.info,    &kGpgHome.info,
    &kGpgTrust.info,   &kX509Authorities.info, &kX509Revoked.info};
// What SignatureJudge reads beside them; nobody can say it here.
constexpr const OptionInfo* kJudgeKeys[] = {
    &kSshSigners.info, &kRevokedKeys.info,     &kGpgKeys.info,     &kGpgHome.info,
    &kGpgTrust.info,   &kX509Authorities.info, &kX509Revoked.info, &kSignedBy.info};

constexpr std::string_view kOwnParts[] = {"author", "committer", "pusher"};

void read_not(const Node& node, AttestationRules& rules, Diagnostics& diagnostics) {
  rules.not_author = rules.not_committer = rules.not_pusher = false;
  const std::span<const Node> items = node.kind == Node::Kind::sequence
                                          ? std::span<const Node>(node.items)
                                          : std::span<const Node>(&node, 1);
  for (const Node& item : items) {
    const std::size_t word = read_word(item, kOwnParts, 0, diagnostics);
    rules.not_author = rules.not_author || word == 0;
    rules.not_committer = rules.not_committer || word == 1;
    rules.not_pusher = rules.not_pusher || word == 2;
  }
}

AttestationRules read_kind(const Node& node, AttestationKind kind, const People& people,
                           Diagnostics& diagnostics) {
  const bool personal = kind == AttestationKind::approval || kind == AttestationKind::exemption;
  const std::string word(to_string(kind));
  const std::span<const OptionInfo* const> declared =
      personal ? std::span<const OptionInfo* const>(kPersonalAttestationKeys)
               : std::span<const OptionInfo* const>(kAttestationKeys);
  const OptionReader reader(node, declared, diagnostics, "'" + word + "'");
  AttestationRules rules;
  rules.taken = true;
  if (const Node* by = reader.find("by"); by != nullptr) {
    rules.by = users_of(*by, reader.get(kAttestationBy), people.groups, diagnostics);
  } else {
    diagnostics.error(node.where, "'" + word + "' needs to know whose count: 'by: [" +
                                      (personal ? "reviewers" : "ci") + "]'");
  }
  if (const Node* not_ = reader.find("not"); not_ != nullptr) read_not(*not_, rules, diagnostics);
  return rules;
}

bool any_keys(const Users& users) {
  return std::any_of(users.begin(), users.end(),
                     [](const auto& user) { return !user.second.keys.empty(); });
}

std::function<TagSigners(const Push&, const ObjectId&)> signers_of_tags(
    const Node* node, const People& people,
    const std::function<FileText(const std::string& name)>& read_file, Diagnostics& diagnostics) {
  if (node == nullptr && !any_keys(people.users)) {
    return [](const Push&, const ObjectId&) {
      return TagSigners{{}, "is signed with a key that the policy does not know"};
    };
  }
  static const Node kNothing{};
  if (node != nullptr) {
    const OptionReader strict(*node, kSignatureKeys, diagnostics, "'signatures'");
  }
  const OptionReader reader(node == nullptr ? kNothing : *node, kJudgeKeys, diagnostics,
                            "'signatures'");
  const auto judge = std::make_shared<SignatureJudge>(RuleSetup{.options = reader,
                                                                .groups = people.groups,
                                                                .users = people.users,
                                                                .folder = std::nullopt,
                                                                .read_file = read_file});
  return [judge](const Push& push, const ObjectId& tag) {
    TagSigners signers;
    signers.users = judge->signers_of(push, tag, split_signed_tag(push.repository.tag_text(tag)),
                                      signers.problem);
    return signers;
  };
}

}  // namespace

std::span<const OptionInfo* const> signature_keys() { return kSignatureKeys; }

std::shared_ptr<const AttestationPolicy> read_attestations(
    const Node& node, const People& people,
    const std::function<FileText(const std::string& name)>& read_file, Diagnostics& diagnostics) {
  const OptionReader reader(node, kAttestationsKeys, diagnostics, "'attestations'");
  auto policy = std::make_shared<AttestationPolicy>();
  for (const AttestationKind kind : kAttestationKinds) {
    if (const Node* at = reader.find(to_string(kind)); at != nullptr) {
      policy->kinds[static_cast<std::size_t>(kind)] = read_kind(*at, kind, people, diagnostics);
    }
  }
  policy->users = people.users;
  policy->signers = signers_of_tags(reader.find("signatures"), people, read_file, diagnostics);
  return policy;
}

}  // namespace trunkgate

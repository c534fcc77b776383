#include "evidence/evidence.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <optional>

#include "base/text.h"
#include "evidence/evidence_cache.h"
#include "evidence/recorded_pushers.h"

namespace trunkgate {

namespace {

constexpr std::string_view kLog = "issuers";
constexpr std::size_t kMaxTextBytes = 16 * 1024;

// Namespaces of one repository share its state.
std::string key_of(const Repository& repository, const AttestationName& name) {
  return repository.full_name(name.ref());
}

AttestationObject read_blob(const Repository& repository, const AttestationName& name,
                            const ObjectId& blob) {
  AttestationObject out;
  const ObjectHeader header = repository.header(blob);
  if (header.type != ObjectType::blob) {
    out.mistakes.push_back("it points at " + std::string(to_string(header.type)) +
                           (name.kind == AttestationKind::approval
                                ? ", not at a JSON blob, a signed tag or the commit itself"
                                : ", not at a JSON blob or a signed tag"));
    return out;
  }
  if (header.size > kMaxAttestationBytes) {
    out.mistakes.push_back("it is " + size_above(header.size, kMaxAttestationBytes));
    return out;
  }
  ReadAttestation read = read_attestation(name, repository.blob(blob, kMaxAttestationBytes));
  out.body = std::move(read.body);
  out.mistakes = std::move(read.mistakes);
  return out;
}

// A tag of the commit says what it has to say in its message: JSON, or, of an approval, words.
AttestationObject read_message(const AttestationName& name, const Tag& tag) {
  AttestationObject out;
  const std::string_view text = trim(tag.message);
  if (text.starts_with('{') || name.kind != AttestationKind::approval) {
    ReadAttestation read = read_attestation(name, text);
    out.body = std::move(read.body);
    out.mistakes = std::move(read.mistakes);
  } else {
    out.body.text = text.substr(0, kMaxTextBytes);
  }
  return out;
}

// An issuer as a line of the log tells it; nothing for a line that was cut.
std::optional<Issuer> issuer_in(const std::vector<std::string>& words) {
  if (words[4] != "signed" && words[4] != "plain") return std::nullopt;
  std::int64_t time = 0;
  std::from_chars(words[3].data(), words[3].data() + words[3].size(), time);
  return Issuer{words[2], time, words[4] == "signed"};
}

const EvidenceCache::Issuers& issuers_about(const Push& push, const ObjectId& commit) {
  auto& all = evidence_cache(push).issuers;
  if (const auto known = all.find(commit); known != all.end()) return known->second;
  EvidenceCache::Issuers issuers;
  const std::string prefix =
      push.repository.full_name(std::string(kAttestationPrefix) + commit.hex() + "/");
  for (auto& words : read_lines(push.state, kLog, commit, prefix, 5)) {
    if (auto issuer = issuer_in(words)) {
      issuers.insert_or_assign({std::move(words[0]), std::move(words[1])}, std::move(*issuer));
    }
  }
  return all.emplace(commit, std::move(issuers)).first->second;
}

// Why somebody may leave nothing of a kind about a commit, by kind and user.
using Parts = std::map<std::pair<AttestationKind, std::string>, std::optional<std::string>>;

// Who may be believed to have left it, and why it might not count all the same.
void find_issuer(const Push& push, Attestation& attestation, bool is_tag) {
  const Issuer recorded = recorded_issuer(push, attestation.name, attestation.object);
  if (!recorded.name.empty()) {
    attestation.issuer = recorded.name;
    attestation.received = recorded.time;
    attestation.is_signed = recorded.is_signed;
    return;
  }
  if (!is_tag && attestation.body.veto) {
    attestation.issuer = attestation.name.name;
    return;
  }
  if (!is_tag) {
    attestation.problem = "is older than the gate and not signed, so nobody knows who left it";
    return;
  }
  const TagSigners signers = push.attestations->signers(push, attestation.object);
  if (signers.users.empty()) {
    attestation.problem = "is older than the gate, and its tag " + signers.problem;
    return;
  }
  attestation.is_signed = true;
  const auto named = std::find(signers.users.begin(), signers.users.end(), attestation.name.name);
  attestation.issuer = named == signers.users.end() ? signers.users[0] : *named;
}

void judge_issuer(const Push& push, Parts& parts, Attestation& attestation) {
  const AttestationRules& rules = push.attestations->of(attestation.name.kind);
  const std::string kind(to_string(attestation.name.kind));
  if (attestation.name.kind == AttestationKind::approval &&
      attestation.issuer != attestation.name.name) {
    attestation.problem = "was left by '" + printable(attestation.issuer) + "'";
    return;
  }
  if (!rules.taken || !std::binary_search(rules.by.begin(), rules.by.end(), attestation.issuer)) {
    attestation.problem =
        "was left by '" + printable(attestation.issuer) + "', who may leave no " + kind;
    return;
  }
  const bool personal = attestation.name.kind == AttestationKind::approval ||
                        attestation.name.kind == AttestationKind::exemption;
  // Whoever has a part in it may still say no; else a forged author line would silence them.
  if (!personal || attestation.body.veto) return;
  const auto [part, is_new] = parts.try_emplace({attestation.name.kind, attestation.issuer});
  if (is_new) {
    part->second = own_part(push, rules, push.attestations->users, attestation.issuer,
                            push.repository.commit(attestation.name.commit));
  }
  if (part->second) {
    attestation.problem =
        "was left by '" + printable(attestation.issuer) + "', who " + *part->second;
  }
}

Attestation attestation_of(const Push& push, Parts& parts, const AttestationName& name,
                           const Ref& ref) {
  Attestation attestation;
  attestation.name = name;
  attestation.ref = ref.name;
  attestation.object = ref.id;
  try {
    AttestationObject object = read_attestation_object(push.repository, name, ref.id);
    attestation.body = std::move(object.body);
    if (!object.mistakes.empty()) {
      attestation.problem = "cannot be read: " + object.mistakes[0];
      return attestation;
    }
    find_issuer(push, attestation, object.is_tag);
  } catch (const MissingObject& missing) {
    attestation.problem = printable(missing.what());
  } catch (const BadTag& bad) {
    attestation.problem = printable(bad.what());
  }
  if (attestation.problem.empty()) judge_issuer(push, parts, attestation);
  return attestation;
}

}  // namespace

AttestationObject read_attestation_object(const Repository& repository, const AttestationName& name,
                                          const ObjectId& object) {
  if (name.kind == AttestationKind::approval && object == name.commit) return {};
  if (repository.header(object).type != ObjectType::tag) {
    return read_blob(repository, name, object);
  }
  const Tag tag = repository.tag(object);
  AttestationObject out;
  // Else a signature under something else, a release or another commit, would speak for this.
  const std::string own_name = name.ref().substr(std::string_view("refs/").size());
  if (!tag.signed_tag) {
    out.mistakes.push_back("the tag is not signed");
  } else if (tag.name != own_name) {
    out.mistakes.push_back("the tag was made as '" + printable(tag.name, 100) + "', not as '" +
                           own_name + "'");
  } else if (tag.type == ObjectType::commit && tag.target == name.commit) {
    out = read_message(name, tag);
  } else if (tag.type == ObjectType::blob) {
    out = read_blob(repository, name, tag.target);
  } else {
    out.mistakes.push_back("the tag is of something else than the commit or a JSON blob");
  }
  out.is_tag = true;
  return out;
}

EvidenceCache& evidence_cache(const Push& push) {
  if (push.evidence == nullptr) push.evidence = std::make_shared<EvidenceCache>();
  return *push.evidence;
}

const std::vector<Attestation>& evidence_about(const Push& push, const ObjectId& commit) {
  static const std::vector<Attestation> kNone;
  if (push.attestations == nullptr) return kNone;
  auto& all = evidence_cache(push).by_commit;
  if (const auto known = all.find(commit); known != all.end()) return known->second;
  std::vector<Attestation> found;
  const std::string prefix = std::string(kAttestationPrefix) + commit.hex() + "/";
  Parts parts;
  const std::vector<Ref> refs = push.repository.refs(prefix);
  // An issuer is recorded before the reference is there; read now, none of these is missed.
  evidence_cache(push).issuers.erase(commit);
  for (const Ref& ref : refs) {
    if (const auto name = parse_attestation_name(ref.name)) {
      found.push_back(attestation_of(push, parts, *name, ref));
    }
  }
  return all.emplace(commit, std::move(found)).first->second;
}

const Attestation* approval_of(const Push& push, const ObjectId& commit, std::string_view ref) {
  const Attestation* approval = nullptr;
  for (const Attestation& found : evidence_about(push, commit)) {
    if (found.name.kind != AttestationKind::approval || !found.counts() || !found.is_for(ref)) {
      continue;
    }
    if (found.body.veto) return nullptr;
    if (approval == nullptr) approval = &found;
  }
  return approval;
}

Issuer recorded_issuer(const Push& push, const AttestationName& name, const ObjectId& object) {
  const EvidenceCache::Issuers& issuers = issuers_about(push, name.commit);
  const auto known = issuers.find({key_of(push.repository, name), object.hex()});
  return known == issuers.end() ? Issuer() : known->second;
}

Issuer recorded_issuer(const std::string& state, const std::string& full_name,
                       const ObjectId& commit, const ObjectId& object) {
  Issuer issuer;
  const std::string start = full_name + " " + object.hex() + " ";
  for (const auto& words : read_lines(state, kLog, commit, start, 5)) {
    if (auto known = issuer_in(words)) issuer = std::move(*known);
  }
  return issuer;
}

StateLine issuer_line(const Repository& repository, const AttestationName& name,
                      const ObjectId& object, const Issuer& issuer) {
  return {std::string(kLog), name.commit,
          key_of(repository, name) + " " + object.hex() + " " + issuer.name + " " +
              std::to_string(issuer.time) + (issuer.is_signed ? " signed" : " plain")};
}

}  // namespace trunkgate

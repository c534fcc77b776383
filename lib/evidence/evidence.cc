#include "evidence/evidence.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <optional>

#include "base/text.h"
#include "evidence/recorded_pushers.h"

namespace trunkgate {

// Declared in push/push.h: what has been read for a push.
struct EvidenceCache {
  std::map<ObjectId, std::vector<Attestation>> by_commit;
};

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

// What all attestations about a commit need, read once: there may be thousands of them.
struct AboutCommit {
  std::map<std::pair<std::string, std::string>, Issuer> issuers;  // by full name and object
  // Why somebody may leave nothing of a kind about it, by kind and user.
  std::map<std::pair<AttestationKind, std::string>, std::optional<std::string>> parts;
};

AboutCommit read_about(const Push& push, const ObjectId& commit, const std::string& prefix) {
  AboutCommit about;
  for (const auto& words :
       read_lines(push.state, kLog, commit, push.repository.full_name(prefix), 5)) {
    if (auto issuer = issuer_in(words)) {
      about.issuers.insert_or_assign({words[0], words[1]}, std::move(*issuer));
    }
  }
  return about;
}

// Who may be believed to have left it, and why it might not count all the same.
void find_issuer(const Push& push, const AboutCommit& about, Attestation& attestation,
                 bool is_tag) {
  const auto known =
      about.issuers.find({key_of(push.repository, attestation.name), attestation.object.hex()});
  const Issuer recorded = known == about.issuers.end() ? Issuer() : known->second;
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

void judge_issuer(const Push& push, AboutCommit& about, Attestation& attestation) {
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
  const auto [part, is_new] = about.parts.try_emplace({attestation.name.kind, attestation.issuer});
  if (is_new) {
    part->second = own_part(push, rules, push.attestations->users, attestation.issuer,
                            push.repository.commit(attestation.name.commit));
  }
  if (part->second) {
    attestation.problem =
        "was left by '" + printable(attestation.issuer) + "', who " + *part->second;
  }
}

Attestation attestation_of(const Push& push, AboutCommit& about, const AttestationName& name,
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
    find_issuer(push, about, attestation, object.is_tag);
  } catch (const MissingObject& missing) {
    attestation.problem = printable(missing.what());
  } catch (const BadTag& bad) {
    attestation.problem = printable(bad.what());
  }
  if (attestation.problem.empty()) judge_issuer(push, about, attestation);
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

const std::vector<Attestation>& evidence_about(const Push& push, const ObjectId& commit) {
  static const std::vector<Attestation> kNone;
  if (push.attestations == nullptr) return kNone;
  if (push.evidence == nullptr) push.evidence = std::make_shared<EvidenceCache>();
  const auto known = push.evidence->by_commit.find(commit);
  if (known != push.evidence->by_commit.end()) return known->second;
  std::vector<Attestation> found;
  const std::string prefix = std::string(kAttestationPrefix) + commit.hex() + "/";
  std::optional<AboutCommit> about;
  for (const Ref& ref : push.repository.refs(prefix)) {
    const auto name = parse_attestation_name(ref.name);
    if (!name) continue;
    if (!about) about = read_about(push, commit, prefix);
    found.push_back(attestation_of(push, *about, *name, ref));
  }
  return push.evidence->by_commit.emplace(commit, std::move(found)).first->second;
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
  Issuer issuer;
  const std::string start = key_of(push.repository, name) + " " + object.hex() + " ";
  for (const auto& words : read_lines(push.state, kLog, name.commit, start, 5)) {
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

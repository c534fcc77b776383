#include "policy/attestation_check.h"

#include <algorithm>

#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/evidence_cache.h"
#include "evidence/recorded_pushers.h"
#include "git/tag.h"
#include "push/new_commits.h"

namespace trunkgate {
namespace {

Finding refusal(std::string message, std::string hint = {}) {
  Finding finding;
  finding.rule = "attestation";
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  return finding;
}

std::string article(AttestationKind kind) {
  const bool vowel = kind == AttestationKind::approval || kind == AttestationKind::exemption;
  return (vowel ? "an " : "a ") + std::string(to_string(kind));
}

std::string quoted(const std::string& name) { return "'" + printable(name, 80) + "'"; }

class Check {
 public:
  Check(const Push& push, const PushedRef& ref, const AttestationName& name, Answer& out)
      : push_(push), ref_(ref), name_(name), rules_(push.attestations->of(name.kind)), out_(out) {}

  void run(std::vector<StateLine>& lines) {
    if (!rules_.taken) {
      out_.add(refusal("the policy takes no attestations of the kind '" +
                           std::string(to_string(name_.kind)) + "'",
                       "an admin can say under 'attestations' who may leave them"));
      return;
    }
    check_commit();
    if (ref_.deletes()) {
      check_owner(push_.pusher.name);
      return;
    }
    const AttestationObject object = read_attestation_object(push_.repository, name_, ref_.new_id);
    for (const std::string& mistake : object.mistakes) {
      out_.add(refusal("the " + std::string(to_string(name_.kind)) + " is not valid: " + mistake));
    }
    if (!out_.findings.empty()) return;
    const std::string issuer = find_issuer(object);
    if (issuer.empty()) return;
    check_issuer(issuer, object.body.veto);
    check_owner(issuer);
    check_replay(issuer, object);
    if (out_.findings.empty()) {
      lines.push_back(
          issuer_line(push_.repository, name_, ref_.new_id, {issuer, push_.now, object.is_tag}));
    }
  }

 private:
  // Deleting what is about a commit that is gone does no harm.
  void check_commit() {
    if (ref_.deletes()) return;
    if (push_.repository.header(name_.commit).type != ObjectType::commit) {
      out_.add(refusal("there is no commit " + name_.commit.brief() + " on the server",
                       "push the branch first, in a push of its own"));
      return;
    }
    if (is_on_a_branch()) return;
    Finding finding =
        refusal("no branch of the server holds the commit " + name_.commit.brief() + " yet",
                "push the branch first, in a push of its own");
    finding.commands = {"git push origin " + name_.commit.brief() + ":refs/heads/BRANCH"};
    out_.add(std::move(finding));
  }

  bool is_on_a_branch() const {
    auto& all = evidence_cache(push_).on_a_branch;
    if (const auto known = all.find(name_.commit); known != all.end()) return known->second;
    std::vector<ObjectId> tips;
    for (const Ref& branch : push_.repository.refs("refs/heads/")) tips.push_back(branch.id);
    const bool is_tip = std::find(tips.begin(), tips.end(), name_.commit) != tips.end();
    return all[name_.commit] = is_tip || (push_.repository.existed_before(name_.commit) &&
                                          any_reaches(push_.repository, tips, name_.commit));
  }

  // Who leaves it: the signer of a tag, else the pusher. Empty after a refusal.
  std::string find_issuer(const AttestationObject& object) {
    if (!object.is_tag) {
      if (push_.pusher.known()) return push_.pusher.name;
      out_.add(refusal("the server does not know who is pushing, so nobody would have left it",
                       "sign it: git tag -s"));
      return {};
    }
    const TagSigners signers = push_.attestations->signers(push_, ref_.new_id);
    if (signers.users.empty()) {
      out_.add(refusal("its tag " + signers.problem, "sign it with a key that the policy knows"));
      return {};
    }
    const auto named = std::find(signers.users.begin(), signers.users.end(), name_.name);
    if (named != signers.users.end()) return *named;
    for (const std::string& signer : signers.users) {
      if (std::binary_search(rules_.by.begin(), rules_.by.end(), signer)) return signer;
    }
    return signers.users[0];
  }

  void check_issuer(const std::string& issuer, bool veto) {
    if (name_.kind == AttestationKind::approval && issuer != name_.name) {
      AttestationName own = name_;
      own.name = issuer;
      Finding finding =
          refusal(quoted(issuer) + " cannot approve in the name of " + quoted(name_.name),
                  "an approval is named after whoever gives it");
      if (ref_.new_id == name_.commit) {
        finding.commands = {"git push origin " + name_.commit.hex() + ":" + own.ref()};
      }
      out_.add(std::move(finding));
      return;
    }
    if (!std::binary_search(rules_.by.begin(), rules_.by.end(), issuer)) {
      Finding finding = refusal(quoted(issuer) + " may not leave " + article(name_.kind));
      finding.details = {rules_.by.empty() ? "nobody may"
                                           : "may: " + printable(join(rules_.by, ", "), 400)};
      out_.add(std::move(finding));
      return;
    }
    const bool personal =
        name_.kind == AttestationKind::approval || name_.kind == AttestationKind::exemption;
    // Whoever has a part in it may still say no; else a forged author line would silence them.
    if (!personal || veto || !out_.findings.empty()) return;
    if (auto part = own_part(push_, rules_, push_.attestations->users, issuer,
                             push_.repository.commit(name_.commit))) {
      out_.add(refusal(quoted(issuer) + " cannot leave " + article(name_.kind) + " of " +
                           name_.commit.brief() + ": " + quoted(issuer) + " " + *part,
                       "somebody else has to"));
    }
  }

  // What is there already belongs to whoever left it.
  void check_owner(const std::string& who) {
    if (ref_.creates()) return;
    Issuer owner = recorded_issuer(push_, name_, ref_.old_id);
    // Older than the gate, and signed all the same.
    if (owner.name.empty()) owner.name = signer_of_old();
    // A veto counts all the same, and is theirs whose name it bears.
    if (owner.name.empty() && is_veto_of_old()) owner.name = name_.name;
    if (owner.name.empty()) {
      // Nobody knows who left it, so it counts for nothing and whoever may leave one replaces it.
      if (!ref_.deletes() || std::binary_search(rules_.by.begin(), rules_.by.end(), who)) {
        return;
      }
      out_.add(refusal(push_.pusher.words() + " may not delete " + article(name_.kind)));
      return;
    }
    if (owner.name == who) return;
    out_.add(refusal("this " + std::string(to_string(name_.kind)) + " was left by " +
                         quoted(owner.name) + ", who alone can change or delete it",
                     "an admin can on the server, with git update-ref"));
  }

  std::string signer_of_old() const {
    for (const Attestation& known : evidence_about(push_, name_.commit)) {
      if (known.ref == ref_.name && known.is_signed) return known.issuer;
    }
    return {};
  }

  bool is_veto_of_old() const {
    const auto& all = evidence_about(push_, name_.commit);
    return std::any_of(all.begin(), all.end(), [&](const Attestation& known) {
      return known.ref == ref_.name && known.counts() && known.body.veto;
    });
  }

  // Anybody can push what somebody has signed, but not bring back what they have replaced or
  // deleted since (an approval over its veto), nor make it younger than it is.
  void check_replay(const std::string& issuer, const AttestationObject& object) {
    if (!object.is_tag || issuer == push_.pusher.name) return;
    if (recorded_issuer(push_, name_, ref_.new_id).name.empty()) return;
    out_.add(refusal("this signed " + std::string(to_string(name_.kind)) +
                         " was here before, and only " + quoted(issuer) + " can bring it back",
                     quoted(issuer) + " can push it, or sign a new one"));
  }

  const Push& push_;
  const PushedRef& ref_;
  const AttestationName& name_;
  const AttestationRules& rules_;
  Answer& out_;
};

}  // namespace

void check_attestation(const Push& push, const PushedRef& ref, Answer& out,
                       std::vector<StateLine>& lines) {
  std::string mistake;
  const auto name = parse_attestation_name(ref.name, &mistake);
  if (!name) {
    out.add(refusal(std::move(mistake)));
    return;
  }
  Check(push, ref, *name, out).run(lines);
}

}  // namespace trunkgate

#include "policy/always_on.h"

#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "evidence/attestation_name.h"
#include "git/ref_name.h"
#include "policy/landing_check.h"
#include "push/landing_request.h"

namespace trunkgate {
namespace {

// A lock file that is older was left behind by a process that died.
constexpr std::int64_t kStaleLockSeconds = 60;

Finding refusal(std::string rule, std::string message, std::string hint = {}) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  return finding;
}

bool like_object_id(std::string_view name) {
  return (name.size() == 40 || name.size() == 64) &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

// The name itself, without a look at the repository. Empty when it is fine.
std::optional<Finding> check_name(const std::string& name, const Policy& policy) {
  if (name == "HEAD") return refusal("invalid-ref-name", "HEAD cannot be pushed to");
  if (const auto mistake = ref_name_mistake(name)) {
    return refusal("invalid-ref-name", "the name is no reference name: " + *mistake);
  }
  if (name.starts_with("refs/replace/")) {
    return refusal("replaced-object", "replacing objects would change what everybody sees");
  }
  const std::string_view branch = short_name(name);
  if (kind_of(name) == RefKind::branch &&
      (like_object_id(branch) || branch == "HEAD" || branch.starts_with("-") ||
       branch.starts_with("refs/"))) {
    return refusal("misleading-ref-name",
                   "the branch name can be taken for an object id, an option or a full name",
                   "choose another name");
  }
  if (name.starts_with(kAttestationPrefix)) {
    if (policy.attestations == nullptr) {
      return refusal("reserved-namespace", "the policy takes no attestations",
                     "an admin can say under 'attestations' who may leave which");
    }
  } else if (name.starts_with(kLandingRequests) && policy.queue) {
    return check_request_name(name);
  } else if (name.starts_with(kLandingRequests)) {
    return refusal("reserved-namespace", "nothing lands by a push to refs/for/ here",
                   "an admin can switch the merge queue on with 'land: {queue: true}'");
  } else if (in_own_namespace(name) && !(policy.policy_ref && policy.policy_ref->ref == name)) {
    return refusal("reserved-namespace",
                   "this namespace belongs to the gate and is not in use yet");
  }
  if (kind_of(name) == RefKind::other && !in_own_namespace(name) &&
      !policy.namespaces.matches(name)) {
    return refusal(
        "unlisted-namespace",
        "only branches, tags and notes can be pushed (refs/heads, refs/tags, refs/notes)",
        "an admin can list more under 'namespaces' in the policy");
  }
  return std::nullopt;
}

// A new name that would stand in the way of a protected one or could be taken for it.
std::optional<Finding> check_against_protected(const std::string& name, const Policy& policy) {
  const std::vector<std::string> literals = policy.protected_names();
  const std::string branch = "refs/heads/" + std::string(short_name(name));
  if (kind_of(name) == RefKind::tag &&
      (policy.is_protected(branch) ||
       std::binary_search(literals.begin(), literals.end(), branch))) {
    return refusal("tag-like-branch",
                   "a tag with the name of a protected branch could be taken for it",
                   "choose another name for the tag");
  }
  for (const std::string& literal : literals) {
    if (name == literal) continue;
    if (name.starts_with(literal + "/")) {
      return refusal("blocked-branch",
                     "'" + printable(short_name(literal)) +
                         "' is a protected name; nothing can be created below it");
    }
    if (literal.starts_with(name + "/")) {
      return refusal("blocked-branch",
                     "the name would stand in the way of the protected '" +
                         printable(short_name(literal)) + "'",
                     "choose another name");
    }
    if (ascii_lower(name) == ascii_lower(literal)) {
      return refusal("case-variant",
                     "the name differs from the protected '" + printable(short_name(literal)) +
                         "' in letter case only",
                     "choose another name");
    }
  }
  return std::nullopt;
}

bool hidden_by_server(const Repository& repository, const std::string& name) {
  bool hidden = false;
  for (const std::string key : {"transfer.hiderefs", "receive.hiderefs"}) {
    for (std::string pattern : repository.config_all(key)) {
      // git-config(1): '!' takes back, '^' matches the full name; the last match decides.
      const bool shown = pattern.starts_with("!");
      if (shown) pattern.erase(0, 1);
      if (pattern.starts_with("^")) pattern.erase(0, 1);
      while (pattern.ends_with("/")) pattern.pop_back();
      if (!pattern.empty() && (name == pattern || name.starts_with(pattern + "/"))) hidden = !shown;
    }
  }
  return hidden;
}

// What the ref holds now must be what the client says: Git compares only after all hooks, and for
// some deletions not at all.
std::optional<Finding> check_old_value(const RefUpdate& update, const RefValue& now) {
  if (update.old_id.is_zero() && update.new_id.is_zero()) {
    return refusal("empty-update", "the update has neither an old nor a new value");
  }
  if (now.kind == RefValue::Kind::symbolic) {
    return refusal("symbolic-ref",
                   "this is another name for '" + printable(short_name(now.target)) + "'",
                   "push to '" + printable(short_name(now.target)) + "' itself");
  }
  const ObjectId actual = now.kind == RefValue::Kind::direct ? now.id : ObjectId();
  if (actual == update.old_id) return std::nullopt;
  if (actual.is_zero()) {
    return refusal("stale-old-value", "the reference does not exist on the server",
                   "run git fetch --prune and look again");
  }
  return refusal("stale-old-value",
                 "the reference is at " + actual.brief() + " by now, not at " +
                     (update.old_id.is_zero() ? "nothing" : update.old_id.brief()),
                 "run git fetch and push again");
}

std::optional<Finding> check_lock(const Repository& repository, const std::string& name,
                                  std::int64_t now) {
  const std::string path = repository.path() + "/" + repository.full_name(name) + ".lock";
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || now - status.st_mtime < kStaleLockSeconds) {
    return std::nullopt;
  }
  return refusal("locked-ref",
                 "the server cannot update it: a lock file was left behind " +
                     std::to_string((now - status.st_mtime) / 60) + " minutes ago",
                 "ask an admin to remove " + printable(repository.full_name(name)) +
                     ".lock in the repository; 'trunkgate doctor' there says how");
}

// Two hexadecimal digits, or the rest of an id: what git-notes(1) names the entries of a notes
// tree.
bool is_notes_tree(const Repository& repository, const ObjectId& commit) {
  const auto names = repository.tree_names(repository.commit(commit).tree);
  return std::all_of(names.begin(), names.end(), [](const std::string& name) {
    return (name.size() == 2 || name.size() == 40) &&
           name.find_first_not_of("0123456789abcdef") == std::string::npos;
  });
}

// Reads every tag on the way to what the reference means. Throws BadTag.
void check_tags(const PushedRef& ref, const Peeled& peeled, const Repository& repository) {
  ObjectId id = ref.new_id;
  for (std::size_t i = 0; i < static_cast<std::size_t>(peeled.tags); ++i) {
    id = repository.tag(id).target;
  }
}

std::optional<Finding> check_new_object(const PushedRef& ref, const Peeled& peeled,
                                        const Policy& policy, const Repository& repository) {
  if (peeled.type == ObjectType::missing) {
    return refusal("missing-object",
                   "the object " + peeled.id.brief() + " it needs is not on the server",
                   "push again; run git fsck in your clone when it happens again");
  }
  if (peeled.type == ObjectType::tag) {
    return refusal("deep-tag",
                   "a tag of a tag of a tag: more than " + std::to_string(kMaxTagDepth) + " deep");
  }
  check_tags(ref, peeled, repository);
  if (policy.policy_ref && policy.policy_ref->ref == ref.name &&
      (peeled.tags > 0 || peeled.type != ObjectType::commit)) {
    return refusal("not-a-commit",
                   "the policy's reference holds commits, and this is " +
                       std::string(peeled.tags > 0 ? "a tag" : to_string(peeled.type)));
  }
  if (ref.kind == RefKind::branch && (peeled.tags > 0 || peeled.type != ObjectType::commit)) {
    return refusal("not-a-commit",
                   "a branch holds commits, and this is " +
                       std::string(peeled.tags > 0 ? "a tag" : to_string(peeled.type)));
  }
  if (ref.kind == RefKind::note) {
    if (peeled.type != ObjectType::commit || !is_notes_tree(repository, peeled.id)) {
      return refusal("not-a-note", "a notes reference holds notes, and this is something else");
    }
    return std::nullopt;
  }
  if (peeled.type != ObjectType::commit && policy.judges(ref.name)) {
    return refusal("not-a-commit", "it points at " + std::string(to_string(peeled.type)) +
                                       ", which no rule of this reference can judge");
  }
  return std::nullopt;
}

}  // namespace

std::vector<Finding> refuse_push(const RefUpdates& received, const Policy& policy,
                                 const Pusher& pusher, const PushConditions& conditions) {
  std::vector<Finding> findings;
  if (received.malformed > 0) {
    findings.push_back(refusal(
        "malformed-push",
        "the push is malformed: " +
            count_of(received.malformed, "line is no ref update", "lines are no ref updates")));
  } else if (received.updates.empty()) {
    findings.push_back(refusal("malformed-push", "the push is malformed: it updates nothing"));
  }
  if (received.updates.size() > kMaxRefs) {
    findings.push_back(refusal(
        "crowded-push", "the push updates more than " + std::to_string(kMaxRefs) + " references",
        "push in smaller parts"));
    return findings;
  }
  std::set<std::string_view> names;
  for (const RefUpdate& update : received.updates) {
    if (names.insert(update.name).second) continue;
    findings.push_back(
        refusal("duplicate-ref", "the push updates " + printable(update.name) + " more than once"));
    break;
  }
  if (conditions.shallow) {
    findings.push_back(refusal("shallow-push", "the push comes from a shallow clone",
                               "run git fetch --unshallow, then push again"));
  }
  if (!pusher.known() && !policy.identity.allow_unknown) {
    findings.push_back(
        refusal("unknown-pusher", "the server does not know who is pushing: " + pusher.problem));
  }
  return findings;
}

std::optional<PushedRef> check_update(const RefUpdate& update, const Policy& policy,
                                      const Repository& repository,
                                      const PushConditions& conditions, Answer& out) {
  const auto refuse = [&](std::optional<Finding> finding) {
    if (finding) out.add(std::move(*finding));
    return !out.findings.empty();
  };
  if (refuse(check_name(update.name, policy))) return std::nullopt;
  if (hidden_by_server(repository, update.name)) {
    out.add(refusal("hidden-ref", "the server hides this reference and takes no pushes to it"));
    return std::nullopt;
  }
  if (refuse(check_old_value(update, repository.ref(update.name)))) return std::nullopt;
  if (refuse(check_lock(repository, update.name, conditions.now))) return std::nullopt;

  PushedRef ref;
  ref.name = update.name;
  ref.kind = kind_of(update.name);
  ref.old_id = update.old_id;
  ref.new_id = update.new_id;
  if (!ref.creates()) {
    const Peeled peeled = repository.peel(ref.old_id);
    if (peeled.type == ObjectType::commit) ref.old_commit = peeled.id;
  }
  if (ref.deletes()) return ref;
  if (ref.creates() && refuse(check_against_protected(ref.name, policy))) return std::nullopt;
  const Peeled peeled = repository.peel(ref.new_id);
  if (refuse(check_new_object(ref, peeled, policy, repository))) return std::nullopt;
  if (peeled.type == ObjectType::commit) ref.new_commit = peeled.id;
  return ref;
}

}  // namespace trunkgate

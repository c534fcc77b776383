// What is refused whatever the policy says, by the ids that findings have.
#include <algorithm>
#include <array>

#include "policy/always_on.h"

namespace trunkgate {
namespace {

// Sorted by id. A test compares the ids with what the sources of this folder say.
constexpr AlwaysOn kRefusals[] = {
    {"attestation",
     "evidence below refs/attest/ that is not valid, or by somebody who may not leave it"},
    {"blocked-branch",
     "a name below or above that of a guarded branch, which would stand in its way"},
    {"case-variant", "a name that differs from a guarded branch's in letter case only"},
    {"crowded-push", "more than 50,000 references or 500,000 new commits"},
    {"deep-tag", "a tag of a tag of a tag, and so on, with no end in sight"},
    {"duplicate-ref", "one reference twice in a push"},
    {"empty-update", "an update without an old and without a new value"},
    {"exemption",
     "an exemption that is asked for and that this pusher cannot use, or not for this push"},
    {"hidden-ref", "a reference that receive.hideRefs hides"},
    {"invalid-ref-name", "a name that Git itself would not give a reference, and HEAD"},
    {"landing-request", "a push to refs/for/ for something that cannot land there"},
    {"locked-ref", "a reference whose lock file a dead process left behind"},
    {"malformed-commit", "a commit that Git cannot have made, or that git fsck calls an error"},
    {"malformed-push", "a line that is no update of a reference"},
    {"malformed-tag", "a tag that Git cannot have made, or that git fsck calls an error"},
    {"malformed-tree",
     "a folder that would write outside of the work tree, or differ from program to program"},
    {"misleading-ref-name", "a name that can be taken for an object id, an option or a full name"},
    {"missing-object", "an object that neither the push brings nor the server has"},
    {"not-a-commit", "a branch that does not point at a commit"},
    {"not-a-note", "a notes reference that does not point at notes"},
    {"policy-ref", "a change of the policy in Git by somebody who may not, or one with mistakes"},
    {"replaced-object", "refs/replace/, which would change what everybody sees"},
    {"reserved-namespace", "references that belong to the gate itself"},
    {"shallow-push", "a push from a clone without its history"},
    {"stale-old-value", "an update from a value that the reference does not have (any more)"},
    {"symbolic-ref", "a push through a symbolic reference that is not judged as its target"},
    {"tag-like-branch", "a tag with the name of a guarded branch"},
    {"unknown-pusher", "a push by somebody whom 'identity' does not name"},
    {"unlisted-namespace",
     "references outside of branches, tags, notes and the policy's 'namespaces'"}};

constexpr auto kIds = [] {
  std::array<std::string_view, std::size(kRefusals)> ids;
  std::transform(std::begin(kRefusals), std::end(kRefusals), ids.begin(),
                 [](const AlwaysOn& refusal) { return refusal.id; });
  return ids;
}();

}  // namespace

std::span<const AlwaysOn> always_on() { return kRefusals; }
std::span<const std::string_view> always_on_ids() { return kIds; }

}  // namespace trunkgate

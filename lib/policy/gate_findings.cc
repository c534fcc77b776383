#include "policy/gate_findings.h"

#include <new>

#include "base/text.h"
#include "push/new_commits.h"

namespace trunkgate {

Finding too_many_commits() {
  Finding finding;
  finding.rule = "crowded-push";
  finding.message = "the push brings more than " + std::to_string(kMaxNewCommits) + " new commits";
  finding.hint = "push them in smaller parts, or have an admin fetch them on the server";
  return finding;
}

Finding malformed_commit(std::string_view what) {
  Finding finding;
  finding.rule = "malformed-commit";
  finding.message = printable(what);
  finding.hint =
      "make it anew (git commit --amend); history from elsewhere an admin can fetch on the server";
  return finding;
}

Finding malformed_commit(const BadCommit& bad) {
  Finding finding = malformed_commit(bad.what());
  finding.commit = bad.id;
  return finding;
}

Finding malformed_tag(const BadTag& bad) {
  Finding finding;
  finding.rule = "malformed-tag";
  finding.message = printable(bad.what());
  finding.hint = "make the tag anew with git tag -a -f";
  return finding;
}

Finding missing_object(const MissingObject& missing) {
  Finding finding;
  finding.rule = "missing-object";
  finding.message = "the push lacks an object that it needs: " + missing.id.brief();
  finding.hint = "push again; in a shallow clone run git fetch --unshallow first";
  return finding;
}

std::string reason_of(const std::exception& failure) {
  return dynamic_cast<const std::bad_alloc*>(&failure) == nullptr ? failure.what()
                                                                  : "out of memory";
}

Finding undecided(std::string_view rule, std::string_view why) {
  Finding finding;
  finding.rule = rule;
  finding.message = "could not decide: " + printable(why);
  finding.undecided = true;
  return finding;
}

}  // namespace trunkgate

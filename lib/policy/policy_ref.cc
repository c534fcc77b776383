#include "policy/policy_ref.h"

#include <algorithm>

#include "base/text.h"
#include "policy/pushed_tests.h"
#include "push/new_commits.h"

namespace trunkgate {
namespace {

Finding refusal(std::string message, std::string hint) {
  Finding finding;
  finding.rule = "policy-ref";
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  return finding;
}

std::string writers(const PolicyRef& policy_ref) {
  return printable(join(policy_ref.writers, ", "), 400);
}

void name_commit(const Push& push, const PushedRef& ref, Finding& finding) {
  finding.commit = ref.new_commit;
  finding.title = title_of(push.repository.commit(ref.new_commit).message);
}

}  // namespace

void check_policy_ref(const Push& push, const PushedRef& ref, const Policy& policy,
                      const std::vector<PolicyRoot>& roots, Answer& out) {
  const PolicyRef& wanted = *policy.policy_ref;
  if (!std::binary_search(wanted.writers.begin(), wanted.writers.end(), push.pusher.name)) {
    out.add(refusal(push.pusher.words() + " may not change the policy",
                    "ask one of: " + writers(wanted)));
    return;
  }
  if (ref.deletes()) {
    out.add(refusal("the policy cannot be deleted", "push a policy that says what you want"));
    return;
  }
  if (ref.updates() && !reaches(push.repository, ref.new_commit, ref.old_commit)) {
    Finding finding = refusal("the history of the policy cannot be rewritten",
                              "make the change on top of what the server has");
    finding.commands = {"git fetch origin " + wanted.ref, "git rebase FETCH_HEAD"};
    out.add(std::move(finding));
    return;
  }
  if (roots.empty()) return;
  try {
    load_policy(roots, policy_files(push.repository, PushedPolicy{wanted.ref, ref.new_commit}));
  } catch (const ConfigError& mistakes) {
    const std::size_t count = mistakes.diagnostics().list().size();
    Finding finding = refusal(
        "the policy in it has " + count_of(count, "mistake", "mistakes"),
        "the policy that is in force stays; 'trunkgate check FILE' finds mistakes before a push");
    name_commit(push, ref, finding);
    finding.details = mistake_lines(mistakes.diagnostics());
    out.add(std::move(finding));
    return;
  } catch (const PolicyMissing& missing) {
    Finding finding = refusal(printable(missing.what(), 400), "add it and push again");
    name_commit(push, ref, finding);
    out.add(std::move(finding));
    return;
  }
  if (auto finding = try_pushed_tests(push, ref, wanted, roots)) {
    name_commit(push, ref, *finding);
    out.add(std::move(*finding));
  }
}

Finding missing_policy_ref(const PolicyRef& policy_ref) {
  Finding finding = refusal(
      "the server keeps its policy in " + printable(policy_ref.ref) + ", which does not exist",
      "one of these pushes it: " + writers(policy_ref));
  finding.commands = {"git push origin HEAD:" + policy_ref.ref};
  return finding;
}

}  // namespace trunkgate

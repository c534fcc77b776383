#include "policy/landing_check.h"

#include <algorithm>

#include "base/text.h"
#include "git/ref_name.h"
#include "push/landing_request.h"
#include "push/new_commits.h"
#include "rules/catalogue.h"
#include "rules/ref/landing_terms.h"

namespace trunkgate {
namespace {

std::string quoted(const std::string& ref) { return "'" + printable(short_name(ref), 80) + "'"; }

std::string in_shell(std::string_view name) {
  return is_printable(name) ? shell_quote(name) : "BRANCH";
}

std::string refspec(const std::string& commit, const std::string& ref) {
  return commit + ":" + in_shell(ref);
}

std::string words(const GlobSet& globs) {
  std::vector<std::string> texts;
  for (const Glob& glob : globs.globs()) texts.push_back(glob.text());
  return join(texts, ", ");
}

// It is on no branch of the server that may land, `may_land` says which may.
Finding not_on_the_server(const PushedRef& ref, const std::string& branch,
                          const std::vector<std::string>& may_land, bool on_some) {
  Finding finding = refused_request(ref.new_commit.brief() +
                                    (on_some ? " is on no branch that may land on " + quoted(branch)
                                             : " is on no branch of the server yet"));
  for (const std::string& globs : may_land) finding.details.push_back("may land: " + globs);
  finding.hint = "push the branch first, in a push of its own";
  finding.commands = {"git push origin " + refspec(ref.new_commit.brief(), "refs/heads/BRANCH"),
                      "git push origin " + refspec(ref.new_commit.brief(), ref.name)};
  return finding;
}

}  // namespace

Finding refused_request(std::string message, std::string hint) {
  Finding finding;
  finding.rule = "landing-request";
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  return finding;
}

bool hands_over_landing_requests(const Repository& repository) {
  const auto values = repository.config_all(kProcReceiveRefs);
  return std::any_of(values.begin(), values.end(), [](std::string_view value) {
    // git-config(1): letters before a colon say for which kinds of updates; all without them.
    if (const auto colon = value.find(':'); colon != std::string_view::npos) {
      const std::string_view kinds = value.substr(0, colon);
      if (kinds.find('!') != std::string_view::npos || kinds.find('a') == std::string_view::npos) {
        return false;
      }
      value.remove_prefix(colon + 1);
    }
    while (value.ends_with('/')) value.remove_suffix(1);
    return value == kProcReceiveValue;
  });
}

std::optional<Finding> check_request_name(const std::string& name) {
  const auto branch = requested_branch(name);
  if (branch && !branch->starts_with("refs/heads/refs/")) return std::nullopt;
  return refused_request("a request to land names the branch to land on, without refs/heads/",
                         "git push origin BRANCH:refs/for/main");
}

LandingPlan plan_landing(const Push& push, const Policy& policy, const std::string& branch,
                         const ObjectId& tip, const ObjectId& commit, Answer& out) {
  PushedRef update;
  update.name = branch;
  update.old_id = update.old_commit = tip;
  update.new_id = update.new_commit = commit;
  LandingPlan plan{.branch = branch, .tip = tip, .merge = true, .fast_forward = true};
  const std::vector<SourceBranch> branches = other_branches(push, update);
  plan.sources = branches_with(push.repository, branches, commit);
  const bool on_some = !plan.sources.empty();
  std::vector<std::string> may_land;
  for (const ActiveRule& active : policy.rules) {
    if (active.info != &direct_push || active.mode != Mode::enforce ||
        !active.scope.covers(branch) || !active.scope.applies_to(push, update, Subject::ref)) {
      continue;
    }
    const LandingTerms terms = landing_terms(*active.rule);
    plan.merge = plan.merge && terms.merge;
    plan.fast_forward = plan.fast_forward && terms.fast_forward;
    const std::size_t before = plan.sources.size();
    std::erase_if(plan.sources, [&](const SourceBranch& source) {
      return !terms.from.matches(short_name(source.name));
    });
    if (plan.sources.size() < before || before == 0) may_land.push_back(words(terms.from));
    if (terms.anybody || std::binary_search(terms.by.begin(), terms.by.end(), push.pusher.name)) {
      continue;
    }
    Finding finding =
        refused_request("'" + push.pusher.name + "' may not land on " + quoted(branch),
                        "ask one of them to land it");
    finding.details = {"may land: " + join(terms.by, ", ")};
    out.add(std::move(finding));
  }
  if (plan.sources.empty()) {
    PushedRef request = update;
    request.name = std::string(kLandingRequests) + std::string(short_name(branch));
    out.add(not_on_the_server(request, branch, may_land, on_some));
  }
  return plan;
}

void check_landing_request(const Push& push, const PushedRef& ref, const Policy& policy,
                           Answer& out) {
  if (!hands_over_landing_requests(push.repository)) {
    out.add(
        refused_request("the server is not set up for landing by push",
                        "an admin has to run 'trunkgate install' for this repository once more"));
    return;
  }
  if (ref.deletes() || !ref.creates()) {
    out.add(refused_request(printable(ref.name) + " stands for no branch and holds nothing",
                            "an admin can take it away with git update-ref -d"));
    return;
  }
  const std::string branch = *requested_branch(ref.name);
  const RefValue now = push.repository.ref(branch);
  if (now.kind == RefValue::Kind::symbolic) {
    const std::string target(short_name(now.target));
    Finding finding = refused_request(quoted(branch) + " is another name for " + quoted(target));
    finding.commands = {"git push origin " + refspec(ref.new_id.brief(), "refs/for/" + target)};
    out.add(std::move(finding));
    return;
  }
  if (now.kind == RefValue::Kind::none) {
    out.add(refused_request("there is no branch " + quoted(branch) + " to land on"));
    return;
  }
  if (!policy.is_protected(branch)) {
    Finding finding =
        refused_request(quoted(branch) + " is not protected: nothing has to land", "push to it");
    finding.commands = {"git push origin " + refspec("HEAD", branch)};
    out.add(std::move(finding));
    return;
  }
  if (ref.new_commit != ref.new_id) {
    out.add(refused_request("only a commit can land, and this is something else"));
    return;
  }
  plan_landing(push, policy, branch, now.id, ref.new_commit, out);
}

}  // namespace trunkgate

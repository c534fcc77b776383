#include "hook/landing_merge.h"

#include <unistd.h>

#include <array>
#include <chrono>

#include "base/clock.h"
#include "base/text.h"
#include "git/automatic_merge.h"
#include "git/object_writer.h"
#include "git/ref_name.h"
#include "push/new_commits.h"

namespace trunkgate {
namespace {

constexpr auto kGitTimeLimit = std::chrono::seconds(60);
constexpr std::size_t kMaxPathsShown = 20;

std::string named(std::string_view ref) { return "'" + printable(short_name(ref), 80) + "'"; }

std::string in_shell(std::string_view name) {
  return is_printable(name) ? shell_quote(name) : "BRANCH";
}

// As Git cleans up what stands between its angle brackets.
std::string identity_part(std::string_view text) {
  std::string clean;
  for (const char c : printable(text)) {
    if (c != '<' && c != '>') clean += c;
  }
  return std::string(trim(clean));
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
  return name.data();
}

// Git's own words for a merge: the branch, a part of it, or the commit that some branch holds.
std::string merge_title(const LandingPlan& plan, const ObjectId& commit, const std::string& head) {
  const SourceBranch& source = plan.sources.front();
  std::string title = "Merge branch " + named(source.name);
  if (source.tip != commit) title += " (early part)";
  if (plan.branch != head) title += " into " + printable(short_name(plan.branch));
  return title;
}

Finding conflict(const LandingPlan& plan, const AutomaticMerge& merge) {
  const std::string source = plan.sources.front().name;
  Finding finding = refused_request(named(source) + " does not merge into " + named(plan.branch));
  if (merge.unrelated) {
    finding.message += ": their histories have nothing in common";
    finding.hint = "make the branch from " + named(plan.branch);
    return finding;
  }
  finding.message += ": " + count_of(merge.conflicts.size(), "file conflicts", "files conflict");
  for (const std::string& path : merge.conflicts) {
    if (finding.details.size() == kMaxPathsShown) {
      finding.details.push_back("and " + std::to_string(merge.conflicts.size() - kMaxPathsShown) +
                                " more");
      break;
    }
    finding.details.push_back(printable(path));
  }
  finding.hint = "settle it on the branch, push the branch, then ask again";
  const std::string branch = in_shell(short_name(source));
  const std::string target(short_name(plan.branch));
  finding.commands = {"git fetch origin", "git switch " + branch,
                      "git merge origin/" + in_shell(target), "git push origin " + branch,
                      "git push origin " + branch + ":refs/for/" + in_shell(target)};
  return finding;
}

Finding behind(const LandingPlan& plan) {
  const std::string source = in_shell(short_name(plan.sources.front().name));
  const std::string target(short_name(plan.branch));
  Finding finding = refused_request(named(plan.sources.front().name) + " does not build on what " +
                                        named(plan.branch) + " holds now",
                                    named(plan.branch) + " takes fast-forwards only");
  finding.commands = {"git fetch origin", "git rebase origin/" + in_shell(target) + " " + source,
                      "git push --force-with-lease origin " + source,
                      "git push origin " + source + ":refs/for/" + in_shell(target)};
  return finding;
}

std::string commit_text(const Gate& gate, const LandingPlan& plan, const ObjectId& tree,
                        const ObjectId& commit) {
  const std::string pusher = gate.push().pusher.known() ? gate.push().pusher.name : "unknown";
  std::string name = pusher;
  std::string address;
  if (const auto user = gate.policy().users.find(pusher); user != gate.policy().users.end()) {
    if (!user->second.names.empty()) name = identity_part(user->second.names.front());
    if (!user->second.emails.empty()) address = identity_part(user->second.emails.front());
  }
  if (name.empty()) name = pusher;
  if (address.empty()) address = pusher + "@" + identity_part(host_name());
  const std::string who =
      name + " <" + address + "> " + std::to_string(microseconds_now() / 1'000'000) + " +0000";
  return "tree " + tree.hex() + "\nparent " + plan.tip.hex() + "\nparent " + commit.hex() +
         "\nauthor " + who + "\ncommitter " + who + "\n\n" +
         merge_title(plan, commit, gate.repository().head()) + "\n";
}

ObjectId store_commit(const Gate& gate, const std::string& text, const std::string& objects) {
  if (objects == gate.repository().quarantine()) {
    return ObjectWriter(objects).write(ObjectType::commit, text);
  }
  // Git knows how the repository shares its files and when they have to be on disk.
  const ChildResult result =
      run_git({"git", "hash-object", "-t", "commit", "-w", "--stdin"}, gate, text);
  const auto id = ObjectId::parse(trim(result.output));
  if (!result.succeeded() || !id) {
    throw Error(ErrorKind::repository, "git cannot store the merge: " + result.failure());
  }
  return *id;
}

}  // namespace

ChildResult run_git(std::vector<std::string> arguments, const Gate& gate, std::string_view input) {
  Environment environment = gate.environment();
  // The names given are full ones already.
  for (const char* name : {"GIT_NAMESPACE", "HTTP_AUTHORIZATION"}) environment.unset(name);
  environment.set("GIT_DIR", gate.repository().path());
  environment.set("LC_ALL", "C");
  ChildRequest request;
  request.argv = std::move(arguments);
  request.environment = environment.entries();
  request.input = input;
  request.timeout = kGitTimeLimit;
  return run_child(request);
}

LandingMerge make_landing(const Gate& gate, const LandingPlan& plan, const ObjectId& commit,
                          const std::string& objects) {
  const std::string lands = named(plan.sources.front().name) + " lands on " + named(plan.branch);
  LandingMerge landing;
  if (plan.merge) {
    AutomaticMerger merger(gate.repository(), gate.paths().scratch(), objects);
    const AutomaticMerge merge = merger.merge(plan.tip, commit);
    if (!merge.clean) {
      landing.obstacle = conflict(plan, merge);
      return landing;
    }
    landing.commit = store_commit(gate, commit_text(gate, plan, merge.tree, commit), objects);
    landing.words = lands + " by the merge " + landing.commit.brief();
  } else if (!plan.fast_forward) {
    landing.obstacle =
        refused_request(named(plan.branch) + " takes neither merges nor fast-forwards",
                        "the queue makes nothing else; land it by a push of your own");
  } else if (!reaches(gate.repository(), commit, plan.tip)) {
    landing.obstacle = behind(plan);
  } else {
    landing.commit = commit;
    landing.words = lands + " as it is: " + commit.brief();
  }
  return landing;
}

}  // namespace trunkgate

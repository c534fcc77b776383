#include "hook/merge_queue.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "base/child_process.h"
#include "base/clock.h"
#include "base/text.h"
#include "git/automatic_merge.h"
#include "git/object_writer.h"
#include "git/ref_name.h"
#include "policy/gate_findings.h"
#include "push/landing_request.h"
#include "push/new_commits.h"

namespace trunkgate {
namespace {

// A landing takes a fraction of a second; who waits longer than this is better told.
constexpr auto kPatience = std::chrono::seconds(10);
constexpr auto kBetweenTries = std::chrono::milliseconds(50);
constexpr auto kGitTimeLimit = std::chrono::seconds(60);
// A direct landing may come first, each time.
constexpr int kAttempts = 5;
constexpr std::size_t kMaxPathsShown = 20;
const std::string kUndecided = "the server could not decide: ";

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

std::string words_of(const ChildResult& result) {
  if (!result.started) return result.start_error;
  if (result.timed_out) return "it took too long";
  // What comes before may be from hooks.
  const std::string_view words = trim(result.errors);
  return words.empty() ? "exit code " + std::to_string(result.exit_status)
                       : std::string(words.substr(words.rfind('\n') + 1));
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

void refuse(Verdict& verdict, Finding finding) {
  RefVerdict& ref = verdict.refs.front();
  ref.outcome = finding.undecided ? Outcome::undecided : Outcome::rejected;
  ref.findings.push_back(std::move(finding));
}

// The verdict on the branch as one on the request.
Verdict on_request(Verdict verdict, const RefUpdate& request) {
  RefVerdict& ref = verdict.refs.front();
  ref.name = request.name;
  ref.kind = kind_of(request.name);
  ref.old_id = request.old_id;
  ref.new_id = request.new_id;
  for (ExemptionUse& use : verdict.exemptions) use.ref = request.name;
  return verdict;
}

std::string first_reason(const Verdict& verdict) {
  const bool undecided = verdict.outcome() == Outcome::undecided;
  std::vector<Finding> all = verdict.findings;
  for (const RefVerdict& ref : verdict.refs) {
    all.insert(all.end(), ref.findings.begin(), ref.findings.end());
  }
  const auto first = std::find_if(all.begin(), all.end(), [&](const Finding& finding) {
    return refuses(finding) && (finding.undecided || !undecided);
  });
  if (undecided) {
    // A policy that cannot be loaded has no finding of that kind.
    if (first == all.end()) {
      return kUndecided + (all.empty() ? std::string("no reason is known") : all.front().message);
    }
    return first->message.starts_with("could not decide") ? "the server " + first->message
                                                          : kUndecided + first->message;
  }
  if (first == all.end()) return "refused";
  return (first->path.empty() ? "" : printable(first->path) + ": ") + first->message;
}

}  // namespace

std::string MergeQueue::commit_text(const LandingPlan& plan, const ObjectId& tree,
                                    const ObjectId& commit) const {
  const std::string pusher = gate_.push().pusher.known() ? gate_.push().pusher.name : "unknown";
  std::string name = pusher;
  std::string address;
  if (const auto user = gate_.policy().users.find(pusher); user != gate_.policy().users.end()) {
    if (!user->second.names.empty()) name = identity_part(user->second.names.front());
    if (!user->second.emails.empty()) address = identity_part(user->second.emails.front());
  }
  if (name.empty()) name = pusher;
  if (address.empty()) address = pusher + "@" + identity_part(host_name());
  const std::string who =
      name + " <" + address + "> " + std::to_string(microseconds_now() / 1'000'000) + " +0000";
  return "tree " + tree.hex() + "\nparent " + plan.tip.hex() + "\nparent " + commit.hex() +
         "\nauthor " + who + "\ncommitter " + who + "\n\n" +
         merge_title(plan, commit, gate_.repository().head()) + "\n";
}

ObjectId MergeQueue::store_commit(const std::string& text, const std::string& objects) const {
  if (objects == gate_.repository().quarantine()) {
    return ObjectWriter(objects).write(ObjectType::commit, text);
  }
  // Git knows how the repository shares its files and when they have to be on disk.
  const ChildResult result =
      run_git({"git", "hash-object", "-t", "commit", "-w", "--stdin"}, gate_, text);
  const auto id = ObjectId::parse(trim(result.output));
  if (!result.succeeded() || !id) {
    throw Error(ErrorKind::repository, "git cannot store the merge: " + words_of(result));
  }
  return *id;
}

// Fills in what is to be on the branch, or says why nothing can be.
std::optional<Finding> MergeQueue::merge_into(LandingAttempt& attempt, const LandingPlan& plan,
                                              const ObjectId& commit,
                                              const std::string& objects) const {
  const std::string source = named(plan.sources.front().name);
  if (plan.merge) {
    AutomaticMerger merger(gate_.repository(), gate_.paths().scratch(), objects);
    const AutomaticMerge merge = merger.merge(plan.tip, commit);
    if (!merge.clean) return conflict(plan, merge);
    attempt.new_id = store_commit(commit_text(plan, merge.tree, commit), objects);
    attempt.words =
        source + " lands on " + named(plan.branch) + " by the merge " + attempt.new_id.brief();
    return std::nullopt;
  }
  if (!plan.fast_forward) {
    return refused_request(named(plan.branch) + " takes neither merges nor fast-forwards",
                           "the queue makes nothing else; land it by a push of your own");
  }
  if (!reaches(gate_.repository(), commit, plan.tip)) return behind(plan);
  attempt.new_id = commit;
  attempt.words = source + " lands on " + named(plan.branch) + " as it is: " + commit.brief();
  return std::nullopt;
}

LandingAttempt MergeQueue::attempt(const RefUpdate& request, const std::string& objects) {
  LandingAttempt attempt;
  RefUpdates asked;
  asked.updates.push_back(request);
  attempt.verdict = gate_.judge(asked);
  if (!attempt.lands()) return attempt;

  const std::string branch = *requested_branch(request.name);
  const ObjectId tip = gate_.repository().ref(branch).id;
  const ObjectId& commit = request.new_id;
  Verdict& verdict = attempt.verdict;
  if (reaches(gate_.repository(), tip, commit)) {
    refuse(verdict, refused_request(commit.brief() + " is on " + named(branch) + " already"));
    return attempt;
  }
  Answer answer;
  const LandingPlan plan = plan_landing(gate_.push(), gate_.policy(), branch, tip, commit, answer);
  for (Finding& finding : answer.findings) refuse(verdict, std::move(finding));
  if (!attempt.lands()) return attempt;
  attempt.branch = branch;
  attempt.old_id = tip;
  if (auto finding = merge_into(attempt, plan, commit, objects)) {
    refuse(verdict, std::move(*finding));
    return attempt;
  }
  RefUpdates update;
  update.updates.push_back({tip, attempt.new_id, branch});
  attempt.landing = gate_.judge(update);
  attempt.verdict = on_request(attempt.landing, request);
  return attempt;
}

bool MergeQueue::still_holds(const LandingAttempt& attempt) const {
  const auto at = [&](const std::string& name, const ObjectId& id) {
    const RefValue now = gate_.repository().ref(name);
    return now.kind == RefValue::Kind::none ? id.is_zero()
                                            : now.kind == RefValue::Kind::direct && now.id == id;
  };
  const auto& relied = attempt.landing.refs.front().relied;
  return at(attempt.branch, attempt.old_id) &&
         std::all_of(relied.begin(), relied.end(),
                     [&](const auto& each) { return at(each.first, each.second); });
}

std::optional<std::string> MergeQueue::move_branch(const LandingAttempt& attempt) const {
  const Repository& repository = gate_.repository();
  const std::string nul(1, '\0');
  std::string input = "update " + repository.full_name(attempt.branch) + nul +
                      attempt.new_id.hex() + nul + attempt.old_id.hex() + nul;
  std::vector<std::string> verified{attempt.branch};
  for (const auto& [name, id] : attempt.landing.refs.front().relied) {
    if (std::find(verified.begin(), verified.end(), name) != verified.end()) continue;
    verified.push_back(name);
    input += "verify " + repository.full_name(name) + nul + id.hex() + nul;
  }
  const ChildResult result = run_git(
      {"git", "update-ref", "--no-deref", "-m", "push: landed", "--stdin", "-z"}, gate_, input);
  if (result.succeeded()) return std::nullopt;
  return words_of(result);
}

LandingAnswer MergeQueue::refused(const Verdict& verdict) {
  gate_.reject(verdict);
  LandingAnswer answer;
  answer.reason = first_reason(verdict);
  answer.report = gate_.report(verdict);
  return answer;
}

bool MergeQueue::wait_for_turn() {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  make_folder(gate_.paths().state(), gate_.sharing());
  while (!turn_) {
    auto lock = FileLock::try_now(gate_.paths().queue_lock(), gate_.sharing());
    if (lock) {
      turn_.emplace(std::move(*lock));
    } else if (std::chrono::steady_clock::now() > end) {
      return false;
    } else {
      std::this_thread::sleep_for(kBetweenTries);
    }
  }
  return true;
}

LandingAnswer MergeQueue::land_now(const RefUpdate& request) {
  LandingAnswer answer;
  if (!wait_for_turn()) {
    answer.reason = "another landing is going on; push again";
    return answer;
  }
  const std::string objects = gate_.repository().path() + "/objects";
  std::string failure;
  for (int i = 0; i < kAttempts; ++i) {
    const LandingAttempt attempt = this->attempt(request, objects);
    if (!attempt.lands()) return refused(attempt.verdict);
    gate_.accept(attempt.landing);
    const auto failed = move_branch(attempt);
    if (!failed) {
      answer.landed = true;
      answer.old_id = attempt.old_id;
      answer.new_id = attempt.new_id;
      answer.report = gate_.report(attempt.landing);
      if (!answer.report.starts_with('{')) {
        answer.report += attempt.words + "\nhint: git fetch brings it to you\n";
      }
      return answer;
    }
    failure = *failed;
    // Whether Git has failed after all was done, as when it was killed, shows the branch itself.
    const RefValue now = gate_.repository().ref(attempt.branch);
    if (now.kind == RefValue::Kind::direct && now.id == attempt.new_id) {
      answer.landed = true;
      answer.old_id = attempt.old_id;
      answer.new_id = attempt.new_id;
      return answer;
    }
    gate_.withdraw();
    if (still_holds(attempt)) {
      Verdict verdict = attempt.verdict;
      refuse(verdict, undecided("landing-request", "git cannot move the branch: " + failure));
      return refused(verdict);
    }
  }
  answer.reason = named(*requested_branch(request.name)) + " moves too fast; push again";
  return answer;
}

LandingAnswer MergeQueue::land(const RefUpdate& request) noexcept {
  LandingAnswer answer;
  std::string hint;
  try {
    return land_now(request);
  } catch (const Error& error) {
    answer.reason = error.what();
    hint = error.hint();
  } catch (const std::exception& error) {
    answer.reason = error.what();
  }
  answer.reason = kUndecided + printable(answer.reason, 400);
  answer.report = "error: UNDECIDED " + printable(request.name) + ": " + answer.reason + "\n";
  if (!hint.empty()) answer.report += "hint: " + printable(hint, 400) + "\n";
  return answer;
}

std::string rehearse_landings(Gate& gate, const RefUpdates& received, Verdict& verdict) {
  std::string words;
  for (std::size_t i = 0; i < verdict.refs.size() && i < received.updates.size(); ++i) {
    const RefUpdate& request = received.updates[i];
    if (!requested_branch(request.name) || !verdict.lets_in(verdict.refs[i])) continue;
    LandingAttempt attempt = MergeQueue(gate).attempt(request, gate.repository().quarantine());
    if (attempt.lands()) words += "would happen: " + attempt.words + "\n";
    verdict.refs[i] = std::move(attempt.verdict.refs.front());
    verdict.findings.insert(verdict.findings.end(), attempt.verdict.findings.begin(),
                            attempt.verdict.findings.end());
    verdict.refuses_all = verdict.refuses_all || attempt.verdict.refuses_all;
  }
  return words;
}

}  // namespace trunkgate

#include "hook/merge_queue.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/text.h"
#include "git/ref_name.h"
#include "hook/landing_merge.h"
#include "policy/gate_findings.h"
#include "push/landing_request.h"
#include "push/new_commits.h"

namespace trunkgate {
namespace {

// A landing takes a fraction of a second; who waits longer than this is better told.
constexpr auto kPatience = std::chrono::seconds(10);
constexpr auto kBetweenTries = std::chrono::milliseconds(50);
// A direct landing may come first, each time.
constexpr int kAttempts = 5;
const std::string kUndecided = "the server could not decide: ";

std::string named(std::string_view ref) { return "'" + printable(short_name(ref), 80) + "'"; }

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
  LandingMerge merge = make_landing(gate_, plan, commit, objects);
  if (merge.obstacle) {
    refuse(verdict, std::move(*merge.obstacle));
    return attempt;
  }
  attempt.new_id = merge.commit;
  attempt.words = std::move(merge.words);
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
  return result.failure();
}

// From here on nothing may fail: Git has to hear of it.
LandingAnswer MergeQueue::landed(const LandingAttempt& attempt) noexcept {
  gate_.keep_claims();
  LandingAnswer answer;
  answer.landed = true;
  answer.old_id = attempt.old_id;
  answer.new_id = attempt.new_id;
  try {
    answer.report = gate_.report(attempt.landing);
    if (!answer.report.starts_with('{')) {
      answer.report += attempt.words + "\nhint: git fetch brings it to you\n";
    }
  } catch (const std::exception&) {
    answer.report.clear();
  }
  return answer;
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
    if (!failed) return landed(attempt);
    failure = *failed;
    // Whether Git has failed after all was done, as when it was killed, shows the branch itself.
    const RefValue now = gate_.repository().ref(attempt.branch);
    if (now.kind == RefValue::Kind::direct && now.id == attempt.new_id) return landed(attempt);
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

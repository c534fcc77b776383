#include "hook/gate.h"

#include <algorithm>
#include <cstdlib>
#include <exception>

#include "base/clock.h"
#include "base/digest.h"
#include "base/text.h"
#include "events/spool_room.h"
#include "hook/verdict_record.h"
#include "hook/wake.h"
#include "push/key_fingerprint.h"
#include "report/report.h"

namespace trunkgate {
namespace {

constexpr int kMaxClaimTries = 5;

RepositoryPlace place_of(const Environment& environment, Stage stage) {
  RepositoryPlace place;
  place.git_dir = environment.get("GIT_DIR").value_or(".");
  place.git_namespace = environment.get("GIT_NAMESPACE").value_or("");
  // Outside pre-receive Git never sets it, so there it is the caller's own.
  if (stage == Stage::pre_receive) {
    place.quarantine = environment.get("GIT_QUARANTINE_PATH").value_or("");
  }
  return place;
}

const char* stage_word(Stage stage) {
  switch (stage) {
    case Stage::pre_receive:
      return "pre-receive";
    case Stage::update:
      return "update";
    case Stage::landing:
      return "proc-receive";
  }
  return "";
}

}  // namespace

Gate::Gate(const Invocation& call, Stage stage, std::vector<std::string> options)
    : stage_(stage),
      environment_(call.environment),
      key_(current_push()),
      options_(std::move(options)),
      partly_(stage == Stage::update) {
  if (is_orphan()) throw Error(ErrorKind::repository, "the push ended before it was judged");
  // libgit2 reads this variable by itself and then fails on packed refs; Repository adds the
  // namespace to names instead.
  ::unsetenv("GIT_NAMESPACE");
  repository_ = std::make_unique<Repository>(place_of(environment_, stage));
  paths_.repository = repository_->path();
  sharing_ = repository_->sharing();
  if (stage == Stage::pre_receive) options_ = environment_.push_options();
}

std::optional<Verdict> Gate::load(const RefUpdates& received,
                                  const std::vector<PolicyRoot>& roots) {
  if (in_force_) return std::nullopt;
  try {
    in_force_ = load_policy_in_force(roots, policy_files(*repository_), paths_.last_good_policy(),
                                     sharing_);
    in_force_->policy->settle({repository_->path(), repository_->head()});
  } catch (const Error& error) {
    in_force_.reset();
    Verdict verdict;
    for (const RefUpdate& update : received.updates) {
      RefVerdict ref;
      ref.name = update.name;
      ref.kind = kind_of(update.name);
      ref.old_id = update.old_id;
      ref.new_id = update.new_id;
      ref.outcome = Outcome::undecided;
      verdict.refs.push_back(std::move(ref));
    }
    Finding finding;
    finding.rule = "policy";
    finding.message = printable(error.what(), 400);
    finding.hint = error.hint();
    verdict.findings.push_back(std::move(finding));
    const std::string contact = repository_->config("trunkgate.contact").value_or("");
    verdict.contact = contact.empty() ? "an admin of this server" : printable(contact);
    return verdict;
  }
  now_ = microseconds_now() / 1'000'000;
  in_force_->policy->apply_dates(now_);
  pusher_ = identify(in_force_->policy->identity, environment_, os_user_name());
  return std::nullopt;
}

Push Gate::push() const {
  Push push{.repository = *repository_,
            .pusher = pusher_,
            .options = options_,
            .refs = {},
            .scratch = paths_.scratch()};
  push.state = paths_.state();
  push.now = now_;
  push.id = key_.push_id();
  push.environment = &environment_;
  push.attestations = policy().attestations.get();
  return push;
}

Verdict Gate::judge(const RefUpdates& received) {
  looked_ = microseconds_now();
  if (received.sha256) {
    throw Error(ErrorKind::repository,
                "the repository uses SHA-256 object ids, which this build "
                "cannot read (libgit2 1.5 knows SHA-1 only)");
  }
  if (repository_->shallow()) {
    throw Error(ErrorKind::repository,
                "the repository on the server is shallow: its history ends "
                "somewhere, so nothing can be judged",
                "an admin can complete it with git fetch --unshallow");
  }
  const std::vector<PolicyRoot> roots = policy_roots(
      paths_.repository, repository_->config("trunkgate.policy").value_or(""), kSystemPolicy);
  if (auto failed = load(received, roots)) return std::move(*failed);
  Baselines baselines(paths_.baselines(), sharing_, Durability::none);
  make_folder(paths_.scratch(), sharing_);
  const Evaluation evaluation{
      .policy = policy(),
      .repository = *repository_,
      .baselines = baselines,
      .received = received,
      .pusher = pusher_,
      .options = options_,
      .conditions = {.shallow = !environment_.get("GIT_SHALLOW_FILE").value_or("").empty(),
                     .now = now_},
      .scratch = paths_.scratch(),
      .state = paths_.state(),
      .roots = roots,
      .push_id = key_.push_id(),
      .environment = &environment_,
      .update_alone = stage_ == Stage::update};
  Verdict verdict = evaluate(evaluation);
  // When another push was faster, what it has claimed is part of what is judged.
  for (int tries = 1; !claim(verdict, policy(), now_); ++tries) {
    if (tries == kMaxClaimTries) {
      throw Error(ErrorKind::delivery,
                  "other pushes keep taking the exemptions that this one asks for", "push again");
    }
    verdict = evaluate(evaluation);
  }
  verdict.notices.insert(verdict.notices.begin(), in_force_->notices.begin(),
                         in_force_->notices.end());
  if (verdict.contact.empty()) {
    verdict.contact = printable(repository_->config("trunkgate.contact").value_or(""));
  }
  waiting_ = crowd_in_spool(paths_.spool());
  if (waiting_ >= kFullSpool && policy().events.blocks_when_full) {
    throw Error(
        ErrorKind::delivery,
        std::to_string(waiting_) +
            " records wait to be delivered, and the policy wants no push without one",
        "an admin runs: trunkgate deliver " + printable(shell_quote(paths_.repository), 1000));
  }
  // A landing is part of a push that was warned before.
  if (waiting_ != 0 && stage_ != Stage::landing) warn_of_crowd(verdict);
  return verdict;
}

void Gate::warn_of_crowd(Verdict& verdict) const {
  const std::string count = std::to_string(waiting_) + " records";
  verdict.notices.push_back(waiting_ < kFullSpool
                                ? "the events of this push will come late: " + count +
                                      " wait to be delivered;"
                                : "no event will say who made this push: " + count +
                                      " wait to be delivered, and no more "
                                      "are kept;");
  verdict.notices.push_back(
      "please tell " + (verdict.contact.empty() ? "an admin of this server" : verdict.contact) +
      ", who runs: trunkgate deliver " + printable(shell_quote(paths_.repository), 1000));
}

// Before anything else happens to the push, chained hooks too: of two pushes with one use between
// them, only one goes on.
bool Gate::claim(const Verdict& verdict, const Policy& policy, std::int64_t now) {
  if (check_only()) return true;
  for (const ExemptionUse& use : verdict.exemptions) {
    const auto ref = std::find_if(verdict.refs.begin(), verdict.refs.end(),
                                  [&](const RefVerdict& r) { return r.name == use.ref; });
    if (ref == verdict.refs.end() || !verdict.lets_in(*ref)) continue;
    const Exemption* exemption = find_exemption(policy.exemptions, use.label);
    if (exemption == nullptr) continue;
    if (claims_ == nullptr) {
      claims_ = std::make_unique<ExemptionClaims>(*repository_, paths_.state());
    }
    if (!claims_->claim(*exemption, use, ref->new_id, key_, now)) {
      claims_->release();
      return false;
    }
  }
  return true;
}

SpoolRecord Gate::record(SpoolRecord::Kind kind, const Verdict& verdict) const {
  SpoolRecord out;
  out.kind = kind;
  out.key = key_;
  out.time = microseconds_now();
  if (kind == SpoolRecord::Kind::intent) out.looked = looked_;
  out.actor.kind = pusher_.known() ? "user" : "unknown";
  out.actor.id = pusher_.known() ? pusher_.name : "unknown";
  out.actor.transport = pusher_.transport;
  out.actor.remote_addr = pusher_.remote_addr;
  if (in_force_) {
    out.actor.key_fingerprint = key_fingerprint(policy().identity, environment_, pusher_);
  }
  out.stage = stage_word(stage_);
  out.policy_sha256 = verdict.policy_sha256;
  out.push_options = options_;
  record_verdict(verdict, *repository_, out);
  // `update` runs once for each ref, so its records need names of their own; so do the refusals of
  // landings, of which a push can have several.
  const bool alone =
      stage_ == Stage::update || (stage_ == Stage::landing && kind == SpoolRecord::Kind::reject);
  if (alone && !out.updates.empty()) {
    out.part = sha256(out.updates[0].ref).substr(0, 16);
  }
  return out;
}

void Gate::accept(const Verdict& verdict) {
  if (stage_ == Stage::pre_receive) {
    std::vector<HandedUpdate> handed;
    for (const RefVerdict& ref : verdict.refs) {
      HandedUpdate update{ref.old_id.hex(), ref.new_id.hex(), ref.name, verdict.lets_in(ref), {}};
      for (const auto& [name, id] : ref.relied) {
        update.relied.emplace_back(repository_->full_name(name), id.hex());
      }
      handed.push_back(std::move(update));
    }
    Handover(paths_.verdicts(), key_).write(handed, sharing_);
  }
  // Before the push counts: evidence without its issuer would be worth nothing, and a commit
  // without its pusher could be approved by whoever pushed it.
  std::vector<StateLine> lines;
  for (const RefVerdict& ref : verdict.refs) {
    if (verdict.lets_in(ref)) lines.insert(lines.end(), ref.lines.begin(), ref.lines.end());
  }
  append_lines(paths_.state(), lines, sharing_);
  const Spool spool(paths_.spool(), sharing_);
  SpoolRecord intent = record(SpoolRecord::Kind::intent, verdict);
  if (stage_ == Stage::landing) {
    intent_before_ = spool.read(file_name(intent));
    if (intent_before_) intent = joined(*intent_before_, intent);
  }
  // None of it is a ref update yet when all it asks for are landings.
  if (!intent.updates.empty() && waiting_ < kFullSpool) leave_intent(spool, intent);
  if (std::any_of(verdict.refs.begin(), verdict.refs.end(),
                  [&](const RefVerdict& ref) { return !verdict.lets_in(ref); })) {
    record_rejection(verdict);
  }
  // A landing may still be withdrawn.
  if (stage_ != Stage::landing) keep_claims();
}

void Gate::leave_intent(const Spool& spool, const SpoolRecord& intent) const {
  try {
    spool.write(intent);
  } catch (const Error& error) {
    if (!policy().events.best_effort) throw;
    tell_pusher("warning: no event will say who made this push: " + printable(error.what()) + "\n");
  }
}

void Gate::keep_claims() {
  if (claims_ != nullptr) claims_->keep();
}

void Gate::withdraw() {
  if (claims_ != nullptr) claims_->release();
  const Spool spool(paths_.spool(), sharing_);
  if (intent_before_) {
    spool.write(*intent_before_);
    return;
  }
  SpoolRecord none;
  none.key = key_;
  spool.remove(file_name(none));
}

void Gate::reject(const Verdict& verdict) noexcept {
  if (claims_ != nullptr) claims_->release();
  record_rejection(verdict);
}

void Gate::record_rejection(const Verdict& verdict) noexcept {
  try {
    const SpoolRecord rejection = record(SpoolRecord::Kind::reject, verdict);
    if (rejection.updates.empty()) return;
    if (waiting_ < kFullSpool) Spool(paths_.spool(), sharing_).write(rejection);
    wake_deliverer(paths_.repository);
  } catch (const std::exception&) {
    // A full disk must not turn a clear refusal into an unclear one.
  }
}

std::string Gate::report(const Verdict& verdict) const {
  const ReportContext context{
      .push_id = key_.push_id(), .checked_only = check_only(), .partly = partly_};
  const bool json =
      std::find(options_.begin(), options_.end(), "policy.format=json") != options_.end();
  return json ? json_report(verdict, context) : text_report(verdict, context);
}

bool Gate::check_only() const {
  return std::find(options_.begin(), options_.end(), "policy=check") != options_.end();
}

}  // namespace trunkgate

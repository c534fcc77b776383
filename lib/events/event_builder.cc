#include "events/event_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/digest.h"

namespace trunkgate {
namespace {

// CloudEvents' documented authcontext extension.
std::string auth_type(std::string_view kind) {
  if (kind == "user" || kind == "system") return std::string(kind);
  return kind == "service" ? "service_account" : "unknown";
}

// What made somebody ask for it.
std::string_view reason_of(const PushOutcome& outcome) {
  const bool known = outcome.cause == "timer" || outcome.cause == "admin";
  return known ? std::string_view(outcome.cause) : "push";
}

std::string_view cause_of(const PushOutcome& outcome) {
  if (outcome.external) return "external";
  const std::string_view reason = reason_of(outcome);
  return outcome.dead && reason == "push" ? "push-recovered" : reason;
}

std::string hex_or_empty(const ObjectId& id) { return id.is_zero() ? std::string() : id.hex(); }

std::string_view ref_event_name(const SpooledUpdate& update) {
  if (update.before.is_zero()) return "ref.created";
  return update.after.is_zero() ? "ref.deleted" : "ref.updated";
}

bool is_draft(const PushOutcome& outcome) {
  return std::find(outcome.push_options.begin(), outcome.push_options.end(), "draft") !=
         outcome.push_options.end();
}

// Of one ref, or of all with an empty name; each once.
std::vector<std::string> labels_of(const PushOutcome& outcome, std::string_view ref) {
  std::vector<std::string> labels;
  for (const SpooledExemption& exemption : outcome.exemptions) {
    if (!ref.empty() && exemption.ref != ref) continue;
    if (std::find(labels.begin(), labels.end(), exemption.label) == labels.end()) {
      labels.push_back(exemption.label);
    }
  }
  return labels;
}

void finish(Event& event, const EventBody& body) {
  event.body.clear();
  event.data_ref = data_ref_of(event);
  const std::size_t rest = std::min(to_json(event).size(), kMaxEventBytes);
  BodyText text = body_text(body, kMaxEventBytes - rest);
  event.body = std::move(text.json);
  if (!text.cut) event.data_ref.clear();
}

}  // namespace

std::string file_uri(std::string_view path) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string uri = "file://";
  for (const char c : path) {
    if (kPlain.find(c) != std::string_view::npos) {
      uri.push_back(c);
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return uri;
}

std::string partition_of_ref(std::string_view ref) {
  std::string subject = attribute_text(ref);
  return subject == ref ? subject : subject + "~" + sha256(ref).substr(0, 8);
}

EventBuilder::EventBuilder(RepositoryFacts repository, std::string source, std::uint64_t epoch,
                           GitFacts& facts, DerivedEvents& derived, Sequence& sequence,
                           bool tells_received)
    : repository_(std::move(repository)),
      identity_(repository_.id),
      source_(std::move(source)),
      facts_(facts),
      derived_(derived),
      sequence_(sequence),
      tells_received_(tells_received) {
  if (epoch == 1) return;
  identity_ += fmt::format("#{}", epoch);
  source_ += fmt::format("{}epoch={}", source_.find('?') == std::string::npos ? '?' : '&', epoch);
}

Event EventBuilder::common(const PushOutcome& outcome, std::string_view name,
                           std::int64_t now) const {
  Event event;
  event.source = source_;
  event.type = event_type(name);
  event.time = outcome.time;
  event.recorded_time = now;
  event.correlation_id = outcome.push_id;
  event.auth_type = auth_type(outcome.actor.kind);
  event.auth_id = attribute_text(outcome.actor.id);
  return event;
}

EventBody EventBuilder::common_body(const PushOutcome& outcome, std::string_view cause) const {
  EventBody body;
  body.repository = &repository_;
  body.actor = &outcome.actor;
  body.cause = cause;
  body.push_id = outcome.push_id;
  body.push_options = outcome.push_options;
  body.policy_sha256 = outcome.policy_sha256;
  return body;
}

Event EventBuilder::push_event(Event event, const std::string& about, const EventBody& body) {
  event.id = event_id({.repository_id = identity_,
                       .type = event.type,
                       .about = about,
                       .count = 0,
                       .before = {},
                       .after = {}});
  event.subject = body.push_id;
  event.partition_key = repository_.id + ":" + body.push_id;
  event.sequence = ++sequence_.last;
  finish(event, body);
  return event;
}

std::vector<Change> EventBuilder::judged(std::span<const SpooledUpdate> updates) {
  std::vector<Change> changes;
  for (const SpooledUpdate& update : updates) changes.push_back({update, facts_.forced(update)});
  return changes;
}

Event EventBuilder::received(const PushOutcome& outcome, std::int64_t now) {
  const std::vector<Change> changes = judged(outcome.asked);
  EventBody body = common_body(outcome, reason_of(outcome));
  body.changes = changes;
  body.draft = is_draft(outcome);
  Event event = common(outcome, "push.received", now);
  event.time = outcome.judged;
  return push_event(std::move(event), outcome.push_id + "/received", body);
}

// Nobody knows who changed it, only since when pushes are judged by it.
Event EventBuilder::policy_changed(const PushOutcome& outcome, const ToldPolicy& told,
                                   std::int64_t now) {
  PushOutcome nobody;
  nobody.time = outcome.judged;
  nobody.actor = {.kind = "system", .id = {}, .transport = "local", .remote_addr = {}};
  Event event = common(nobody, "policy.changed", now);
  event.id = event_id({.repository_id = identity_,
                       .type = event.type,
                       .about = "policy",
                       .count = static_cast<std::uint64_t>(outcome.judged),
                       .before = told.before.sha256,
                       .after = told.after.sha256});
  event.subject = "policy";
  event.partition_key = repository_.id + ":policy";
  event.sequence = ++sequence_.last;
  const DerivedPart part = told;
  EventBody body = common_body(nobody, "admin");
  body.part = &part;
  finish(event, body);
  return event;
}

Event EventBuilder::rejected(const PushOutcome& outcome, const SpoolRecord& record,
                             std::int64_t now) {
  const std::vector<Change> changes = judged(record.updates);
  EventBody body = common_body(outcome, reason_of(outcome));
  body.changes = changes;
  body.stage = "pre-receive";
  if (record.stage == "update" || record.stage == "proc-receive") body.stage = record.stage;
  body.findings = record.findings;
  body.findings_total = record.findings_total;
  body.requirements = record.requirements;
  body.policy_sha256 = record.policy_sha256;
  if (!record.push_options.empty()) body.push_options = record.push_options;
  Event event = common(outcome, "push.rejected", now);
  event.time = record.time;
  return push_event(std::move(event),
                    fmt::format("{}/{}/{}", outcome.push_id, body.stage, record.part), body);
}

// It has no number of the ref's own, either: nothing has happened to the ref.
Event EventBuilder::stale(const PushOutcome& outcome, const SpooledNotice& notice,
                          std::int64_t now) {
  Event event = common(outcome, "branch.stale", now);
  event.time = outcome.noticed;
  event.id = event_id({.repository_id = identity_,
                       .type = event.type,
                       .about = notice.ref,
                       .count = static_cast<std::uint64_t>(outcome.noticed),
                       .before = notice.tip.hex(),
                       .after = {}});
  event.ref = notice.ref;
  event.subject = attribute_text(notice.ref);
  event.partition_key = repository_.id + ":" + partition_of_ref(notice.ref);
  event.sequence = ++sequence_.last;
  EventBody body = common_body(outcome, cause_of(outcome));
  body.stale = &notice;
  finish(event, body);
  return event;
}

Event EventBuilder::refused(const PushOutcome& outcome, std::int64_t now) {
  const std::vector<Change> changes = judged(outcome.refused);
  EventBody body = common_body(outcome, reason_of(outcome));
  body.changes = changes;
  body.stage = outcome.dead ? "aborted" : "git";
  return push_event(common(outcome, "push.rejected", now),
                    fmt::format("{}/{}", outcome.push_id, body.stage), body);
}

Event EventBuilder::accepted(const PushOutcome& outcome, std::span<const Change> changes,
                             std::size_t commits_total, std::int64_t now) {
  std::set<std::string_view> refs;
  for (const Change& change : changes) refs.insert(change.update.ref);
  std::vector<SpooledFinding> warnings;
  for (const SpooledFinding& finding : outcome.findings) {
    if (finding.ref.empty() || refs.contains(finding.ref)) warnings.push_back(finding);
  }
  std::vector<SpooledRequirement> requirements;
  for (const SpooledRequirement& requirement : outcome.requirements) {
    if (refs.contains(requirement.ref)) requirements.push_back(requirement);
  }
  EventBody body = common_body(outcome, cause_of(outcome));
  body.changes = changes;
  body.commits_total = commits_total;
  body.draft = is_draft(outcome);
  body.labels = labels_of(outcome, {});
  body.requirements = requirements;
  body.findings = warnings;
  // The intent's list may have been cut already.
  body.findings_total = warnings.size() + outcome.findings_total -
                        std::min(outcome.findings_total, outcome.findings.size());
  return push_event(common(outcome, "push.accepted", now), outcome.push_id, body);
}

Event EventBuilder::ref_event(const PushOutcome& outcome, const Change& change,
                              const RefFacts& facts, std::int64_t now) {
  const SpooledUpdate& update = change.update;
  RefHistory& history = sequence_.refs[update.ref];
  Event event = common(outcome, ref_event_name(update), now);
  event.id = event_id({.repository_id = identity_,
                       .type = event.type,
                       .about = update.ref,
                       .count = history.count + 1,
                       .before = hex_or_empty(update.before),
                       .after = hex_or_empty(update.after)});
  event.ref = update.ref;
  event.subject = attribute_text(update.ref);
  event.partition_key = repository_.id + ":" + partition_of_ref(update.ref);
  event.sequence = ++sequence_.last;
  event.ref_sequence = ++history.count;
  event.ref_previous = std::exchange(history.last_event, event.id);
  history.value = update.after;
  history.before = update.before;
  // Nobody knows when something moved the ref that left no result: before it was seen.
  if (!outcome.external) history.not_before = outcome.looked;
  history.not_after = outcome.external || outcome.dead ? now : outcome.time;

  EventBody body = common_body(outcome, cause_of(outcome));
  body.draft = is_draft(outcome);
  body.labels = labels_of(outcome, update.ref);
  body.change = &change;
  body.facts = &facts;
  finish(event, body);
  return event;
}

// It has no number of the ref's own: those count what happened to the ref.
Event EventBuilder::derived_event(const PushOutcome& outcome, const Change& change,
                                  const RefFacts& facts, const Derived& derived,
                                  const Event& cause) {
  const SpooledUpdate& update = change.update;
  Event event = common(outcome, derived.type, cause.recorded_time);
  event.id =
      event_id({.repository_id = identity_,
                .type = event.type,
                .about = derived.about.empty() ? update.ref : update.ref + " " + derived.about,
                .count = cause.ref_sequence,
                .before = hex_or_empty(update.before),
                .after = hex_or_empty(update.after)});
  event.subject = derived.subject.empty() ? cause.subject : attribute_text(derived.subject);
  // So it never overtakes the event that it follows from.
  event.partition_key = cause.partition_key;
  event.causation_id = cause.id;
  event.ref = update.ref;
  event.sequence = ++sequence_.last;

  EventBody body = common_body(outcome, cause_of(outcome));
  body.draft = is_draft(outcome);
  body.labels = labels_of(outcome, update.ref);
  // What the policy is now says the event itself.
  if (std::holds_alternative<ToldPolicy>(derived.part)) body.policy_sha256 = {};
  body.change = &change;
  body.facts = &facts;
  body.part = &derived.part;
  finish(event, body);
  return event;
}

void EventBuilder::append(const PushOutcome& outcome, std::int64_t now,
                          std::vector<Event>& events) {
  if (!outcome.goes_on) {
    if (const auto told = derived_.judged_by(outcome.policy_sha256, outcome.judged)) {
      events.push_back(policy_changed(outcome, *told, now));
    }
    for (const SpooledNotice& notice : outcome.notices) {
      events.push_back(stale(outcome, notice, now));
    }
    if (tells_received_ && !outcome.asked.empty()) events.push_back(received(outcome, now));
    for (const SpoolRecord& record : outcome.rejects) {
      events.push_back(rejected(outcome, record, now));
    }
  }
  if (!outcome.applied.empty()) {
    const PushFacts facts = facts_.tell(outcome.applied);
    std::vector<Change> changes;
    for (std::size_t i = 0; i < outcome.applied.size(); ++i) {
      changes.push_back({outcome.applied[i], facts.refs[i].forced});
    }
    if (outcome.goes_on || parts_.contains(outcome.key)) {
      Parts& parts = parts_[outcome.key];
      parts.changes.insert(parts.changes.end(), changes.begin(), changes.end());
      parts.commits_total += facts.commits_total;
    }
    if (const auto parts = parts_.find(outcome.key); parts == parts_.end()) {
      if (!outcome.external) {
        events.push_back(accepted(outcome, changes, facts.commits_total, now));
      }
    } else if (!outcome.goes_on) {
      events.push_back(accepted(outcome, parts->second.changes, parts->second.commits_total, now));
      parts_.erase(parts);
    }
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const Event event = ref_event(outcome, changes[i], facts.refs[i], now);
      events.push_back(event);
      for (const Derived& derived : derived_.after(outcome, changes[i].update)) {
        events.push_back(derived_event(outcome, changes[i], facts.refs[i], derived, event));
      }
    }
  }
  if (!outcome.goes_on && !outcome.refused.empty()) events.push_back(refused(outcome, now));
}

Event EventBuilder::about_delivery(const Notice& notice, std::int64_t now) {
  PushOutcome nobody;
  nobody.time = notice.time;
  nobody.actor = {.kind = "system", .id = {}, .transport = "local", .remote_addr = {}};
  Event event = common(nobody, notice.type, now);
  event.id = event_id({.repository_id = identity_,
                       .type = event.type,
                       .about = notice.sink + "/" + notice.event,
                       .count = static_cast<std::uint64_t>(notice.time),
                       .before = {},
                       .after = {}});
  event.subject = notice.sink;
  event.partition_key = repository_.id + ":sinks/" + notice.sink;
  event.sequence = ++sequence_.last;
  EventBody body = common_body(nobody, "timer");
  body.notice = &notice;
  finish(event, body);
  return event;
}

}  // namespace trunkgate

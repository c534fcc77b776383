#include "events/deliverer.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "events/chain.h"
#include "events/derived_events.h"
#include "events/event_builder.h"
#include "events/git_facts.h"
#include "events/repository_id.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kDay = std::int64_t{24} * 3600 * 1'000'000;
// The state file is written once for so many bytes of events, not for each push.
constexpr std::size_t kBatchBytes = 256 * 1024;

std::string name_of(std::string_view path) {
  path = path.substr(path.rfind('/') + 1);
  if (path.ends_with(".git") && path.size() > 4) path.remove_suffix(4);
  return std::string(path);
}

std::vector<Delivery> deliveries_of(const std::vector<Event>& events) {
  std::vector<Delivery> deliveries;
  for (const Event& event : events) {
    deliveries.push_back({.sequence = event.sequence,
                          .id = event.id,
                          .type = event.type,
                          .partition = event.partition_key,
                          .time = event.time,
                          .json = to_json(event)});
  }
  return deliveries;
}

RepositoryFacts facts_of(const Repository& repository, std::string id) {
  RepositoryFacts facts{.id = std::move(id),
                        .name = name_of(repository.path()),
                        .path = repository.path(),
                        .default_branch = {}};
  try {
    facts.default_branch = repository.head();
  } catch (const Error&) {
    // A broken HEAD must not stop the events of other refs.
  }
  return facts;
}

}  // namespace

Deliverer::Deliverer(const Repository& repository, DeliverySettings settings)
    : repository_(repository),
      settings_(std::move(settings)),
      sharing_(repository.sharing()),
      spool_(settings_.folder + "/spool", sharing_),
      state_(settings_.folder + "/state") {
  if (settings_.event_source.empty()) settings_.event_source = file_uri(repository.path());
}

DeliveryReport Deliverer::run() {
  DeliveryReport report;
  make_folder(state_, sharing_);
  auto waiting = FileLock::try_now(state_ + "/deliver.waiting", sharing_);
  if (!waiting) {
    report.left_to_another = true;
    return report;
  }
  const FileLock lock = FileLock::wait(state_ + "/deliver.lock", sharing_);
  // From here on a record may be missed, so the next caller has to wait for its own pass.
  waiting.reset();
  deliver_all(report);
  report.records_left = spool_.names().size();
  return report;
}

std::vector<PushOutcome> Deliverer::plan(const Sequence& sequence, DeliveryReport& report) const {
  std::vector<PushOutcome> outcomes =
      read_outcomes(spool_, settings_.liveness, settings_.now(), report.problems);
  recover_applied(outcomes, repository_, sequence);

  std::map<std::string_view, std::size_t> begun;
  for (const std::string& key : sequence.begun) begun.emplace(key, begun.size());
  const auto rank = [&](const PushOutcome& outcome) {
    const auto found = begun.find(outcome.key);
    return found == begun.end() ? begun.size() : found->second;
  };
  std::stable_sort(outcomes.begin(), outcomes.end(),
                   [&](const PushOutcome& a, const PushOutcome& b) { return rank(a) < rank(b); });

  std::vector<ChainedPush> pushes;
  for (const PushOutcome& outcome : outcomes) pushes.push_back({outcome.applied, outcome.pending});
  std::vector<PushOutcome> planned;
  for (const std::size_t i : order_by_chains(pushes, sequence)) {
    planned.push_back(std::move(outcomes[i]));
  }
  return planned;
}

void Deliverer::remove(const std::vector<std::string>& files, DeliveryReport& report) const {
  for (const std::string& name : files) {
    try {
      spool_.remove(name);
    } catch (const Error& error) {
      report.problems.emplace_back(error.what());
    }
  }
}

bool Deliverer::flush(Batch& batch, Sequence& sequence, DeliveryReport& report) const {
  bool delivered = true;
  const std::vector<Delivery> deliveries = deliveries_of(batch.events);
  for (Sink* sink : settings_.sinks) {
    try {
      if (deliveries.empty()) continue;
      for (const DeliveryOutcome& outcome : sink->deliver(deliveries)) {
        if (outcome.state != DeliveryOutcome::State::delivered) {
          throw Error(ErrorKind::delivery, outcome.reason);
        }
      }
    } catch (const std::exception& error) {
      delivered = false;
      report.problems.push_back(sink->name() + ": " + printable(error.what(), 1000));
    }
  }
  if (!delivered) return false;
  sequence.done = batch.files;
  try {
    write_sequence(state_ + "/sequence.json", sequence, sharing_);
  } catch (const Error& error) {
    report.problems.emplace_back(error.what());
    return false;
  }
  report.events_written += batch.events.size();
  remove(batch.files, report);
  batch = {};
  return true;
}

void Deliverer::deliver_all(DeliveryReport& report) {
  const std::string state_file = state_ + "/sequence.json";
  Sequence sequence = read_sequence(state_file);
  remove(sequence.done, report);
  sweep_temporary_files(spool_.folder(), settings_.now() - kDay);
  sweep_temporary_files(state_, settings_.now() - kDay);

  const std::vector<PushOutcome> pushes = plan(sequence, report);
  if (pushes.empty()) return;
  std::vector<std::string> keys;
  for (const PushOutcome& push : pushes) keys.push_back(push.key);
  GitFacts facts(repository_, settings_.events.releases);
  for (auto push = pushes.rbegin(); push != pushes.rend(); ++push) {
    for (auto update = push->applied.rbegin(); update != push->applied.rend(); ++update) {
      facts.rewind(*update);
    }
  }
  DerivedEvents derived(repository_, settings_.events, facts, sequence);
  for (const PushOutcome& push : pushes) derived.prepare(push.applied);
  sequence.begun = std::move(keys);
  write_sequence(state_file, sequence, sharing_);

  EventBuilder builder(facts_of(repository_, repository_id(state_ + "/repository-id", sharing_)),
                       settings_.event_source, facts, derived, sequence);
  Batch batch;
  for (const PushOutcome& push : pushes) {
    const std::size_t first = batch.events.size();
    builder.append(push, settings_.now(), batch.events);
    for (std::size_t i = first; i < batch.events.size(); ++i) {
      batch.bytes += batch.events[i].body.size();
    }
    batch.files.insert(batch.files.end(), push.files.begin(), push.files.end());
    const bool last = &push == &pushes.back();
    if ((last || batch.bytes >= kBatchBytes) && !flush(batch, sequence, report)) return;
  }
}

}  // namespace trunkgate

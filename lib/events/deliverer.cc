#include "events/deliverer.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/microseconds.h"
#include "base/text.h"
#include "events/event_builder.h"
#include "events/journal.h"
#include "events/spool_room.h"

namespace trunkgate {
namespace {

DispatchReport dispatch_safely(const Receiver& receiver, const DispatchSettings& settings) {
  try {
    return dispatch(receiver, settings);
  } catch (const std::exception& error) {
    DispatchReport report;
    report.problems.push_back("sink " + receiver.name + ": " + printable(error.what(), 1000));
    return report;
  }
}

}  // namespace

Deliverer::Deliverer(const Repository& repository, DeliverySettings settings)
    : repository_(repository),
      settings_(std::move(settings)),
      sharing_(repository.sharing()),
      state_(settings_.folder + "/state") {
  if (settings_.event_source.empty()) settings_.event_source = file_uri(repository.path());
}

DeliveryReport Deliverer::run() {
  DeliveryReport report;
  make_folder(state_, sharing_);
  if (!ingest_all(report)) return report;
  // What went wrong for good becomes an event itself, which other sinks get.
  if (dispatch_all(report) && ingest_all(report)) dispatch_all(report);
  report.records_left = Spool(settings_.folder + "/spool", sharing_).names().size();
  // Those that a pass leaves belong to pushes that go on, or cannot be read.
  if (const std::size_t crowd = crowd_in_spool(settings_.folder + "/spool"); crowd != 0) {
    report.problems.push_back(printable(settings_.folder, 1000) + "/spool holds " +
                              std::to_string(crowd) + " files; at " + std::to_string(kFullSpool) +
                              " pushes leave no records any more");
  }
  return report;
}

bool Deliverer::ingest_all(DeliveryReport& report) {
  auto waiting = FileLock::try_now(state_ + "/deliver.waiting", sharing_);
  if (!waiting) {
    report.left_to_another = true;
    return false;
  }
  const FileLock lock = FileLock::wait(state_ + "/deliver.lock", sharing_);
  // From here on a record may be missed, so the next caller has to wait for its own pass.
  waiting.reset();
  Journal journal(settings_.folder, sharing_);
  if (!journal.warning().empty()) report.problems.push_back(journal.warning());
  IngestSettings settings{.folder = settings_.folder,
                          .event_source = settings_.event_source,
                          .events = settings_.events,
                          .policy = settings_.policy,
                          .subscribers = {},
                          .now = settings_.now,
                          .liveness = settings_.liveness};
  for (const Receiver& receiver : settings_.receivers) {
    settings.subscribers.push_back({.sink = receiver.name, .takes = receiver.takes});
  }
  IngestReport ingested = ingest(repository_, journal, settings);
  // So that `trunkgate status` can say when refs were looked at last.
  ::utimensat(AT_FDCWD, (state_ + "/deliver.lock").c_str(), nullptr, 0);
  report.events_written += ingested.events;
  std::move(ingested.problems.begin(), ingested.problems.end(),
            std::back_inserter(report.problems));
  std::vector<std::string> sinks;
  for (const Receiver& receiver : settings_.receivers) sinks.push_back(receiver.name);
  if (settings_.prunes) prune(journal, sinks);
  return true;
}

void Deliverer::prune(Journal& journal, std::span<const std::string> sinks) const {
  const JournalPolicy& kept = settings_.events.journal;
  const std::int64_t age = kept.keep_for.count() * kSecond;
  const auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  journal.prune(settings_.now() - age, static_cast<std::int64_t>(std::min(kept.max_bytes, most)),
                sinks);
}

bool Deliverer::dispatch_all(DeliveryReport& report) {
  const DispatchSettings settings{.folder = settings_.folder,
                                  .sharing = sharing_,
                                  .now = settings_.now,
                                  .chance = settings_.chance,
                                  .wait = settings_.wait,
                                  .stop = settings_.stop};
  std::vector<DispatchReport> reports(settings_.receivers.size());
  if (reports.size() == 1) {
    reports[0] = dispatch_safely(settings_.receivers[0], settings);
  } else {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < reports.size(); ++i) {
      threads.emplace_back(
          [&, i] { reports[i] = dispatch_safely(settings_.receivers[i], settings); });
    }
    for (std::thread& thread : threads) thread.join();
  }
  bool failed = false;
  report.next.reset();
  for (DispatchReport& each : reports) {
    report.delivered += each.delivered;
    failed = failed || each.failed > 0;
    if (each.next) report.next = std::min(report.next.value_or(*each.next), *each.next);
    std::move(each.problems.begin(), each.problems.end(), std::back_inserter(report.problems));
  }
  return failed;
}

}  // namespace trunkgate

#include "events/dispatcher.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "events/journal.h"
#include "events/outbox.h"
#include "events/retry.h"

namespace trunkgate {
namespace {

constexpr std::size_t kBatchEvents = 1000;
constexpr std::size_t kBatchBytes = std::size_t{8} << 20U;
// How many events are tried while a receiver seems to be down: of several refs, for the oldest one
// may be what is wrong.
constexpr std::size_t kProbeEvents = 8;
constexpr int kOutageFailures = 5;  // batches

using State = DeliveryOutcome::State;

class Dispatch {
 public:
  Dispatch(const Receiver& receiver, const DispatchSettings& settings)
      : receiver_(receiver),
        settings_(settings),
        outbox_(Journal::path_in(settings.folder), receiver.name),
        health_(outbox_.health()) {}

  DispatchReport run() {
    if (health_.disabled != 0) return report_;
    if (sendable() && next_due()) {
      try {
        sink_ = receiver_.make(outbox_);
        // What the receiver has lost is sent again, even when it is not due otherwise.
        if (const auto lost = sink_->lost_since()) {
          const std::int64_t again = outbox_.reopen_from(*lost, settings_.now());
          report_.problems.push_back(sink_->name() + ": the receiver has lost events; " +
                                     count_of(static_cast<std::size_t>(again), "is", "are") +
                                     " sent again");
        }
        while (!settings_.stop() && send_batch()) {
        }
      } catch (const DamagedDatabase&) {
        throw;
      } catch (const std::exception& error) {
        outage(printable(error.what(), 1000), 0);
      }
    }
    if (health_.disabled == 0) {
      if (const auto next = next_due()) {
        report_.next = std::max({*next, health_.retry_at, gathered_at_});
      }
    }
    return std::move(report_);
  }

  // Something could be sent right now.
  bool ready() {
    return health_.disabled == 0 && sendable() && next_due() == 0 && gathered_at_ == 0;
  }

 private:
  std::optional<std::int64_t> next_due() {
    return outbox_.next_due(settings_.now(), receiver_.ordered);
  }

  bool sendable() const { return !health_.rests(settings_.now()); }

  // False when there is nothing left to do now.
  bool send_batch() {
    const std::int64_t now = settings_.now();
    const std::size_t limit = health_.failures >= kOutageFailures ? kProbeEvents : kBatchEvents;
    const std::vector<Attempted> batch = outbox_.due(now, receiver_.ordered, limit, kBatchBytes);
    if (batch.empty()) return false;
    if (const std::int64_t wait = sink_->gathers_for(); wait > 0) {
      gathered_at_ = std::min(outbox_.oldest().value_or(now), now) + wait;
      if (gathered_at_ > now) return false;
      gathered_at_ = 0;
    }
    std::vector<Delivery> deliveries;
    for (const Attempted& each : batch) deliveries.push_back(each.delivery);
    std::vector<DeliveryOutcome> outcomes;
    std::string thrown;
    try {
      outcomes = sink_->deliver(deliveries);
    } catch (const std::exception& error) {
      thrown = printable(error.what(), 1000);
    }
    outcomes.resize(batch.size());
    if (!thrown.empty()) outcomes.front() = {.state = State::failed, .reason = thrown};
    return settle(batch, outcomes);
  }

  // What a batch says of the receiver.
  struct Signs {
    bool alive = false;                        // it has answered
    bool gone = false;                         // it wants nothing any more
    const DeliveryOutcome* failure = nullptr;  // the first one
    std::int64_t asked = 0;                    // the longest wait that it asks for

    bool down() const { return failure != nullptr && !alive; }
  };

  // False when nothing more is to be sent now.
  bool settle(const std::vector<Attempted>& batch, const std::vector<DeliveryOutcome>& outcomes) {
    const std::int64_t now = settings_.now();
    Transaction transaction(outbox_.database());
    const Signs signs = record(batch, outcomes, now);
    heed(signs, now);
    obey_operator();
    outbox_.set_health(health_);
    transaction.commit();
    if (signs.down() || signs.gone || signs.asked > 0 || health_.disabled != 0) return false;
    // A sink that does nothing must not be asked for ever.
    return report_.delivered + report_.failed >
           std::exchange(settled_, report_.delivered + report_.failed);
  }

  Signs record(const std::vector<Attempted>& batch, const std::vector<DeliveryOutcome>& outcomes,
               std::int64_t now) {
    Signs signs;
    signs.alive = std::any_of(outcomes.begin(), outcomes.end(), [](const auto& outcome) {
      return outcome.state == State::delivered || outcome.refused;
    });
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const DeliveryOutcome& outcome = outcomes[i];
      if (outcome.state == State::delivered) {
        outbox_.delivered(batch[i], now);
        ++report_.delivered;
      } else if (outcome.state == State::failed) {
        if (signs.failure == nullptr) signs.failure = &outcome;
        if (!outcome.refused) {
          signs.asked = std::max(signs.asked, std::min(outcome.retry_after, kMaxRetryAfter));
        }
        signs.gone = signs.gone || outcome.gone;
        ++report_.failed;
        failed(batch[i], outcome, signs.alive, now);
      }
    }
    return signs;
  }

  void heed(const Signs& signs, std::int64_t now) {
    if (signs.alive) {
      health_.failures = 0;
      health_.failing_since = 0;
      health_.retry_at = 0;
      health_.last_success = now;
      health_.reason.clear();
    }
    if (signs.failure == nullptr) return;
    const std::string& reason = signs.failure->reason;
    problem(reason);
    health_.reason = reason;
    if (signs.gone) {
      disable(reason, now);
    } else if (signs.down()) {
      count_outage(reason, signs.asked, now);
    } else if (signs.asked > 0) {
      // It takes events and asks for a break all the same: that is for all of them.
      health_.tried_at = now;
      health_.retry_at = now + signs.asked;
    }
  }

  void failed(const Attempted& attempted, const DeliveryOutcome& outcome, bool alive,
              std::int64_t now) {
    Attempted next = attempted;
    if (!alive) {
      // It says nothing about this event, which must not wait longer than its sink.
      outbox_.postpone(next, now, 0, outcome.reason);
      return;
    }
    ++next.refusals;
    if (next.refusals >= kMaxRefusals) {
      outbox_.give_up(next, now, outcome.reason);
      outbox_.leave_notice("delivery.dead", next.delivery.id, outcome.reason, now);
      problem("gave up event " + next.delivery.id + ": " + outcome.reason);
      return;
    }
    const std::int64_t wait = std::max(wait_after_refusal(next.refusals, settings_.chance()),
                                       std::min(outcome.retry_after, kMaxRetryAfter));
    outbox_.postpone(next, now, now + wait, outcome.reason);
  }

  void count_outage(const std::string& reason, std::int64_t asked, std::int64_t now) {
    ++health_.failures;
    if (health_.failing_since == 0 || health_.failing_since > now) health_.failing_since = now;
    health_.tried_at = now;
    health_.retry_at =
        now + std::max(wait_after_outage(health_.failures, settings_.chance()), asked);
    // A clock that was set back must not count as an outage of days, and neither must one attempt.
    if (now - health_.failing_since > kMaxOutage && health_.failures >= kOutageFailures) {
      disable("nothing came through for five days; last: " + reason, now);
    }
  }

  void outage(const std::string& reason, std::int64_t asked) {
    problem(reason);
    health_.reason = reason;
    const std::int64_t now = settings_.now();
    Transaction transaction(outbox_.database());
    count_outage(reason, asked, now);
    obey_operator();
    outbox_.set_health(health_);
    transaction.commit();
  }

  // Somebody may have disabled the sink since this pass began.
  void obey_operator() {
    const SinkHealth health = outbox_.health();
    if (health.disabled == 0) return;
    health_.disabled = health.disabled;
    health_.reason = health.reason;
  }

  void disable(const std::string& reason, std::int64_t now) {
    health_.disabled = now;
    health_.reason = reason;
    outbox_.leave_notice("endpoint.disabled", {}, reason, now);
    problem("disabled: " + reason);
  }

  void problem(const std::string& text) {
    const std::string name = sink_ == nullptr ? "sink " + receiver_.name : sink_->name();
    report_.problems.push_back(name + ": " + text);
  }

  const Receiver& receiver_;
  const DispatchSettings& settings_;
  Outbox outbox_;
  SinkHealth health_;
  std::unique_ptr<Sink> sink_;
  std::int64_t gathered_at_ = 0;
  std::size_t settled_ = 0;
  DispatchReport report_;
};

}  // namespace

DispatchReport dispatch(const Receiver& receiver, const DispatchSettings& settings) {
  const std::string path = settings.folder + "/state/sink-" + receiver.name + ".lock";
  DispatchReport all;
  while (true) {
    {
      std::optional<FileLock> lock = FileLock::try_now(path, settings.sharing);
      if (!lock && !settings.wait) return all;
      if (!lock) lock.emplace(FileLock::wait(path, settings.sharing));
      DispatchReport report = Dispatch(receiver, settings).run();
      all.delivered += report.delivered;
      all.failed += report.failed;
      all.next = report.next;
      all.problems.insert(all.problems.end(), report.problems.begin(), report.problems.end());
    }
    // Somebody may have recorded events and left them to this process while it held the lock.
    if (settings.stop() || (all.next && *all.next > settings.now())) return all;
    if (!Dispatch(receiver, settings).ready()) return all;
  }
}

}  // namespace trunkgate

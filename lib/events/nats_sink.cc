#include "events/nats_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "events/nats_connection.h"
#include "events/nats_message.h"
#include "events/stream_marks.h"

namespace trunkgate {
namespace {

using Clock = std::chrono::steady_clock;
using State = DeliveryOutcome::State;

constexpr const char* kMemoryKey = "stream";
constexpr std::chrono::seconds kAnswerWait{5};
// Of one deliver(); what was not sent by then waits for the next one.
constexpr std::chrono::seconds kDeliverTime{30};
constexpr std::size_t kMostMessages = 1024;  // under way at the same time
constexpr std::size_t kMostBytes = std::size_t{8} * 1024 * 1024;

// The events of one deliver(): which one may be sent, which ones are under way.
class Transfer {
 public:
  // `highest`: sequence of the stream that was acknowledged before.
  Transfer(std::span<const Delivery> events, bool ordered, std::uint64_t highest)
      : outcomes(events.size()), events_(events), highest_(highest) {
    std::unordered_map<std::string_view, std::size_t> last;
    next_.assign(events.size(), kNone);
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (ordered) {
        const auto [place, is_first] = last.try_emplace(events[i].partition, i);
        if (!is_first) {
          next_[place->second] = i;
          place->second = i;
          continue;
        }
      }
      ready_.push_back(i);
    }
  }

  bool can_send(Clock::time_point now) const {
    return !stopped_ && !ready_.empty() && now < end_ && under_way_.size() < kMostMessages &&
           (bytes_ < kMostBytes || under_way_.empty());
  }
  bool is_waiting() const { return !under_way_.empty(); }
  // What is under way longest was given up then. Not without any.
  Clock::time_point deadline() const { return under_way_.begin()->second.deadline; }

  std::size_t take_next() {
    const std::size_t index = ready_.front();
    ready_.pop_front();
    return index;
  }
  void sent(std::size_t index, std::uint64_t token) {
    under_way_.emplace(token, Flight{index, highest_, Clock::now() + kAnswerWait});
    bytes_ += events_[index].json.size();
  }
  void answered(const PublishAnswer& answer) {
    const auto found = under_way_.find(answer.token);
    if (found == under_way_.end()) return;
    const Flight flight = found->second;
    under_way_.erase(found);
    bytes_ -= events_[flight.index].json.size();
    if (!answer.refusal.empty()) {
      failed(flight.index, answer.refusal);
      stopped_ = stopped_ || answer.of_the_stream;
    } else if (!answer.repeat && answer.sequence <= flight.highest) {
      failed(flight.index, "the stream was made anew or went back meanwhile");
      stopped_ = true;
    } else {
      const Delivery& event = events_[flight.index];
      outcomes[flight.index].state = State::delivered;
      acknowledged.push_back({event.sequence, answer.sequence, event.id});
      highest_ = std::max(highest_, answer.sequence);
      if (next_[flight.index] != kNone) ready_.push_back(next_[flight.index]);
    }
  }
  // It only; what follows in its partition stays skipped.
  void failed(std::size_t index, std::string reason) {
    outcomes[index] = {.state = State::failed, .reason = std::move(reason)};
  }
  // All that is under way; nothing more is sent.
  void give_up(const std::string& reason) {
    stopped_ = true;
    for (const auto& [token, flight] : under_way_) failed(flight.index, reason);
    under_way_.clear();
  }
  // The rest is not worth a try on this connection.
  bool stopped() const { return stopped_; }

  std::vector<DeliveryOutcome> outcomes;  // skipped, until something is known
  std::vector<AcknowledgedEvent> acknowledged;

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  struct Flight {
    std::size_t index;
    std::uint64_t highest;  // acknowledged when it was sent; its own is higher
    Clock::time_point deadline;
  };

  std::span<const Delivery> events_;
  std::vector<std::size_t> next_;  // of the same partition
  std::deque<std::size_t> ready_;
  std::map<std::uint64_t, Flight> under_way_;  // by token, which rise
  std::size_t bytes_ = 0;
  std::uint64_t highest_;  // of the stream, as far as acknowledged
  bool stopped_ = false;
  Clock::time_point end_ = Clock::now() + kDeliverTime;
};

// Milliseconds, rounded up.
std::int64_t until(Clock::time_point time) {
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(time - Clock::now()).count();
  return std::max<std::int64_t>(wait, 0);
}

class NatsSink final : public Sink {
 public:
  NatsSink(const SinkSettings& settings, const SinkPlace& place)
      : name_(settings.name),
        ordered_(settings.ordered),
        settings_(std::get<NatsSettings>(settings.receiver)),
        host_(place.host),
        memory_(place.memory),
        marks_(settings_.stream) {}

  std::string name() const override { return "nats " + name_; }
  std::vector<DeliveryOutcome> deliver(std::span<const Delivery> events) override;
  std::optional<std::uint64_t> lost_since() override;

 private:
  void connect();
  void compare();
  void send(std::span<const Delivery> events, Transfer& transfer);
  void remember(const Transfer& transfer);

  std::string name_;
  bool ordered_;
  NatsSettings settings_;
  std::string host_;
  SinkMemory& memory_;
  StreamMarks marks_;
  std::optional<NatsConnection> connection_;
  std::uint64_t token_ = 0;
  // Both until the memory knows of it.
  std::optional<std::uint64_t> lost_;
  std::optional<std::uint64_t> told_;  // what lost_since() returned
};

void NatsSink::connect() {
  if (connection_) return;
  try {
    connection_.emplace(settings_);
    compare();
  } catch (...) {
    connection_.reset();  // nothing is sent to a stream that was not compared
    throw;
  }
}

// What the stream has with what it had acknowledged.
void NatsSink::compare() {
  const StreamState state = connection_->open_stream();
  marks_ = StreamMarks(settings_.stream, memory_.get(kMemoryKey));
  lost_ = marks_.compare(state, [this](std::uint64_t sequence, const std::string& id) {
    return connection_->holds(sequence, id);
  });
}

std::optional<std::uint64_t> NatsSink::lost_since() {
  try {
    if (connection_) {
      compare();
    } else {
      connect();
    }
  } catch (const Error&) {
    connection_.reset();
    return std::nullopt;  // deliver() fails for the same reason and tells it
  }
  if (lost_) told_ = lost_;
  return lost_;
}

std::vector<DeliveryOutcome> NatsSink::deliver(std::span<const Delivery> events) {
  if (events.empty()) return {};
  try {
    connect();
    if (lost_ && (!told_ || *lost_ < *told_)) {
      throw Error(ErrorKind::delivery,
                  fmt::format("stream {} has lost what it had acknowledged since event {}",
                              settings_.stream, *lost_));
    }
  } catch (const Error& error) {
    connection_.reset();
    std::vector<DeliveryOutcome> outcomes(events.size());
    outcomes.front() = {.state = State::failed, .reason = error.what()};
    return outcomes;
  }
  Transfer transfer(events, ordered_, marks_.highest());
  send(events, transfer);
  // What is still on its way on this connection must not be taken for an answer to a later try.
  if (transfer.stopped()) connection_.reset();
  remember(transfer);
  return transfer.outcomes;
}

void NatsSink::send(std::span<const Delivery> events, Transfer& transfer) {
  while (transfer.can_send(Clock::now()) || transfer.is_waiting()) {
    try {
      if (transfer.can_send(Clock::now())) {
        const std::size_t index = transfer.take_next();
        const Delivery& event = events[index];
        const NatsMessage message = nats_message(event, settings_.subject, host_);
        transfer.sent(index, ++token_);
        if (const auto fault = connection_->publish(message, event.json, token_)) {
          transfer.answered({.token = token_, .refusal = *fault});
        }
      }
      if (!transfer.is_waiting()) continue;
      // Answers that have come are not left lying: the connection may break at the next message.
      const bool can_wait = !transfer.can_send(Clock::now());
      if (const auto answer = connection_->next_answer(can_wait ? until(transfer.deadline()) : 0)) {
        transfer.answered(*answer);
      } else if (Clock::now() >= transfer.deadline()) {
        transfer.give_up(fmt::format("stream {} gave no answer in {} s{}", settings_.stream,
                                     kAnswerWait.count(), connection_->last_complaint()));
      }
    } catch (const Error& error) {
      transfer.give_up(error.what());
    }
  }
}

void NatsSink::remember(const Transfer& transfer) {
  if (transfer.acknowledged.empty()) return;
  marks_.acknowledged(transfer.acknowledged);
  memory_.set(kMemoryKey, marks_.text());
  lost_.reset();
  told_.reset();
}

}  // namespace

std::unique_ptr<Sink> make_nats_sink(const SinkSettings& settings, const SinkPlace& place) {
  return std::make_unique<NatsSink>(settings, place);
}

}  // namespace trunkgate

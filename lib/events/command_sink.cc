#include "events/command_sink.h"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/child_process.h"
#include "base/text.h"

namespace trunkgate {
namespace {

using Clock = std::chrono::steady_clock;
using State = DeliveryOutcome::State;

constexpr std::size_t kErrorsKept = 4096;

class CommandSink final : public Sink {
 public:
  CommandSink(std::string name, CommandSinkSettings settings)
      : name_(std::move(name)), settings_(std::move(settings)) {}

  std::string name() const override { return "command " + name_; }
  std::vector<DeliveryOutcome> deliver(std::span<const Delivery> events) override;

 private:
  // Why the program does not have the lines for good; empty when it has.
  std::string give(std::string_view lines, std::chrono::milliseconds left) const;

  std::string name_;
  CommandSinkSettings settings_;
};

std::string first_line(std::string_view text) {
  text = trim(text);
  return printable(trim(text.substr(0, text.find('\n'))));
}

std::string CommandSink::give(std::string_view lines, std::chrono::milliseconds left) const {
  ChildRequest request;
  request.argv = settings_.run;
  request.environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8",
                         "TRUNKGATE_SINK=" + name_};
  request.working_directory = "/";
  request.input = lines;
  request.discard_output = true;
  request.errors_kept = kErrorsKept;
  request.timeout = left;
  const ChildResult result = run_child(request);
  if (result.succeeded()) return {};
  const std::string program =
      settings_.run.empty() ? "no program" : printable(settings_.run.front());
  if (!result.started) return fmt::format("cannot run {}: {}", program, result.start_error);
  std::string reason = fmt::format("{} ended with exit code {}", program, result.exit_status);
  if (result.timed_out) {
    reason = fmt::format("{} was killed after {} s", program, settings_.timeout.count());
  } else if (result.signal != 0) {
    reason = fmt::format("{} was ended by signal {}", program, result.signal);
  }
  const std::string said = first_line(result.errors);
  return said.empty() ? reason : reason + ": " + said;
}

std::vector<DeliveryOutcome> CommandSink::deliver(std::span<const Delivery> events) {
  std::vector<DeliveryOutcome> outcomes(events.size());
  std::set<std::string_view> stuck;  // partitions of which an event has failed
  const Clock::time_point deadline = Clock::now() + settings_.timeout;
  std::size_t next = 0;
  while (next < events.size()) {
    std::string lines;
    std::vector<std::size_t> given;
    for (; next < events.size(); ++next) {
      const bool repeated = events[next].attempt > 1;
      if (repeated && !given.empty()) break;
      if (stuck.contains(events[next].partition)) continue;
      lines.append(events[next].json).push_back('\n');
      given.push_back(next);
      if (!repeated) continue;
      ++next;
      break;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (given.empty() || left.count() <= 0) break;
    const std::string reason = give(lines, left);
    for (const std::size_t index : given) {
      outcomes[index] = {.state = reason.empty() ? State::delivered : State::failed,
                         .reason = reason};
      if (!reason.empty()) stuck.insert(events[index].partition);
    }
  }
  return outcomes;
}

}  // namespace

std::unique_ptr<Sink> make_command_sink(const SinkSettings& settings, const SinkPlace&) {
  return std::make_unique<CommandSink>(settings.name,
                                       std::get<CommandSinkSettings>(settings.receiver));
}

}  // namespace trunkgate

// How fast 100,000 events of the journal get to a file and to NATS, and how fast the journal takes
// them: `ninja delivery_speed && tests/delivery_speed [FOLDER]`. Prints numbers; nothing is
// asserted about time.
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/scratch_folder.h"
#include "events/dispatcher.h"
#include "events/journal.h"
#include "events/nats_server.h"
#include "events/network_sinks.h"

namespace trunkgate {
namespace {

constexpr std::uint64_t kEvents = 100'000;
constexpr std::size_t kBatch = 3000;  // as ingest() does: 4 MiB
constexpr std::size_t kBytes = 1500;  // of an ordinary event

using Clock = std::chrono::steady_clock;

void say(const std::string& what, std::uint64_t count, Clock::time_point start) {
  const std::chrono::duration<double> took = Clock::now() - start;
  fmt::print("{:<36}{:8} events{:8.2f} s{:10.0f} a second\n", what, count, took.count(),
             static_cast<double>(count) / took.count());
}

Event event(std::uint64_t n, std::uint64_t refs) {
  Event made;
  made.sequence = n;
  made.id = fmt::format("evt_{:032x}", n);
  made.source = "https://git.example.com/trainer.git";
  made.type = event_type("ref.updated");
  made.subject = fmt::format("refs/heads/feature/{}", n % refs);
  made.time = made.recorded_time = microseconds_now();
  made.ref_sequence = n / refs + 1;
  made.correlation_id = fmt::format("push_{:032x}", n);
  made.partition_key = "6f1c2b1e-3a52-4f0e-9d8a-0c7b1d2e3f40:" + made.subject;
  made.auth_type = "user";
  made.auth_id = "alice";
  made.ref = made.subject;
  made.body =
      R"({"repository":{"name":"trainer"},"text":")" + std::string(kBytes - 700, 'x') + "\"}";
  return made;
}

void measure(const std::string& parent, std::uint64_t refs) {
  const ScratchFolder scratch(parent, "delivery-speed");
  const std::string folder = scratch.path();
  std::filesystem::create_directories(folder + "/state");
  NatsServer server(folder + "/nats", free_ports(1).front());
  server.start();
  NatsReader reader({server.url()});
  NatsSettings nats;
  nats.servers = {server.url()};
  nats.stream = "GIT";
  const std::vector<SinkSettings> sinks{
      {.name = "log", .filter = {}, .receiver = FileSinkSettings{.path = folder + "/events.jsonl"}},
      {.name = "bus", .filter = {}, .receiver = nats}};
  std::vector<Subscriber> subscribers;
  for (const SinkSettings& sink : sinks) {
    subscribers.push_back({.sink = sink.name, .takes = [&sink](const FilteredEvent& filtered) {
                             return takes(sink, filtered);
                           }});
  }
  fmt::print("{} refs\n", refs);
  auto start = Clock::now();
  {
    Journal journal(folder, Sharing{});
    const Sequence sequence;
    std::vector<Event> events;
    for (std::uint64_t n = 1; n <= kEvents; ++n) {
      events.push_back(event(n, refs));
      if (events.size() < kBatch && n < kEvents) continue;
      journal.record({.events = events,
                      .sequence = sequence,
                      .changed = {},
                      .files = {},
                      .subscribers = subscribers,
                      .notices = {},
                      .now = microseconds_now()});
      events.clear();
    }
  }
  say("  into the journal, for two sinks", kEvents, start);
  for (const SinkSettings& sink : sinks) {
    const Receiver receiver{
        .name = sink.name, .ordered = sink.ordered, .make = [&](SinkMemory& memory) {
          return make_any_sink(
              sink, {.sharing = {}, .memory = memory, .host = "git", .now = microseconds_now});
        }};
    start = Clock::now();
    const DispatchReport report = dispatch(
        receiver,
        {.folder = folder, .sharing = {}, .now = microseconds_now, .chance = [] { return 0.5; }});
    say("  from the journal to sink " + sink.name, report.delivered, start);
    for (const std::string& problem : report.problems) fmt::print("  {}\n", problem);
  }
  start = Clock::now();
  Journal(folder, Sharing{})
      .prune(0, std::int64_t{1} << 30U, std::vector<std::string>{"log", "bus"});
  say("  looking for events to remove", kEvents, start);
}

}  // namespace
}  // namespace trunkgate

int main(int argc, char** argv) {
  const std::string parent = argc > 1 ? argv[1] : std::filesystem::temp_directory_path().string();
  for (const std::uint64_t refs : {1000, 10}) trunkgate::measure(parent, refs);
  return 0;
}

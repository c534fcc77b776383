// trunkgate deliver: one pass of the deliverer over each repository.
#include <cstdio>
#include <memory>
#include <variant>

#include "base/clock.h"
#include "base/text.h"
#include "commands.h"
#include "events/deliverer.h"
#include "events/file_sink.h"
#include "git/repository.h"
#include "hook/gate_paths.h"
#include "hook/leftovers.h"
#include "hook/policy_source.h"

namespace trunkgate {
namespace {

// What the policy says about events. One that cannot be loaded says nothing, and the default file
// takes them: events do not wait for an admin.
struct Receivers {
  std::vector<Receiver> list;
  EventsPolicy events;
};

Receiver file_receiver(const std::string& name, const std::string& path, Sharing sharing) {
  return {.name = name,
          .make = [=](SinkMemory&) { return std::make_unique<FileSink>(path, sharing); }};
}

Receivers receivers_of(const Repository& repository, const GatePaths& paths) {
  Receivers receivers;
  try {
    const auto in_force = load_policy_in_force(
        policy_roots(paths.repository, repository.config("trunkgate.policy").value_or(""),
                     kSystemPolicy),
        policy_files(repository), paths.last_good_policy(), repository.sharing());
    for (const SinkSettings& sink : in_force.policy->sinks) {
      if (const auto* file = std::get_if<FileSinkSettings>(&sink.receiver)) {
        receivers.list.push_back(file_receiver(sink.name, file->path, repository.sharing()));
      }
    }
    receivers.events = in_force.policy->events;
  } catch (const Error& error) {
    std::fprintf(stderr, "warning: %s\n", printable(error.what(), 1000).c_str());
  }
  if (receivers.list.empty()) {
    receivers.list.push_back(file_receiver("events", paths.events(), repository.sharing()));
  }
  return receivers;
}

int deliver(const std::string& path) {
  const Repository repository({.git_dir = path, .quarantine = {}, .git_namespace = {}});
  const GatePaths paths{repository.path()};
  DeliverySettings settings;
  settings.folder = paths.folder();
  settings.event_source = repository.config("trunkgate.source").value_or("");
  Receivers receivers = receivers_of(repository, paths);
  settings.events = receivers.events;
  settings.receivers = std::move(receivers.list);
  settings.now = microseconds_now;
  const DeliveryReport report = Deliverer(repository, settings).run();
  sweep_leftovers(paths, settings.now() / 1'000'000);
  if (report.left_to_another) {
    std::printf("%s: another deliverer is at work\n", path.c_str());
    return 0;
  }
  std::printf("%s: %s written, %s left\n", path.c_str(),
              count_of(report.events_written, "event", "events").c_str(),
              count_of(report.records_left, "record", "records").c_str());
  for (const std::string& problem : report.problems) {
    std::fprintf(stderr, "error: %s\n", problem.c_str());
  }
  return report.problems.empty() ? 0 : 2;
}

}  // namespace

int deliver_command(const DeliverArguments& arguments) {
  int worst = 0;
  for (const std::string& repository : arguments.repositories) {
    worst = std::max(worst, deliver(repository));
  }
  return worst;
}

}  // namespace trunkgate

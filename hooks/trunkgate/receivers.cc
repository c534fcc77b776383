#include "receivers.h"

#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "events/sink_filter.h"
#include "hook/policy_source.h"

namespace trunkgate {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

}  // namespace

EventSettings event_settings(const Repository& repository, const GatePaths& paths) {
  EventSettings settings;
  try {
    const auto in_force = load_policy_in_force(
        policy_roots(paths.repository, repository.config("trunkgate.policy").value_or(""),
                     kSystemPolicy),
        policy_files(repository), paths.last_good_policy(), repository.sharing());
    settings.sinks = std::move(in_force.policy->sinks);
    settings.events = in_force.policy->events;
  } catch (const Error& error) {
    std::fprintf(stderr, "warning: %s\n", printable(error.what(), 1000).c_str());
    settings.known = false;
  }
  if (settings.sinks.empty()) {
    settings.sinks.push_back(
        {.name = "events", .filter = {}, .receiver = FileSinkSettings{.path = paths.events()}});
  }
  return settings;
}

SinkPlace sink_place(const GatePaths& paths, const Sharing& sharing, SinkMemory& memory) {
  return {.sharing = sharing,
          .memory = memory,
          .host = host_name(),
          .scratch = paths.state(),
          .now = microseconds_now};
}

std::unique_ptr<Sink> make_sink(const SinkSettings& sink, const SinkMaker& make,
                                const SinkPlace& place) {
  auto made = make(sink, place);
  if (made == nullptr) {
    throw Error(ErrorKind::delivery,
                "this program knows no such sink; the one that does, "
                "libexec/trunkgate/deliver, is not there");
  }
  return made;
}

Receiver receiver_of(const SinkSettings& sink, const SinkMaker& make, const GatePaths& paths,
                     const Sharing& sharing) {
  return {.name = sink.name,
          .ordered = sink.ordered,
          .takes = [sink](const FilteredEvent& event) { return takes(sink, event); },
          .make =
              [=](SinkMemory& memory) {
                return make_sink(sink, make, sink_place(paths, sharing, memory));
              }};
}

void become(const std::string& program, std::vector<std::string> words) {
  if (program.empty() || ::access(program.c_str(), X_OK) != 0) return;
  words.insert(words.begin(), program);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  // A thread of a service takes no signals, and its mask would stay.
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  ::execv(program.c_str(), argv.data());
}

}  // namespace trunkgate

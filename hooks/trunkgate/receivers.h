// The sinks of a repository's policy, for the programs that send.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "events/dispatcher.h"
#include "events/local_sinks.h"
#include "git/repository.h"
#include "hook/gate_paths.h"
#include "policy/events_policy.h"

namespace trunkgate {

struct EventSettings {
  bool known = true;  // false: the policy cannot be loaded
  std::vector<SinkSettings> sinks;
  EventsPolicy events;
};

// What the policy says about events. One that cannot be loaded says nothing, with a warning; the
// only sink is the default file then.
EventSettings event_settings(const Repository& repository, const GatePaths& paths);

// What a sink is given. `memory` outlives it.
SinkPlace sink_place(const GatePaths& paths, const Sharing& sharing, SinkMemory& memory);

Receiver receiver_of(const SinkSettings& sink, const SinkMaker& make, const GatePaths& paths,
                     const Sharing& sharing);

// Throws Error(delivery) for a kind that `make` does not know.
std::unique_ptr<Sink> make_sink(const SinkSettings& sink, const SinkMaker& make,
                                const SinkPlace& place);

// Becomes the program that knows all sinks, with these words; returns where there is none.
void become(const std::string& program, std::vector<std::string> words);

}  // namespace trunkgate

// The sinks of a repository's policy, for the programs that send.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/file.h"
#include "events/dispatcher.h"
#include "events/local_sinks.h"
#include "events/policy_watch.h"
#include "git/repository.h"
#include "hook/gate_paths.h"
#include "policy/events_policy.h"

namespace trunkgate {

// The sink of a policy that has none.
inline constexpr const char* kDefaultSink = "events";

struct EventSettings {
  bool known = true;  // false: the policy cannot be loaded
  std::vector<SinkSettings> sinks;
  EventsPolicy events;
  PolicySource policy;  // borrows the repository
};

// What the policy says about events. One that cannot be loaded says nothing, with a warning, and
// the default file stands in.
EventSettings event_settings(const Repository& repository, const GatePaths& paths);

// Whether events have gone to other sinks than the default file.
bool knows_sinks(const GatePaths& paths);

// What a sink is given. `memory` outlives it.
SinkPlace sink_place(const Sharing& sharing, SinkMemory& memory);

// `without` is called for a sink that `make` does not know, before that is thrown.
Receiver receiver_of(const SinkSettings& sink, const SinkMaker& make, const Sharing& sharing,
                     const std::function<void()>& without);

// Throws Error(delivery) for a kind that `make` does not know.
std::unique_ptr<Sink> make_sink(const SinkSettings& sink, const SinkMaker& make,
                                const SinkPlace& place);

// Becomes the program that knows all sinks, with these words; returns where there is none.
void become(const std::string& program, std::vector<std::string> words);

}  // namespace trunkgate

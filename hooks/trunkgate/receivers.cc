#include "receivers.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "events/journal.h"
#include "events/outbox.h"
#include "events/sink_filter.h"
#include "hook/policy_source.h"
#include "policy/policy_files.h"
#include "policy/policy_loader.h"

namespace trunkgate {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

PolicySource policy_source(const Repository& repository, const std::vector<PolicyRoot>& roots,
                           const Policy& policy) {
  PolicySource source{.now = summary_of(policy), .ref = {}};
  if (!policy.policy_ref) return source;
  source.ref = policy.policy_ref->ref;
  source.with = [&repository, roots,
                 ref = source.ref](const ObjectId& commit) -> std::optional<PolicySummary> {
    try {
      return summary_of(*load_policy(roots, policy_files(repository, PushedPolicy{ref, commit})));
    } catch (const Error&) {
      // The one before stays in force.
      return std::nullopt;
    }
  };
  return source;
}

}  // namespace

EventSettings event_settings(const Repository& repository, const GatePaths& paths) {
  EventSettings settings;
  try {
    const auto roots = policy_roots(
        paths.repository, repository.config("trunkgate.policy").value_or(""), kSystemPolicy);
    const auto in_force =
        read_policy_in_force(roots, policy_files(repository), paths.last_good_policy());
    settings.policy = policy_source(repository, roots, *in_force.policy);
    settings.sinks = std::move(in_force.policy->sinks);
    settings.events = in_force.policy->events;
  } catch (const Error& error) {
    std::fprintf(stderr, "warning: %s\n", printable(error.what(), 1000).c_str());
    settings.known = false;
  }
  if (settings.sinks.empty()) {
    settings.sinks.push_back(
        {.name = kDefaultSink, .filter = {}, .receiver = FileSinkSettings{.path = paths.events()}});
  }
  return settings;
}

bool knows_sinks(const GatePaths& paths) {
  return knows_other_sinks(Journal::path_in(paths.folder()), kDefaultSink);
}

SinkPlace sink_place(const Sharing& sharing, SinkMemory& memory) {
  return {.sharing = sharing, .memory = memory, .host = host_name(), .now = microseconds_now};
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

Receiver receiver_of(const SinkSettings& sink, const SinkMaker& make, const Sharing& sharing,
                     const std::function<void()>& without) {
  return {.name = sink.name,
          .ordered = sink.ordered,
          .takes = [sink](const FilteredEvent& event) { return takes(sink, event); },
          .make =
              [=](SinkMemory& memory) {
                const SinkPlace place = sink_place(sharing, memory);
                auto made = make(sink, place);
                if (made != nullptr) return made;
                without();
                return make_sink(sink, make, place);
              }};
}

void become(const std::string& program, std::vector<std::string> words) {
  if (program.empty() || ::access(program.c_str(), X_OK) != 0) return;
  words.insert(words.begin(), program);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv(program.c_str(), argv.data());
}

}  // namespace trunkgate

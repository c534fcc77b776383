#include "try_sink.h"

#include <cstdio>
#include <exception>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "events/event_builder.h"
#include "events/ingest.h"
#include "events/repository_id.h"
#include "events/short_memory.h"
#include "events/test_event.h"
#include "receivers.h"

namespace trunkgate {
namespace {

const SinkSettings& sink_named(const std::vector<SinkSettings>& sinks, const std::string& name) {
  std::vector<std::string_view> names;
  for (const SinkSettings& sink : sinks) {
    if (sink.name == name) return sink;
    names.push_back(sink.name);
  }
  const auto known = nearest(name, names);
  std::string all;
  for (const std::string_view each : names) all += (all.empty() ? "" : ", ") + printable(each);
  throw Error(ErrorKind::usage,
              "the policy has no sink '" + printable(name) + "'" +
                  (known ? "; did you mean '" + *known + "'?" : ""),
              "its sinks are: " + all);
}

// A webhook in another product's form says nothing about events that this product does not know.
bool has_form_for_tests(const SinkSettings& sink) {
  using Style = WebhookSettings::Style;
  const auto* webhook = std::get_if<WebhookSettings>(&sink.receiver);
  return webhook == nullptr || webhook->style == Style::cloudevents ||
         webhook->style == Style::cloudevents_binary;
}

}  // namespace

int try_sink(const SinkTrial& test, const SinkMaker& make, const std::string& network) {
  const Repository repository({.git_dir = test.repository, .quarantine = {}, .git_namespace = {}});
  const GatePaths paths{repository.path()};
  const EventSettings settings = event_settings(repository, paths);
  if (!settings.known) throw Error(ErrorKind::config, "the sinks are not known without the policy");
  const SinkSettings& sink = sink_named(settings.sinks, test.sink);
  if (!has_form_for_tests(sink)) {
    throw Error(ErrorKind::usage,
                "sink '" + printable(sink.name) +
                    "' sends pushes in another product's form, which "
                    "has none for a test; one that looked like a push could start a build",
                "push a branch that the receiver may build, and see: trunkgate deliveries list "
                "--sink " +
                    printable(sink.name));
  }
  if (needs_network(sink)) become(network, {"--test", sink.name, repository.path()});
  make_folder(paths.state(), repository.sharing());
  std::string source = repository.config("trunkgate.source").value_or("");
  if (source.empty()) source = file_uri(repository.path());
  const std::string id = repository_id(paths.state() + "/repository-id", repository.sharing());
  const std::vector<Delivery> events{
      test_event(repository_facts(repository, id), source, microseconds_now())};
  // What the sink remembers of a test is nothing that deliveries should know.
  ShortMemory memory;
  DeliveryOutcome outcome;
  try {
    const auto made = make_sink(sink, make, sink_place(repository.sharing(), memory));
    const auto outcomes = made->deliver(events);
    if (!outcomes.empty()) outcome = outcomes.front();
  } catch (const std::exception& error) {
    outcome = {.state = DeliveryOutcome::State::failed, .reason = printable(error.what(), 1000)};
  }
  if (outcome.state == DeliveryOutcome::State::delivered) {
    std::printf("%s: the receiver has taken test event %s\n", sink.name.c_str(),
                events.front().id.c_str());
    return 0;
  }
  std::fprintf(stderr, "error: %s: %s\n", sink.name.c_str(),
               outcome.reason.empty() ? "it was not tried" : outcome.reason.c_str());
  return 1;
}

}  // namespace trunkgate

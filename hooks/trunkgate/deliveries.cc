// trunkgate deliveries: where events went, and what an operator does about it.
#include <cstdio>
#include <optional>

#include "base/clock.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "commands.h"
#include "events/delivery_rows.h"
#include "events/journal_reader.h"
#include "events/redelivery.h"
#include "events/sink_filter.h"
#include "receivers.h"

namespace trunkgate {
namespace {

class Deliveries {
 public:
  explicit Deliveries(const DeliveriesArguments& arguments)
      : arguments_(arguments),
        repository_({.git_dir = arguments.repository, .quarantine = {}, .git_namespace = {}}),
        paths_{repository_.path()} {}

  int list() const {
    const JournalReader journal(paths_.folder());
    const std::vector<SinkStatus> statuses = sink_statuses(journal);
    if (!arguments_.sink.empty()) check_known(statuses, {});
    const bool json = arguments_.format == "json";
    for (const SinkStatus& status : statuses) {
      if (!arguments_.sink.empty() && status.name != arguments_.sink) continue;
      std::puts((json ? status_json(status) : status_text(status)).c_str());
      rows_of(journal, status, json);
    }
    if (statuses.empty() && !json) std::puts("no sink was to get anything yet");
    journal.finish();
    return 0;
  }

  int redeliver_some() const {
    const bool both = !arguments_.events.empty() && !arguments_.since.empty();
    const bool none = arguments_.events.empty() && arguments_.since.empty();
    if (both || (none && !arguments_.dead)) {
      throw Error(ErrorKind::usage,
                  "say which events: EVENT, or --since TIME, and not both; or --dead");
    }
    const EventRange range = none ? EventRange() : chosen();
    const EventSettings settings = event_settings(repository_, paths_);
    if (!settings.known) {
      throw Error(ErrorKind::config, "the sinks are not known without the policy");
    }
    const std::vector<SinkSettings>& sinks = settings.sinks;
    check_known(sink_statuses(JournalReader(paths_.folder())), sinks);
    std::vector<Subscriber> subscribers;
    for (const SinkSettings& sink : sinks) {
      if (!arguments_.sink.empty() && sink.name != arguments_.sink) continue;
      subscribers.push_back({.sink = sink.name, .takes = [sink](const FilteredEvent& event) {
                               return takes(sink, event);
                             }});
    }
    if (subscribers.empty()) {
      throw Error(ErrorKind::usage, "the policy has no sink '" + arguments_.sink + "' any more");
    }
    std::uint64_t total = 0;
    const auto again = arguments_.dead ? redeliver_dead : redeliver;
    for (const Redelivered& sink : again(paths_.folder(), range, subscribers, microseconds_now())) {
      total += sink.events;
      std::printf("%s: %s to be sent again%s\n", sink.sink.c_str(),
                  count_of(sink.events, "event", "events").c_str(),
                  sink.off ? ", once the sink is enabled" : "");
    }
    if (total > 0) say_when();
    return total > 0 ? 0 : 1;
  }

  int enable() const {
    check_known(sink_statuses(JournalReader(paths_.folder())),
                event_settings(repository_, paths_).sinks);
    if (!enable_sink(paths_.folder(), arguments_.sink)) {
      std::printf("%s was on already\n", arguments_.sink.c_str());
      return 0;
    }
    std::printf("%s is on\n", arguments_.sink.c_str());
    say_when();
    return 0;
  }

  int disable() const {
    check_known(sink_statuses(JournalReader(paths_.folder())),
                event_settings(repository_, paths_).sinks);
    const bool done = disable_sink(paths_.folder(), arguments_.sink, "disabled by an operator",
                                   microseconds_now());
    std::printf(done ? "%s is off; its events are kept\n" : "%s was off already\n",
                arguments_.sink.c_str());
    return 0;
  }

 private:
  DeliveryChoice choice() const {
    if (arguments_.failed) return DeliveryChoice::failed;
    if (arguments_.open != arguments_.dead) {
      return arguments_.open ? DeliveryChoice::open : DeliveryChoice::dead;
    }
    return DeliveryChoice::undelivered;
  }

  void rows_of(const JournalReader& journal, const SinkStatus& status, bool json) const {
    std::size_t shown = 0;
    std::size_t left = 0;
    each_delivery(journal, status.name, choice(), [&](const DeliveryRow& row) {
      if (arguments_.limit > 0 && shown >= arguments_.limit) {
        ++left;
        return true;
      }
      ++shown;
      std::puts((json ? row_json(journal, row) : row_text(journal, row)).c_str());
      return true;
    });
    if (left > 0 && !json) std::printf("        and %zu more: --limit 0 shows all\n", left);
  }

  // What was said as an id, a sequence, or two of those.
  EventRange chosen() const {
    if (!arguments_.since.empty()) return event_range(arguments_.since, {}, microseconds_now());
    const std::string& text = arguments_.events;
    const auto dots = text.find("..");
    if (dots != std::string::npos) {
      const EventRange range =
          event_range(text.substr(0, dots), text.substr(dots + 2), microseconds_now());
      if (dots == 0 || dots + 2 == text.size() || range.begin != EventRange().begin ||
          range.end != EventRange().end) {
        throw Error(ErrorKind::usage, "'" + printable(text) + "' is no range of events",
                    "write two sequences, like 17..23");
      }
      return range;
    }
    const auto event = JournalReader(paths_.folder()).find(text);
    if (!event) {
      throw Error(ErrorKind::usage, "there is no event " + printable(text) + " in the journal",
                  "see which there are with: trunkgate events list");
    }
    EventRange range;
    range.first = range.last = event->sequence;
    return range;
  }

  void check_known(const std::vector<SinkStatus>& statuses,
                   const std::vector<SinkSettings>& sinks) const {
    if (arguments_.sink.empty()) return;
    std::vector<std::string_view> names;
    for (const SinkStatus& status : statuses) names.push_back(status.name);
    for (const SinkSettings& sink : sinks) names.push_back(sink.name);
    for (const std::string_view name : names) {
      if (name == arguments_.sink) return;
    }
    const auto known = nearest(arguments_.sink, names);
    throw Error(ErrorKind::usage, "there is no sink '" + printable(arguments_.sink) + "'" +
                                      (known ? "; did you mean '" + printable(*known) + "'?" : ""));
  }

  void say_when() const {
    std::printf("sent with the next push; at once with: trunkgate deliver %s\n",
                shell_quote(printable(repository_.path(), 1000)).c_str());
  }

  const DeliveriesArguments& arguments_;
  Repository repository_;
  GatePaths paths_;
};

}  // namespace

int deliveries_command(const DeliveriesArguments& arguments) {
  const Deliveries deliveries(arguments);
  if (arguments.action == "redeliver") return deliveries.redeliver_some();
  if (arguments.action == "enable") return deliveries.enable();
  if (arguments.action == "disable") return deliveries.disable();
  return deliveries.list();
}

}  // namespace trunkgate

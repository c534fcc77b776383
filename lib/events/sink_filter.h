// Which events a sink takes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/sink_settings.h"

namespace trunkgate {

// What filters look at of one event. Where an event was cut to its size, what is left of a list is
// no reason to leave the event out.
struct FilteredEvent {
  // Raw bytes; `complete` is false when the event does not have all of them.
  struct Names {
    std::vector<std::string> names = {};
    bool complete = true;
  };

  std::string type = {};  // "ref.updated"
  // What it is about, inside of the Git namespace; of an event about a push all that it changes.
  Names refs = {};
  // What is different now, and what the commits listed change; not complete when the event lists
  // none at all.
  Names paths = {};
  Names labels = {};      // of exemptions that let it in
  bool draft = false;     // the pusher said -o draft
  std::string sink = {};  // that endpoint.disabled or delivery.dead is about
};

// From an event in CloudEvents' JSON form. A text that is none has no type and nothing complete.
FilteredEvent filtered_event(std::string_view json);

// Every part of the filter that says something takes the event.
bool takes(const SinkFilter& filter, const FilteredEvent& event);

// The same, and the event is not about this sink itself: that it does not work is nothing to tell
// to it.
bool takes(const SinkSettings& sink, const FilteredEvent& event);

}  // namespace trunkgate

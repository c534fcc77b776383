// Where events go.
#pragma once

#include <span>
#include <string>

#include "events/event.h"

namespace trunkgate {

// Takes events for good. The deliverer hands over the events of whole pushes, in order, and repeats
// them with the same ids when it cannot know that they arrived.
class Sink {
 public:
  virtual ~Sink() = default;

  // "file /var/log/events.jsonl": names the sink in reports.
  virtual std::string name() const = 0;
  // Durable when it returns. Throws when that failed; some of them may have arrived then.
  virtual void deliver(std::span<const Event> events) = 0;
};

}  // namespace trunkgate

// What an event says, in words for people.
#pragma once

#include <string>
#include <vector>

#include "events/sink.h"

namespace trunkgate {

// All of it is printable: valid UTF-8 without control, invisible and bidirectional characters, so
// that no line of it can become two.
struct EventProse {
  std::string repository;          // may be empty
  std::string title;               // "alice pushed 3 commits to feature/login"
  std::vector<std::string> lines;  // below the title
};

// Never throws for what the event holds; what is not there is left out.
EventProse prose_of(const Delivery& event);

}  // namespace trunkgate

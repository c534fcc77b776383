// Whether one row of the journal tells the same in its columns as in its text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "events/journal_reader.h"

namespace trunkgate {

// What an event says about its ref's history.
struct RefStep {
  std::uint64_t count = 0;  // its refsequence
  std::string previous;     // id of the event before; empty for none
  std::string after;        // hexadecimal; empty when the ref was deleted
};

struct EventFit {
  std::string mistake;          // "its id stands otherwise in its text"; empty when all fits
  std::optional<RefStep> step;  // of ref.created, ref.updated and ref.deleted
};

EventFit fit_of(const RecordedEvent& event);

}  // namespace trunkgate

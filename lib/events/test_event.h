// An event that tells nothing: for an operator who wants to see that a receiver gets events.
#pragma once

#include <cstdint>
#include <string>

#include "events/event_body.h"
#include "events/sink.h"

namespace trunkgate {

// A push.received that no push has made: of the ref refs/trunkgate/test, which nothing has, by
// "trunkgate sink test". `data.test` is true, and it has no number. Another `now` gives another id.
Delivery test_event(const RepositoryFacts& repository, const std::string& source, std::int64_t now);

}  // namespace trunkgate

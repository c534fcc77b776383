// Times and places in the journal as people write them on a command line.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace trunkgate {

// What --since and --until say: "17" is a sequence, "36h" so long ago, "2026-01-31",
// "2026-01-31T09:30" or "2026-01-31T09:30:00Z" a time in UTC. `begin` and `end` are the first and
// last microsecond of what it names. Throws Error(usage).
struct Moment {
  std::optional<std::uint64_t> sequence = {};
  std::int64_t begin = 0;
  std::int64_t end = 0;
};
Moment parse_moment(std::string_view text, std::int64_t now);

// From when to when, or from which event to which; both ends belong to it.
struct EventRange {
  std::uint64_t first = 0;
  std::uint64_t last = std::numeric_limits<std::int64_t>::max();
  std::int64_t begin = std::numeric_limits<std::int64_t>::min();
  std::int64_t end = std::numeric_limits<std::int64_t>::max();
};

// Empty texts say nothing. Throws Error(usage).
EventRange event_range(std::string_view since, std::string_view until, std::int64_t now);

}  // namespace trunkgate

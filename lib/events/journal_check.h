// Finds out whether anybody but the deliverer has changed the journal, and where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace trunkgate {

struct JournalCheck {
  std::vector<std::string> problems;  // printable lines, the first of them
  std::size_t problems_total = 0;
  std::uint64_t events = 0;
  std::uint64_t first = 0;  // sequence of the oldest event; 0 without any
  std::uint64_t last = 0;
  std::uint64_t pruned = 0;  // events up to this one were removed by the deliverer, in good order
};

// Reads everything at one point in time, also while a deliverer is at work. Events are linked: by
// hashes, by their numbers, by the ids of each ref's events; refs, deliveries and
// state/journal.json tell of them, too. Who changes one of those has to change all of them, and
// then only what the sinks have got tells it. `folder` is <repo>/trunkgate. Throws Error(delivery)
// when there is no journal.
JournalCheck check_journal(const std::string& folder);

}  // namespace trunkgate

// The deliverer's memory between passes: counters of the repository and of each ref, and which
// records are being handled.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "git/object_id.h"

namespace trunkgate {

// What the last event of a ref said; without any, what it held when it first mattered.
struct RefHistory {
  std::uint64_t count = 0;  // events so far
  std::string last_event;   // id; empty before the first
  ObjectId value;           // what the ref held after it; zero when deleted
};

// A hotfix that landed and that another branch has not got yet. Names are full ones on disk, raw
// bytes.
struct OpenHotfix {
  ObjectId commit;         // the hotfix
  ObjectId by;             // what brought it to the protected branch
  std::string branch;      // where it was made
  std::string on;          // the protected branch
  std::string into;        // the branch that lacks it
  std::int64_t since = 0;  // when it landed, microseconds since 1970

  bool operator==(const OpenHotfix&) const = default;
};

struct Sequence {
  std::uint64_t last = 0;  // sequence of the last event; 0 before the first
  std::map<std::string, RefHistory, std::less<>> refs;  // by raw full name; deleted refs stay

  // In the order they landed.
  std::vector<OpenHotfix> hotfixes;

  // Pushes (keys' texts) in the order of the pass that began last. A pass after a crash starts with
  // them, so that events which a sink may have already get the same numbers again.
  std::vector<std::string> begun;
  // Spool files whose events are with every sink; only their removal may be missing.
  std::vector<std::string> done;

  const RefHistory* find(std::string_view ref) const;
};

// An empty Sequence when there is no file. Throws Error(delivery) when it is damaged: starting over
// would give numbers a second time.
Sequence read_sequence(const std::string& path);
// Durable when it returns. Throws Error(delivery).
void write_sequence(const std::string& path, const Sequence& sequence, const Sharing& sharing);

}  // namespace trunkgate

// The deliverer's memory between passes: counters of the repository and of each ref, which the
// journal keeps.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "git/object_id.h"
#include "policy/policy_summary.h"

namespace trunkgate {

// What the last event of a ref said; without any, what it held when it first mattered.
struct RefHistory {
  std::uint64_t count = 0;  // events so far
  std::string last_event;   // id; empty before the first
  ObjectId value;           // what the ref held after it; zero when deleted
  ObjectId before{};        // and before it
  // The change that it tells came between these times, microseconds since 1970; 0 when nobody
  // knows.
  std::int64_t not_before = 0;
  std::int64_t not_after = 0;
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

// The policy that was in force when the last push was judged.
struct KnownPolicy {
  PolicySummary summary;   // without rules when only the digest is known
  std::string before;      // the digest of the one before it; empty for none
  std::int64_t since = 0;  // when it was first seen, microseconds since 1970

  bool operator==(const KnownPolicy&) const = default;
};

struct Sequence {
  std::uint64_t last = 0;  // sequence of the last event; 0 before the first
  std::map<std::string, RefHistory, std::less<>> refs;  // by raw full name; deleted refs stay

  // In the order they landed.
  std::vector<OpenHotfix> hotfixes;

  KnownPolicy policy;

  // Spool files whose events were with every sink when the counters were written; of old state
  // files only (see read_sequence()).
  std::vector<std::string> done;

  const RefHistory* find(std::string_view ref) const;
};

// What deliverers kept in <repo>/trunkgate/state/sequence.json before there was a journal. An empty
// Sequence when there is no file. Throws Error(delivery) when it is damaged: starting over would
// give numbers a second time.
Sequence read_sequence(const std::string& path);

}  // namespace trunkgate

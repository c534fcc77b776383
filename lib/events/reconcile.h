// Explains what became of every ref since the last pass: by pushes that say so, by pushes that died
// before they could, and, where nothing else does, by something outside of the gate.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "events/push_outcome.h"
#include "events/sequence.h"
#include "git/object_id.h"

namespace trunkgate {

// What refs hold: full names on disk, raw bytes.
using RefValues = std::map<std::string, ObjectId, std::less<>>;

// One thing that happened: a push or a part of it, or a change of one ref that no push explains.
struct Happening {
  std::optional<std::size_t> push;     // index into the outcomes
  SpooledUpdate external = {};         // without a push
  std::vector<std::string> refs = {};  // of a part: what it moved; else empty
  bool goes_on = false;                // a part, and others follow
};

// In the order in which they happened: each ref's changes follow each other, and where no ref says
// otherwise the order of `outcomes` stays (by time). Of two pushes that moved two refs in opposite
// orders, for Git applies no push as a whole, one is told in parts. Left out are pending pushes,
// and whatever may follow one.
//
// Updates that dead pushes turn out to have made move from their `refused` to `applied`; so do
// landings of which only the hook that made them died. `now` was read after the life of those
// pushes was looked at; outcomes of pushes that began to move refs before it was read must be
// there, at least as pending ones. Refs that `sequence` does not know did not exist; with `first`,
// nobody knows what they held, and they are taken into `sequence` as they are.
std::vector<Happening> reconcile(std::vector<PushOutcome>& outcomes, const RefValues& now,
                                 Sequence& sequence, bool first);

}  // namespace trunkgate

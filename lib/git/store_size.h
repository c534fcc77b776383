// How much a repository holds.
#pragma once

#include <cstdint>
#include <string>

namespace trunkgate {

// Bytes of the packs and loose objects in an object folder, without what a push in progress brings
// and without what it borrows from others (alternates). Indexes of packs do not count: they can be
// made anew. Costs a look at each file, not into any; one that goes away meanwhile is passed over.
std::uint64_t stored_bytes(const std::string& objects);

}  // namespace trunkgate

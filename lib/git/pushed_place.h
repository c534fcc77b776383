// Where a push has brought an object.
#pragma once

#include <cstddef>
#include <cstdint>

namespace trunkgate {

struct PushedPlace {
  std::size_t pack = 0;    // index into PushedPacks::packs()
  std::size_t number = 0;  // in the order of ids
  std::uint64_t offset = 0;
};

}  // namespace trunkgate

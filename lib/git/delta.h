// What a pack stores in place of an object: pieces of another one, its base, and bytes of its own.
//
// Format: "Deltified representation" in gitformat-pack(5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace trunkgate {

// Bytes of an object that do not follow each other in its base: its own ones, or, when empty, a
// place at which two pieces of the base meet that are no neighbours there. The beginning and the
// end of an object are such places, too, where the base begins or ends in another way.
struct FreshPart {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t follows = 0;  // where in the base that stands what comes next, up to the next part
};

// Beyond so many the last one takes in all that follows.
inline constexpr std::size_t kMaxFreshParts = std::size_t{1} << 16U;

struct DeltaSizes {
  std::uint64_t base = 0;
  std::uint64_t object = 0;
};

// In bytes; nothing when the delta has none.
std::optional<DeltaSizes> delta_sizes(std::string_view delta);

// Puts the object together at `out`, which has room for delta_sizes(delta)->object bytes. With
// `fresh`, that is set to the object's fresh parts, in order. False when the delta does not fit the
// base or itself; what stands at `out` is then of no use.
bool apply_delta(std::string_view delta, std::string_view base, char* out,
                 std::vector<FreshPart>* fresh = nullptr);

}  // namespace trunkgate

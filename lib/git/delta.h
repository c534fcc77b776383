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

struct Extent {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Versions of a file or a folder have most bytes in common at the same places, and these need not
// be copied to where an older version stands.
struct StandingVersion {
  // Where `out` may differ from the base; null when nothing is known of what stands there.
  const std::vector<Extent>* stale = nullptr;
  // Is set to where the object may differ from the base, in order, for the next one to be put
  // together where the base stands.
  std::vector<Extent>* moved = nullptr;
};

// Puts the object together at `out`, which has room for delta_sizes(delta)->object bytes. With
// `fresh`, that is set to the object's fresh parts, in order. False when the delta does not fit the
// base or itself; what stands at `out` is then of no use.
bool apply_delta(std::string_view delta, std::string_view base, char* out,
                 std::vector<FreshPart>* fresh = nullptr, const StandingVersion& standing = {});

}  // namespace trunkgate

// Names as file systems see them that do not tell letter case or Unicode normal forms apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trunkgate {

struct Folding {
  bool letter_case = true;
  bool unicode = true;  // normal forms, and characters that take no room
};

// The same text for all names that such a file system (NTFS, APFS, HFS+) takes for one. A name that
// is no UTF-8, or has more than 30 combining marks in a row, has its ASCII letters folded only.
// Works on whole paths, too: a slash stays a slash, and no other character becomes one or a
// wildcard.
std::string fold_name(std::string_view name, const Folding& folding = {});

// The same for all names of which fold_name() makes the same.
std::uint64_t folded_hash(std::string_view name, const Folding& folding = {});

}  // namespace trunkgate

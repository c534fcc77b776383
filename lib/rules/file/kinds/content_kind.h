// What kind of file some bytes are, by how they begin: names lie, and many files have none.
#pragma once

#include <span>
#include <string_view>

namespace trunkgate {

// A kind of file. All text is static.
struct ContentKind {
  std::string_view type;    // "image/png"
  std::string_view words;   // "a PNG image"
  std::string_view family;  // one of kKindFamilies
  std::string_view also{};  // a second one, or empty
};

inline constexpr std::string_view kKindFamilies[] = {"archive",    "audio", "data",  "document",
                                                     "executable", "image", "model", "video"};

// Nothing (nullptr) for text and for what is not known here. Looks at a few hundred bytes; of a zip
// archive at the names in its directory, too, 1,000 at most. Never reads beyond the bytes, whatever
// lengths they claim.
const ContentKind* content_kind(std::string_view bytes);

// Every kind there is.
std::span<const ContentKind* const> all_kinds();

}  // namespace trunkgate

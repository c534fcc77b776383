// The parts of content_kind(): each looks for some kinds and gives nullptr for all others.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/file/kinds/content_kind.h"

namespace trunkgate {

// Little- and big-endian numbers of `size` bytes at an offset; 0 beyond the end.
std::uint64_t little(std::string_view bytes, std::size_t offset, std::size_t size);
std::uint64_t big(std::string_view bytes, std::size_t offset, std::size_t size);

const ContentKind* media_kind(std::string_view bytes);  // pictures, sound, films
const ContentKind* model_kind(std::string_view bytes);  // weights and data sets
const ContentKind* zip_kind(std::string_view bytes);    // zip archives, and what is made of them

void add_media_kinds(std::vector<const ContentKind*>& all);
void add_model_kinds(std::vector<const ContentKind*>& all);
void add_zip_kinds(std::vector<const ContentKind*>& all);

}  // namespace trunkgate

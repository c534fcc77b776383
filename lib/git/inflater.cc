#include "git/inflater.h"

#include <libdeflate.h>

#include <new>

namespace trunkgate {

Inflater::Decompressor Inflater::make() {
  Decompressor made(::libdeflate_alloc_decompressor());
  if (made == nullptr) throw std::bad_alloc();
  return made;
}

void Inflater::Free::operator()(libdeflate_decompressor* inflater) const {
  ::libdeflate_free_decompressor(inflater);
}

void Inflater::inflate(const PackFile& pack, const PackFile::Entry& entry, char* out) {
  constexpr std::size_t kHeader = 2;
  // The kind of the first block, RFC 1951, 3.2.3.
  constexpr unsigned kFixedCodes = 1;
  const unsigned kind = static_cast<std::uint8_t>(entry.deflated[kHeader]) >> 1U & 3U;
  std::size_t size = 0;
  const libdeflate_result result = ::libdeflate_deflate_decompress_ex(
      (kind == kFixedCodes ? fixed_codes_ : own_codes_).get(), entry.deflated.data() + kHeader,
      entry.deflated.size() - kHeader, out, entry.size, nullptr, &size);
  if (result != LIBDEFLATE_SUCCESS || size != entry.size) {
    pack.damaged("an object cannot be inflated");
  }
}

// The bytes must begin as zlib does (RFC 1950): deflate, no dictionary. The checksum at the end is
// left alone, as index-pack has just computed more than that.
void Inflater::check_stream(const PackFile& pack, const PackFile::Entry& entry) {
  const std::string_view in = entry.deflated;
  if (in.size() <= 2 || (in[0] & 0x0f) != 8 || (in[1] & 0x20) != 0) {
    pack.damaged("an object is not deflated");
  }
  // Deflate makes at most 1032 bytes of one; a size beyond that is made up and must not be
  // allocated.
  constexpr std::uint64_t kMaxRatio = 1040;
  if (entry.size / kMaxRatio > in.size()) pack.damaged("an object's size is too large");
}

}  // namespace trunkgate

#include "base/large_pages.h"

#include <sys/mman.h>

#include <cstdint>

namespace trunkgate {

void ask_for_large_pages(const void* begin, std::size_t size) {
  constexpr std::uintptr_t kPage = std::uintptr_t{2} << 20U;
  const auto address = reinterpret_cast<std::uintptr_t>(begin);
  // Whole pages only: what lies beside them is somebody else's.
  const std::uintptr_t first = (address + kPage - 1) / kPage * kPage;
  const std::uintptr_t last = (address + size) / kPage * kPage;
  // An answer would change nothing: without them it takes longer, that is all.
  if (first < last) {
    ::madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
  }
}

}  // namespace trunkgate

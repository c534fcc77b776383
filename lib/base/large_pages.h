// Pages of 2 MiB for what a large push needs by the ten megabytes. To be given a page for each
// 4 KiB takes as long as to fill it, and to look around among so many takes longer, too.
#pragma once

#include <cstddef>

namespace trunkgate {

// Of memory that nobody has written to yet. Where the system has no such pages, or there is not
// enough to fill several of them, nothing happens.
void ask_for_large_pages(const void* begin, std::size_t size);

// The same for a vector that has just been given room for all that comes.
template <typename Vector>
void ask_for_large_pages(const Vector& reserved) {
  ask_for_large_pages(reserved.data(), reserved.capacity() * sizeof(reserved[0]));
}

}  // namespace trunkgate

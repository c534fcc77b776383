// What the system is asked for, read back from /proc: not whether it has such pages to give.
#include "base/large_pages.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

namespace trunkgate {
namespace {

constexpr std::size_t kPage = std::size_t{2} << 20U;

// Whether large pages were asked for where `place` stands.
bool asked_for(const void* place) {
  std::ifstream maps("/proc/self/smaps");
  const auto wanted = reinterpret_cast<std::uintptr_t>(place);
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t first = 0;
    std::uintptr_t last = 0;
    char dash = 0;
    std::istringstream range(line);
    if (range >> std::hex >> first >> dash >> last && dash == '-') {
      inside = first <= wanted && wanted < last;
    } else if (inside && line.starts_with("VmFlags:")) {
      return (line + " ").find(" hg ") != std::string::npos;
    }
  }
  ADD_FAILURE() << "nothing is mapped there";
  return false;
}

TEST(LargePages, AreAskedForWhereWholeOnesLie) {
  constexpr std::size_t kSize = 8 * kPage;
  void* const mapped =
      ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(mapped, MAP_FAILED);
  const auto address = reinterpret_cast<std::uintptr_t>(mapped);
  char* const aligned = static_cast<char*>(mapped) + (kPage - address % kPage);
  ask_for_large_pages(aligned + 1, kPage - 1);
  EXPECT_FALSE(asked_for(aligned)) << "less than a page";
  ask_for_large_pages(aligned + 1, 2 * kPage - 2);
  EXPECT_FALSE(asked_for(aligned + kPage)) << "parts of two pages";
  ask_for_large_pages(aligned + kPage - 1, 2 * kPage + 2);
  EXPECT_FALSE(asked_for(aligned + kPage - 1));
  EXPECT_TRUE(asked_for(aligned + kPage));
  EXPECT_TRUE(asked_for(aligned + 3 * kPage - 1));
  EXPECT_FALSE(asked_for(aligned + 3 * kPage));
  ::munmap(mapped, kSize);
  ask_for_large_pages(nullptr, 0);
}

}  // namespace
}  // namespace trunkgate

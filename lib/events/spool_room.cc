#include "events/spool_room.h"

#include <dirent.h>
#include <sys/stat.h>

#include <memory>
#include <string_view>

namespace trunkgate {

std::size_t crowd_in_spool(const std::string& folder) {
  struct stat status {};
  // A folder's size grows with its entries, by a byte or more each on every file system that says
  // one; some never make it smaller, so a large one has to be counted.
  if (::stat(folder.c_str(), &status) != 0 ||
      static_cast<std::size_t>(status.st_size) < kCrowdedSpool) {
    return 0;
  }
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), ::closedir);
  std::size_t count = 0;
  while (open != nullptr && count < kFullSpool) {
    const dirent* entry = ::readdir(open.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") ++count;
  }
  return count < kCrowdedSpool ? 0 : count;
}

}  // namespace trunkgate

#include "git/store_size.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <memory>
#include <string_view>

namespace trunkgate {
namespace {

template <typename Wanted>
std::uint64_t bytes_in(const std::string& folder, const Wanted& wanted) {
  const std::unique_ptr<DIR, int (*)(DIR*)> handle(::opendir(folder.c_str()), ::closedir);
  if (handle == nullptr) return 0;
  std::uint64_t bytes = 0;
  while (const dirent* entry = ::readdir(handle.get())) {
    struct stat status {};
    if (!wanted(std::string_view(entry->d_name)) ||
        ::fstatat(::dirfd(handle.get()), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(status.st_mode)) {
      continue;
    }
    bytes += static_cast<std::uint64_t>(status.st_size);
  }
  return bytes;
}

}  // namespace

std::uint64_t stored_bytes(const std::string& objects) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::uint64_t bytes =
      bytes_in(objects + "/pack", [](std::string_view name) { return name.ends_with(".pack"); });
  for (const char first : kDigits) {
    for (const char second : kDigits) {
      bytes += bytes_in(objects + "/" + first + second, [](std::string_view) { return true; });
    }
  }
  return bytes;
}

}  // namespace trunkgate

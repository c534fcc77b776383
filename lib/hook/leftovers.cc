#include "hook/leftovers.h"

#include <sys/stat.h>

#include <exception>
#include <filesystem>

#include "base/file.h"
#include "hook/handover.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kPatience = 24 * 3600;  // seconds; no merge takes as long

}  // namespace

void sweep_leftovers(const GatePaths& paths, std::int64_t now_seconds) noexcept {
  try {
    sweep_handovers(paths.verdicts());
    for (const std::string& name : list_folder(paths.scratch())) {
      const std::string path = paths.scratch() + "/" + name;
      struct stat status {};
      if (::lstat(path.c_str(), &status) != 0 || now_seconds - status.st_mtime < kPatience)
        continue;
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  } catch (const std::exception&) {
    return;
  }
}

}  // namespace trunkgate

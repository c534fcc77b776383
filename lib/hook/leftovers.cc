#include "hook/leftovers.h"

#include <sys/stat.h>

#include <exception>
#include <filesystem>

#include "base/file.h"
#include "hook/handover.h"

namespace trunkgate {
namespace {

constexpr std::int64_t kPatience =
    24 * 3600;  // seconds; no merge takes as long, no signature is remembered longer

void sweep_folder(const std::string& folder, std::int64_t now_seconds) {
  for (const std::string& name : list_folder(folder)) {
    const std::string path = folder + "/" + name;
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0 || now_seconds - status.st_mtime < kPatience) continue;
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
}

}  // namespace

void sweep_leftovers(const GatePaths& paths, std::int64_t now_seconds) noexcept {
  try {
    sweep_handovers(paths.verdicts());
    sweep_folder(paths.scratch(), now_seconds);
    sweep_folder(paths.signatures(), now_seconds);
  } catch (const std::exception&) {
    return;
  }
}

}  // namespace trunkgate

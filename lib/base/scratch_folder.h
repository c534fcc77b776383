// A folder for short-lived files.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/error.h"

namespace trunkgate {

// A new folder that only its owner can enter; it goes away with this object.
class ScratchFolder {
 public:
  // Throws Error(repository).
  explicit ScratchFolder(const std::string& parent, const std::string& name = "scratch") {
    std::string path = parent + "/" + name + "-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) {
      throw Error(ErrorKind::repository, "cannot create a folder below " + parent);
    }
    path_ = path;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace trunkgate

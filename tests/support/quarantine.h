// Objects of a test's repository as receive-pack has them while a push is judged.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "git/repository.h"
#include "support/temporary_repository.h"

namespace trunkgate {

class Quarantine {
 public:
  explicit Quarantine(const TemporaryRepository& repository) : repository_(repository) {
    std::filesystem::create_directories(folder_ + "/pack");
  }

  // Moves loose objects there, as unpack-objects leaves them.
  void push_loose(const std::vector<ObjectId>& ids) const {
    for (const ObjectId& id : ids) {
      std::filesystem::create_directories(folder_ + "/" + id.hex().substr(0, 2));
      std::filesystem::rename(objects_ + loose(id), folder_ + loose(id));
    }
  }
  // Moves them into one pack, as index-pack leaves it; with `keep` they stay in the store, too.
  void push_packed(const std::vector<ObjectId>& ids, bool keep = false) const {
    std::string input;
    for (const ObjectId& id : ids) input += id.hex() + "\n";
    repository_.git({"pack-objects", "-q", folder_ + "/pack/pack"}, input);
    if (keep) return;
    for (const ObjectId& id : ids) std::filesystem::remove(objects_ + loose(id));
  }

  std::unique_ptr<Repository> open() const {
    return std::make_unique<Repository>(
        RepositoryPlace{.git_dir = repository_.path(), .quarantine = folder_, .git_namespace = {}});
  }
  const std::string& folder() const { return folder_; }
  const std::string& objects() const { return objects_; }

  static std::string loose(const ObjectId& id) {
    return "/" + id.hex().substr(0, 2) + "/" + id.hex().substr(2);
  }

 private:
  const TemporaryRepository& repository_;
  std::string objects_ = repository_.path() + "/objects";
  std::string folder_ = objects_ + "/tmp_objdir-incoming-x";
};

}  // namespace trunkgate

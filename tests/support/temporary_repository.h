// A repository for one test, made with the git program and gone afterwards.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "git/object_id.h"
#include "git/repository.h"

namespace trunkgate {

class TemporaryRepository {
 public:
  TemporaryRepository();
  TemporaryRepository(const TemporaryRepository&) = delete;
  TemporaryRepository& operator=(const TemporaryRepository&) = delete;
  ~TemporaryRepository();

  // Runs git in the repository and returns its output without the last line feed. Throws
  // std::runtime_error, with what git said, when it fails.
  std::string git(const std::vector<std::string>& arguments, std::string_view input = {}) const;

  // Stores a file tree; paths may have folders.
  ObjectId tree(const std::map<std::string, std::string>& files) const;
  // Stores a commit without moving any ref. Each call is dated one minute after the one before.
  ObjectId commit(const std::string& message, const std::vector<ObjectId>& parents,
                  const std::map<std::string, std::string>& files = {});
  ObjectId commit_of_tree(const std::string& message, const std::vector<ObjectId>& parents,
                          const ObjectId& tree);
  // Stores the bytes of an object of any type as they are.
  ObjectId raw(const std::string& type, std::string_view bytes) const;
  // Stores an annotated tag of a commit without making a reference.
  ObjectId tag(const std::string& name, const ObjectId& commit, const std::string& message) const;
  void set_ref(const std::string& name, const ObjectId& id) const;

  // A fresh view; what was stored before the call is there.
  std::unique_ptr<Repository> open() const;
  const std::string& path() const { return path_; }
  // A folder beside the repository.
  std::string beside(const std::string& name) const { return folder_ + "/" + name; }

 private:
  // Ids of the contents, stored, in their order.
  std::vector<std::string> blobs(const std::map<std::string, std::string>& files) const;
  ObjectId tree_of_blobs(const std::map<std::string, std::string>& blobs) const;

  std::string folder_;
  std::string path_;
  long date_ = 1'700'000'000;
};

}  // namespace trunkgate

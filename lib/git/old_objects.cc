#include "git/old_objects.h"

#include <git2/sys/odb_backend.h>
#include <unistd.h>

#include <charconv>
#include <utility>

#include "base/file.h"

namespace trunkgate {
namespace {

// From this many questions on, one listing of the object folder saves more than it costs.
constexpr std::size_t kFew = 16;

std::bitset<256> loose_folders(const std::string& objects) {
  std::bitset<256> found;
  for (const std::string& name : list_folder(objects)) {
    if (name.size() != 2) continue;
    unsigned number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + 2, number, 16);
    if (error == std::errc() && end == name.data() + 2) found.set(number);
  }
  return found;
}

git::Handle<git_odb> open_packs(const std::string& objects) {
  auto odb = git::acquire<git_odb>("cannot open the object store", git_odb_new);
  git_odb_backend* packs = nullptr;
  git::check(git_odb_backend_pack(&packs, objects.c_str()), "cannot open the object store");
  if (git_odb_add_backend(odb.get(), packs, 1) < 0) {
    packs->free(packs);
    git::fail("cannot open the object store");
  }
  return odb;
}

}  // namespace

OldObjects::OldObjects(std::string objects)
    : objects_(std::move(objects)), alternates_(exists(objects_ + "/info/alternates")) {
  if (alternates_) {
    store_ = git::acquire<git_odb>("cannot open the object store", git_odb_open, objects_.c_str());
  } else {
    store_ = open_packs(objects_);
  }
}

bool OldObjects::loose(const ObjectId& id) const {
  if (++asked_ == kFew) folders_ = loose_folders(objects_);
  if (asked_ >= kFew && !folders_.test(id.bytes()[0])) return false;
  const std::string hex = id.hex();
  const std::string path = objects_ + "/" + hex.substr(0, 2) + "/" + hex.substr(2);
  return ::access(path.c_str(), F_OK) == 0;
}

bool OldObjects::contain(const ObjectId& id) const {
  if (!alternates_ && loose(id)) return true;
  const git_oid oid = git::to_oid(id);
  // No refresh on a miss: it would look through the pack folder again for each new commit.
  return git_odb_exists_ext(store_.get(), &oid, GIT_ODB_LOOKUP_NO_REFRESH) == 1;
}

}  // namespace trunkgate

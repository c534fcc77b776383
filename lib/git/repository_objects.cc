// Repository: its objects, old ones and pushed ones.
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "git/internals.h"
#include "git/repository.h"

namespace trunkgate {
namespace {

// Where an object's first line is all that is wanted, the rest may be as long as Git takes it.
constexpr std::size_t kMaxPeeledBytes = std::size_t{64} << 20U;

ObjectType type_of(git_object_t type) {
  switch (type) {
    case GIT_OBJECT_COMMIT:
      return ObjectType::commit;
    case GIT_OBJECT_TREE:
      return ObjectType::tree;
    case GIT_OBJECT_BLOB:
      return ObjectType::blob;
    case GIT_OBJECT_TAG:
      return ObjectType::tag;
    default:
      return ObjectType::missing;
  }
}

// An object's bytes with their owner: libgit2 or the reader of the pushed packs.
struct RawObject {
  git::Handle<git_odb_object> handle;
  Bytes pushed;
  std::string_view bytes;
};

std::optional<PushedPlace> find_pushed(const Repository::Internals& internals, const ObjectId& id) {
  return internals.pushed == nullptr ? std::nullopt : internals.pushed->find(id);
}

RawObject read_pushed(const Repository::Internals& internals, const PushedPlace& place,
                      std::size_t limit) {
  Bytes bytes = internals.reader->read(place, limit).bytes;
  const std::string_view view = bytes.view();
  return {nullptr, std::move(bytes), view};
}

ObjectHeader pushed_header(const Repository::Internals& internals, const PushedPlace& place) {
  const auto [type, size] = internals.reader->header(place);
  return {type, size};
}

RawObject read_old(const Repository::Internals& internals, const ObjectId& id) {
  const git_oid oid = git::to_oid(id);
  git_odb_object* object = nullptr;
  // The words are made only when they are needed: most pushes read many old commits.
  if (git_odb_read(&object, internals.all.get(), &oid) < 0) {
    git::fail("cannot read object " + id.brief());
  }
  git::Handle<git_odb_object> handle(object);
  const std::string_view bytes(static_cast<const char*>(git_odb_object_data(object)),
                               git_odb_object_size(object));
  return {std::move(handle), {}, bytes};
}

RawObject read_object(const Repository::Internals& internals, const ObjectId& id,
                      std::size_t limit) {
  const auto place = find_pushed(internals, id);
  return place ? read_pushed(internals, *place, limit) : read_old(internals, id);
}

// Looks for it once: this runs for every commit of a push, twice.
RawObject read_commit(const Repository::Internals& internals, const ObjectId& id) {
  const auto place = find_pushed(internals, id);
  check_commit_header(id, place ? pushed_header(internals, *place) : read_header(internals, id));
  return place ? read_pushed(internals, *place, kMaxCommitBytes) : read_old(internals, id);
}

}  // namespace

ObjectHeader read_header(const Repository::Internals& internals, const ObjectId& id) {
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  const git_oid oid = git::to_oid(id);
  const int code = git_odb_read_header(&size, &type, internals.all.get(), &oid);
  if (code == GIT_ENOTFOUND) return {};
  if (code < 0) git::fail("cannot read object " + id.brief());
  return {type_of(type), size};
}

void check_commit_header(const ObjectId& id, const ObjectHeader& header) {
  if (header.type == ObjectType::missing) throw MissingObject(id);
  if (header.type != ObjectType::commit) {
    throw Error(ErrorKind::repository, "object " + id.brief() + " is " +
                                           std::string(to_string(header.type)) + ", not a commit");
  }
  if (header.size > kMaxCommitBytes) {
    throw BadCommit(id, "is " + std::to_string(header.size) + " bytes long; the limit is " +
                            std::to_string(kMaxCommitBytes));
  }
}

ObjectHeader Repository::header(const ObjectId& id) const {
  if (const auto place = find_pushed(*internals_, id)) {
    return pushed_header(*internals_, *place);
  }
  return read_header(*internals_, id);
}

bool Repository::existed_before(const ObjectId& id) const {
  return internals_->before == nullptr || internals_->before->contain(id);
}

std::optional<PushedPlace> Repository::pushed_place(const ObjectId& id) const {
  return find_pushed(*internals_, id);
}

std::vector<std::size_t> Repository::pushed_counts() const {
  std::vector<std::size_t> counts;
  if (internals_->pushed == nullptr) return counts;
  for (const auto& pack : internals_->pushed->packs()) counts.push_back(pack->count());
  return counts;
}

std::uint64_t Repository::pushed_bytes() const {
  if (internals_->quarantine.empty()) return 0;
  std::uint64_t bytes = 0;
  std::error_code error;
  using Walk = std::filesystem::recursive_directory_iterator;
  for (Walk at(internals_->quarantine, error); !error && at != Walk(); at.increment(error)) {
    std::error_code gone;
    if (!at->is_regular_file(gone) || at->path().extension() == ".idx") continue;
    const auto size = at->file_size(gone);
    if (!gone) bytes += size;
  }
  return bytes;
}

Commit Repository::commit(const ObjectId& id) const {
  Commit commit;
  if (const auto walked = internals_->walked.find(id)) {
    commit = parse_commit(id, *walked);
    internals_->walked.drop(id);
  } else {
    commit = parse_commit(id, read_commit(*internals_, id).bytes);
  }
  if (commit.parents.size() > kMaxParents) {
    throw BadCommit(id, "has " + std::to_string(commit.parents.size()) + " parents; the limit is " +
                            std::to_string(kMaxParents));
  }
  return commit;
}

CommitLinks Repository::links(const ObjectId& id) const {
  const RawObject object = read_commit(*internals_, id);
  internals_->walked.keep(id, object.bytes);
  return parse_links(id, object.bytes);
}

std::string Repository::commit_text(const ObjectId& id) const {
  return std::string(read_commit(*internals_, id).bytes);
}

std::string Repository::tag_text(const ObjectId& id) const {
  const ObjectHeader found = header(id);
  if (found.type == ObjectType::missing) throw MissingObject(id);
  if (found.type != ObjectType::tag) {
    throw Error(ErrorKind::repository, "object " + id.brief() + " is " +
                                           std::string(to_string(found.type)) + ", not a tag");
  }
  if (found.size > kMaxTagBytes) {
    throw BadTag(id, "is " + std::to_string(found.size) + " bytes long; the limit is " +
                         std::to_string(kMaxTagBytes));
  }
  return std::string(read_object(*internals_, id, kMaxTagBytes).bytes);
}

Tag Repository::tag(const ObjectId& id) const { return parse_tag(id, tag_text(id)); }

std::string Repository::blob(const ObjectId& id, std::size_t limit) const {
  const ObjectHeader found = header(id);
  if (found.type != ObjectType::blob || found.size > limit) {
    throw Error(ErrorKind::repository, "object " + id.brief() + " is no blob of at most " +
                                           std::to_string(limit) + " bytes");
  }
  return std::string(read_object(*internals_, id, limit).bytes);
}

Bytes Repository::tree(const ObjectId& id) const { return objects().tree(id); }

ObjectReader& Repository::objects() const {
  if (internals_->objects == nullptr) internals_->objects = std::make_unique<ObjectReader>(*this);
  return *internals_->objects;
}

std::vector<std::string> Repository::tree_names(const ObjectId& tree) const {
  const git_oid oid = git::to_oid(tree);
  const auto handle = git::acquire<git_tree>("cannot read tree " + tree.brief(), git_tree_lookup,
                                             internals_->repository.get(), &oid);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < git_tree_entrycount(handle.get()); ++i) {
    names.emplace_back(git_tree_entry_name(git_tree_entry_byindex(handle.get(), i)));
  }
  return names;
}

Peeled Repository::peel(const ObjectId& id) const {
  static constexpr std::string_view kObject = "object ";
  Peeled result{.type = header(id).type, .id = id, .tags = 0};
  while (result.type == ObjectType::tag && result.tags < kMaxTagDepth) {
    const RawObject object = read_object(*internals_, result.id, kMaxPeeledBytes);
    const std::string_view raw = object.bytes;
    const auto target = raw.starts_with(kObject)
                            ? ObjectId::parse(raw.substr(kObject.size(), ObjectId::kHexSize))
                            : std::nullopt;
    ++result.tags;
    if (!target) {
      result.type = ObjectType::missing;
      return result;
    }
    result.id = *target;
    result.type = header(*target).type;
  }
  return result;
}

}  // namespace trunkgate

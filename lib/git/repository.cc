#include "git/repository.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <mutex>

#include "git/internals.h"
#include "git/ref_name.h"

namespace trunkgate {
namespace {

// Where an object's first line is all that is wanted, the rest may be as long as Git takes it.
constexpr std::size_t kMaxPeeledBytes = std::size_t{64} << 20U;

constexpr std::size_t kMaxWalkedBytes = std::size_t{16} << 20U;

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
  return real == nullptr ? std::string() : std::string(real.get());
}

// The quarantine is a folder of the repository's own object store; anything else is a forged
// variable (Git leaves GIT_QUARANTINE_PATH of the caller alone when a push brings no objects).
std::string checked_quarantine(const std::string& quarantine, const std::string& objects) {
  std::string real = real_path(quarantine);
  const auto slash = real.rfind('/');
  if (slash == std::string::npos || real.substr(0, slash) != real_path(objects)) {
    throw Error(ErrorKind::repository, "GIT_QUARANTINE_PATH names a folder outside the repository");
  }
  return real;
}

[[noreturn]] void cannot_open(const std::string& path) {
  const std::string words = git::last_error();
  if (words.find("objectformat") != std::string::npos) {
    throw Error(ErrorKind::repository,
                "the repository uses SHA-256 object ids, which this build "
                "cannot read (libgit2 1.5 knows SHA-1 only)");
  }
  if (words.find("extension") != std::string::npos) {
    throw Error(ErrorKind::repository,
                "the repository's format is not supported by this build: " + words);
  }
  throw Error(ErrorKind::repository, "cannot open the repository " + path + ": " + words);
}

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

std::optional<PushedPacks::Place> find_pushed(const Repository::Internals& internals,
                                              const ObjectId& id) {
  return internals.pushed == nullptr ? std::nullopt : internals.pushed->find(id);
}

RawObject read_object(const Repository::Internals& internals, const ObjectId& id,
                      std::size_t limit) {
  if (const auto place = find_pushed(internals, id)) {
    Bytes bytes = internals.reader->read(*place, limit).bytes;
    const std::string_view view = bytes.view();
    return {nullptr, std::move(bytes), view};
  }
  const git_oid oid = git::to_oid(id);
  git_odb_object* object = nullptr;
  // The words are made only when they are needed: this runs for every commit of a push.
  if (git_odb_read(&object, internals.all.get(), &oid) < 0) {
    git::fail("cannot read object " + id.brief());
  }
  git::Handle<git_odb_object> handle(object);
  const std::string_view bytes(static_cast<const char*>(git_odb_object_data(object)),
                               git_odb_object_size(object));
  return {std::move(handle), {}, bytes};
}

RawObject read_commit(const Repository& repository, const ObjectId& id) {
  check_commit_header(id, repository.header(id));
  return read_object(repository.internals(), id, kMaxCommitBytes);
}

}  // namespace

void git::start_libgit2() {
  static std::once_flag once;
  std::call_once(once, [] {
    git::check(git_libgit2_init(), "cannot start libgit2");
    // receive-pack has checked who owns the repository, and libgit2 1.5 knows no safe.directory=*.
    git::check(git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0), "libgit2 option");
    // Configuration of the pusher's account or of the system must not change a verdict.
    for (const int level : {GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_SYSTEM,
                            GIT_CONFIG_LEVEL_PROGRAMDATA}) {
      git::check(git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, ""), "libgit2 option");
    }
    // Without a limit on open packs a repository with more packs than descriptors reads as empty.
    git::check(git_libgit2_opts(GIT_OPT_SET_MWINDOW_FILE_LIMIT, std::size_t{64}), "libgit2 option");
    git::check(git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, std::size_t{32} << 20U),
               "libgit2 option");
    git::check(git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, std::size_t{512} << 20U),
               "libgit2 option");
    git::check(git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, static_cast<ssize_t>(64 << 20)),
               "libgit2 option");
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
      files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
      setrlimit(RLIMIT_NOFILE, &files);
    }
  });
}

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

Repository::Repository(const RepositoryPlace& place) : internals_(std::make_unique<Internals>()) {
  git::start_libgit2();
  Internals& in = *internals_;
  in.path = real_path(place.git_dir);
  if (in.path.empty()) {
    throw Error(ErrorKind::repository, "there is no repository at " + place.git_dir);
  }
  git_repository* raw = nullptr;
  if (git_repository_open_ext(&raw, in.path.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr) < 0) {
    cannot_open(in.path);
  }
  in.repository.reset(raw);
  std::string git_dir = git_repository_path(raw);
  while (git_dir.size() > 1 && git_dir.back() == '/') git_dir.pop_back();
  in.path = git_dir;
  in.prefix = namespace_prefix(place.git_namespace);
  git_config* config = nullptr;
  git::check(git_repository_config_snapshot(&config, raw),
             "cannot read the repository's configuration");
  in.config.reset(config);
  in.all = git::acquire<git_odb>("cannot open the object store", git_repository_odb, raw);
  if (!place.quarantine.empty()) {
    const std::string objects = in.path + "/objects";
    in.quarantine = checked_quarantine(place.quarantine, objects);
    in.before = std::make_unique<OldObjects>(objects);
    // Added by hand instead of through the environment: Git quotes a path with ':' there, and
    // libgit2 does not understand the quotes.
    git::check(git_odb_add_disk_alternate(in.all.get(), in.quarantine.c_str()),
               "cannot read the pushed objects");
    in.pushed = std::make_unique<PushedPacks>(in.quarantine);
    in.reader = std::make_unique<PushedReader>(*in.pushed);
  }
}

Repository::~Repository() = default;

const std::string& Repository::path() const { return internals_->path; }

const std::string& Repository::quarantine() const { return internals_->quarantine; }

bool Repository::shallow() const {
  return git_repository_is_shallow(internals_->repository.get()) == 1;
}

bool Repository::bare() const { return git_repository_is_bare(internals_->repository.get()) == 1; }

std::optional<std::string> Repository::config(const std::string& key) const {
  const char* value = nullptr;
  const int code = git_config_get_string(&value, internals_->config.get(), key.c_str());
  if (code == GIT_ENOTFOUND) return std::nullopt;
  git::check(code, "cannot read " + key);
  return std::string(value);
}

std::vector<std::string> Repository::config_all(const std::string& key) const {
  std::vector<std::string> values;
  git_config_iterator* raw = nullptr;
  git::check(git_config_multivar_iterator_new(&raw, internals_->config.get(), key.c_str(), nullptr),
             "cannot read " + key);
  const std::unique_ptr<git_config_iterator, void (*)(git_config_iterator*)> iterator(
      raw, git_config_iterator_free);
  git_config_entry* entry = nullptr;
  int code = 0;
  while ((code = git_config_next(&entry, raw)) == 0) {
    values.emplace_back(entry->value == nullptr ? "" : entry->value);
  }
  if (code != GIT_ITEROVER) git::fail("cannot read " + key);
  return values;
}

Sharing Repository::sharing() const {
  const std::string value = config("core.sharedrepository").value_or("umask");
  if (value == "umask" || value == "false" || value == "0") return {};
  if (value == "group" || value == "true" || value == "1") return {.extra = 0060};
  if (value == "all" || value == "world" || value == "everybody" || value == "2") {
    return {.extra = 0064};
  }
  char* end = nullptr;
  const unsigned long mode = std::strtoul(value.c_str(), &end, 8);
  if (end == value.c_str() || *end != '\0' || mode > 0777) return {};
  return {.extra = static_cast<unsigned>(mode) & 0066U};
}

std::string Repository::full_name(std::string_view name) const {
  return internals_->prefix + std::string(name);
}

RefValue Repository::ref(const std::string& name) const {
  RefValue value;
  git_reference* raw = nullptr;
  const int code =
      git_reference_lookup(&raw, internals_->repository.get(), full_name(name).c_str());
  if (code == GIT_ENOTFOUND) return value;
  git::check(code, "cannot read a reference");
  const git::Handle<git_reference> reference(raw);
  if (git_reference_type(raw) == GIT_REFERENCE_SYMBOLIC) {
    value.kind = RefValue::Kind::symbolic;
    value.target = git_reference_symbolic_target(raw);
    return value;
  }
  value.kind = RefValue::Kind::direct;
  value.id = git::from_oid(*git_reference_target(raw));
  return value;
}

std::optional<std::string> Repository::resolve_name(const std::string& name) const {
  std::string at = name;
  for (int steps = 0; steps <= 5; ++steps) {
    const RefValue value = ref(at);
    if (value.kind != RefValue::Kind::symbolic) return at;
    at = value.target;
    if (at.starts_with(internals_->prefix)) at.erase(0, internals_->prefix.size());
  }
  return std::nullopt;
}

std::vector<Ref> Repository::refs(std::string_view prefix) const {
  std::vector<Ref> result;
  const std::string start = full_name(prefix);
  const auto iterator = git::acquire<git_reference_iterator>(
      "cannot list the references", git_reference_iterator_new, internals_->repository.get());
  while (true) {
    git_reference* raw = nullptr;
    const int code = git_reference_next(&raw, iterator.get());
    if (code == GIT_ITEROVER) break;
    git::check(code, "cannot list the references");
    const git::Handle<git_reference> reference(raw);
    const std::string_view name = git_reference_name(raw);
    if (!name.starts_with(start) || git_reference_type(raw) != GIT_REFERENCE_DIRECT) continue;
    Ref ref;
    ref.name = name.substr(internals_->prefix.size());
    ref.id = git::from_oid(*git_reference_target(raw));
    if (const git_oid* peeled = git_reference_target_peel(raw); peeled != nullptr) {
      ref.peeled = git::from_oid(*peeled);
    }
    result.push_back(std::move(ref));
  }
  std::sort(result.begin(), result.end(),
            [](const Ref& a, const Ref& b) { return a.name < b.name; });
  return result;
}

std::string Repository::head() const {
  RefValue head = ref("HEAD");
  if (head.kind != RefValue::Kind::symbolic) return {};
  const std::string& prefix = internals_->prefix;
  if (!head.target.starts_with(prefix)) return {};
  return head.target.substr(prefix.size());
}

ObjectHeader Repository::header(const ObjectId& id) const {
  if (const auto place = find_pushed(*internals_, id)) {
    const auto [type, size] = internals_->reader->header(*place);
    return {type, size};
  }
  return read_header(*internals_, id);
}

bool Repository::existed_before(const ObjectId& id) const {
  return internals_->before == nullptr || internals_->before->contain(id);
}

std::optional<PushedPlace> Repository::pushed_place(const ObjectId& id) const {
  if (internals_->pushed == nullptr) return std::nullopt;
  const auto& packs = internals_->pushed->packs();
  for (std::size_t pack = 0; pack < packs.size(); ++pack) {
    if (const auto number = packs[pack]->number(id)) {
      return PushedPlace{pack, *number, packs[pack]->offset(*number)};
    }
  }
  return std::nullopt;
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
  if (const auto walked = internals_->walked.find(id); walked != internals_->walked.end()) {
    commit = parse_commit(id, walked->second);
    internals_->walked_bytes -= walked->second.size();
    internals_->walked.erase(walked);
  } else {
    commit = parse_commit(id, read_commit(*this, id).bytes);
  }
  if (commit.parents.size() > kMaxParents) {
    throw BadCommit(id, "has " + std::to_string(commit.parents.size()) + " parents; the limit is " +
                            std::to_string(kMaxParents));
  }
  return commit;
}

CommitLinks Repository::links(const ObjectId& id) const {
  const RawObject object = read_commit(*this, id);
  if (internals_->walked_bytes + object.bytes.size() <= kMaxWalkedBytes &&
      internals_->walked.try_emplace(id, object.bytes).second) {
    internals_->walked_bytes += object.bytes.size();
  }
  return parse_links(id, object.bytes);
}

std::string Repository::commit_text(const ObjectId& id) const {
  return std::string(read_commit(*this, id).bytes);
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

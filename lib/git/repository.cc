#include "git/repository.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "base/real_path.h"
#include "git/internals.h"
#include "git/ref_name.h"

namespace trunkgate {
namespace {

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

}  // namespace trunkgate

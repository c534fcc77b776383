#include "rules/push/command_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>

#include "base/text.h"
#include "git/tree.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxFiles = 20'000;
constexpr std::size_t kMaxBytes = std::size_t{256} << 20U;
// Of all names on one command line; Linux takes 2 MiB with the environment and 8 bytes a name.
constexpr std::size_t kMaxLineBytes = std::size_t{256} << 10U;
constexpr std::size_t kNameOverhead = 16;

// Finds files in one commit; keeps the folders it has read.
class TreeLookup {
 public:
  TreeLookup(const Repository& repository, const ObjectId& root)
      : repository_(repository), root_(root) {}

  // The plain file at a path, or nothing.
  std::optional<ObjectId> find(std::string_view path) {
    ObjectId at = root_;
    while (true) {
      const auto slash = path.find('/');
      const auto entry = entry_of(at, path.substr(0, slash));
      if (!entry) return std::nullopt;
      if (slash == std::string_view::npos) {
        if ((entry->mode & 0170000U) != 0100000U) return std::nullopt;
        return entry->id;
      }
      if (!entry->folder()) return std::nullopt;
      at = entry->id;
      path.remove_prefix(slash + 1);
    }
  }

 private:
  std::optional<TreeEntry> entry_of(const ObjectId& tree, std::string_view name) {
    auto known = trees_.find(tree);
    if (known == trees_.end()) known = trees_.emplace(tree, repository_.tree(tree)).first;
    TreeReader reader(known->second.view());
    TreeEntry entry;
    while (reader.next(entry)) {
      if (entry.name == name) return entry;
    }
    return std::nullopt;
  }

  const Repository& repository_;
  ObjectId root_;
  std::unordered_map<ObjectId, Bytes, ObjectIdHash> trees_;
};

// Trees that no Git writes are refused beside the rules, so they can be here.
bool leaves_folder(std::string_view path) {
  const std::vector<std::string_view> parts = split(path, '/');
  return path.find('\0') != std::string_view::npos ||
         std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
           return part.empty() || part == "." || part == "..";
         });
}

// 0, or errno.
int write_one(const std::string& folder, const std::string& path, std::string_view bytes) {
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string parent = folder + "/" + path.substr(0, slash);
    if (::mkdir(parent.c_str(), 0700) != 0 && errno != EEXIST) return errno;
  }
  const std::string full = folder + "/" + path;
  const int file = ::open(full.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return errno;
  int error = 0;
  while (!bytes.empty() && error == 0) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  ::close(file);
  return error;
}

}  // namespace

WrittenFiles write_changed_files(const Push& push, const PushPart& part, const PathSet& files,
                                 ChangeWalk& walk, const std::string& folder) {
  static constexpr const char* kTooMany = "was not asked: the push is too large to be handed out";
  WrittenFiles written;
  std::set<std::string> paths;
  for (const ObjectId& id : part.commits) {
    walk.visit(push.repository.commit(id), [&](const ChangedFile& file) {
      if (file.plain() && paths.size() <= kMaxFiles && files.matches(file.path)) {
        paths.insert(file.path);
      }
    });
  }
  if (paths.empty()) return written;
  if (paths.size() > kMaxFiles) return {{}, kTooMany};
  TreeLookup tip(push.repository, push.repository.commit(part.ref->new_commit).tree);
  std::size_t left = kMaxBytes;
  for (const std::string& path : paths) {
    if (leaves_folder(path)) return {{}, "was not asked: a path leaves the repository"};
    const auto id = tip.find(path);
    if (!id) continue;
    const std::uint64_t size = push.repository.objects().header(*id).size;
    if (size > left) return {{}, kTooMany};
    left -= size;
    const Bytes bytes = push.repository.objects().blob(*id, kMaxBytes);
    if (const int error = write_one(folder, path, bytes.view()); error != 0) {
      return {{},
              "was not asked: '" + printable(path, 80) +
                  "' cannot be written out: " + std::string(::strerror(error))};
    }
    written.names.push_back("./" + path);
  }
  return written;
}

std::vector<std::vector<std::string>> command_lines(const std::vector<std::string>& names) {
  std::vector<std::vector<std::string>> lines;
  std::size_t bytes = kMaxLineBytes + 1;
  for (const std::string& name : names) {
    bytes += name.size() + kNameOverhead;
    if (bytes > kMaxLineBytes) {
      lines.emplace_back();
      bytes = name.size() + kNameOverhead;
    }
    lines.back().push_back(name);
  }
  return lines;
}

}  // namespace trunkgate

#include "git/ref_listing.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/file.h"

namespace trunkgate {
namespace {

constexpr int kMaxDepth = 64;

// A file in memory for reading; git replaces packed-refs as a whole, so it does not change.
class MappedFile {
 public:
  explicit MappedFile(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
      if (errno == ENOENT) return;
      fail(path, std::strerror(errno));
    }
    struct stat status {};
    const bool regular = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    if (regular && status.st_size > 0) {
      size_ = static_cast<std::size_t>(status.st_size);
      address_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor, 0);
    }
    ::close(descriptor);
    if (!regular) fail(path, "it is no regular file");
    if (address_ == MAP_FAILED) fail(path, std::strerror(errno));
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile() {
    if (address_ != nullptr && address_ != MAP_FAILED) ::munmap(address_, size_);
  }

  std::string_view text() const { return {static_cast<const char*>(address_), size_}; }

 private:
  [[noreturn]] static void fail(const std::string& path, const std::string& why) {
    throw Error(ErrorKind::repository, "cannot read " + path + ": " + why);
  }
  void* address_ = nullptr;
  std::size_t size_ = 0;
};

bool wanted(std::string_view name, std::string_view prefix, std::string_view without) {
  return name.starts_with(prefix) && (without.empty() || !name.starts_with(without));
}

// Walks a folder of loose references.
class LooseRefs {
 public:
  LooseRefs(const std::string& git_dir, std::string_view prefix, std::string_view without)
      : git_dir_(git_dir), prefix_(prefix), without_(without) {}

  // `folder`: "refs/heads/", with a slash at its end.
  void walk(const std::string& folder, int depth = 0) {
    if (depth > kMaxDepth) return;
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir((git_dir_ + "/" + folder).c_str()),
                                                   ::closedir);
    if (open == nullptr) {
      // A folder that went away is empty; one that nobody can look into may hold a veto.
      if (errno == ENOENT || errno == ENOTDIR) return;
      throw Error(ErrorKind::repository,
                  "cannot read " + git_dir_ + "/" + folder + ": " + std::strerror(errno));
    }
    while (const dirent* entry = ::readdir(open.get())) {
      const std::string_view base = entry->d_name;
      if (base.starts_with('.') || base.ends_with(".lock")) continue;
      const std::string name = folder + std::string(base);
      if (is_folder(name, entry->d_type)) {
        const std::string below = name + "/";
        const bool on_the_way = prefix_.starts_with(below) || below.starts_with(prefix_);
        if (on_the_way && (without_.empty() || !below.starts_with(without_))) {
          walk(below, depth + 1);
        }
      } else if (wanted(name, prefix_, without_)) {
        read(name, entry->d_type);
      }
    }
  }

  std::vector<Ref> refs;
  std::set<std::string, std::less<>> names;  // everything that has a loose file

 private:
  bool is_folder(const std::string& name, unsigned char type) const {
    if (type != DT_UNKNOWN) return type == DT_DIR;
    struct stat status {};
    return ::lstat((git_dir_ + "/" + name).c_str(), &status) == 0 && S_ISDIR(status.st_mode);
  }

  void read(const std::string& name, unsigned char type) {
    if (type == DT_LNK) {  // a symbolic reference as Git made them long ago
      names.insert(name);
      return;
    }
    const FileText file = read_file(git_dir_ + "/" + name, 4096);
    if (file.state == FileState::missing) return;  // packed by now
    if (file.state == FileState::unreadable) {
      throw Error(ErrorKind::repository,
                  "cannot read " + git_dir_ + "/" + name + ": " + file.reason);
    }
    names.insert(name);
    const std::string_view text = file.text;
    const auto id = ObjectId::parse(text.substr(0, ObjectId::kHexSize));
    const std::string_view rest = text.substr(std::min(ObjectId::kHexSize, text.size()));
    if (!id || (!rest.empty() && rest[0] != '\n' && rest[0] != ' ')) return;
    Ref ref;
    ref.name = name;
    ref.id = *id;
    refs.push_back(std::move(ref));
  }

  const std::string& git_dir_;
  std::string_view prefix_;
  std::string_view without_;
};

// "ID NAME" and "^ID" lines (git-pack-refs(1)).
struct PackedLine {
  std::string_view name;  // empty: no reference
  std::string_view id;
  std::string_view rest;  // what follows the line
};

PackedLine read_line(std::string_view text) {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  PackedLine out;
  out.rest = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  if (line.size() > ObjectId::kHexSize + 1 && line[ObjectId::kHexSize] == ' ') {
    out.id = line.substr(0, ObjectId::kHexSize);
    out.name = line.substr(ObjectId::kHexSize + 1);
    if (out.name.ends_with('\r')) out.name = {};
  } else if (line.starts_with('^')) {
    out.id = line.substr(1);
  }
  return out;
}

bool is_sorted(std::string_view text) {
  const std::string_view header = text.substr(0, text.find('\n'));
  return header.starts_with("# pack-refs with:") &&
         header.find(" sorted") != std::string_view::npos;
}

// The first line of a sorted file whose name is not below `name`.
std::string_view from_name(std::string_view text, std::string_view name) {
  std::size_t low = 0;
  std::size_t high = text.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    // The start of the line that the middle is in, past lines that name nothing.
    const auto before = text.substr(0, middle).rfind('\n');
    std::size_t start = before == std::string_view::npos ? 0 : before + 1;
    start = std::max(start, low);
    PackedLine line = read_line(text.substr(start, high - start));
    std::size_t next = high - line.rest.size();
    while (line.name.empty() && next < high) {
      line = read_line(text.substr(next, high - next));
      next = high - line.rest.size();
    }
    if (line.name.empty() || line.name >= name) {
      high = start;
    } else {
      low = next;
    }
  }
  return text.substr(low);
}

class PackedRefs {
 public:
  PackedRefs(std::string_view text, std::string_view prefix, std::string_view without)
      : text_(text), prefix_(prefix), without_(without), sorted_(is_sorted(text)) {}

  void read(const std::set<std::string, std::less<>>& hidden, std::vector<Ref>& refs) {
    std::string_view rest = sorted_ ? from_name(text_, prefix_) : text_;
    bool last_taken = false;
    while (!rest.empty()) {
      const PackedLine line = read_line(rest);
      rest = line.rest;
      if (line.name.empty()) {
        if (last_taken && !line.id.empty()) refs.back().peeled = ObjectId::parse(line.id);
        continue;
      }
      last_taken = false;
      if (sorted_ && !line.name.starts_with(prefix_)) break;
      if (sorted_ && !without_.empty() && line.name.starts_with(without_)) {
        rest = from_name(rest, past(without_));
        continue;
      }
      if (!wanted(line.name, prefix_, without_) || hidden.contains(line.name)) continue;
      const auto id = ObjectId::parse(line.id);
      if (!id) continue;
      Ref ref;
      ref.name = line.name;
      ref.id = *id;
      refs.push_back(std::move(ref));
      last_taken = true;
    }
  }

 private:
  // The first name after all that begin with `prefix`.
  static std::string past(std::string_view prefix) {
    std::string name(prefix);
    ++name.back();
    return name;
  }

  std::string_view text_;
  std::string_view prefix_;
  std::string_view without_;
  bool sorted_;
};

}  // namespace

std::vector<Ref> list_ref_files(const std::string& git_dir, std::string_view prefix,
                                std::string_view without) {
  LooseRefs loose(git_dir, prefix, without);
  // The deepest folder that all of them are in. Loose ones first: what is packed meanwhile is then
  // seen in one of both places.
  const auto slash = prefix.rfind('/');
  loose.walk(slash == std::string_view::npos ? "refs/" : std::string(prefix.substr(0, slash + 1)));
  std::vector<Ref> refs = std::move(loose.refs);
  const MappedFile packed(git_dir + "/packed-refs");
  PackedRefs(packed.text(), prefix, without).read(loose.names, refs);
  std::sort(refs.begin(), refs.end(), [](const Ref& a, const Ref& b) { return a.name < b.name; });
  return refs;
}

}  // namespace trunkgate

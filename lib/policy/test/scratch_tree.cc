#include "policy/test/scratch_tree.h"

#include <vector>

#include "base/text.h"
#include "git/tree.h"

namespace trunkgate {
namespace {

constexpr unsigned kPlainMode = 0100644;
constexpr unsigned kExecutableMode = 0100755;
constexpr std::size_t kShown = 60;

unsigned mode_of(TestFileChange::Kind kind) {
  switch (kind) {
    case TestFileChange::Kind::executable:
      return kExecutableMode;
    case TestFileChange::Kind::symlink:
      return kSymlinkMode;
    case TestFileChange::Kind::submodule:
      return kSubmoduleMode;
    case TestFileChange::Kind::plain:
    case TestFileChange::Kind::removed:
      break;
  }
  return kPlainMode;
}

std::string padded(const TestContent& content) {
  if (content.size <= content.bytes.size()) return content.bytes;
  std::string bytes;
  bytes.reserve(content.size);
  while (bytes.size() + content.bytes.size() <= content.size) bytes += content.bytes;
  return bytes.append(content.bytes, 0, content.size - bytes.size());
}

// "src/f7.py" for the seventh "src/f.py".
std::string copy_path(const std::string& path, std::size_t number) {
  if (number == 1) return path;
  const auto slash = path.rfind('/');
  const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
  auto dot = path.rfind('.');
  if (dot == std::string::npos || dot <= name) dot = path.size();
  return path.substr(0, dot) + std::to_string(number) + path.substr(dot);
}

void check_room(const ScratchFiles& files, const std::string& path, const Location& where) {
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    if (files.contains(path.substr(0, slash))) {
      mistake_at(where, "'" + printable(path.substr(0, slash), kShown) +
                            "' is a file by then; nothing can stand below it");
    }
  }
  const auto below = files.lower_bound(path + "/");
  if (below != files.end() && below->first.starts_with(path + "/")) {
    mistake_at(where, "'" + printable(path, kShown) + "' is a folder by then");
  }
}

using Iterator = ScratchFiles::const_iterator;

// As Git writes it: octal digits.
std::string octal(unsigned mode) {
  std::string digits;
  for (; mode != 0; mode >>= 3U)
    digits.insert(digits.begin(), static_cast<char>('0' + (mode & 7U)));
  return digits;
}

// The files from `at` on whose paths start with `prefix`; `at` ends behind them. Paths in the order
// of their bytes come in the order of Git's trees, which compares a folder's name with its slash.
ObjectId store_folder(Iterator& at, const Iterator& end, const std::string& prefix,
                      const StoreObject& store) {
  std::string bytes;
  while (at != end && at->first.starts_with(prefix)) {
    const std::string rest = at->first.substr(prefix.size());
    const auto slash = rest.find('/');
    ScratchFile entry = at->second;
    if (slash == std::string::npos) {
      ++at;
    } else {
      entry.mode = kFolderMode;
      entry.id = store_folder(at, end, prefix + rest.substr(0, slash + 1), store);
    }
    bytes += octal(entry.mode) + ' ' + rest.substr(0, slash) + '\0';
    bytes.append(reinterpret_cast<const char*>(entry.id.bytes()), ObjectId::kSize);
  }
  return store(ObjectType::tree, bytes);
}

void add_folder(const Repository& repository, const ObjectId& tree, const std::string& prefix,
                ScratchFiles& files) {
  const Bytes bytes = repository.tree(tree);
  TreeReader reader(bytes.view());
  TreeEntry entry;
  while (reader.next(entry)) {
    const std::string path = prefix + std::string(entry.name);
    if (entry.folder()) {
      add_folder(repository, entry.id, path + "/", files);
    } else {
      files[path] = {entry.mode, entry.id};
    }
  }
}

}  // namespace

void mistake_at(const Location& where, const std::string& message) {
  Diagnostics diagnostics;
  diagnostics.error(where, message);
  throw ConfigError(std::move(diagnostics));
}

void apply_change(const TestFileChange& change, const StoreObject& store, ScratchFiles& files) {
  ScratchFile file{mode_of(change.kind), {}};
  if (change.kind == TestFileChange::Kind::submodule) {
    file.id = ObjectId::parse(change.content.bytes).value_or(ObjectId());
  } else if (change.kind != TestFileChange::Kind::removed) {
    file.id = store(ObjectType::blob, padded(change.content));
  }
  for (std::size_t number = 1; number <= change.copies; ++number) {
    const std::string path = copy_path(change.path, number);
    if (change.kind == TestFileChange::Kind::removed) {
      if (files.erase(path) == 0) {
        mistake_at(change.where, "there is no '" + printable(path, kShown) + "' to delete");
      }
      continue;
    }
    check_room(files, path, change.where);
    files[path] = file;
  }
}

ObjectId store_trees(const ScratchFiles& files, const StoreObject& store) {
  Iterator at = files.begin();
  return store_folder(at, files.end(), "", store);
}

ScratchFiles files_of_tree(const Repository& repository, const ObjectId& tree) {
  ScratchFiles files;
  add_folder(repository, tree, "", files);
  return files;
}

}  // namespace trunkgate

#include "push/pushed_file.h"

#include <algorithm>

#include "git/line_diff.h"

namespace trunkgate {
namespace {

constexpr std::size_t kBinaryLook = 8000;

// Without asking for the size first: that would inflate a delta twice.
Bytes read(ObjectReader& reader, const ObjectId& id) {
  try {
    return reader.blob(id, kMaxFileBytes);
  } catch (const ObjectTooLarge&) {
    throw FileTooLarge(reader.header(id).size);
  }
}

}  // namespace

FileTooLarge::FileTooLarge(std::uint64_t size)
    : Error(ErrorKind::repository,
            "the file has " + std::to_string(size >> 20U) + " MiB, and only files of at most " +
                std::to_string(kMaxFileBytes >> 20U) + " MiB can be looked into") {}

PathSet::What kind_of_path(const ChangedFile& file) {
  const unsigned mode = file.deleted() ? file.before_mode : file.mode;
  return (mode & 0170000U) == kSubmoduleMode ? PathSet::What::folder : PathSet::What::file;
}

std::string_view PushedFile::name() const {
  const std::string_view path = change_.path;
  return path.substr(path.rfind('/') + 1);
}

std::uint64_t PushedFile::size() const {
  if (change_.deleted() || change_.submodule()) return 0;
  if (content_) return content_->size();
  if (!size_) {
    const ObjectHeader header = reader_.header(change_.id);
    if (header.type == ObjectType::missing) throw MissingObject(change_.id);
    size_ = header.size;
  }
  return *size_;
}

std::string_view PushedFile::content() const {
  if (change_.deleted() || change_.submodule()) return {};
  if (!content_) content_ = read(reader_, change_.id);
  return content_->view();
}

std::string_view PushedFile::before() const {
  if (change_.added() || (change_.before_mode & 0170000U) == kSubmoduleMode) return {};
  if (!before_) before_ = read(reader_, change_.before);
  return before_->view();
}

bool PushedFile::binary() const {
  if (!binary_) {
    binary_ = content().substr(0, kBinaryLook).find('\0') != std::string_view::npos;
  }
  return *binary_;
}

const std::vector<std::string_view>& PushedFile::added_lines() const {
  if (!added_) added_ = trunkgate::added_lines(before(), content());
  return *added_;
}

std::string_view PushedFile::added_part() const {
  const std::vector<std::string_view>& lines = added_lines();
  if (lines.empty()) return {};
  const char* const begin = lines.front().data();
  return {begin, static_cast<std::size_t>(lines.back().data() + lines.back().size() - begin)};
}

std::string_view PushedFile::added_text() const {
  const std::vector<std::string_view>& lines = added_lines();
  if (lines.empty()) return {};
  const std::string_view part = added_part();
  std::size_t size = lines.size() - 1;
  for (const std::string_view line : lines) size += line.size();
  if (size == part.size()) return part;
  if (added_text_.empty()) {
    added_text_.reserve(size);
    for (const std::string_view line : lines) added_text_.append(line).push_back('\n');
    added_text_.pop_back();
  }
  return added_text_;
}

std::size_t PushedFile::line_number(std::string_view place) const {
  return 1 + static_cast<std::size_t>(std::count(content().data(), place.data(), '\n'));
}

}  // namespace trunkgate

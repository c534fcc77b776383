#include "push/pushed_file.h"

#include <algorithm>

#include "base/text.h"
#include "git/diff.h"
#include "git/line_diff.h"
#include "push/message_encoding.h"

namespace trunkgate {
namespace {

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
            "the file cannot be looked into: it has " + size_above(size, kMaxFileBytes)) {}

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
  if (!before_) {
    // Nobody can do anything about the size of what is there already.
    const bool large = reader_.header(change_.before).size > kMaxFileBytes;
    before_ = large ? Bytes() : read(reader_, change_.before);
  }
  return before_->view();
}

bool PushedFile::binary() const {
  if (!binary_) {
    binary_ = is_binary(content());
  }
  return *binary_;
}

bool PushedFile::opaque() const {
  if (!binary()) return false;
  const std::string_view start = content().substr(0, kBinaryLook);
  const auto odd = std::count_if(start.begin(), start.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\x1b';
  });
  return static_cast<std::size_t>(odd) * 10 >= start.size();
}

std::unique_ptr<PushedFile> PushedFile::decoded() const {
  const auto is_utf16 = [](std::string_view bytes) {
    return bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff");
  };
  if (!is_utf16(content())) return nullptr;
  const auto utf8 = [&](std::string_view bytes) {
    return Bytes::copy_of(is_utf16(bytes) ? decode_message(bytes, "UTF-16").text
                                          : std::string(bytes));
  };
  auto file = std::make_unique<PushedFile>(reader_, change_, commit_);
  file->content_ = utf8(content());
  file->before_ = utf8(before());
  return file;
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

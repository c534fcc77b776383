#include "push/pushed_file.h"

#include <unordered_map>

#include "git/diff.h"

namespace trunkgate {
namespace {

constexpr std::size_t kBinaryLook = 8000;
// Larger texts are compared as sets of lines: a line counts as added when there are more of it than
// before, wherever it stands.
constexpr std::size_t kMaxDiffBytes = std::size_t{1} << 20U;

std::vector<PushedFile::Line> lines_of(std::string_view text) {
  std::vector<PushedFile::Line> lines;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    lines.push_back({number, text.substr(0, end)});
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string read(const Repository& repository, const ObjectId& id) {
  const ObjectHeader header = repository.header(id);
  if (header.type == ObjectType::missing) throw MissingObject(id);
  if (header.size > kMaxFileBytes) throw FileTooLarge(header.size);
  return repository.blob(id, kMaxFileBytes);
}

}  // namespace

FileTooLarge::FileTooLarge(std::uint64_t size)
    : Error(ErrorKind::repository,
            "the file has " + std::to_string(size >> 20U) + " MiB, and only files of at most " +
                std::to_string(kMaxFileBytes >> 20U) + " MiB can be looked into") {}

std::string_view PushedFile::name() const {
  const std::string_view path = change_.path;
  return path.substr(path.rfind('/') + 1);
}

std::uint64_t PushedFile::size() const {
  if (change_.deleted() || change_.submodule()) return 0;
  if (!size_) {
    const ObjectHeader header = repository_.header(change_.id);
    if (header.type == ObjectType::missing) throw MissingObject(change_.id);
    size_ = header.size;
  }
  return *size_;
}

std::string_view PushedFile::content() const {
  if (change_.deleted() || change_.submodule()) return {};
  if (!content_) content_ = read(repository_, change_.id);
  return *content_;
}

std::string_view PushedFile::before() const {
  if (change_.added() || (change_.before_mode & 0170000U) == kSubmoduleMode) return {};
  if (!before_) before_ = read(repository_, change_.before);
  return *before_;
}

bool PushedFile::binary() const {
  return content().substr(0, kBinaryLook).find('\0') != std::string_view::npos;
}

std::vector<PushedFile::Line> PushedFile::added_lines() const {
  std::vector<Line> lines = lines_of(content());
  const std::string_view old = before();
  if (old.empty()) return lines;
  if (content().size() <= kMaxDiffBytes && old.size() <= kMaxDiffBytes) {
    std::vector<Line> added;
    for (const std::size_t number : added_line_numbers(old, content())) {
      if (number >= 1 && number <= lines.size()) added.push_back(lines[number - 1]);
    }
    return added;
  }
  std::unordered_map<std::string_view, std::size_t> had;
  for (const Line& line : lines_of(old)) ++had[line.text];
  std::erase_if(lines, [&](const Line& line) {
    const auto found = had.find(line.text);
    if (found == had.end() || found->second == 0) return false;
    --found->second;
    return true;
  });
  return lines;
}

}  // namespace trunkgate

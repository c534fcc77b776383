#include "git/ref_files.h"

#include <cstddef>
#include <string_view>

#include "base/file.h"
#include "git/object_id.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxPackedRefsBytes = std::size_t{1} << 30U;

}  // namespace

std::string read_ref_file(const std::string& git_dir, const std::string& name) {
  const FileText loose = read_file(git_dir + "/" + name, 4096);
  if (loose.state == FileState::present) {
    const std::string_view id = std::string_view(loose.text).substr(0, ObjectId::kHexSize);
    return ObjectId::parse(id) ? std::string(id) : std::string();
  }
  const FileText packed = read_file(git_dir + "/packed-refs", kMaxPackedRefsBytes);
  // "ID NAME" lines; one that starts with '^' or '#' belongs to another line.
  const std::string needle = " " + name + "\n";
  const auto at = packed.text.find(needle);
  if (at == std::string::npos || at < ObjectId::kHexSize) return {};
  const std::size_t start = at - ObjectId::kHexSize;
  if (start != 0 && packed.text[start - 1] != '\n') return {};
  const std::string id = packed.text.substr(start, ObjectId::kHexSize);
  return ObjectId::parse(id) ? id : std::string();
}

bool may_have_refs_below(const std::string& git_dir, const std::string& folder) {
  if (exists(git_dir + "/" + folder)) return true;
  const FileText packed = read_file(git_dir + "/packed-refs", kMaxPackedRefsBytes);
  if (packed.state == FileState::missing) return false;
  return packed.state != FileState::present || packed.text.find(" " + folder) != std::string::npos;
}

}  // namespace trunkgate

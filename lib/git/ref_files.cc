#include "git/ref_files.h"

#include <cstddef>
#include <string_view>
#include <unordered_map>

#include "base/file.h"
#include "git/object_id.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxPackedRefsBytes = std::size_t{1} << 30U;

}  // namespace

std::string read_ref_file(const std::string& git_dir, const std::string& name) {
  return read_ref_files(git_dir, {name}).front();
}

std::vector<std::string> read_ref_files(const std::string& git_dir,
                                        const std::vector<std::string>& names) {
  std::vector<std::string> ids(names.size());
  std::unordered_multimap<std::string_view, std::size_t> packed_ones;
  // All loose files first: what Git packs meanwhile is then seen in one of both places.
  for (std::size_t i = 0; i < names.size(); ++i) {
    const FileText loose = read_file(git_dir + "/" + names[i], 4096);
    if (loose.state != FileState::present) {
      packed_ones.emplace(names[i], i);
      continue;
    }
    const std::string_view id = std::string_view(loose.text).substr(0, ObjectId::kHexSize);
    if (ObjectId::parse(id)) ids[i] = id;
  }
  if (packed_ones.empty()) return ids;
  const FileText packed = read_file(git_dir + "/packed-refs", kMaxPackedRefsBytes);
  // "ID NAME" lines; one that starts with '^' or '#' belongs to another line.
  std::string_view rest = packed.text;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) break;  // cut short
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (line.size() <= ObjectId::kHexSize || line[ObjectId::kHexSize] != ' ') continue;
    const auto [first, last] = packed_ones.equal_range(line.substr(ObjectId::kHexSize + 1));
    for (auto one = first; one != last; ++one) {
      const std::string_view id = line.substr(0, ObjectId::kHexSize);
      if (ObjectId::parse(id)) ids[one->second] = id;
    }
  }
  return ids;
}

bool may_have_refs_below(const std::string& git_dir, const std::string& folder) {
  if (exists(git_dir + "/" + folder)) return true;
  const FileText packed = read_file(git_dir + "/packed-refs", kMaxPackedRefsBytes);
  if (packed.state == FileState::missing) return false;
  return packed.state != FileState::present || packed.text.find(" " + folder) != std::string::npos;
}

}  // namespace trunkgate

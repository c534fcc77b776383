#include "git/tree_path.h"

#include <vector>

#include "base/text.h"
#include "git/tree.h"

namespace trunkgate {

bool PathEntry::plain_file() const { return (mode & 0170000U) == 0100000U; }

std::optional<PathEntry> find_in_tree(const Repository& repository, ObjectId tree,
                                      std::string_view path) {
  const std::vector<std::string_view> names = split(path, '/');
  TreeEntry entry;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0 && !entry.folder()) return std::nullopt;
    const Bytes bytes = repository.tree(tree);
    TreeReader reader(bytes.view());
    bool found = false;
    while (!found && reader.next(entry)) found = entry.name == names[i];
    if (!found) return std::nullopt;
    tree = entry.id;
  }
  return PathEntry{tree, entry.mode};
}

}  // namespace trunkgate

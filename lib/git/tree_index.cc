#include "git/tree_index.h"

#include <algorithm>
#include <iterator>

#include "base/fold.h"

namespace trunkgate {
namespace {

// Reads entries of a tree that must come in Git's order.
class OrderedEntries {
 public:
  explicit OrderedEntries(std::string_view tree) : tree_(tree) {}

  // The entry that begins at `at`; where the next one begins. 0 when there is none or when it does
  // not come after the one taken before.
  std::size_t take(std::size_t at) {
    TreeReader reader(tree_.substr(at));
    TreeEntry entry;
    if (!reader.next(entry)) return 0;
    if (!last_.name.empty() && tree_order(last_, entry) >= 0) return 0;
    last_ = entry;
    return tree_.size() - reader.left();
  }
  const TreeEntry& last() const { return last_; }

 private:
  std::string_view tree_;
  TreeEntry last_;
};

std::uint32_t hash_of(const TreeEntry& entry) {
  return static_cast<std::uint32_t>(folded_hash(entry.name));
}

TreeEntry entry_at(std::string_view tree, std::size_t at) {
  TreeEntry entry;
  TreeReader(tree.substr(at)).next(entry);
  return entry;
}

// Both in Git's order.
void put_together(const std::vector<TreeEntry>& own, const std::vector<TreeEntry>& gone,
                  std::vector<TreeEntry>& found) {
  std::size_t next = 0;
  const auto gone_before = [&](const TreeEntry* entry) {
    for (; next < gone.size(); ++next) {
      if (entry != nullptr && tree_order(gone[next], *entry) >= 0) return;
      found.insert(found.end(), {TreeEntry{}, gone[next]});
    }
  };
  for (const TreeEntry& entry : own) {
    gone_before(&entry);
    const bool both = next < gone.size() && tree_order(gone[next], entry) == 0;
    const TreeEntry before = both ? gone[next++] : TreeEntry{};
    if (both && before.id == entry.id && before.mode == entry.mode) continue;
    found.insert(found.end(), {entry, before});
  }
  gone_before(nullptr);
}

}  // namespace

void TreeIndex::begin() {
  starts_.clear();
  hashes_.clear();
  names_apart_ = false;
}

void TreeIndex::add(std::size_t start, const TreeEntry& entry) {
  starts_.push_back(static_cast<std::uint32_t>(start));
  if (folds_names_) hashes_.push_back(hash_of(entry));
}

bool TreeIndex::read(std::string_view tree) {
  begin();
  OrderedEntries entries(tree);
  for (std::size_t at = 0; at < tree.size();) {
    const std::size_t end = entries.take(at);
    if (end == 0) return false;
    add(at, entries.last());
    at = end;
  }
  starts_.push_back(static_cast<std::uint32_t>(tree.size()));
  names_apart_ = folds_names_ && all_apart();
  return true;
}

bool TreeIndex::derive(const TreeIndex& base, std::string_view base_tree, std::string_view tree,
                       const std::vector<FreshPart>& fresh, TreeDelta& delta) {
  begin();
  delta.found.clear();
  delta.own.clear();
  delta.gone.clear();
  const std::vector<std::uint32_t>& others = base.starts_;
  std::size_t passed = 0;  // entries of the base that stand here or are gone
  const auto pass_gone = [&](std::size_t end) {
    for (; passed < end; ++passed) delta.gone.push_back(entry_at(base_tree, others[passed]));
  };
  OrderedEntries entries(tree);
  std::size_t part = 0;  // the first one that ends behind `at`
  for (std::size_t at = 0; at < tree.size();) {
    while (part < fresh.size() && fresh[part].end <= at) ++part;
    const std::size_t end = part < fresh.size() ? fresh[part].begin : tree.size();
    if (at < end) {
      // What follows up to `end` stands in the base from `from` on. Entries that begin in the same
      // place end in the same place.
      const std::size_t from = part == 0 ? at : fresh[part - 1].follows + at - fresh[part - 1].end;
      const auto first = std::lower_bound(others.begin() + static_cast<std::ptrdiff_t>(passed),
                                          others.end(), from);
      const auto last = first == others.end() || *first != from
                            ? first
                            : std::upper_bound(first, others.end(), from + end - at) - 1;
      if (first != last) {
        if (entries.take(at) == 0) return false;
        pass_gone(static_cast<std::size_t>(first - others.begin()));
        // Wraps around as it should when the entries have moved to the front.
        const auto moved = static_cast<std::uint32_t>(at - from);
        const std::size_t known = starts_.size();
        starts_.insert(starts_.end(), first, last);
        for (std::size_t i = known; i < starts_.size(); ++i) starts_[i] += moved;
        if (folds_names_) {
          const auto hash = [&](auto start) {
            return base.hashes_.begin() + (start - others.begin());
          };
          hashes_.insert(hashes_.end(), hash(first), hash(last));
        }
        if (last - first > 1) entries.take(starts_.back());
        passed = static_cast<std::size_t>(last - others.begin());
        at = *last + moved;
        continue;
      }
    }
    const std::size_t next = entries.take(at);
    if (next == 0) return false;
    add(at, entries.last());
    delta.own.push_back(entries.last());
    at = next;
  }
  starts_.push_back(static_cast<std::uint32_t>(tree.size()));
  pass_gone(others.size() - 1);
  put_together(delta.own, delta.gone, delta.found);
  names_apart_ = base.names_apart_ && new_names_are_apart(delta.found);
  return true;
}

bool TreeIndex::all_apart() const {
  std::vector<std::uint32_t> sorted = hashes_;
  std::sort(sorted.begin(), sorted.end());
  return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

// With a base whose names are.
bool TreeIndex::new_names_are_apart(const std::vector<TreeEntry>& found) const {
  constexpr std::size_t kFew = 16;  // to go through all names for each costs less than to sort them
  std::vector<std::uint32_t> added;
  for (std::size_t i = 0; i < found.size(); i += 2) {
    if (found[i].name.empty() || !found[i + 1].name.empty()) continue;
    if (added.size() == kFew) return all_apart();
    added.push_back(hash_of(found[i]));
  }
  return std::all_of(added.begin(), added.end(), [&](std::uint32_t hash) {
    return std::count(hashes_.begin(), hashes_.end(), hash) == 1;
  });
}

}  // namespace trunkgate

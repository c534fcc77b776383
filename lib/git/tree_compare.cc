#include "git/tree_compare.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "base/common_ends.h"
#include "base/error.h"
#include "git/few_differences.h"

namespace trunkgate {
namespace {

// How far the entry that begins at `at` reaches; npos when it does not end.
std::size_t entry_end(std::string_view tree, std::size_t at) {
  constexpr std::size_t kShortest = 3;  // a digit, a space, a letter
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  std::size_t zero = at + kShortest;
  // Eight bytes at a time: a call of memchr() would cost more than the search.
  for (std::uint64_t word = 0; zero + sizeof(word) <= tree.size(); zero += sizeof(word)) {
    std::memcpy(&word, tree.data() + zero, sizeof(word));
    if (((word - kOnes) & ~word & (kOnes << 7U)) != 0) break;
  }
  while (zero < tree.size() && tree[zero] != '\0') ++zero;
  const std::size_t end = zero + 1 + ObjectId::kSize;
  return end <= tree.size() ? end : std::string_view::npos;
}

// What is still to be compared of a tree.
class Rest {
 public:
  explicit Rest(const RawTree& tree) : tree_(&tree), bytes_(tree.bytes) {}

  std::string_view bytes() const { return bytes_; }
  // Must not be called while an entry is taken. The last entry passed begins at `last`.
  void pass(std::size_t last, std::size_t size) {
    TreeReader(bytes_.substr(last)).next(last_);
    bytes_.remove_prefix(size);
  }

  // The entry that is next; null at the end.
  const TreeEntry* entry() {
    if (!entry_.name.empty() || bytes_.empty()) return entry_.name.empty() ? nullptr : &entry_;
    TreeReader reader(bytes_);
    if (!reader.next(entry_)) {
      throw Error(ErrorKind::repository, "tree " + tree_->id.brief() + " is no list of entries");
    }
    sorted_ = sorted_ && (last_.name.empty() || tree_order(last_, entry_) < 0);
    bytes_.remove_prefix(bytes_.size() - reader.left());
    return &entry_;
  }
  bool taken() const { return !entry_.name.empty(); }
  void drop() {
    last_ = entry_;
    entry_ = {};
  }
  bool sorted() const { return sorted_; }

 private:
  const RawTree* tree_;
  std::string_view bytes_;  // after entry_
  TreeEntry entry_;         // its name is empty when none is taken
  TreeEntry last_;          // the one before; its name is empty when nothing is known of it
  bool sorted_ = true;
};

// How many bytes all of them have next. Looks not much further, so that trees of which two have
// much in common and a third has not are no more work than others.
std::size_t common_bytes(const std::vector<Rest>& rests) {
  constexpr std::size_t kFirstLook = 4096;
  const std::string_view own = rests[0].bytes();
  std::size_t common = 0;
  for (std::size_t look = kFirstLook;; look *= 2) {
    const std::string_view part = own.substr(common, look - common);
    std::size_t equal = part.size();
    for (std::size_t i = 1; i < rests.size() && equal > 0; ++i) {
      const std::string_view other = rests[i].bytes();
      equal = common_prefix(part.substr(0, equal), other.substr(std::min(common, other.size())));
    }
    common += equal;
    if (common < look) return common;
  }
}

// Entries that all of them have next. True when nothing else follows.
bool pass_common(std::vector<Rest>& rests) {
  const std::string_view own = rests[0].bytes();
  const std::size_t common = common_bytes(rests);
  if (common == own.size() && std::all_of(rests.begin(), rests.end(), [&](const Rest& rest) {
        return rest.bytes().size() == own.size();
      })) {
    return true;
  }
  std::size_t last = 0;
  std::size_t whole = 0;
  for (std::size_t end = entry_end(own, 0); end <= common; end = entry_end(own, end)) {
    last = whole;
    whole = end;
  }
  if (whole == 0) return false;
  for (Rest& rest : rests) rest.pass(last, whole);
  return false;
}

bool same(const TreeEntry* a, const TreeEntry* b) {
  return a != nullptr && b != nullptr && a->id == b->id && a->mode == b->mode;
}

std::string in_order(const RawTree& tree) {
  struct Piece {
    TreeEntry entry;
    std::string_view bytes;
  };
  std::vector<Piece> pieces;
  TreeReader reader(tree.bytes);
  for (TreeEntry entry;;) {
    const std::size_t at = tree.bytes.size() - reader.left();
    if (!reader.next(entry)) break;
    pieces.push_back({entry, tree.bytes.substr(at, tree.bytes.size() - reader.left() - at)});
  }
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const Piece& a, const Piece& b) { return tree_order(a.entry, b.entry) < 0; });
  std::string bytes;
  for (const Piece& piece : pieces) bytes += piece.bytes;
  return bytes;
}

void visit_all(const RawTree& tree, const std::function<void(const TreeDifference&)>& visit) {
  TreeDifference difference;
  Rest rest(tree);
  while ((difference.own = rest.entry()) != nullptr) {
    visit(difference);
    rest.drop();
  }
}

// False when one of them is out of order and when more than `most` entries are found.
bool find_at_most(const std::vector<RawTree>& trees, std::size_t most,
                  std::vector<TreeEntry>& found) {
  found.clear();
  std::vector<Rest> rests;
  rests.reserve(trees.size());
  for (const RawTree& tree : trees) rests.emplace_back(tree);
  while (true) {
    const bool level =
        std::none_of(rests.begin(), rests.end(), [](const Rest& rest) { return rest.taken(); });
    if (level && pass_common(rests)) return true;
    const TreeEntry* least = nullptr;
    for (Rest& rest : rests) {
      const TreeEntry* entry = rest.entry();
      if (!rest.sorted()) return false;
      if (entry != nullptr && (least == nullptr || tree_order(*entry, *least) < 0)) least = entry;
    }
    if (least == nullptr) return true;
    const TreeEntry name = *least;
    const std::size_t first = found.size();
    bool differs = false;
    for (Rest& rest : rests) {
      const TreeEntry* entry = rest.entry();
      const bool here = entry != nullptr && tree_order(*entry, name) == 0;
      found.push_back(here ? *entry : TreeEntry{});
      if (here) rest.drop();
      differs = differs || !here || !same(&found[first], &found.back());
    }
    if (!differs) found.resize(first);
    if (found.size() > most) return false;
  }
}

}  // namespace

bool find_few_differences(const RawTree& own, const RawTree& other, std::vector<TreeEntry>& found) {
  return find_at_most({own, other}, 2 * kFewDifferences, found);
}

bool find_differences(const std::vector<RawTree>& trees, std::vector<TreeEntry>& found) {
  return find_at_most(trees, SIZE_MAX, found);
}

void visit_differences(const std::vector<TreeEntry>& found, std::size_t trees,
                       const std::function<void(const TreeDifference&)>& visit) {
  TreeDifference difference;
  difference.others.resize(trees - 1);
  const auto entry = [&](std::size_t at) { return found[at].name.empty() ? nullptr : &found[at]; };
  for (std::size_t at = 0; at < found.size(); at += trees) {
    difference.own = entry(at);
    for (std::size_t i = 1; i < trees; ++i) difference.others[i - 1] = entry(at + i);
    visit(difference);
  }
}

void find_sorted_differences(std::vector<RawTree>& trees, std::vector<Bytes>& held,
                             std::vector<TreeEntry>& found) {
  if (find_differences(trees, found)) return;
  // Only what was there before the gate can be out of order.
  for (RawTree& tree : trees) {
    held.push_back(Bytes::copy_of(in_order(tree)));
    tree.bytes = held.back().view();
  }
  find_differences(trees, found);
}

void compare_trees(const RawTree& own, const std::vector<RawTree>& others,
                   const std::function<void(const TreeDifference&)>& visit) {
  if (others.empty()) return visit_all(own, visit);
  std::vector<RawTree> trees{own};
  trees.insert(trees.end(), others.begin(), others.end());
  std::vector<TreeEntry> found;
  std::vector<Bytes> held;
  find_sorted_differences(trees, held, found);
  visit_differences(found, trees.size(), visit);
}

}  // namespace trunkgate

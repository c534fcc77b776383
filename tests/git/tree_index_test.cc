// Versions of trees that are indexed by their deltas, against their bytes.
#include "git/tree_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/fold.h"
#include "git/delta.h"
#include "git/tree_compare.h"

namespace trunkgate {
namespace {

class TreeIndexTest : public testing::Test {
 protected:
  std::size_t number(std::size_t below) { return random_() % below; }

  // Few ids, and short ones of bytes that look like entries.
  std::string entry(const std::string& name, bool folder) {
    static const std::string kIds[] = {std::string(ObjectId::kSize, 'a'),
                                       std::string("100644 a") + '\0' + "100644 b" + '\0' + "cc",
                                       std::string(ObjectId::kSize, 'b')};
    const char* const mode = folder ? "40000" : number(4) == 0 ? "100755" : "100644";
    return std::string(mode) + " " + name + '\0' + kIds[number(3)];
  }
  // In Git's order: a folder's name ends with a slash there.
  void put(const std::string& name) {
    entries_.erase(name);
    entries_.erase(name + "/");
    if (const bool folder = number(6) == 0; number(3) != 0) {
      entries_[folder ? name + "/" : name] = entry(name, folder);
    }
  }
  std::string next_version() {
    for (std::size_t edits = number(4); edits > 0; --edits) {
      put((number(40) == 0 ? "F" : "f") + std::to_string(number(60)));
    }
    std::string bytes;
    for (const auto& [name, entry] : entries_) bytes += entry;
    if (number(8) == 0 && !bytes.empty()) bytes[number(bytes.size())] ^= 1;
    if (number(30) == 0) bytes.resize(number(bytes.size() + 1));
    if (number(30) == 0)
      std::rotate(bytes.begin(), bytes.begin() + number(bytes.size() + 1), bytes.end());
    return bytes;
  }

  // As Git never packs it: pieces of any size, from anywhere in the base.
  std::string delta(const std::string& base, const std::string& object) {
    const auto size = [](std::size_t value) {
      std::string bytes;
      for (; value >= 0x80; value >>= 7U) bytes += static_cast<char>(0x80U | (value & 0x7fU));
      return bytes + static_cast<char>(value);
    };
    std::string out = size(base.size()) + size(object.size());
    for (std::size_t at = 0; at < object.size();) {
      std::size_t length = 0;
      std::size_t from = base.find(object.substr(at, 24), number(3) == 0 ? 0 : at);
      if (from == std::string::npos) from = base.find(object.substr(at, 24));
      if (from != std::string::npos) {
        const std::size_t most = number(3) == 0 ? 1 + number(90) : 60'000;
        while (length < most && at + length < object.size() && from + length < base.size() &&
               object[at + length] == base[from + length]) {
          ++length;
        }
      }
      if (length > 0) {
        out += '\xb3';  // two bytes of offset, two of size
        for (const std::size_t value : {from, length}) {
          out += static_cast<char>(value & 0xffU);
          out += static_cast<char>(value >> 8U);
        }
      } else {
        length = std::min(object.size() - at, 1 + number(20));
        out += static_cast<char>(length) + object.substr(at, length);
      }
      at += length;
    }
    return out;
  }

  static bool apart(const std::string& tree) {
    std::set<std::string> names;
    TreeReader reader(tree);
    TreeEntry entry;
    while (reader.next(entry)) {
      if (!names.insert(fold_name(entry.name)).second) return false;
    }
    return true;
  }
  static std::string shown(const std::vector<TreeEntry>& entries) {
    std::string text;
    for (const TreeEntry& entry : entries) {
      text +=
          std::to_string(entry.mode) + " " + std::string(entry.name) + " " + entry.id.hex() + "\n";
    }
    return text;
  }
  // What find_differences() says; "no list" when one is out of order or cut short.
  static std::string differences(const std::string& own, const std::string& base) {
    std::vector<TreeEntry> found;
    try {
      TreeIndex whole(false);
      if (!whole.read(own)) return "no list";
      return find_differences({{ObjectId(), own}, {ObjectId(), base}}, found) ? shown(found) : "?";
    } catch (const Error&) {
      return "no list";
    }
  }

  std::map<std::string, std::string> entries_;
  std::mt19937 random_{7};
};

TEST_F(TreeIndexTest, FindsWhatTheBytesDifferIn) {
  for (int i = 0; i < 40; ++i) put("f" + std::to_string(number(60)));
  std::string base;
  TreeIndex index(true);
  ASSERT_TRUE(index.read(base));
  std::size_t lists = 0;
  std::size_t others = 0;
  std::size_t collisions = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string version = next_version();
    const std::string packed = delta(base, version);
    std::string object(version.size(), '?');
    std::vector<FreshPart> fresh;
    ASSERT_TRUE(apply_delta(packed, base, object.data(), &fresh));
    ASSERT_EQ(object, version);
    TreeIndex derived(true);
    TreeDelta found;
    const bool list = derived.derive(index, base, object, fresh, found);
    ASSERT_EQ(list ? shown(found.found) : "no list", differences(object, base)) << round;
    ++(list ? lists : others);
    if (!list) continue;
    if (!apart(object)) {
      ++collisions;
      ASSERT_FALSE(derived.names_apart()) << round;
      ASSERT_TRUE(derived.read(object));
      ASSERT_FALSE(derived.names_apart());
      continue;
    }
    ASSERT_TRUE(derived.names_apart()) << round;
    base = object;
    index = derived;  // each stands on the one before, as in a pack
  }
  EXPECT_GT(lists, 15'000U);
  EXPECT_GT(others, 500U);
  EXPECT_GT(collisions, 500U);
}

// More than are looked for one by one.
TEST_F(TreeIndexTest, KnowsWhetherManyNewNamesAreApart) {
  for (const bool apart : {true, false}) {
    const std::string base = entry("a", false) + entry("z", false);
    std::string tree = apart ? "" : entry("Z", false);  // beside the base's z
    tree += entry("a", false);
    for (int i = 100; i < 140; ++i) tree += entry("n" + std::to_string(i), false);
    tree += entry("z", false);
    TreeIndex index(true);
    TreeIndex derived(true);
    ASSERT_TRUE(index.read(base));
    TreeDelta delta;
    const std::vector<FreshPart> all{{0, tree.size(), base.size()}};
    ASSERT_TRUE(derived.derive(index, base, tree, all, delta));
    EXPECT_EQ(derived.names_apart(), apart);
  }
}

TEST_F(TreeIndexTest, IsOfEntriesInOrderOnly) {
  const std::string a = entry("a", false);
  const std::string b = entry("b", false);
  TreeIndex index(true);
  EXPECT_TRUE(index.read(""));
  EXPECT_TRUE(index.read(a + b));
  EXPECT_FALSE(index.read(b + a));
  EXPECT_FALSE(index.read(a + a));
  EXPECT_FALSE(index.read(a + b.substr(7)));
  EXPECT_FALSE(index.read(a + b.substr(0, b.size() - 1)));
}

}  // namespace
}  // namespace trunkgate

// Folders held against each other, entry by entry.
#include "git/tree_compare.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/error.h"
#include "git/few_differences.h"

namespace trunkgate {
namespace {

// A tree by hand: "folder/" is a folder, and the number makes the id.
using Entries = std::map<std::string, int>;

ObjectId id_of(int number) {
  std::uint8_t bytes[ObjectId::kSize] = {};
  bytes[0] = static_cast<std::uint8_t>(number);
  bytes[7] = 'x';  // zeros, blanks and digits stand in real ones, too
  bytes[9] = static_cast<std::uint8_t>(number * 32);
  return ObjectId(bytes);
}

std::string raw(const Entries& entries) {
  std::string tree;
  for (const auto& [name, number] : entries) {
    const bool folder = name.back() == '/';
    tree += (folder ? "40000 " + name.substr(0, name.size() - 1) : "100644 " + name) + '\0';
    tree.append(reinterpret_cast<const char*>(id_of(number).bytes()), ObjectId::kSize);
  }
  return tree;
}

// "name own other other", "-" for one that has it not.
std::vector<std::string> compare(const Entries& own, const std::vector<Entries>& others) {
  const std::string own_bytes = raw(own);
  std::vector<std::string> bytes;
  for (const Entries& other : others) bytes.push_back(raw(other));
  std::vector<RawTree> trees;
  for (const std::string& other : bytes) trees.push_back({{}, other});
  std::vector<std::string> lines;
  compare_trees({{}, own_bytes}, trees, [&](const TreeDifference& difference) {
    std::string name;
    std::string numbers;
    const auto add = [&](const TreeEntry* entry) {
      numbers += ' ';
      numbers += entry == nullptr ? "-" : std::to_string(entry->id.bytes()[0]);
      if (entry != nullptr) name = std::string(entry->name) + (entry->folder() ? "/" : "");
    };
    add(difference.own);
    for (const TreeEntry* other : difference.others) add(other);
    lines.push_back(name + numbers);
  });
  return lines;
}

std::vector<std::string> expected(const Entries& own, const std::vector<Entries>& others) {
  std::map<std::string, int> names;
  for (const auto& [name, number] : own) names[name];
  for (const Entries& other : others) {
    for (const auto& [name, number] : other) names[name];
  }
  std::vector<std::string> lines;
  for (const auto& [name, unused] : names) {
    const auto shown = [&, &name = name](const Entries& entries) {
      const auto found = entries.find(name);
      return found == entries.end() ? std::string("-") : std::to_string(found->second);
    };
    std::string line = name + " " + shown(own);
    bool differs = others.empty();
    for (const Entries& other : others) {
      line += " " + shown(other);
      differs = differs || shown(other) != shown(own);
    }
    if (differs) lines.push_back(line);
  }
  return lines;
}

TEST(CompareTrees, VisitsEveryEntryOfATreeAlone) {
  EXPECT_EQ(compare({{"a", 1}, {"b/", 2}}, {}), (std::vector<std::string>{"a 1", "b/ 2"}));
}

TEST(CompareTrees, VisitsWhatDiffersInGitsOrder) {
  EXPECT_EQ(compare({{"a", 1}, {"b", 2}, {"c", 3}}, {{{"a", 1}, {"b", 4}, {"d", 5}}}),
            (std::vector<std::string>{"b 2 4", "c 3 -", "d - 5"}));
  EXPECT_EQ(compare({{"a.txt", 1}, {"a/", 2}, {"a0", 3}}, {{{"a", 1}}}),
            (std::vector<std::string>{"a - 1", "a.txt 1 -", "a/ 2 -", "a0 3 -"}));
}

TEST(CompareTrees, IsSilentAboutWhatAllHave) {
  EXPECT_EQ(compare({{"a", 1}, {"b", 2}}, {{{"a", 1}, {"b", 2}}, {{"a", 1}, {"b", 2}}}),
            std::vector<std::string>());
  EXPECT_EQ(compare({}, {{}}), std::vector<std::string>());
}

TEST(CompareTrees, AgreesWithAPlainLookAtEveryName) {
  std::mt19937 random(7);
  const auto number = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  for (int round = 0; round < 4000; ++round) {
    Entries base;
    for (int i = number(12); i > 0; --i) {
      std::string name(static_cast<std::size_t>(1 + number(3)), static_cast<char>('a' + number(3)));
      if (number(3) == 0) name += "." + std::to_string(number(20));
      if (number(4) == 0) name += "/";
      base[name] = 1 + number(4);
    }
    const auto changed = [&] {
      Entries entries = base;
      for (int i = number(4); i > 0; --i) {
        const std::string name(static_cast<std::size_t>(1 + number(3)),
                               static_cast<char>('a' + number(3)));
        if (number(3) == 0) {
          entries.erase(name);
        } else {
          entries[name] = 1 + number(4);
        }
      }
      return entries;
    };
    const Entries own = changed();
    std::vector<Entries> others;
    for (int i = 1 + number(3); i > 0; --i) others.push_back(changed());
    EXPECT_EQ(compare(own, others), expected(own, others));
  }
}

TEST(FindFewDifferences, StopsWhenThereAreMore) {
  const std::string id(ObjectId::kSize, 'x');
  std::string tree;
  for (std::size_t i = 0; i < kFewDifferences; ++i) {
    tree += "100644 " + std::to_string(1000 + i) + '\0' + id;
  }
  std::vector<TreeEntry> found;
  EXPECT_TRUE(find_few_differences({{}, tree}, {}, found));
  EXPECT_EQ(found.size(), 2 * kFewDifferences);
  tree += std::string("100644 2000") + '\0' + id;
  EXPECT_FALSE(find_few_differences({{}, tree}, {}, found));
  for (int i = 3000; i < 5000; ++i) tree += "100644 " + std::to_string(i) + '\0' + id;
  EXPECT_FALSE(find_few_differences({{}, tree}, {}, found));
  EXPECT_EQ(found.size(), 2 * kFewDifferences + 2);
}

TEST(CompareTrees, SortsAnOldTreeThatIsOutOfOrder) {
  const std::string own = raw({{"a", 1}, {"b", 2}, {"c", 9}});
  const std::string old = raw({{"b", 2}}) + raw({{"a", 1}}) + raw({{"c", 3}});
  std::vector<std::string> names;
  compare_trees({{}, own}, {{{}, old}}, [&](const TreeDifference& difference) {
    names.emplace_back(difference.own->name);
  });
  EXPECT_EQ(names, std::vector<std::string>{"c"});
}

TEST(CompareTrees, SaysWhichTreeCannotBeRead) {
  const std::string own = raw({{"a", 1}});
  const std::string broken = own.substr(0, own.size() - 1) + "\x02" + "100644 b";
  try {
    compare_trees({id_of(1), own}, {{id_of(2), broken}}, [](const TreeDifference&) {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), "tree " + id_of(2).brief() + " is no list of entries");
  }
}

}  // namespace
}  // namespace trunkgate

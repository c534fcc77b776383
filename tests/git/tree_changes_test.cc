// Trees compared by what they were recorded to differ in, against their bytes.
#include "git/tree_changes.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "git/few_differences.h"
#include "git/pushed_scan.h"
#include "support/quarantine.h"

namespace trunkgate {
namespace {

std::string raw_tree(const std::map<std::string, std::pair<std::string, ObjectId>>& entries) {
  std::string bytes;
  for (const auto& [key, entry] : entries) {
    const std::string name = key.back() == '/' ? key.substr(0, key.size() - 1) : key;
    bytes += entry.first + " " + name + '\0';
    bytes.append(reinterpret_cast<const char*>(entry.second.bytes()), ObjectId::kSize);
  }
  return bytes;
}

std::string shown(const std::vector<TreeEntry>& entries) {
  std::string text;
  for (const TreeEntry& entry : entries) {
    text += entry.name.empty() ? "-" : std::to_string(entry.mode) + " " + std::string(entry.name);
    text += entry.name.empty() ? "\n" : " " + entry.id.hex() + "\n";
  }
  return text;
}

class TreeChangesTest : public testing::Test {
 protected:
  // Versions of one tree with many names: entries come, go, change, and turn into folders.
  void make_versions(int versions) {
    std::mt19937 random(3);
    const ObjectId contents[] = {repository_.raw("blob", "1"), repository_.raw("blob", "2"),
                                 repository_.raw("blob", "3")};
    const ObjectId folder = repository_.tree({{"x", "1"}});
    std::map<std::string, std::pair<std::string, ObjectId>> entries;
    const auto put = [&](const std::string& name) {
      entries.erase(name);
      entries.erase(name + "/");
      if (random() % 8 == 0) {
        entries[name + "/"] = {"40000", folder};
      } else {
        entries[name] = {random() % 5 == 0 ? "100755" : "100644", contents[random() % 3]};
      }
    };
    for (int i = 0; i < 120; ++i) put("file-" + std::to_string(random() % 200));
    for (int version = 0; version < versions; ++version) {
      for (std::size_t edits = 1 + random() % 3; edits > 0; --edits) {
        const std::string name = "file-" + std::to_string(random() % 200);
        if (random() % 3 == 0) {
          entries.erase(name);
          entries.erase(name + "/");
        } else {
          put(name);
        }
      }
      const std::string bytes = raw_tree(entries);
      const ObjectId id = repository_.raw("tree", bytes);
      if (trees_.emplace(id, bytes).second) ids_.push_back(id);
    }
  }

  // Of each two or more trees: what is recorded and what their bytes say.
  void expect_agreement() {
    quarantine_.push_packed(ids_);
    const auto repository = quarantine_.open();
    PushedScan scan(*repository, nullptr, true);
    const TreeChanges* const changes = scan.changes();
    ASSERT_NE(changes, nullptr);
    std::mt19937 random(11);
    std::size_t known = 0;
    for (int round = 0; round < 3000; ++round) {
      // Near each other as the trees of a commit and its parents are, and far.
      const std::size_t own = random() % ids_.size();
      std::vector<ObjectId> others;
      std::vector<RawTree> raw{{ids_[own], trees_.at(ids_[own])}};
      for (std::size_t i = 1 + random() % 3; i > 0; --i) {
        const std::size_t other =
            random() % 2 == 0 ? (own + random() % 4) % ids_.size() : random() % ids_.size();
        others.push_back(ids_[other]);
        raw.push_back({ids_[other], trees_.at(ids_[other])});
      }
      std::vector<TreeEntry> found;
      if (!changes->compare(*changes->find(ids_[own]), others, found)) continue;
      ++known;
      std::vector<TreeEntry> expected;
      ASSERT_TRUE(find_differences(raw, expected));
      ASSERT_EQ(shown(found), shown(expected));
    }
    EXPECT_GT(known, 1000U);
    for (const auto& [id, bytes] : trees_) {
      const TreeFacts facts = changes->facts(*changes->find(id));
      EXPECT_EQ(facts.size, bytes.size());
      EXPECT_TRUE(facts.names_apart);
    }
  }

  TemporaryRepository repository_;
  Quarantine quarantine_{repository_};
  std::map<ObjectId, std::string> trees_;
  std::vector<ObjectId> ids_;
};

TEST_F(TreeChangesTest, AgreeWithTheBytesOfTheTrees) {
  make_versions(150);
  expect_agreement();
}

TEST_F(TreeChangesTest, AgreeWhereFewTreesAreBasedOnEachOther) {
  repository_.git({"config", "pack.depth", "3"});
  make_versions(150);
  expect_agreement();
}

TEST_F(TreeChangesTest, AgreeWhereEveryTreeIsStoredWhole) {
  repository_.git({"config", "pack.depth", "0"});
  make_versions(150);
  expect_agreement();
}

TEST_F(TreeChangesTest, TellNothingOfTreesStoredWholeThatHaveLittleInCommon) {
  std::map<std::string, std::pair<std::string, ObjectId>> entries;
  const ObjectId content = repository_.raw("blob", "1");
  for (int version = 0; version < 2; ++version) {
    for (std::size_t i = 0; i <= kFewDifferences; ++i) {
      const std::string bytes = std::to_string(version) + "-" + std::to_string(i);
      entries[bytes] = {"100644", content};
    }
    ids_.push_back(repository_.raw("tree", raw_tree(entries)));
  }
  repository_.git({"config", "pack.depth", "0"});
  quarantine_.push_packed(ids_);
  const auto repository = quarantine_.open();
  PushedScan scan(*repository);
  const TreeChanges* const changes = scan.changes();
  ASSERT_NE(changes, nullptr);
  std::vector<TreeEntry> found;
  EXPECT_FALSE(changes->compare(*changes->find(ids_[0]), {ids_[1]}, found));
}

TEST_F(TreeChangesTest, KnowNothingOfTreesThatWereThereBefore) {
  make_versions(4);
  quarantine_.push_packed({ids_[0], ids_[1]});
  const auto repository = quarantine_.open();
  PushedScan scan(*repository, nullptr, true);
  const TreeChanges* const changes = scan.changes();
  std::vector<TreeEntry> found;
  const auto own = changes->find(ids_[0]);
  ASSERT_TRUE(own);
  EXPECT_TRUE(changes->compare(*own, {ids_[1]}, found));
  EXPECT_FALSE(changes->compare(*own, {ids_[2]}, found));
  EXPECT_FALSE(changes->compare(*own, {ids_[1], ids_[2]}, found));
  EXPECT_FALSE(changes->find(ids_[2]));
}

TEST_F(TreeChangesTest, TellNothingOfATreeThatIsOutOfOrder) {
  make_versions(3);
  std::string bytes = trees_.at(ids_[1]);
  const std::size_t half = bytes.find('\0') + 1 + ObjectId::kSize;
  const ObjectId turned = repository_.raw("tree", bytes.substr(half) + bytes.substr(0, half));
  quarantine_.push_packed({ids_[0], ids_[1], ids_[2], turned});
  const auto repository = quarantine_.open();
  PushedScan scan(*repository, nullptr, true);
  const TreeChanges* const changes = scan.changes();
  std::vector<TreeEntry> found;
  EXPECT_FALSE(changes->find(turned));
  EXPECT_FALSE(changes->compare(*changes->find(ids_[1]), {turned}, found));
  EXPECT_EQ(scan.faults().size(), 1U);
}

}  // namespace
}  // namespace trunkgate

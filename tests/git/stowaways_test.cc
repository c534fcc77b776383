// Objects of a push that none of its tips reaches.
#include "git/stowaways.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "support/quarantine.h"

namespace trunkgate {
namespace {

using Ids = std::vector<ObjectId>;
using Lines = std::vector<std::string>;

class StowawaysTest : public testing::Test {
 protected:
  // "N objects", then "TYPE ID" of those that nothing leads to, sorted.
  Lines found(const Ids& tips) const {
    const auto repository = quarantine_.open();
    const Stowaways found = find_stowaways(*repository, tips);
    Lines lines;
    for (const Stowaway& top : found.tops) {
      lines.push_back(std::string(to_string(top.type)) + " " + top.id.hex());
    }
    std::sort(lines.begin(), lines.end());
    lines.insert(lines.begin(), std::to_string(found.objects) + " objects");
    return lines;
  }
  static Lines none() { return {"0 objects"}; }

  ObjectId blob(const std::string& content) const { return repository_.raw("blob", content); }
  ObjectId tree(const std::string& mode, const ObjectId& id) const {
    return repository_.raw("tree", mode + " f" + std::string(1, '\0') +
                                       std::string(reinterpret_cast<const char*>(id.bytes()), 20));
  }
  ObjectId commit(const ObjectId& tree, const Ids& parents = {}) {
    return repository_.commit_of_tree("feat: x", parents, tree);
  }

  TemporaryRepository repository_;
  Quarantine quarantine_{repository_};
};

TEST_F(StowawaysTest, AreNoneInAnHonestPush) {
  const ObjectId file = blob("1");
  const ObjectId folder = tree("100644", file);
  const ObjectId first = commit(folder);
  const ObjectId top = tree("40000", folder);
  const ObjectId second = commit(top, {first});
  const ObjectId tag = repository_.tag("v1", second, "v1");
  quarantine_.push_packed({file, folder, first, top, second, tag});
  EXPECT_EQ(found({tag}), none());
  EXPECT_EQ(found({tag, second, first}), none());
}

TEST_F(StowawaysTest, AreNoneOutsideOfAQuarantine) {
  blob("1");
  EXPECT_EQ(find_stowaways(*repository_.open(), {}).objects, 0U);
}

TEST_F(StowawaysTest, AreAHiddenCommitAndAllItBrings) {
  const ObjectId file = blob("1");
  const ObjectId folder = tree("100644", file);
  const ObjectId pushed = commit(folder);
  const ObjectId secret = blob("secret");
  const ObjectId hidden_folder = tree("100644", secret);
  const ObjectId hidden = commit(hidden_folder, {pushed});
  const Lines expected{"3 objects", "a commit " + hidden.hex()};
  const Ids all{file, folder, pushed, secret, hidden_folder, hidden};
  quarantine_.push_loose(all);
  EXPECT_EQ(found({pushed}), expected);
  EXPECT_EQ(found({hidden}), none());
  EXPECT_EQ(found({}), (Lines{"6 objects", "a commit " + hidden.hex()}));
}

TEST_F(StowawaysTest, AreFoundInPacksAsWell) {
  const ObjectId file = blob("1");
  const ObjectId folder = tree("100644", file);
  const ObjectId pushed = commit(folder);
  const ObjectId secret = blob("secret");
  const ObjectId tag = repository_.tag("v1", pushed, "v1");
  quarantine_.push_packed({file, folder, pushed, secret, tag});
  EXPECT_EQ(found({pushed}), (Lines{"2 objects", "a blob " + secret.hex(), "a tag " + tag.hex()}));
}

TEST_F(StowawaysTest, AreNotWhatTheStoreHadBefore) {
  const ObjectId old = blob("old");
  const ObjectId old_folder = tree("100644", old);
  const ObjectId file = blob("new");
  const ObjectId folder = tree("100644", file);
  const ObjectId pushed = commit(folder);
  quarantine_.push_packed({old, old_folder}, true);  // as index-pack completes a thin pack
  quarantine_.push_packed({file, folder, pushed});
  EXPECT_EQ(found({pushed}), none());
}

// Somebody has left the folder there before, without what it holds.
TEST_F(StowawaysTest, AreNotExcusedByAnOldObjectThatNothingReaches) {
  const ObjectId secret = blob("secret");
  const ObjectId old_folder = tree("100644", secret);
  quarantine_.push_packed({old_folder}, true);
  quarantine_.push_packed({secret});
  EXPECT_EQ(found({}), (Lines{"1 objects", "a blob " + secret.hex()}));
}

TEST_F(StowawaysTest, AreNotReachedThroughASubmoduleOrUnderAnotherName) {
  const ObjectId hidden = commit(repository_.raw("tree", ""));
  const ObjectId submodule = tree("160000", hidden);
  const ObjectId as_file = tree("100644", hidden);
  const ObjectId first = commit(submodule);
  const ObjectId second = commit(as_file, {first});
  quarantine_.push_loose({hidden, submodule, as_file, first, second});
  EXPECT_EQ(found({second}), (Lines{"1 objects", "a commit " + hidden.hex()}));
}

TEST_F(StowawaysTest, AreSeenWhenTwoPacksHaveThem) {
  const ObjectId secret = blob("secret");
  const ObjectId folder = tree("100644", secret);
  quarantine_.push_packed({secret, folder}, true);
  quarantine_.push_packed({folder});
  std::filesystem::remove(quarantine_.objects() + Quarantine::loose(secret));
  EXPECT_EQ(found({}), (Lines{"2 objects", "a tree " + folder.hex()}));
  EXPECT_EQ(found({folder}), none());
}

TEST_F(StowawaysTest, AreAllCountedAndSomeNamed) {
  Ids all;
  for (int i = 0; i < 50; ++i) all.push_back(blob(std::to_string(i)));
  quarantine_.push_packed(all);
  const Lines lines = found({});
  EXPECT_EQ(lines[0], "50 objects");
  EXPECT_EQ(lines.size(), 1 + kMaxStowawayTops);
}

}  // namespace
}  // namespace trunkgate

// Merges that Git makes without help.
#include "git/automatic_merge.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::string>;

class AutomaticMerging : public testing::Test {
 protected:
  AutomaticMerging() {
    fs::create_directory(scratch_);
    base_ = repository_.commit("base", {}, {{"a", "1\n"}, {"b", "1\n"}});
    ours_ = repository_.commit("ours", {base_}, {{"a", "2\n"}, {"b", "1\n"}});
    theirs_ = repository_.commit("theirs", {base_}, {{"a", "1\n"}, {"b", "2\n"}});
  }

  TemporaryRepository repository_;
  const std::string scratch_ = repository_.beside("scratch");
  ObjectId base_;
  ObjectId ours_;
  ObjectId theirs_;
};

TEST_F(AutomaticMerging, GivesTheTreeOfGit) {
  const auto opened = repository_.open();
  const AutomaticMerge merge = AutomaticMerger(*opened, scratch_).merge(ours_, theirs_);
  EXPECT_TRUE(merge.clean);
  EXPECT_EQ(merge.tree, repository_.tree({{"a", "2\n"}, {"b", "2\n"}}));
  EXPECT_TRUE(merge.conflicts.empty());
}

TEST_F(AutomaticMerging, KeepsWhatItMakesOnlyWhereItIsTold) {
  const auto opened = repository_.open();
  const std::string tree = AutomaticMerger(*opened, scratch_).merge(ours_, theirs_).tree.hex();
  const std::string path =
      repository_.path() + "/objects/" + tree.substr(0, 2) + "/" + tree.substr(2);
  EXPECT_FALSE(fs::exists(path));
  EXPECT_EQ(AutomaticMerger(*opened, scratch_, repository_.path() + "/objects")
                .merge(ours_, theirs_)
                .tree.hex(),
            tree);
  EXPECT_TRUE(fs::exists(path));
  EXPECT_EQ(list_folder(scratch_), std::vector<std::string>());
}

TEST_F(AutomaticMerging, SharesWhatItKeepsAsTheRepositoryDoes) {
  repository_.git({"config", "core.sharedRepository", "group"});
  const auto opened = repository_.open();
  const std::string tree = AutomaticMerger(*opened, scratch_, repository_.path() + "/objects")
                               .merge(ours_, theirs_)
                               .tree.hex();
  const auto mode = fs::status(repository_.path() + "/objects/" + tree.substr(0, 2)).permissions();
  EXPECT_NE(mode & fs::perms::group_write, fs::perms::none);
}

TEST_F(AutomaticMerging, NamesWhatDoesNotMerge) {
  const ObjectId other = repository_.commit("other", {base_}, {{"a", "3\n"}, {"b", "1\n"}});
  const auto opened = repository_.open();
  const AutomaticMerge merge = AutomaticMerger(*opened, scratch_).merge(ours_, other);
  EXPECT_FALSE(merge.clean);
  EXPECT_FALSE(merge.unrelated);
  EXPECT_EQ(merge.conflicts, std::vector<std::string>{"a"});
}

TEST_F(AutomaticMerging, MergesSeveralOneAfterTheOther) {
  const ObjectId third =
      repository_.commit("third", {base_}, {{"a", "1\n"}, {"b", "1\n"}, {"c", "1\n"}});
  const ObjectId fourth = repository_.commit("fourth", {theirs_}, {{"a", "1\n"}, {"b", "4\n"}});
  const auto opened = repository_.open();
  AutomaticMerger merger(*opened, scratch_);
  const AutomaticMerge merge = merger.merge(ours_, {theirs_, third, fourth});
  EXPECT_TRUE(merge.clean);
  // The fourth goes on from theirs: only with what was merged before it is that no conflict.
  EXPECT_EQ(merge.tree, repository_.tree({{"a", "2\n"}, {"b", "4\n"}, {"c", "1\n"}}));
}

TEST_F(AutomaticMerging, ReplaysOneCommit) {
  const ObjectId next = repository_.commit("next", {theirs_}, {{"a", "1\n"}, {"b", "3\n"}});
  const ObjectId root = repository_.commit("root", {}, {{"r", "1\n"}});
  const auto opened = repository_.open();
  AutomaticMerger merger(*opened, scratch_);
  EXPECT_EQ(merger.replay(ours_, opened->commit(theirs_)).tree,
            repository_.tree({{"a", "2\n"}, {"b", "2\n"}}));
  // Only what the commit itself does: on ours that is a conflict.
  EXPECT_EQ(merger.replay(ours_, opened->commit(next)).conflicts, std::vector<std::string>{"b"});
  EXPECT_EQ(merger.replay(ours_, opened->commit(root)).tree,
            repository_.tree({{"a", "2\n"}, {"b", "1\n"}, {"r", "1\n"}}));
}

TEST_F(AutomaticMerging, NamesPathsThatDiffer) {
  const auto opened = repository_.open();
  const AutomaticMerger merger(*opened, scratch_);
  EXPECT_EQ(merger.differences(opened->commit(ours_).tree, opened->commit(theirs_).tree),
            (std::vector<std::string>{"a", "b"}));
}

TEST_F(AutomaticMerging, KnowsHistoriesThatHaveNothingInCommon) {
  const ObjectId other = repository_.commit("other", {}, {{"c", "1\n"}});
  const auto opened = repository_.open();
  const AutomaticMerge merge = AutomaticMerger(*opened, scratch_).merge(ours_, other);
  EXPECT_TRUE(merge.unrelated);
  EXPECT_FALSE(merge.clean);
}

TEST_F(AutomaticMerging, FailsOnWhatIsNotThere) {
  const auto opened = repository_.open();
  EXPECT_THROW(AutomaticMerger(*opened, scratch_)
                   .merge(ours_, *ObjectId::parse("0123456789012345678901234567890123456789")),
               Error);
}

}  // namespace
}  // namespace trunkgate

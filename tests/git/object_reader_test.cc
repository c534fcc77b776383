// Files, folders and commits, from what was there before a push and from its pack.
#include "git/object_reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <map>
#include <string>
#include <vector>

#include "support/numbered_lines.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

// Versions of one file, so that the pack holds most of them as deltas.
class ObjectReaderTest : public testing::Test {
 protected:
  static constexpr int kVersions = 60;

  ObjectReaderTest() {
    old_ = temporary_.raw("blob", "old\n");
    std::string ids;
    for (int i = 0; i < kVersions; ++i) {
      texts_.push_back(replaced(lines(1, 400), "line " + std::to_string(i + 1) + "\n", "new\n"));
      pushed_.push_back(temporary_.raw("blob", texts_.back()));
      ids += pushed_.back().hex() + "\n";
    }
    fs::create_directories(quarantine_ + "/pack");
    temporary_.git({"pack-objects", "-q", quarantine_ + "/pack/pack"}, ids);
    for (const ObjectId& id : pushed_) {
      fs::remove(objects_ + "/" + id.hex().substr(0, 2) + "/" + id.hex().substr(2));
    }
    repository_ = std::make_unique<Repository>(RepositoryPlace{
        .git_dir = temporary_.path(), .quarantine = quarantine_, .git_namespace = {}});
  }

  TemporaryRepository temporary_;
  std::string objects_ = temporary_.path() + "/objects";
  std::string quarantine_ = objects_ + "/tmp_objdir-incoming-x";
  ObjectId old_;
  std::vector<ObjectId> pushed_;
  std::vector<std::string> texts_;
  std::unique_ptr<Repository> repository_;
};

TEST_F(ObjectReaderTest, ReadsOldFilesAndPushedOnes) {
  ObjectReader reader(*repository_);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(reader.header(old_).size, 4U);
    EXPECT_EQ(reader.blob(old_, 4).view(), "old\n");
    for (std::size_t i = 0; i < pushed_.size(); ++i) {
      EXPECT_EQ(reader.header(pushed_[i]).type, ObjectType::blob);
      EXPECT_EQ(reader.header(pushed_[i]).size, texts_[i].size());
      EXPECT_EQ(reader.blob(pushed_[i], texts_[i].size()).view(), texts_[i]);
    }
  }
}

TEST_F(ObjectReaderTest, KeepsBytesBeyondTheNextReading) {
  ObjectReader reader(*repository_);
  const Bytes old = reader.blob(old_, 4);
  const Bytes first = reader.blob(pushed_[0], 10'000);
  for (const ObjectId& id : pushed_) reader.blob(id, 10'000);
  EXPECT_EQ(old.view(), "old\n");
  EXPECT_EQ(first.view(), texts_[0]);
}

TEST_F(ObjectReaderTest, SaysWhyAFileCannotBeRead) {
  ObjectReader reader(*repository_);
  EXPECT_THROW(reader.blob(old_, 3), ObjectTooLarge);
  for (std::size_t i = 0; i < pushed_.size(); ++i) {
    EXPECT_THROW(reader.blob(pushed_[i], texts_[i].size() - 1), ObjectTooLarge);
  }
  EXPECT_THROW(reader.blob(*ObjectId::parse(std::string(40, 'c')), 100), MissingObject);
  EXPECT_THROW(reader.blob(ObjectId(), 100), MissingObject);
  EXPECT_EQ(reader.header(ObjectId()).type, ObjectType::missing);
  const ObjectId tree = temporary_.tree({{"a", "1"}});
  try {
    reader.blob(tree, 100);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), "object " + tree.brief() + " is no blob");
  }
}

TEST_F(ObjectReaderTest, ReadsFoldersAndCommitsThatWereThereAndLoosePushedOnes) {
  ObjectReader reader(*repository_);
  const ObjectId tree = temporary_.tree({{"a", "1"}});
  const ObjectId commit = temporary_.commit("feat: one", {}, {{"a", "1"}});
  EXPECT_EQ(reader.commit(commit).tree, tree);
  EXPECT_EQ(reader.tree(tree).view(), repository_->tree(tree).view());
  EXPECT_EQ(reader.tree(tree).size(), std::string("100644 a").size() + 1 + ObjectId::kSize);
}

TEST_F(ObjectReaderTest, SaysWhyAFolderOrACommitCannotBeRead) {
  ObjectReader reader(*repository_);
  const ObjectId nowhere = *ObjectId::parse(std::string(40, 'c'));
  EXPECT_THROW(reader.tree(nowhere), MissingObject);
  EXPECT_THROW(reader.commit(nowhere), MissingObject);
  for (const ObjectId& blob : {old_, pushed_[0], pushed_[kVersions - 1]}) {
    try {
      reader.tree(blob);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.what(), "object " + blob.brief() + " is no tree of at most 64 MiB");
    }
    try {
      reader.commit(blob);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.what(), "object " + blob.brief() + " is a blob, not a commit");
    }
  }
  EXPECT_THROW(reader.commit(temporary_.raw("commit", std::string(kMaxCommitBytes + 1, 'x'))),
               BadCommit);
}

TEST_F(ObjectReaderTest, ReadsInSeveralThreadsAtOnce) {
  std::vector<std::future<int>> readers;
  for (int thread = 0; thread < 4; ++thread) {
    readers.push_back(std::async(std::launch::async, [&] {
      ObjectReader reader(*repository_);
      int right = 0;
      for (std::size_t i = 0; i < pushed_.size(); ++i) {
        right += reader.blob(pushed_[i], 10'000).view() == texts_[i] ? 1 : 0;
        right += reader.blob(old_, 4).view() == "old\n" ? 1 : 0;
      }
      return right;
    }));
  }
  for (std::future<int>& reader : readers) EXPECT_EQ(reader.get(), 2 * kVersions);
}

}  // namespace
}  // namespace trunkgate

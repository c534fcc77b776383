// Contents of files, from what was there before a push and from its pack.
#include "git/blob_reader.h"

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
class BlobReaderTest : public testing::Test {
 protected:
  static constexpr int kVersions = 60;

  BlobReaderTest() {
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

TEST_F(BlobReaderTest, ReadsOldFilesAndPushedOnes) {
  BlobReader reader(*repository_);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(reader.header(old_).size, 4U);
    EXPECT_EQ(reader.read(old_, 4).view(), "old\n");
    for (std::size_t i = 0; i < pushed_.size(); ++i) {
      EXPECT_EQ(reader.header(pushed_[i]).type, ObjectType::blob);
      EXPECT_EQ(reader.header(pushed_[i]).size, texts_[i].size());
      EXPECT_EQ(reader.read(pushed_[i], texts_[i].size()).view(), texts_[i]);
    }
  }
}

TEST_F(BlobReaderTest, KeepsBytesBeyondTheNextReading) {
  BlobReader reader(*repository_);
  const Bytes old = reader.read(old_, 4);
  const Bytes first = reader.read(pushed_[0], 10'000);
  for (const ObjectId& id : pushed_) reader.read(id, 10'000);
  EXPECT_EQ(old.view(), "old\n");
  EXPECT_EQ(first.view(), texts_[0]);
}

TEST_F(BlobReaderTest, SaysWhyAFileCannotBeRead) {
  BlobReader reader(*repository_);
  EXPECT_THROW(reader.read(old_, 3), ObjectTooLarge);
  for (std::size_t i = 0; i < pushed_.size(); ++i) {
    EXPECT_THROW(reader.read(pushed_[i], texts_[i].size() - 1), ObjectTooLarge);
  }
  EXPECT_THROW(reader.read(*ObjectId::parse(std::string(40, 'c')), 100), MissingObject);
  EXPECT_THROW(reader.read(ObjectId(), 100), MissingObject);
  EXPECT_EQ(reader.header(ObjectId()).type, ObjectType::missing);
  const ObjectId tree = temporary_.tree({{"a", "1"}});
  try {
    reader.read(tree, 100);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), "object " + tree.brief() + " is no blob");
  }
}

TEST_F(BlobReaderTest, ReadsInSeveralThreadsAtOnce) {
  std::vector<std::future<int>> readers;
  for (int thread = 0; thread < 4; ++thread) {
    readers.push_back(std::async(std::launch::async, [&] {
      BlobReader reader(*repository_);
      int right = 0;
      for (std::size_t i = 0; i < pushed_.size(); ++i) {
        right += reader.read(pushed_[i], 10'000).view() == texts_[i] ? 1 : 0;
        right += reader.read(old_, 4).view() == "old\n" ? 1 : 0;
      }
      return right;
    }));
  }
  for (std::future<int>& reader : readers) EXPECT_EQ(reader.get(), 2 * kVersions);
}

}  // namespace
}  // namespace trunkgate

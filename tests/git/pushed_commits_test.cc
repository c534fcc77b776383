// Malformed commits among what a push has brought.
#include "git/pushed_commits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

using Ids = std::vector<ObjectId>;

class PushedCommitsTest : public testing::Test {
 protected:
  PushedCommitsTest() { fs::create_directories(quarantine_ + "/pack"); }

  // One whose author's name has a NUL in it.
  ObjectId malformed(const std::string& title) const {
    const std::string who = " Ada <ada@example.com> 1700000000 +0000\n";
    return repository_.raw("commit", "tree " + repository_.tree({}).hex() + "\nauthor Eve" +
                                         std::string(1, '\0') + who + "committer" + who + "\n" +
                                         title + "\n");
  }
  // Moves objects to the quarantine, as receive-pack finds them there.
  void push_loose(const Ids& ids) const {
    for (const ObjectId& id : ids) {
      fs::create_directories(quarantine_ + "/" + id.hex().substr(0, 2));
      fs::rename(objects_ + loose(id), quarantine_ + loose(id));
    }
  }
  void push_packed(const Ids& ids, bool keep = false) const {
    std::string input;
    for (const ObjectId& id : ids) input += id.hex() + "\n";
    repository_.git({"pack-objects", "-q", quarantine_ + "/pack/pack"}, input);
    for (const ObjectId& id : ids) {
      if (!keep) fs::remove(objects_ + loose(id));
    }
  }
  static std::string loose(const ObjectId& id) {
    return "/" + id.hex().substr(0, 2) + "/" + id.hex().substr(2);
  }

  // Ids of the faulty ones, sorted.
  Ids faulty() const {
    const Repository pushed(
        {.git_dir = repository_.path(), .quarantine = quarantine_, .git_namespace = {}});
    Ids ids;
    for (const CommitFault& fault : pushed_commit_faults(pushed)) {
      EXPECT_EQ(fault.what, "commit " + fault.commit.brief() +
                                " is malformed: its header has a NUL, behind which Git shows "
                                "nothing");
      ids.push_back(fault.commit);
    }
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  TemporaryRepository repository_;
  std::string objects_ = repository_.path() + "/objects";
  std::string quarantine_ = objects_ + "/tmp_objdir-incoming-x";
};

TEST_F(PushedCommitsTest, HaveNoFaultsWhenGitMadeThem) {
  const ObjectId one = repository_.commit("feat: one", {});
  const ObjectId two = repository_.commit("feat: two", {one}, {{"a", "1"}});
  push_loose({one});
  push_packed({two, repository_.tree({{"a", "1"}})});
  EXPECT_EQ(faulty(), Ids());
}

TEST_F(PushedCommitsTest, AreFoundHoweverTheyCame) {
  Ids bad{malformed("feat: one"), malformed("feat: two")};
  push_loose({bad[0]});
  push_packed({bad[1]});
  std::sort(bad.begin(), bad.end());
  EXPECT_EQ(faulty(), bad);
}

TEST_F(PushedCommitsTest, AreNoMatterWhenTheyWereThereBefore) {
  push_packed({malformed("feat: old")}, true);
  EXPECT_EQ(faulty(), Ids());
}

TEST_F(PushedCommitsTest, AreNoEndlessList) {
  Ids ids;
  for (int i = 0; i < 25; ++i) ids.push_back(malformed(std::to_string(i)));
  push_packed(ids);
  EXPECT_EQ(faulty().size(), kMaxCommitFaults);
}

TEST_F(PushedCommitsTest, AreLookedAtOnlyInAQuarantine) {
  malformed("feat: x");
  EXPECT_EQ(pushed_commit_faults(*repository_.open()).size(), 0U);
}

}  // namespace
}  // namespace trunkgate

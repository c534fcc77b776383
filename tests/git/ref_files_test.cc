// References read from their files.
#include "git/ref_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

class RefFiles : public testing::Test {
 protected:
  RefFiles() : first_(repository_.commit("feat: one", {})) {
    second_ = repository_.commit("feat: two", {first_});
  }
  std::string read(const std::string& name) const {
    return read_ref_file(repository_.path(), name);
  }

  TemporaryRepository repository_;
  ObjectId first_;
  ObjectId second_;
};

TEST_F(RefFiles, ReadsALooseReference) {
  repository_.set_ref("refs/heads/feature/x", first_);
  EXPECT_EQ(read("refs/heads/feature/x"), first_.hex());
}

TEST_F(RefFiles, ReadsAPackedReference) {
  repository_.set_ref("refs/heads/a", first_);
  repository_.set_ref("refs/heads/main", second_);
  repository_.git({"tag", "-a", "-m", "v1", "v1", first_.hex()});
  const std::string tag = repository_.git({"rev-parse", "refs/tags/v1"});
  repository_.git({"pack-refs", "--all", "--prune"});
  ASSERT_FALSE(fs::exists(repository_.path() + "/refs/heads/main"));
  EXPECT_EQ(read("refs/heads/a"), first_.hex());
  EXPECT_EQ(read("refs/heads/main"), second_.hex());
  EXPECT_EQ(read("refs/tags/v1"), tag);
}

TEST_F(RefFiles, PrefersTheLooseValueToThePackedOne) {
  repository_.set_ref("refs/heads/main", first_);
  repository_.git({"pack-refs", "--all"});
  repository_.set_ref("refs/heads/main", second_);
  EXPECT_EQ(read("refs/heads/main"), second_.hex());
}

TEST_F(RefFiles, ReadsManyAtOnceInTheOrderOfTheirNames) {
  repository_.set_ref("refs/heads/a", first_);
  repository_.set_ref("refs/heads/b", first_);
  repository_.git({"pack-refs", "--all", "--prune"});
  repository_.set_ref("refs/heads/b", second_);
  repository_.set_ref("refs/heads/c", second_);
  EXPECT_EQ(
      read_ref_files(repository_.path(), {"refs/heads/c", "refs/heads/none", "refs/heads/a",
                                          "refs/heads/b", "refs/heads/a"}),
      (std::vector<std::string>{second_.hex(), "", first_.hex(), second_.hex(), first_.hex()}));
  EXPECT_EQ(read_ref_files(repository_.path(), {}), std::vector<std::string>());
}

TEST_F(RefFiles, ReadsAPackedReferenceBesideAnEmptyFolderOfItsName) {
  repository_.set_ref("refs/heads/feature", first_);
  repository_.git({"pack-refs", "--all", "--prune"});
  fs::create_directories(repository_.path() + "/refs/heads/feature");
  EXPECT_EQ(read("refs/heads/feature"), first_.hex());
}

TEST_F(RefFiles, GivesNothingForWhatIsNoDirectReference) {
  repository_.set_ref("refs/heads/main", first_);
  repository_.git({"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  EXPECT_EQ(read("refs/heads/alias"), "");
  EXPECT_EQ(read("HEAD"), "");
  EXPECT_EQ(read("refs/heads/missing"), "");
  EXPECT_EQ(read("refs/heads"), "");
}

TEST_F(RefFiles, TakesNoPartOfAnotherNameForTheName) {
  repository_.set_ref("refs/heads/feature/main", first_);
  repository_.set_ref("refs/heads/main2", first_);
  repository_.set_ref("refs/tags/refs/heads/main", first_);
  repository_.git({"pack-refs", "--all", "--prune"});
  EXPECT_EQ(read("refs/heads/main"), "");
  EXPECT_EQ(read("main"), "");
  EXPECT_EQ(read("refs/heads/feature/main"), first_.hex());
}

TEST_F(RefFiles, GivesNothingForABrokenFile) {
  fs::create_directories(repository_.path() + "/refs/heads");
  std::ofstream(repository_.path() + "/refs/heads/empty").close();
  std::ofstream(repository_.path() + "/refs/heads/short") << first_.hex().substr(1) << "\n";
  std::ofstream(repository_.path() + "/packed-refs") << "x refs/heads/odd\n";
  EXPECT_EQ(read("refs/heads/empty"), "");
  EXPECT_EQ(read("refs/heads/short"), "");
  EXPECT_EQ(read("refs/heads/odd"), "");
}

TEST_F(RefFiles, TellWhetherThereAreAnyBelowAFolder) {
  const auto any = [&] { return may_have_refs_below(repository_.path(), "refs/locks/"); };
  repository_.set_ref("refs/heads/refs/locks-not", first_);
  EXPECT_FALSE(any());
  repository_.git({"pack-refs", "--all"});
  EXPECT_FALSE(any());
  repository_.set_ref("refs/locks/ada/a", first_);
  EXPECT_TRUE(any());
  repository_.git({"pack-refs", "--all", "--prune"});
  fs::remove_all(repository_.path() + "/refs/locks");
  EXPECT_TRUE(any());
}

}  // namespace
}  // namespace trunkgate

// References listed from their files, compared with git for-each-ref.
#include "git/ref_listing.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

class RefListing : public testing::Test {
 protected:
  RefListing() : one_(server_.commit("feat: one", {})), two_(server_.commit("feat: two", {one_})) {}

  // "NAME ID[ PEELED]" for each.
  Names listed(std::string_view prefix = "refs/", std::string_view without = "") const {
    Names lines;
    for (const Ref& ref : list_ref_files(server_.path(), prefix, without)) {
      lines.push_back(ref.name + " " + ref.id.hex());
    }
    return lines;
  }
  // What git says of the same.
  Names told_by_git(std::string_view prefix = "refs/", std::string_view without = "") const {
    Names lines;
    std::istringstream text(server_.git({"for-each-ref", "--format=%(refname) %(objectname)"}));
    for (std::string line; std::getline(text, line);) {
      const std::string name = line.substr(0, line.find(' '));
      if (!name.starts_with(prefix) || (!without.empty() && name.starts_with(without))) continue;
      if (!server_.git({"for-each-ref", "--format=%(symref)", name}).empty()) continue;
      lines.push_back(line);
    }
    return lines;
  }
  void pack() { server_.git({"pack-refs", "--all", "--prune"}); }

  TemporaryRepository server_;
  ObjectId one_;
  ObjectId two_;
};

TEST_F(RefListing, TakesNothingUnreadableForEmpty) {
  const std::string folder = server_.path() + "/refs/attest";
  server_.set_ref("refs/attest/x/approval/cora", one_);
  // Whoever runs the tests may read everything, but not on behalf of somebody else.
  const bool all_powerful = ::geteuid() == 0;
  for (const std::string& hidden : {folder, folder + "/x/approval/cora"}) {
    for (auto at = fs::path(folder); at != "/" && at != fs::temp_directory_path();
         at = at.parent_path()) {
      if (all_powerful) ::chmod(at.c_str(), 0755);
    }
    ::chmod(hidden.c_str(), 0);
    if (all_powerful) {
      ASSERT_EQ(::seteuid(65534), 0);
    }
    std::string why;
    try {
      listed("refs/attest/");
    } catch (const Error& error) {
      why = error.what();
    }
    if (all_powerful) {
      ASSERT_EQ(::seteuid(0), 0);
    }
    ::chmod(hidden.c_str(), 0755);
    EXPECT_TRUE(why.starts_with("cannot read " + hidden)) << why;
    EXPECT_EQ(listed("refs/attest/").size(), 1U);
  }
}

TEST_F(RefListing, AgreesWithGitOnLooseAndPackedReferences) {
  std::mt19937 random(7);
  const Names folders{"refs/heads/",          "refs/heads/feature/", "refs/tags/",
                      "refs/attest/a/check/", "refs/attest/a0/",     "refs/attestation/",
                      "refs/attes/",          "refs/notes/"};
  for (int round = 0; round < 6; ++round) {
    std::string commands;
    std::set<std::string> names;
    for (int i = 0; i < 60; ++i) {
      const std::string name = folders[random() % folders.size()] + "n" +
                               std::to_string(random() % 400) + (random() % 2 == 0 ? ".x" : "-y");
      if (!names.insert(name).second) continue;
      commands += "update " + name + " " + (random() % 2 == 0 ? one_ : two_).hex() + "\n";
    }
    server_.git({"update-ref", "--stdin"}, commands);
    server_.git({"tag", "-f", "-a", "-m", "x", "t" + std::to_string(round), one_.hex()});
    if (round % 2 == 0) pack();
    for (const char* prefix :
         {"refs/", "refs/heads/", "refs/heads/feature/", "refs/attest/", "refs/attest/a/",
          "refs/tags/t", "refs/z", "refs/a", "refs/nothing/"}) {
      EXPECT_EQ(listed(prefix), told_by_git(prefix)) << prefix << " in round " << round;
      EXPECT_EQ(listed(prefix, "refs/attest/"), told_by_git(prefix, "refs/attest/"))
          << prefix << " in round " << round;
    }
  }
}

TEST_F(RefListing, FindsEveryPlaceOfASortedFile) {
  for (int i = 10; i < 40; ++i) {
    const std::string name = "refs/heads/b" + std::to_string(i);
    server_.set_ref(name, one_);
    if (i % 3 == 0) server_.git({"tag", "-a", "-m", "x", "v" + std::to_string(i), one_.hex()});
  }
  pack();
  for (int i = 10; i < 40; ++i) {
    const std::string name = "refs/heads/b" + std::to_string(i);
    EXPECT_EQ(listed(name), Names{name + " " + one_.hex()});
  }
}

TEST_F(RefListing, ReadsAFileThatIsNotSorted) {
  server_.set_ref("refs/heads/a", one_);
  pack();
  std::ofstream(server_.path() + "/packed-refs") << "# pack-refs with: peeled \n"
                                                 << two_.hex() << " refs/heads/z\n"
                                                 << one_.hex() << " refs/heads/a\n";
  EXPECT_EQ(listed("refs/heads/"),
            (Names{"refs/heads/a " + one_.hex(), "refs/heads/z " + two_.hex()}));
}

TEST_F(RefListing, KnowsTheCommitBehindAPackedTag) {
  server_.git({"tag", "-a", "-m", "x", "v1", one_.hex()});
  server_.set_ref("refs/tags/light", two_);
  pack();
  const std::vector<Ref> tags = list_ref_files(server_.path(), "refs/tags/", "");
  ASSERT_EQ(tags.size(), 2U);
  EXPECT_EQ(tags[0].peeled, std::nullopt);
  EXPECT_EQ(tags[1].peeled, one_);
}

TEST_F(RefListing, LeavesOutWhatHoldsNoId) {
  server_.set_ref("refs/heads/good", one_);
  server_.set_ref("refs/heads/shadowed", one_);
  pack();
  server_.git({"symbolic-ref", "refs/heads/other", "refs/heads/good"});
  std::ofstream(server_.path() + "/refs/heads/shadowed") << "garbage\n";
  std::ofstream(server_.path() + "/refs/heads/good.lock") << two_.hex() << "\n";
  std::ofstream(server_.path() + "/refs/heads/long") << two_.hex() << "00\n";
  ASSERT_EQ(::mkfifo((server_.path() + "/refs/heads/pipe").c_str(), 0600), 0);
  EXPECT_EQ(listed(), Names{"refs/heads/good " + one_.hex()});
}

TEST_F(RefListing, PrefersTheLooseValue) {
  server_.set_ref("refs/heads/a", one_);
  pack();
  server_.set_ref("refs/heads/a", two_);
  EXPECT_EQ(listed(), Names{"refs/heads/a " + two_.hex()});
}

TEST_F(RefListing, DoesNotTakeAPackedFileItCannotReadForAnEmptyOne) {
  ASSERT_EQ(::mkfifo((server_.path() + "/packed-refs").c_str(), 0600), 0);
  EXPECT_THROW(listed(), Error);
}

TEST_F(RefListing, OfARepositoryLeavesEvidenceOutUnlessItIsAskedFor) {
  server_.set_ref("refs/heads/a", one_);
  server_.set_ref("refs/attest/x", one_);
  const auto names = [&](std::string_view prefix) {
    Names found;
    for (const Ref& ref : server_.open()->refs(prefix)) found.push_back(ref.name);
    return found;
  };
  EXPECT_EQ(names("refs/"), Names{"refs/heads/a"});
  EXPECT_EQ(names("refs/attest/"), Names{"refs/attest/x"});
}

}  // namespace
}  // namespace trunkgate

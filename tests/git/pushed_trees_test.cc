// Malformed trees among what a push has brought.
#include "git/pushed_trees.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/pushed_scan.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

using Ids = std::vector<ObjectId>;
using Lines = std::vector<std::string>;

std::string entry(const std::string& mode, const std::string& name, const ObjectId& id) {
  return mode + " " + name + std::string(1, '\0') +
         std::string(reinterpret_cast<const char*>(id.bytes()), ObjectId::kSize);
}

class PushedTreesTest : public testing::Test {
 protected:
  PushedTreesTest() { fs::create_directories(quarantine_ + "/pack"); }

  ObjectId blob(const std::string& content) const { return repository_.raw("blob", content); }
  // A tree with two entries of one name.
  ObjectId twice(const std::string& name) const {
    const std::string one = entry("100644", name, blob("1"));
    return repository_.raw("tree", one + one);
  }
  ObjectId with_gitmodules(const ObjectId& id, const std::string& mode = "100644") const {
    return repository_.raw("tree", entry(mode, ".gitmodules", id));
  }

  // Moves objects to the quarantine as receive-pack finds them there after unpack-objects.
  void push_loose(const Ids& ids) const {
    for (const ObjectId& id : ids) {
      const std::string folder = "/" + id.hex().substr(0, 2);
      fs::create_directories(quarantine_ + folder);
      fs::rename(objects_ + loose(id), quarantine_ + loose(id));
    }
  }
  // And after index-pack.
  void push_packed(const Ids& ids) const {
    std::string input;
    for (const ObjectId& id : ids) input += id.hex() + "\n";
    repository_.git({"pack-objects", "-q", quarantine_ + "/pack/pack"}, input);
    for (const ObjectId& id : ids) fs::remove(objects_ + loose(id));
  }

  // "id: what" of each fault, sorted.
  Lines faults() const {
    Lines lines;
    for (const TreeFault& fault : faults_of(pushed())) {
      lines.push_back(fault.object.hex() + ": " + fault.what);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }
  static std::vector<TreeFault> faults_of(const Repository& repository) {
    return PushedScan(repository, nullptr).faults();
  }
  std::size_t packed() const {
    const Repository repository = pushed();
    const std::vector<std::size_t> counts = repository.pushed_counts();
    return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
  }

  static Lines sorted(Lines lines) {
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  static std::string loose(const ObjectId& id) {
    return "/" + id.hex().substr(0, 2) + "/" + id.hex().substr(2);
  }
  Repository pushed() const {
    return Repository(
        {.git_dir = repository_.path(), .quarantine = quarantine_, .git_namespace = {}});
  }

  TemporaryRepository repository_;
  std::string objects_ = repository_.path() + "/objects";
  std::string quarantine_ = objects_ + "/tmp_objdir-incoming-x";
};

// What differs in a delta's few bytes only must not be taken for what it was.
TEST_F(PushedTreesTest, HaveTheFaultOfAFolderWhoseNameHasGotASlash) {
  std::string files;
  for (int i = 100; i < 200; ++i) files += entry("100644", "b" + std::to_string(i), blob("1"));
  const ObjectId below = repository_.raw("tree", entry("100644", "ci.yml", blob("2")));
  const ObjectId sound = repository_.raw("tree", entry("40000", "a", below) + files);
  // A file less: Git stores the smaller one as a delta of the other.
  const std::string fewer = files.substr(entry("100644", "b100", below).size());
  const ObjectId slash = repository_.raw("tree", entry("40000", "a/x", below) + fewer);
  push_packed({below, sound, slash});
  EXPECT_EQ(faults(), (Lines{slash.hex() + ": the name 'a/x' has a slash"}));
}

TEST_F(PushedTreesTest, HaveNoFaultsWhenNothingIsPushed) {
  twice("a");
  EXPECT_EQ(faults(), Lines());
  EXPECT_EQ(packed(), 0U);
}

TEST_F(PushedTreesTest, AreLookedAtOnlyInAQuarantine) {
  twice("a");
  const auto repository = repository_.open();
  EXPECT_EQ(faults_of(*repository).size(), 0U);
  EXPECT_EQ(repository->pushed_counts(), std::vector<std::size_t>());
}

TEST_F(PushedTreesTest, HaveNoFaultsWhenGitMadeThem) {
  const ObjectId one = repository_.tree({{"a", "1"}, {"a.txt", "1"}});
  const ObjectId two = repository_.tree({{"b", "1"}});
  const ObjectId empty = repository_.tree({});
  push_loose({one});
  push_packed({two, empty});
  EXPECT_EQ(faults(), Lines());
  EXPECT_EQ(packed(), 2U);
}

TEST_F(PushedTreesTest, ShowTheirFaultsWhenTheyAreLoose) {
  const ObjectId good = repository_.tree({{"a", "1"}});
  const ObjectId bad = twice("a");
  const ObjectId git = repository_.raw("tree", entry("40000", ".git", good));
  const ObjectId bytes = repository_.raw("tree", "no tree");
  const ObjectId harmless = repository_.raw("blob", "no tree");
  push_loose({good, bad, git, bytes, harmless});
  EXPECT_EQ(faults(), sorted({bad.hex() + ": 'a' stands in it twice",
                              git.hex() + ": the name '.git' is taken for '.git' by some systems",
                              bytes.hex() + ": its bytes are no list of entries"}));
  EXPECT_EQ(packed(), 0U);
}

TEST_F(PushedTreesTest, ShowTheirFaultsWhenTheyArePacked) {
  const ObjectId good = repository_.tree({{"a", "1"}});
  const ObjectId bad = twice("a");
  const ObjectId git = repository_.raw("tree", entry("40000", ".git", good));
  const ObjectId bytes = repository_.raw("tree", "no tree");
  const ObjectId harmless = repository_.raw("blob", "no tree");
  push_packed({good, bad, git, bytes, harmless});
  EXPECT_EQ(faults(), sorted({bad.hex() + ": 'a' stands in it twice",
                              git.hex() + ": the name '.git' is taken for '.git' by some systems",
                              bytes.hex() + ": its bytes are no list of entries"}));
  EXPECT_EQ(packed(), 5U);
}

TEST_F(PushedTreesTest, ShowTheirFaultsInEveryPack) {
  const ObjectId one = twice("one");
  const ObjectId two = twice("two");
  const ObjectId three = twice("three");
  push_packed({one});
  push_packed({two});
  push_loose({three});
  EXPECT_EQ(faults(), sorted({one.hex() + ": 'one' stands in it twice",
                              two.hex() + ": 'two' stands in it twice",
                              three.hex() + ": 'three' stands in it twice"}));
  EXPECT_EQ(packed(), 2U);
}

// A tree of many entries and versions of it with one more at their end.
class ManyEntries {
 public:
  explicit ManyEntries(const ObjectId& id) : id_(id) {
    for (int i = 100; i < 400; ++i) raw_ += entry("100644", "f" + std::to_string(i), id);
  }
  const std::string& raw() const { return raw_; }
  std::string with(const std::string& name) const { return raw_ + entry("100644", name, id_); }

 private:
  ObjectId id_;
  std::string raw_;
};

TEST_F(PushedTreesTest, ShowTheirFaultsWhenTheyAreDeltas) {
  const ManyEntries entries(blob("1"));
  Ids ids{repository_.raw("tree", entries.raw())};
  Lines expected;
  for (int i = 0; i < 10; ++i) {
    const std::string name = "e" + std::to_string(i);
    ids.push_back(repository_.raw("tree", entries.with(name)));
    expected.push_back(ids.back().hex() + ": '" + name +
                       "' stands after 'f399', which is out of order");
    ids.push_back(repository_.raw("tree", entries.with("g" + std::to_string(i))));
  }
  push_packed(ids);
  EXPECT_EQ(faults(), sorted(expected));
}

class ThinPackTest : public PushedTreesTest {
 protected:
  // Brings what `next` has and `base` has not, as a pack of deltas against what is in the store;
  // index-pack adds the bases at its end.
  void push_thin(const ObjectId& base, const ObjectId& next) const {
    const std::string script =
        "!git pack-objects -q --thin --revs --stdout | "
        "git index-pack --stdin --fix-thin '" +
        quarantine_ + "/pack/pack-1.pack'";
    repository_.git({"-c", "alias.thin=" + script, "thin"}, next.hex() + "\n^" + base.hex() + "\n");
    const ObjectId tree = *ObjectId::parse(repository_.git({"rev-parse", next.hex() + ":"}));
    for (const ObjectId& id : {next, tree}) fs::remove(objects_ + loose(id));
  }
};

TEST_F(ThinPackTest, ShowsTheFaultsOfPushedTrees) {
  const ManyEntries entries(blob("1"));
  const ObjectId good = repository_.raw("tree", entries.raw());
  const ObjectId bad = repository_.raw("tree", entries.with("e"));
  const ObjectId base = repository_.commit_of_tree("feat: base", {}, good);
  const ObjectId next = repository_.commit_of_tree("feat: next", {base}, bad);
  push_thin(base, next);
  EXPECT_EQ(packed(), 3U);  // the commit, its tree and that one's base
  EXPECT_EQ(faults(), Lines{bad.hex() + ": 'e' stands after 'f399', which is out of order"});
}

// A repository may have old trees that would be refused today. The push has not brought them.
TEST_F(ThinPackTest, DoesNotShowThoseOfOldTreesThatAreBases) {
  const ManyEntries entries(blob("1"));
  const ObjectId bad = repository_.raw("tree", entries.with("e"));
  const ObjectId good = repository_.raw("tree", entries.with("g"));
  const ObjectId base = repository_.commit_of_tree("feat: base", {}, bad);
  const ObjectId next = repository_.commit_of_tree("feat: next", {base}, good);
  push_thin(base, next);
  EXPECT_EQ(packed(), 3U);
  EXPECT_EQ(faults(), Lines());
}

// Or nobody could push a commit that takes such a file away.
TEST_F(ThinPackTest, DoesNotShowThoseOfGitmodulesThatOnlyOldTreesName) {
  const ManyEntries entries(blob("1"));
  const ObjectId gitmodules = blob("[submodule \"a\"]\n\turl = -u\n");
  const ObjectId bad =
      repository_.raw("tree", entry("100644", ".gitmodules", gitmodules) + entries.raw());
  const ObjectId good = repository_.raw("tree", entries.raw());
  const ObjectId base = repository_.commit_of_tree("feat: base", {}, bad);
  const ObjectId next = repository_.commit_of_tree("feat: next", {base}, good);
  push_thin(base, next);
  EXPECT_EQ(packed(), 3U);
  EXPECT_EQ(faults(), Lines());
}

TEST_F(PushedTreesTest, ShowNoMoreThanSoManyFaults) {
  Ids ids;
  for (std::size_t i = 0; i < kMaxTreeFaults + 5; ++i) {
    ids.push_back(twice("a" + std::to_string(i)));
  }
  const Ids some(ids.begin(), ids.begin() + kMaxTreeFaults - 1);
  push_packed(some);
  EXPECT_EQ(faults().size(), kMaxTreeFaults - 1);
  const Ids others(ids.begin() + kMaxTreeFaults - 1, ids.end());
  push_loose(others);
  EXPECT_EQ(faults().size(), kMaxTreeFaults);
  for (const TreeFault& fault : faults_of(pushed())) {
    EXPECT_NE(std::find(ids.begin(), ids.end(), fault.object), ids.end());
  }
}

TEST_F(PushedTreesTest, ShowNoMoreThanSoManyFaultsOfOnePack) {
  Ids ids;
  for (std::size_t i = 0; i < kMaxTreeFaults + 5; ++i) {
    ids.push_back(twice("a" + std::to_string(i)));
  }
  const ObjectId gitmodules = blob("[submodule \"a\"]\n\turl = -u\n");
  ids.push_back(with_gitmodules(gitmodules));
  push_packed(ids);
  EXPECT_EQ(faults().size(), kMaxTreeFaults);
}

TEST_F(PushedTreesTest, ShowFaultsOfGitmodules) {
  const ObjectId loose = blob("[submodule \"a\"]\n\turl = -u\n");
  const ObjectId packed = blob("[submodule \"a\"]\n\tpath = -p\n");
  const ObjectId old = blob("[submodule \"a\"]\n\tupdate = !x\n");
  const ObjectId good = blob("[submodule \"a\"]\n\turl = ../a\n");
  const ObjectId trees_loose = with_gitmodules(loose);
  const ObjectId trees_packed = with_gitmodules(packed);
  const ObjectId trees_old = with_gitmodules(old);
  const ObjectId trees_good = with_gitmodules(good);
  push_packed({packed, trees_packed, trees_loose, good});
  push_loose({loose, trees_old, trees_good});
  EXPECT_EQ(faults(),
            sorted({loose.hex() + ": .gitmodules: the url '-u' can be taken for an option",
                    packed.hex() + ": .gitmodules: the path '-p' can be taken for an option",
                    old.hex() + ": .gitmodules: the update '!x' would run a command"}));
}

TEST_F(PushedTreesTest, ShowFaultsOfGitmodulesOnce) {
  const ObjectId gitmodules = blob("[submodule \"a\"]\n\turl = -u\n");
  const ObjectId one = with_gitmodules(gitmodules);
  const ObjectId two = with_gitmodules(gitmodules, "100755");
  const ObjectId three = repository_.raw("tree", entry("100644", ".GITMODULES", gitmodules));
  push_packed({gitmodules, one, two, three});
  EXPECT_EQ(faults(),
            Lines{gitmodules.hex() + ": .gitmodules: the url '-u' can be taken for an option"});
}

TEST_F(PushedTreesTest, ShowNoFaultsOfFilesThatNoTreeNamesGitmodules) {
  const ObjectId content = blob("[submodule \"a\"]\n\turl = -u\n");
  const ObjectId tree = repository_.raw("tree", entry("100644", "gitmodules", content));
  push_packed({content, tree});
  EXPECT_EQ(faults(), Lines());
}

TEST_F(PushedTreesTest, MayNotHaveVeryLargeGitmodules) {
  std::string content = "#";
  content.resize(kMaxGitmodulesBytes, 'x');
  const ObjectId fits = blob(content);
  const ObjectId packed = blob(content + "x");
  const ObjectId loose = blob(content + "y");
  const ObjectId trees_fits = with_gitmodules(fits);
  const ObjectId trees_packed = with_gitmodules(packed);
  const ObjectId trees_loose = with_gitmodules(loose);
  push_packed({packed, trees_fits, trees_packed, trees_loose});
  push_loose({fits, loose});
  EXPECT_EQ(faults(), sorted({packed.hex() + ": .gitmodules is larger than 1 MiB",
                              loose.hex() + ": .gitmodules is larger than 1 MiB"}));
}

TEST_F(PushedTreesTest, MayNotHaveGitattributesWithLinesThatGitDoesNotRead) {
  const auto tree_with = [&](const ObjectId& id) {
    return repository_.raw("tree", entry("100644", ".gitattributes", id));
  };
  const ObjectId fine = blob("* text=auto\n");
  const ObjectId packed = blob(std::string(2048, 'x'));
  const ObjectId loose = blob("\n" + std::string(2048, 'y') + "\n");
  const ObjectId trees_fine = tree_with(fine);
  const ObjectId trees_packed = tree_with(packed);
  const ObjectId trees_loose = tree_with(loose);
  push_packed({packed, trees_fine, trees_packed, trees_loose});
  push_loose({fine, loose});
  const std::string words = " has 2048 bytes; Git reads at most 2047";
  EXPECT_EQ(faults(), sorted({packed.hex() + ": .gitattributes: line 1" + words,
                              loose.hex() + ": .gitattributes: line 2" + words}));
}

// A tree that is stored as a difference from a sound one has the same attributes, looked at once.
TEST_F(PushedTreesTest, MayNotGetBadGitattributesFromASoundTree) {
  std::string names;
  for (int i = 100; i < 140; ++i) names += entry("100644", "f" + std::to_string(i), blob("1"));
  const ObjectId fine = blob("* text=auto\n");
  const ObjectId bad = blob(std::string(2048, 'x'));
  const ObjectId before = repository_.raw("tree", entry("100644", ".gitattributes", fine) + names);
  const ObjectId after = repository_.raw("tree", entry("100644", ".gitattributes", bad) + names);
  push_packed({before, after, fine, bad});
  EXPECT_EQ(faults(),
            Lines{bad.hex() + ": .gitattributes: line 1 has 2048 bytes; Git reads at most 2047"});
}

TEST_F(PushedTreesTest, MayNameGitmodulesThatAreNotThere) {
  const ObjectId tree = with_gitmodules(*ObjectId::parse(std::string(40, 'd')));
  push_packed({tree});
  EXPECT_EQ(faults(), Lines());
}

// "'.gitmodules' that is no plain file" is refused, as `git fsck` does with gitmodulesBlob.
TEST_F(PushedTreesTest, MayNotHaveAFolderNamedGitmodules) {
  const ObjectId below = repository_.tree({{"a", "1"}});
  const ObjectId folder = with_gitmodules(below, "40000");
  push_packed({below, folder});
  EXPECT_EQ(faults().size(), 1U);
}

TEST_F(PushedTreesTest, MayNotHaveAFolderBehindAFileNamedGitmodules) {
  const ObjectId below = repository_.tree({{"a", "1"}});
  const ObjectId file = with_gitmodules(below);
  push_loose({below, file});
  EXPECT_EQ(faults().size(), 1U);
}

TEST_F(PushedTreesTest, CannotBeReadFromADamagedPack) {
  const ObjectId tree = repository_.tree({{"a", "1"}});
  push_packed({tree});
  for (const auto& file : fs::directory_iterator(quarantine_ + "/pack")) {
    if (file.path().extension() != ".pack") continue;
    fs::permissions(file.path(), fs::perms::owner_all);
    fs::resize_file(file.path(), fs::file_size(file.path()) - 20);
  }
  EXPECT_THROW(faults(), Error);
}

}  // namespace
}  // namespace trunkgate

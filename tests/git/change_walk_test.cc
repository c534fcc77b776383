// The files that commits change.
#include "git/change_walk.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

using Files = std::map<std::string, std::string>;
using Lines = std::vector<std::string>;

class ChangeWalkTest : public testing::Test {
 protected:
  ObjectId commit(const std::vector<ObjectId>& parents, const Files& files) {
    return repository_.commit("feat: x", parents, files);
  }

  // "+path" added, "-path" deleted, "path" changed, for each commit in turn.
  Lines visit(const std::vector<ObjectId>& commits, bool deletions = true) const {
    const auto repository = repository_.open();
    ChangeWalk walk(repository->objects(), deletions);
    Lines lines;
    for (const ObjectId& id : commits) {
      walk.visit(repository->commit(id), [&](const ChangedFile& file) {
        lines.push_back((file.deleted() ? "-" : file.added() ? "+" : "") + file.path);
      });
    }
    return lines;
  }

  TemporaryRepository repository_;
};

TEST_F(ChangeWalkTest, VisitsEveryFileOfAFirstCommitInGitsOrder) {
  EXPECT_EQ(visit({commit({}, {{"b", "1"}, {"a/x", "1"}, {"a.txt", "1"}, {"a/b/c", "1"}})}),
            (Lines{"+a.txt", "+a/b/c", "+a/x", "+b"}));
}

TEST_F(ChangeWalkTest, VisitsWhatACommitAddsChangesAndDeletes) {
  const ObjectId base = commit({}, {{"a", "1"}, {"d/x", "1"}, {"d/y", "1"}, {"gone/z", "1"}});
  const ObjectId next = commit({base}, {{"a", "2"}, {"d/x", "1"}, {"d/n", "1"}});
  EXPECT_EQ(visit({next}), (Lines{"a", "+d/n", "-d/y", "-gone/z"}));
  EXPECT_EQ(visit({next}, false), (Lines{"a", "+d/n"}));
}

TEST_F(ChangeWalkTest, TellsModesAndIdsOnBothSides) {
  const ObjectId old_blob = repository_.raw("blob", "1");
  const ObjectId new_blob = repository_.raw("blob", "2");
  const auto tree = [&](const std::string& mode, const ObjectId& id) {
    return *ObjectId::parse(repository_.git({"mktree"}, mode + " blob " + id.hex() + "\ta\n"));
  };
  const ObjectId base = repository_.commit_of_tree("feat: x", {}, tree("100644", old_blob));
  const ObjectId next = repository_.commit_of_tree("feat: y", {base}, tree("100755", new_blob));
  const auto repository = repository_.open();
  std::vector<ChangedFile> files;
  ChangeWalk(repository->objects(), false)
      .visit(repository->commit(next), [&](const ChangedFile& file) { files.push_back(file); });
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].id, new_blob);
  EXPECT_EQ(files[0].before, old_blob);
  EXPECT_EQ(files[0].mode, 0100755U);
  EXPECT_EQ(files[0].before_mode, 0100644U);
  EXPECT_TRUE(files[0].executable());
}

TEST_F(ChangeWalkTest, SeesAFileBecomeAFolderAndBack) {
  const ObjectId file = commit({}, {{"a", "1"}});
  const ObjectId folder = commit({file}, {{"a/b", "1"}});
  EXPECT_EQ(visit({folder}), (Lines{"-a", "+a/b"}));
  const ObjectId again = commit({folder}, {{"a", "1"}});
  EXPECT_EQ(visit({again}), (Lines{"+a", "-a/b"}));
}

TEST_F(ChangeWalkTest, VisitsOfAMergeOnlyWhatNoParentHas) {
  const ObjectId base = commit({}, {{"a", "1"}, {"b", "1"}, {"c", "1"}, {"d", "1"}});
  const ObjectId left = commit({base}, {{"a", "2"}, {"b", "1"}, {"c", "1"}, {"d", "1"}});
  const ObjectId right = commit({base}, {{"a", "1"}, {"b", "2"}, {"c", "1"}, {"d", "1"}});
  const ObjectId clean = commit({left, right}, {{"a", "2"}, {"b", "2"}, {"c", "1"}, {"d", "1"}});
  EXPECT_EQ(visit({clean}), Lines{});
  const ObjectId evil = commit({left, right}, {{"a", "2"}, {"b", "3"}, {"d", "1"}, {"e", "1"}});
  EXPECT_EQ(visit({evil}), (Lines{"b", "-c", "+e"}));
}

TEST_F(ChangeWalkTest, SaysNothingOfACommitThatChangesNothing) {
  const ObjectId base = commit({}, {{"a", "1"}});
  EXPECT_EQ(visit({commit({base}, {{"a", "1"}})}), Lines{});
}

TEST_F(ChangeWalkTest, LooksIntoAFolderOncePerFolderItReplaces) {
  const ObjectId one = commit({}, {{"d/a", "1"}, {"d/b", "1"}});
  const ObjectId two = commit({one}, {{"d/a", "2"}, {"d/b", "1"}});
  const ObjectId back = commit({two}, {{"d/a", "1"}, {"d/b", "1"}});
  EXPECT_EQ(visit({one, two, back}), (Lines{"+d/a", "+d/b", "d/a", "d/a"}));
  // To and fro once more is no news.
  const ObjectId again = commit({back}, {{"d/a", "2"}, {"d/b", "1"}});
  const ObjectId last = commit({again}, {{"d/a", "1"}, {"d/b", "1"}});
  EXPECT_EQ(visit({one, two, back, again, last}), (Lines{"+d/a", "+d/b", "d/a", "d/a"}));
  // What it takes from somewhere else is.
  const ObjectId root = commit({}, {{"d/a", "1"}});
  const ObjectId shorter = commit({one}, {{"d/a", "1"}});
  EXPECT_EQ(visit({one, root, shorter}), (Lines{"+d/a", "+d/b", "+d/a", "-d/b"}));
  // The same folder at another path is news.
  const ObjectId moved = commit({back}, {{"e/a", "1"}, {"e/b", "1"}});
  EXPECT_EQ(visit({one, moved}), (Lines{"+d/a", "+d/b", "-d/a", "-d/b", "+e/a", "+e/b"}));
}

TEST_F(ChangeWalkTest, AgreesWithGitOnARandomHistory) {
  unsigned state = 7;
  const auto random = [&](unsigned n) {
    state = state * 1103515245U + 12345U;
    return (state >> 16U) % n;
  };
  Files files;
  ObjectId parent = commit({}, {{"start", "1"}});
  for (int round = 0; round < 60; ++round) {
    for (int change = 0; change < 4; ++change) {
      const std::string path = std::string(1, static_cast<char>('a' + random(4))) + "/" +
                               std::string(1, static_cast<char>('a' + random(4))) +
                               (random(3) == 0 ? ".x" : "/f" + std::to_string(random(3)));
      if (random(4) == 0) {
        files.erase(path);
      } else {
        files[path] = std::to_string(random(1000));
      }
    }
    const ObjectId next = commit({parent}, files);
    Lines expected;
    const std::string raw = repository_.git(
        {"diff-tree", "-r", "--no-renames", "--name-status", parent.hex(), next.hex()});
    std::size_t at = 0;
    while (at < raw.size()) {
      const std::size_t end = std::min(raw.find('\n', at), raw.size());
      const std::string line = raw.substr(at, end - at);
      expected.push_back((line[0] == 'A' ? "+" : line[0] == 'D' ? "-" : "") + line.substr(2));
      at = end + 1;
    }
    EXPECT_EQ(visit({next}), expected) << round;
    parent = next;
  }
}

TEST_F(ChangeWalkTest, RefusesFoldersThatAreNestedTooDeep) {
  std::string path = "f";
  for (int i = 0; i < 140; ++i) path = "d/" + path;
  EXPECT_THROW(visit({commit({}, {{path, "1"}})}), Error);
}

TEST_F(ChangeWalkTest, RefusesFewFoldersInVeryManyPlaces) {
  const auto tree_of = [&](const std::string& kind, const ObjectId& id, int entries) {
    std::string lines;
    for (int i = 0; i < entries; ++i) {
      lines += kind + " " + id.hex() + "\t" + std::to_string(i) + "\n";
    }
    return *ObjectId::parse(repository_.git({"mktree"}, lines));
  };
  const auto nested = [&](int levels) {
    ObjectId tree = tree_of("100644 blob", repository_.raw("blob", "1"), 10);
    for (int i = 1; i < levels; ++i) tree = tree_of("040000 tree", tree, 10);
    return repository_.commit_of_tree("feat: x", {}, tree);
  };
  const auto repository = repository_.open();
  const auto visited = [&](const ObjectId& id) {
    ChangeWalk walk(repository->objects(), false);
    std::size_t files = 0;
    walk.visit(repository->commit(id), [&](const ChangedFile&) { ++files; });
    return files;
  };
  EXPECT_EQ(visited(nested(4)), 10'000U);
  EXPECT_THROW(visited(nested(10)), BadCommit);
  // Nor can a bomb from before the gate be taken away file by file.
  const ObjectId old = nested(10);
  const ObjectId gone = repository_.commit("feat: y", {old}, {{"a", "1"}});
  ChangeWalk walk(repository->objects(), true);
  EXPECT_THROW(walk.visit(repository->commit(gone), [](const ChangedFile&) {}), BadCommit);
}

}  // namespace
}  // namespace trunkgate

// Differences between trees, and whether a commit undoes another.
#include "git/diff.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "support/numbered_lines.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

using Files = std::map<std::string, std::string>;

class Diff : public testing::Test {
 protected:
  std::vector<std::string> paths(const Files& before, const Files& after) const {
    std::vector<std::string> result;
    for (const FileChange& change :
         diff_trees(*repository_.open(), repository_.tree(before), repository_.tree(after))) {
      result.push_back((change.before.is_zero()  ? "+"
                        : change.after.is_zero() ? "-"
                                                 : "") +
                       change.path);
    }
    return result;
  }

  // Whether a commit from `before_undo` to `after_undo` is the inverse of one from `before` to
  // `after`.
  bool inverse(const Files& before, const Files& after, const Files& before_undo,
               const Files& after_undo) {
    const ObjectId base = repository_.commit("feat: base", {}, before);
    const ObjectId change = repository_.commit("feat: change", {base}, after);
    const ObjectId between = repository_.commit("feat: between", {change}, before_undo);
    const ObjectId undo = repository_.commit("Revert", {between}, after_undo);
    const auto repository = repository_.open();
    return is_inverse(*repository, repository->commit(undo), repository->commit(change));
  }

  TemporaryRepository repository_;
};

TEST_F(Diff, ListsFilesThatDifferByPath) {
  EXPECT_EQ(paths({{"b", "1"}, {"c", "1"}, {"d/x/y", "1"}, {"same/z", "1"}},
                  {{"a", "1"}, {"c", "2"}, {"d/x/z", "1"}, {"same/z", "1"}}),
            (std::vector<std::string>{"+a", "-b", "c", "-d/x/y", "+d/x/z"}));
}

TEST_F(Diff, IsEmptyForEqualTrees) {
  EXPECT_EQ(paths({{"a/b", "1"}}, {{"a/b", "1"}}), std::vector<std::string>());
  EXPECT_EQ(paths({}, {}), std::vector<std::string>());
}

TEST_F(Diff, TakesTheZeroIdForTheEmptyTree) {
  const ObjectId tree = repository_.tree({{"a/b", "1"}});
  const auto repository = repository_.open();
  const std::vector<FileChange> added = diff_trees(*repository, ObjectId(), tree);
  ASSERT_EQ(added.size(), 1U);
  const ObjectId blob = *ObjectId::parse(repository_.git({"rev-parse", tree.hex() + ":a/b"}));
  EXPECT_EQ(added[0], (FileChange{"a/b", ObjectId(), blob, 0, 0100644}));
  EXPECT_EQ(diff_trees(*repository, tree, ObjectId())[0],
            (FileChange{"a/b", blob, ObjectId(), 0100644, 0}));
}

TEST_F(Diff, SeesAFileThatBecomesAFolder) {
  EXPECT_EQ(paths({{"a", "1"}}, {{"a/b", "1"}}), (std::vector<std::string>{"-a", "+a/b"}));
  EXPECT_EQ(paths({{"a/b", "1"}}, {{"a", "1"}}), (std::vector<std::string>{"+a", "-a/b"}));
}

TEST_F(Diff, SeesAChangeOfModeAlone) {
  const ObjectId blob = repository_.raw("blob", "1");
  const auto with_mode = [&](const std::string& mode) {
    return *ObjectId::parse(repository_.git({"mktree"}, mode + " blob " + blob.hex() + "\ta\n"));
  };
  EXPECT_EQ(diff_trees(*repository_.open(), with_mode("100644"), with_mode("100755")),
            (std::vector<FileChange>{{"a", blob, blob, 0100644, 0100755}}));
}

TEST_F(Diff, RefusesFoldersThatAreNestedTooDeep) {
  ObjectId tree = repository_.tree({{"a", "1"}});
  for (std::size_t i = 0; i <= kMaxTreeDepth; ++i) {
    tree = *ObjectId::parse(repository_.git({"mktree"}, "040000 tree " + tree.hex() + "\td\n"));
  }
  try {
    diff_trees(*repository_.open(), ObjectId(), tree);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "folders are nested more than 128 deep");
  }
}

TEST_F(Diff, OfACommitIsAgainstItsFirstParent) {
  const ObjectId one = repository_.commit("feat: one", {}, {{"a", "1"}});
  const ObjectId two = repository_.commit("feat: two", {}, {{"b", "1"}});
  const ObjectId merge = repository_.commit("Merge", {one, two}, {{"a", "1"}, {"b", "1"}});
  const auto repository = repository_.open();
  const auto changed = [&](const ObjectId& id) {
    std::vector<std::string> result;
    for (const FileChange& change : changes_of(*repository, repository->commit(id))) {
      result.push_back(change.path);
    }
    return result;
  };
  EXPECT_EQ(changed(one), std::vector<std::string>{"a"});
  EXPECT_EQ(changed(merge), std::vector<std::string>{"b"});
}

using Inverse = Diff;

TEST_F(Inverse, IsACommitThatPutsTheSameFilesBack) {
  const Files before{{"a", "1\n"}, {"b", "1\n"}};
  const Files after{{"a", "2\n"}, {"c", "1\n"}};
  EXPECT_TRUE(inverse(before, after, after, before));
}

TEST_F(Inverse, MayLeaveAloneWhatOthersChangedInBetween) {
  EXPECT_TRUE(inverse({{"a", "1\n"}}, {{"a", "2\n"}}, {{"a", "2\n"}, {"b", "1\n"}},
                      {{"a", "1\n"}, {"b", "1\n"}}));
}

TEST_F(Inverse, MayLeaveAloneOtherLinesOfTheSameFile) {
  const std::string before = lines(1, 30);
  const std::string after = replaced(before, "line 20\n", "LINE 20\n");
  const std::string between = "zero\n" + replaced(after, "line 5\n", "");
  const std::string undone = replaced(between, "LINE 20\n", "line 20\n");
  EXPECT_TRUE(inverse({{"a", before}}, {{"a", after}}, {{"a", between}}, {{"a", undone}}));
}

TEST_F(Inverse, IsNotACommitThatPutsOnlyAPartBack) {
  const std::string before = lines(1, 30);
  const std::string half = replaced(before, "line 20\n", "LINE 20\n");
  const std::string after = replaced(half, "line 5\n", "LINE 5\n");
  EXPECT_FALSE(inverse({{"a", before}}, {{"a", after}}, {{"a", after}}, {{"a", half}}));
  EXPECT_FALSE(inverse({{"a", "1"}, {"b", "1"}}, {{"a", "2"}, {"b", "2"}}, {{"a", "2"}, {"b", "2"}},
                       {{"a", "1"}, {"b", "2"}}));
}

TEST_F(Inverse, IsNotACommitThatSlipsSomethingIn) {
  const Files before{{"a", "1\n"}};
  const Files after{{"a", "2\n"}};
  EXPECT_FALSE(inverse(before, after, after, {{"a", "1\n"}, {"b", "1\n"}}));
  EXPECT_FALSE(inverse(before, after, after, {{"a", "1\nx\n"}}));
  EXPECT_FALSE(inverse({{"a", lines(1, 30)}},
                       {{"a", replaced(lines(1, 30), "line 20\n", "LINE 20\n")}},
                       {{"a", "x\n" + replaced(lines(1, 30), "line 20\n", "LINE 20\n")}},
                       {{"a", "y\n" + lines(1, 30)}}));
}

TEST_F(Inverse, IsNotTheChangeOnceMore) {
  EXPECT_FALSE(inverse({{"a", "1\n"}}, {{"a", "2\n"}}, {{"a", "1\n"}}, {{"a", "2\n"}}));
}

TEST_F(Inverse, NeedsSomethingToTakeBack) {
  EXPECT_FALSE(inverse({{"a", "1"}}, {{"a", "1"}}, {{"a", "1"}}, {{"a", "1"}}));
}

TEST_F(Inverse, LooksAtModesAndAtWholeFilesThatCameOrWent) {
  EXPECT_FALSE(inverse({}, {{"a", "1\n"}}, {{"a", "1\n2\n"}}, {}));
  EXPECT_FALSE(inverse({{"a", "1\n"}}, {}, {}, {{"a", "2\n"}}));
  EXPECT_TRUE(inverse({{"a", "1\n"}}, {}, {}, {{"a", "1\n"}}));
}

}  // namespace
}  // namespace trunkgate

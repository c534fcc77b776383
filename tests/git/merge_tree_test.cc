// Merges compared with what Git makes of their parents.
#include "git/merge_tree.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::string>;

std::string lines(int from, int to) {
  std::string text;
  for (int i = from; i <= to; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

class MergeTree : public testing::Test {
 protected:
  MergeTree() { fs::create_directory(repository_.beside("scratch")); }

  // "equal", "conflict: PATHS" or "differs: PATHS".
  std::string compare(const Repository& repository, const ObjectId& merge) const {
    const MergeComparison result = compare_with_automatic_merge(
        repository, repository_.beside("scratch"), repository.commit(merge));
    if (result.equal) return "equal";
    if (result.unrelated) return "unrelated";
    std::string text = result.conflict ? "conflict:" : "differs:";
    for (const std::string& path : result.paths) text += " " + path;
    if (result.paths_total > result.paths.size()) {
      text += " of " + std::to_string(result.paths_total);
    }
    return text;
  }

  std::string merge(const Files& base, const Files& ours, const Files& theirs,
                    const Files& result) {
    const ObjectId root = repository_.commit("feat: base", {}, base);
    const ObjectId one = repository_.commit("feat: one", {root}, ours);
    const ObjectId two = repository_.commit("feat: two", {root}, theirs);
    const ObjectId merged = repository_.commit("Merge", {one, two}, result);
    return compare(*repository_.open(), merged);
  }

  TemporaryRepository repository_;
};

TEST_F(MergeTree, IsEqualForAMergeThatAddsNothing) {
  EXPECT_EQ(merge({{"a", "1"}}, {{"a", "1"}, {"b", "1"}}, {{"a", "2"}}, {{"a", "2"}, {"b", "1"}}),
            "equal");
  EXPECT_EQ(merge({{"a", lines(1, 20)}}, {{"a", "new\n" + lines(1, 20)}},
                  {{"a", lines(1, 20) + "end\n"}}, {{"a", "new\n" + lines(1, 20) + "end\n"}}),
            "equal");
}

TEST_F(MergeTree, FollowsARenameAsGitDoes) {
  EXPECT_EQ(merge({{"a", lines(1, 20)}}, {{"b", lines(1, 20)}}, {{"a", lines(1, 20) + "end\n"}},
                  {{"b", lines(1, 20) + "end\n"}}),
            "equal");
}

TEST_F(MergeTree, NamesWhatAMergeAddsOrLeavesOut) {
  EXPECT_EQ(merge({{"a", "1"}}, {{"a", "1"}, {"b", "1"}}, {{"a", "2"}},
                  {{"a", "2"}, {"b", "1"}, {"evil/x", "1"}}),
            "differs: evil/x");
  EXPECT_EQ(merge({{"a", "1"}}, {{"a", "1"}, {"b", "1"}}, {{"a", "2"}}, {{"a", "1"}}),
            "differs: a b");
}

TEST_F(MergeTree, NamesWhatIsInConflictHoweverItWasSettled) {
  EXPECT_EQ(merge({{"a", "1\n"}, {"b", "1\n"}}, {{"a", "2\n"}, {"b", "1\n"}},
                  {{"a", "3\n"}, {"b", "2\n"}}, {{"a", "2\n"}, {"b", "2\n"}}),
            "conflict: a");
}

TEST_F(MergeTree, CountsPathsBeyondTheFirstTwenty) {
  Files result{{"a", "2"}, {"b", "1"}};
  for (int i = 10; i < 35; ++i) result["evil" + std::to_string(i)] = "1";
  const std::string text = merge({{"a", "1"}}, {{"a", "1"}, {"b", "1"}}, {{"a", "2"}}, result);
  EXPECT_EQ(text.substr(0, 22), "differs: evil10 evil11");
  EXPECT_EQ(text.substr(text.size() - 12), "evil29 of 25");
}

TEST_F(MergeTree, MindsTheAttributesOfTheFirstParent) {
  const std::string attributes = "*.log merge=union\n";
  EXPECT_EQ(merge({{"x.log", "1\n"}, {".gitattributes", attributes}},
                  {{"x.log", "1\n2\n"}, {".gitattributes", attributes}},
                  {{"x.log", "1\n3\n"}, {".gitattributes", attributes}},
                  {{"x.log", "1\n2\n3\n"}, {".gitattributes", attributes}}),
            "equal");
  EXPECT_EQ(
      merge({{"d/x.log", "1\n"}}, {{"d/x.log", "1\n2\n"}, {"d/.gitattributes", attributes}},
            {{"d/x.log", "1\n3\n"}}, {{"d/x.log", "1\n2\n3\n"}, {"d/.gitattributes", attributes}}),
      "equal");
  EXPECT_EQ(merge({{"x.log", "1\n"}}, {{"x.log", "1\n2\n"}},
                  {{"x.log", "1\n3\n"}, {".gitattributes", attributes}},
                  {{"x.log", "1\n2\n3\n"}, {".gitattributes", attributes}}),
            "conflict: x.log");
}

TEST_F(MergeTree, TakesNoWordFromTheRepositorysConfiguration) {
  repository_.git({"config", "merge.evil.driver", "cp %B %A"});
  repository_.git({"config", "core.attributesFile", repository_.beside("attributes")});
  std::ofstream(repository_.beside("attributes")) << "* merge=union\n";
  EXPECT_EQ(merge({{"a", "1\n"}}, {{"a", "1\n2\n"}}, {{"a", "1\n3\n"}}, {{"a", "1\n2\n3\n"}}),
            "conflict: a");
}

TEST_F(MergeTree, TakesNoReplacedObjectForTheRealOne) {
  const ObjectId root = repository_.commit("feat: base", {}, {{"a", "1"}});
  const ObjectId one = repository_.commit("feat: one", {root}, {{"a", "1"}, {"b", "1"}});
  const ObjectId two = repository_.commit("feat: two", {root}, {{"a", "2"}});
  const ObjectId evil = repository_.commit("feat: evil", {root}, {{"a", "2"}, {"evil", "1"}});
  repository_.set_ref("refs/replace/" + two.hex(), evil);
  const ObjectId merged =
      repository_.commit("Merge", {one, two}, {{"a", "2"}, {"b", "1"}, {"evil", "1"}});
  EXPECT_EQ(compare(*repository_.open(), merged), "differs: evil");
}

TEST_F(MergeTree, ReadsWhatThePushBrought) {
  const ObjectId root = repository_.commit("feat: base", {}, {{"a", "1"}});
  const ObjectId one = repository_.commit("feat: one", {root}, {{"a", "1"}, {"b", "1"}});
  const ObjectId two = repository_.commit("feat: two", {root}, {{"a", "2"}});
  const ObjectId merged = repository_.commit("Merge", {one, two}, {{"a", "2"}, {"b", "1"}});
  const std::string objects = repository_.path() + "/objects";
  // A folder name that needs quotes where Git reads it.
  const std::string folder = objects + "/tmp_objdir-incoming-\"x:y";
  for (const ObjectId& id : {two, merged}) {
    const std::string name = id.hex().substr(0, 2) + "/" + id.hex().substr(2);
    fs::create_directories(folder + "/" + id.hex().substr(0, 2));
    fs::rename(objects + "/" + name, folder + "/" + name);
  }
  const Repository repository(
      {.git_dir = repository_.path(), .quarantine = folder, .git_namespace = {}});
  EXPECT_EQ(compare(repository, merged), "equal");
}

TEST_F(MergeTree, DoesNotMergeHistoriesThatHaveNothingInCommon) {
  const ObjectId one = repository_.commit("feat: one", {}, {{"a", "1"}});
  const ObjectId two = repository_.commit("feat: two", {}, {{"b", "1"}});
  const ObjectId merged = repository_.commit("Merge", {one, two}, {{"a", "1"}, {"b", "1"}});
  EXPECT_EQ(compare(*repository_.open(), merged), "unrelated");
}

TEST_F(MergeTree, MergesAllFurtherParentsOneAfterTheOther) {
  const ObjectId root = repository_.commit("feat: base", {}, {{"a", "1"}});
  std::vector<ObjectId> parents{root};
  Files all{{"a", "1"}};
  for (char c = 'b'; c < 'r'; ++c) {
    const std::string name(1, c);
    parents.push_back(repository_.commit("feat: " + name, {root}, {{"a", "1"}, {name, "1"}}));
    all[name] = "1";
  }
  EXPECT_EQ(compare(*repository_.open(), repository_.commit("Merge", parents, all)), "equal");
  Files more = all;
  more["evil"] = "1";
  EXPECT_EQ(compare(*repository_.open(), repository_.commit("Merge", parents, more)),
            "differs: evil");
  // One too many.
  parents.push_back(repository_.commit("feat: more", {root}, {{"a", "1"}, {"r", "1"}}));
  all["r"] = "1";
  EXPECT_EQ(compare(*repository_.open(), repository_.commit("Merge", parents, all)), "differs:");
}

TEST_F(MergeTree, FindsItsWayThroughHistoriesThatCross) {
  // Both sides have merged the other before, so that there are two bases, which themselves merge.
  const ObjectId root = repository_.commit("feat: base", {}, {{"a", lines(1, 30)}});
  const ObjectId one = repository_.commit("feat: one", {root}, {{"a", "one\n" + lines(1, 30)}});
  const ObjectId two = repository_.commit("feat: two", {root}, {{"a", lines(1, 30) + "two\n"}});
  const std::string both = "one\n" + lines(1, 30) + "two\n";
  const ObjectId left = repository_.commit("Merge", {one, two}, {{"a", both}});
  const ObjectId right = repository_.commit("Merge", {two, one}, {{"a", both}});
  const ObjectId ours = repository_.commit("feat: ours", {left}, {{"a", both}, {"b", "1"}});
  const ObjectId theirs = repository_.commit("feat: theirs", {right}, {{"a", "0\n" + both}});
  const Files result{{"a", "0\n" + both}, {"b", "1"}};
  EXPECT_EQ(compare(*repository_.open(), repository_.commit("Merge", {ours, theirs}, result)),
            "equal");
  EXPECT_EQ(compare(*repository_.open(),
                    repository_.commit("Merge", {ours, theirs}, {{"a", both}, {"b", "1"}})),
            "differs: a");
}

TEST_F(MergeTree, LeavesNothingBehind) {
  merge({{"a", "1"}}, {{"a", "1"}, {"b", "1"}}, {{"a", "2"}}, {{"a", "2"}});
  EXPECT_EQ(list_folder(repository_.beside("scratch")), std::vector<std::string>());
}

TEST_F(MergeTree, FailsWithoutAFolderToWorkIn) {
  const ObjectId root = repository_.commit("feat: base", {}, {{"a", "1"}});
  const ObjectId one = repository_.commit("feat: one", {root}, {{"a", "1"}});
  const ObjectId merged = repository_.commit("Merge", {root, one}, {{"a", "1"}});
  const auto repository = repository_.open();
  EXPECT_THROW(compare_with_automatic_merge(*repository, repository_.beside("missing"),
                                            repository->commit(merged)),
               Error);
}

}  // namespace
}  // namespace trunkgate

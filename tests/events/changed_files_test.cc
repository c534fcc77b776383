#include "events/changed_files.h"

#include "derived_fixture.h"

namespace trunkgate {
namespace {

using Files = std::map<std::string, std::string>;

class ChangedFilesTest : public DerivedEventsTest {
 protected:
  static Json files(std::vector<std::string> added, std::vector<std::string> modified,
                    std::vector<std::string> removed) {
    return {{"added", added},
            {"modified", modified},
            {"removed", removed},
            {"total", added.size() + modified.size() + removed.size()}};
  }
  // Without what every commit has.
  static Json files_of_commit(const Json& commit) {
    Json json;
    for (const char* list : {"added", "modified", "removed"}) json[list] = commit[list];
    json["total"] = commit["added"].size() + commit["modified"].size() + commit["removed"].size();
    return json;
  }
  static Files many(const std::string& folder, int count) {
    Files made;
    for (int i = 0; i < count; ++i) {
      made[folder + "/" + std::to_string(1000 + i)] = std::to_string(i);
    }
    return made;
  }
};

TEST_F(ChangedFilesTest, TellsWhatEachCommitChangesAndWhatIsDifferentInTheEnd) {
  const ObjectId a = commit_of("a", {{"README", "1"}, {"src/x.py", "1"}, {"old", "1"}});
  const ObjectId b =
      commit_of("b", {{"README", "1"}, {"src/x.py", "2"}, {"tmp", "1"}, {"old", "1"}}, {a});
  const ObjectId c = commit_of("c", {{"README", "1"}, {"src/x.py", "3"}, {"src/y/z", "1"}}, {b});
  set_ref("refs/heads/main", a);
  deliver();
  pushed(1, {update("refs/heads/main", a, c)});
  deliver();
  const Json told = events().back()["data"];
  ASSERT_EQ(told["commits"].size(), 2U);
  EXPECT_EQ(files_of_commit(told["commits"][0]), files({"tmp"}, {"src/x.py"}, {}));
  EXPECT_EQ(files_of_commit(told["commits"][1]), files({"src/y/z"}, {"src/x.py"}, {"old", "tmp"}));
  EXPECT_EQ(told["head_commit"], told["commits"][1]);
  EXPECT_EQ(told["files"], files({"src/y/z"}, {"src/x.py"}, {"old"}));
  EXPECT_FALSE(told.contains("truncated"));
}

TEST_F(ChangedFilesTest, AMergeChangesWhatItsFirstParentHadNot) {
  const ObjectId a = commit_of("a", {{"x", "1"}});
  const ObjectId trunk = commit_of("trunk", {{"x", "1"}, {"trunk", "1"}}, {a});
  const ObjectId side = commit_of("side", {{"x", "1"}, {"side", "1"}}, {a});
  const ObjectId merge =
      commit_of("merge", {{"x", "1"}, {"trunk", "1"}, {"side", "1"}}, {trunk, side});
  set_ref("refs/heads/main", trunk);
  deliver();
  pushed(1, {update("refs/heads/main", trunk, merge)});
  deliver();
  const Json told = events().back()["data"];
  EXPECT_EQ(files_of_commit(told["head_commit"]), files({"side"}, {}, {}));
  EXPECT_EQ(told["files"], files({"side"}, {}, {}));
}

TEST_F(ChangedFilesTest, ANewBranchDiffersFromWhereItsLineWasBefore) {
  const ObjectId a = commit_of("a", {{"x", "1"}});
  const ObjectId b = commit_of("b", {{"x", "1"}, {"y", "1"}}, {a});
  const ObjectId c = commit_of("c", {{"x", "2"}, {"y", "1"}}, {b});
  set_ref("refs/heads/main", a);
  pushed(1, {update("refs/heads/feature", none_, c), update("refs/heads/same", none_, a)});
  pushed(2, {update("refs/heads/orphan", none_, commit_of("o", {{"z", "1"}}))});
  deliver();
  const auto created = events_of("ref.created");
  ASSERT_GE(created.size(), 3U);
  EXPECT_EQ(created[0]["data"]["files"], files({"y"}, {"x"}, {}));
  // It brings nothing that anybody could have changed.
  EXPECT_FALSE(created[1]["data"].contains("files"));
  EXPECT_EQ(created[2]["data"]["files"], files({"z"}, {}, {}));
}

TEST_F(ChangedFilesTest, AFileThatBecomesAFolderIsRemoved) {
  const ObjectId a = commit_of("a", {{"x", "1"}});
  const ObjectId b = commit_of("b", {{"x/y", "1"}}, {a});
  set_ref("refs/heads/main", a);
  deliver();
  pushed(1, {update("refs/heads/main", a, b)});
  deliver();
  EXPECT_EQ(events().back()["data"]["files"], files({"x/y"}, {}, {"x"}));
}

TEST_F(ChangedFilesTest, PathsThatAreNoUtf8AreKept) {
  pushed(1, {update("refs/heads/main", none_, commit_of("a", {{"caf\xE9", "1"}}))});
  deliver();
  const Json path = {{"lossy", "caf\xEF\xBF\xBD"}, {"b64", "Y2Fm6Q=="}};
  EXPECT_EQ(events().back()["data"]["files"]["added"], Json::array({path}));
}

TEST_F(ChangedFilesTest, ListsAHundredOfACommitAndThreeHundredOfAll) {
  const ObjectId a = commit_of("a", many("d", 350));
  pushed(1, {update("refs/heads/main", none_, a)});
  deliver();
  const Json told = events().back()["data"];
  EXPECT_EQ(told["files"]["added"].size(), 300U);
  EXPECT_EQ(told["files"]["total"], 350);
  EXPECT_EQ(told["head_commit"]["added"].size(), 100U);
  EXPECT_EQ(told["head_commit"]["files_truncated"], true);
  EXPECT_EQ(told["truncated"], Json::array({"/files"}));
}

TEST_F(ChangedFilesTest, SaysWhenATreeIsMissing) {
  const ObjectId a = commit_of("a", {{"x/y", "1"}, {"z", "1"}});
  const std::string folder = git("rev-parse " + a.hex() + ":x");
  std::filesystem::remove(repository_path_ + "/objects/" + folder.substr(0, 2) + "/" +
                          folder.substr(2));
  const FileNames found = ChangedFiles(repository()).between({}, repository().commit(a).tree);
  EXPECT_EQ(found.added, std::vector<std::string>{"z"});
  EXPECT_FALSE(found.complete);
  pushed(1, {update("refs/heads/main", none_, a)});
  deliver();
  const Json told = events().back()["data"];
  EXPECT_EQ(told["files"]["total"], 1);
  EXPECT_EQ(told["commits"][0]["files_truncated"], true);
  EXPECT_EQ(told["truncated"], Json::array({"/files/total"}));
}

TEST_F(ChangedFilesTest, LooksNoDeeperThanAHundredAndTwentyEightFolders) {
  std::string folders;
  for (int i = 0; i < 127; ++i) folders += "d/";
  const ObjectId a = commit_of("a", {{folders + "at", "1"}});
  const ObjectId b = commit_of("b", {{folders + "d/below", "1"}});
  ChangedFiles files(repository());
  EXPECT_EQ(files.between({}, repository().commit(a).tree).added,
            std::vector<std::string>{folders + "at"});
  const FileNames deep = files.between({}, repository().commit(b).tree);
  EXPECT_EQ(deep.total, 0U);
  EXPECT_FALSE(deep.complete);
}

TEST_F(ChangedFilesTest, ReadsNoMoreThanItMayUntilItIsRefilled) {
  Files wide;
  for (int i = 0; i < 200; ++i) wide["d" + std::to_string(i) + "/x"] = std::to_string(i);
  const ObjectId tree = repository().commit(commit_of("a", wide)).tree;
  ChangedFiles files(repository());
  std::size_t looked = 0;
  while (files.between({}, tree).complete && looked < 1000) ++looked;
  EXPECT_EQ(looked, ChangedFiles::kMaxTrees / 201);
  files.refill();
  EXPECT_TRUE(files.between({}, tree).complete);
}

}  // namespace
}  // namespace trunkgate

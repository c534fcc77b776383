// sprawling-commit: whole findings.
#include <map>
#include <string>

#include "support/commit_rule_fixture.h"

namespace trunkgate {
namespace {

using Files = std::map<std::string, std::string>;

class SprawlingCommit : public CommitRuleTest {
 protected:
  SprawlingCommit() : CommitRuleTest("sprawling-commit") {}

  static Finding finding(const std::string& message) {
    return {.message = message,
            .hint = "split it: git reset --soft, then commit what belongs together"};
  }
  // A commit that makes `after` of `before`.
  void expect_change(const Files& before, const Files& after,
                     const std::vector<std::string>& messages, bool merge = false) {
    std::vector<ObjectId> parents{temporary_.commit("feat: base", {}, before)};
    if (merge) parents.push_back(temporary_.commit("feat: other", {}, after));
    const ObjectId id = temporary_.commit("feat: much", parents, after);
    const auto repository = temporary_.open();
    Answer answer;
    rule().check_commit({*repository, {}, {}, {}, {}}, repository->commit(id), answer);
    Findings expected;
    for (const std::string& message : messages) {
      expected.push_back(finding(message));
      expected.back().commit = id;
      expected.back().title = "feat: much";
    }
    EXPECT_EQ(answer.findings, expected);
  }
};

TEST_F(SprawlingCommit, AcceptsFiftyFiles) {
  expect("feat: none\n", {});
  expect("files: 50\n\nfeat: x\n", {});
  expect("files: 51\n\nfeat: x\n", {finding("the commit changes 51 files; the limit is 50")});
}

TEST_F(SprawlingCommit, CountsFilesOfTheFirstCommit) {
  with("{files: 1}");
  expect("parents: 0\nfiles: 1\n\nfeat: x\n", {});
  expect("parents: 0\nfiles: 2\n\nfeat: x\n",
         {finding("the commit changes 2 files; the limit is 1")});
}

TEST_F(SprawlingCommit, CountsWhatIsChangedAddedAndDeleted) {
  with("{files: 2}");
  expect_change({{"a", "1"}, {"b", "1"}, {"c", "1"}}, {{"a", "2"}, {"c", "1"}}, {});
  expect_change({{"a", "1"}, {"b", "1"}}, {{"a", "2"}, {"x/c", "1"}},
                {"the commit changes 3 files; the limit is 2"});
}

TEST_F(SprawlingCommit, CountsNewFilesWhenAsked) {
  with("{files: 0, new-files: 1}");
  expect_change({{"a", "1"}, {"b", "1"}}, {{"a", "2"}, {"b", "2"}, {"c", "1"}}, {});
  expect_change({{"a", "1"}}, {{"b", "1"}, {"c", "1"}},
                {"the commit adds 2 files; the limit is 1"});
}

TEST_F(SprawlingCommit, CountsLinesWhenAsked) {
  with("{lines: 3}");
  expect_change({{"a", "1\n2\n"}}, {{"a", "1\nx\n"}, {"b", "1"}}, {});
  expect_change({{"a", "1\n2\n"}}, {{"a", "1\nx\n"}, {"b", "1\n2"}},
                {"the commit changes more than 3 lines"});
  expect_change({{"a", "1\n2\n3\n4\n"}}, {}, {"the commit changes more than 3 lines"});
  with("{lines: 1}");
  expect_change({{"a", ""}}, {{"a", "1\n2\n"}}, {"the commit changes more than 1 line"});
}

TEST_F(SprawlingCommit, CountsABinaryFileAsALine) {
  with("{lines: 1}");
  const std::string binary("\0\n\n\n", 4);
  expect_change({}, {{"a", binary}}, {});
  expect_change({}, {{"a", binary}, {"b", binary}}, {"the commit changes more than 1 line"});
}

TEST_F(SprawlingCommit, SaysEverythingAtOnce) {
  with("{files: 1, new-files: 1, lines: 1}");
  expect_change({}, {{"a", "1\n"}, {"b", "1\n"}},
                {"the commit changes 2 files; the limit is 1",
                 "the commit adds 2 files; the limit is 1", "the commit changes more than 1 line"});
}

TEST_F(SprawlingCommit, DoesNotCountExcludedFiles) {
  with("{files: 1, new-files: 1, lines: 1, exclude: ['*.lock', vendor/]}");
  expect_change(
      {}, {{"a", "1\n"}, {"Cargo.lock", "1\n2\n3\n"}, {"vendor/x/y", "1\n"}, {"x/vendor/y", "1\n"}},
      {});
}

TEST_F(SprawlingCommit, JudgesMergesWhenAsked) {
  with("{files: 1}");
  expect_change({}, {{"a", "1"}, {"b", "1"}}, {}, true);
  with("{files: 1, merges: true}");
  expect_change({}, {{"a", "1"}, {"b", "1"}}, {"the commit changes 2 files; the limit is 1"}, true);
}

}  // namespace
}  // namespace trunkgate

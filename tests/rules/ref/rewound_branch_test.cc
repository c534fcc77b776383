// rewound-branch: whole findings.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "policy/policy_loader.h"
#include "rules/catalogue.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

using Lines = std::vector<std::string>;

std::unique_ptr<Policy> policy() {
  return load_policy({{"policy.yaml", "policy.yaml", false}}, [](const std::string&) {
    return FileText{
        FileState::present,
        "version: 1\nrulesets: [{name: x, refs: ['refs/**'], rules: {rewound-branch: {}}}]\n",
        {}};
  });
}

class RewoundBranch : public testing::Test {
 protected:
  RewoundBranch()
      : one_(temporary_.commit("feat: one", {})), two_(temporary_.commit("feat: two", {one_})) {}

  std::vector<Finding> judge(const PushedRef& ref) const {
    const auto repository = temporary_.open();
    Answer answer;
    policy()->rules.at(0).rule->check_ref({*repository, {}, {}, {ref}, {}}, ref, answer);
    EXPECT_TRUE(answer.relied.empty());
    return answer.findings;
  }
  std::vector<Finding> judge(const std::string& name, const ObjectId& from,
                             const ObjectId& to) const {
    return judge({.name = name,
                  .kind = kind_of(name),
                  .old_id = from,
                  .new_id = to,
                  .old_commit = from,
                  .new_commit = to});
  }
  static void expect_rewound(const std::vector<Finding>& findings, const std::string& message,
                             const Lines& commands) {
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].message, message);
    EXPECT_EQ(findings[0].details, Lines());
    EXPECT_EQ(findings[0].hint,
              "put your commits on top of what is there, then push without --force");
    EXPECT_EQ(findings[0].commands, commands);
    EXPECT_EQ(findings[0].commit, std::nullopt);
  }

  TemporaryRepository temporary_;
  ObjectId one_;
  ObjectId two_;
};

TEST_F(RewoundBranch, AcceptsAFastForward) {
  EXPECT_TRUE(judge("refs/heads/main", one_, two_).empty());
  const ObjectId side = temporary_.commit("feat: side", {});
  const ObjectId merge = temporary_.commit("Merge", {side, two_});
  EXPECT_TRUE(judge("refs/heads/main", one_, merge).empty());
}

TEST_F(RewoundBranch, AcceptsCreationDeletionAndNothing) {
  EXPECT_TRUE(judge("refs/heads/main", ObjectId(), two_).empty());
  EXPECT_TRUE(judge("refs/heads/main", two_, ObjectId()).empty());
  EXPECT_TRUE(judge("refs/heads/main", two_, two_).empty());
  EXPECT_TRUE(judge("refs/tags/v1", ObjectId(), two_).empty());
  EXPECT_TRUE(judge("refs/tags/v1", two_, two_).empty());
}

TEST_F(RewoundBranch, RejectsAPushThatGoesBack) {
  expect_rewound(judge("refs/heads/main", two_, one_),
                 "the push would take commits off the branch (it is at " + two_.brief() + ")",
                 {"git pull --rebase origin main"});
}

TEST_F(RewoundBranch, RejectsAPushThatReplacesCommits) {
  const ObjectId other = temporary_.commit("feat: other", {one_});
  expect_rewound(judge("refs/heads/it's/x", two_, other),
                 "the push would take commits off the branch (it is at " + two_.brief() + ")",
                 {"git pull --rebase origin 'it'\\''s/x'"});
  const ObjectId unrelated = temporary_.commit("feat: unrelated", {});
  EXPECT_EQ(judge("refs/heads/main", one_, unrelated).size(), 1U);
}

TEST_F(RewoundBranch, GivesNoCommandForABranchThatCannotBePrinted) {
  expect_rewound(judge("refs/heads/\xc2\x9b"
                       "2J",
                       two_, one_),
                 "the push would take commits off the branch (it is at " + two_.brief() + ")", {});
}

TEST_F(RewoundBranch, GivesACommandThatWorksForOtherReferences) {
  expect_rewound(judge("refs/notes/commits", two_, one_),
                 "the push would take commits off the note (it is at " + two_.brief() + ")",
                 {"git pull --rebase origin refs/notes/commits"});
}

TEST_F(RewoundBranch, RejectsATagThatMovesInAnyDirection) {
  for (const auto& [from, to] : {std::pair(one_, two_), std::pair(two_, one_)}) {
    const std::vector<Finding> findings = judge("refs/tags/v1", from, to);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].message, "the tag exists and must not move");
    EXPECT_EQ(findings[0].hint, "give the new commit a tag of its own");
    EXPECT_EQ(findings[0].commands, Lines());
  }
}

TEST_F(RewoundBranch, RejectsATagOfTheSameCommitThatIsWrittenAnew) {
  const std::vector<Finding> findings = judge({.name = "refs/tags/v1",
                                               .kind = RefKind::tag,
                                               .old_id = one_,
                                               .new_id = two_,
                                               .old_commit = one_,
                                               .new_commit = one_});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].message, "the tag exists and must not move");
}

TEST_F(RewoundBranch, IsNotAboutReferencesToOtherThingsThanCommits) {
  EXPECT_TRUE(judge({.name = "refs/wip/x",
                     .kind = RefKind::other,
                     .old_id = one_,
                     .new_id = two_,
                     .old_commit = ObjectId(),
                     .new_commit = two_})
                  .empty());
}

}  // namespace
}  // namespace trunkgate

// deleted-ref: whole findings.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "policy/policy_loader.h"
#include "rules/catalogue.h"
#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

std::unique_ptr<Policy> policy() {
  return load_policy({{"policy.yaml", "policy.yaml", false}}, [](const std::string&) {
    return FileText{
        FileState::present,
        "version: 1\nrulesets: [{name: x, refs: ['refs/**'], rules: {deleted-ref: {}}}]\n",
        {}};
  });
}

class DeletedRef : public testing::Test {
 protected:
  DeletedRef()
      : one_(temporary_.commit("feat: one", {})), two_(temporary_.commit("feat: two", {one_})) {}

  std::vector<Finding> judge(const std::string& name, const ObjectId& from,
                             const ObjectId& to) const {
    const auto repository = temporary_.open();
    const PushedRef ref{.name = name,
                        .kind = kind_of(name),
                        .old_id = from,
                        .new_id = to,
                        .old_commit = from,
                        .new_commit = to};
    Answer answer;
    policy()->rules.at(0).rule->check_ref({*repository, {}, {}, {ref}, {}}, ref, answer);
    EXPECT_TRUE(answer.relied.empty());
    return answer.findings;
  }
  void expect_refused(const std::string& name, const std::string& message) const {
    const std::vector<Finding> findings = judge(name, one_, ObjectId());
    ASSERT_EQ(findings.size(), 1U) << name;
    EXPECT_EQ(findings[0].message, message);
    EXPECT_EQ(findings[0].details, std::vector<std::string>());
    EXPECT_EQ(findings[0].hint, "an admin can remove it on the server with git update-ref -d");
    EXPECT_EQ(findings[0].commands, std::vector<std::string>());
    EXPECT_EQ(findings[0].commit, std::nullopt);
  }

  TemporaryRepository temporary_;
  ObjectId one_;
  ObjectId two_;
};

TEST_F(DeletedRef, RejectsADeletion) {
  expect_refused("refs/heads/main", "the branch must not be deleted");
  expect_refused("refs/tags/v1", "the tag must not be deleted");
  expect_refused("refs/notes/commits", "the note must not be deleted");
  expect_refused("refs/wip/x", "the reference must not be deleted");
}

TEST_F(DeletedRef, AcceptsEverythingElse) {
  EXPECT_TRUE(judge("refs/heads/main", ObjectId(), one_).empty());
  EXPECT_TRUE(judge("refs/heads/main", one_, two_).empty());
  EXPECT_TRUE(judge("refs/heads/main", two_, one_).empty());
  EXPECT_TRUE(judge("refs/heads/main", one_, one_).empty());
}

}  // namespace
}  // namespace trunkgate

// ill-named-branch: whole findings.
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

const ObjectId kOne = *ObjectId::parse(std::string(40, '1'));
const ObjectId kTwo = *ObjectId::parse(std::string(40, '2'));
const std::string kPlain = "the branch name has characters other than A-Z a-z 0-9 . _ / - + = @ #";

class IllNamedBranch : public testing::Test {
 protected:
  IllNamedBranch() : repository_(temporary_.open()) {}

  void with(const std::string& options) {
    policy_ = load_policy({{"policy.yaml", "policy.yaml", false}}, [&](const std::string&) {
      return FileText{FileState::present,
                      "version: 1\nrulesets:\n  - name: x\n    refs: ['refs/**']\n    rules:\n"
                      "      ill-named-branch: " +
                          options + "\n",
                      {}};
    });
  }
  std::vector<Finding> judge(const PushedRef& ref) const {
    Answer answer;
    policy_->rules.at(0).rule->check_ref({*repository_, {}, {}, {ref}, {}}, ref, answer);
    return answer.findings;
  }
  std::vector<Finding> create(const std::string& branch) const {
    return judge({.name = "refs/heads/" + branch,
                  .kind = RefKind::branch,
                  .old_id = {},
                  .new_id = kOne,
                  .old_commit = {},
                  .new_commit = kOne});
  }
  void expect_refused(const std::string& branch, const std::string& message, const Lines& details,
                      const Lines& commands) const {
    const std::vector<Finding> findings = create(branch);
    ASSERT_EQ(findings.size(), 1U) << branch;
    EXPECT_EQ(findings[0].message, message);
    EXPECT_EQ(findings[0].details, details);
    EXPECT_EQ(findings[0].hint, "");
    EXPECT_EQ(findings[0].commands, commands);
  }

  TemporaryRepository temporary_;
  std::unique_ptr<Repository> repository_;
  std::unique_ptr<Policy> policy_;
};

TEST_F(IllNamedBranch, AcceptsAnyPlainNameByDefault) {
  with("{}");
  for (const char* name : {"main", "feature/x", "a.b_c-d+e=f@g#1", "x/-y"}) {
    EXPECT_TRUE(create(name).empty()) << name;
  }
}

TEST_F(IllNamedBranch, AcceptsWhatIsAllowed) {
  with("{allow: [main, 'feature/**', 'exp/*']}");
  for (const char* name : {"main", "feature/x", "feature/a/b", "exp/1"}) {
    EXPECT_TRUE(create(name).empty()) << name;
  }
}

TEST_F(IllNamedBranch, RejectsWhatIsNotAllowed) {
  with("{allow: [main, 'feature/**', 'exp/*']}");
  const Lines allowed{"allowed: main, feature/**, exp/*"};
  expect_refused("login", "branch name 'login' is not allowed", allowed,
                 {"git branch -m login NEW-NAME"});
  expect_refused("exp/1/2", "branch name 'exp/1/2' is not allowed", allowed,
                 {"git branch -m exp/1/2 NEW-NAME"});
  expect_refused("feature", "branch name 'feature' is not allowed", allowed,
                 {"git branch -m feature NEW-NAME"});
  expect_refused("zzz/it=1", "branch name 'zzz/it=1' is not allowed", allowed,
                 {"git branch -m zzz/it=1 NEW-NAME"});
}

TEST_F(IllNamedBranch, SuggestsThePrefixThatWasMeant) {
  with("{allow: [main, 'feature/**', 'bugfix/**', 'hotfix/**', 'release/**', 'exp/**']}");
  const Lines allowed{"allowed: main, feature/**, bugfix/**, hotfix/**, release/**, exp/**"};
  for (const auto& [wrong, right] :
       std::vector<std::pair<std::string, std::string>>{{"feat/login", "feature/login"},
                                                        {"features/a/b", "feature/a/b"},
                                                        {"Feature/x", "feature/x"},
                                                        {"fix/x", "bugfix/x"},
                                                        {"bug/x", "bugfix/x"},
                                                        {"hot-fix/x", "hotfix/x"},
                                                        {"patch/x", "hotfix/x"},
                                                        {"rel/1.0", "release/1.0"},
                                                        {"experiment/x", "exp/x"}}) {
    expect_refused(wrong,
                   "branch name '" + wrong + "' is not allowed; did you mean '" + right + "'?",
                   allowed, {"git branch -m " + wrong + " " + right, "git push origin " + right});
  }
}

TEST_F(IllNamedBranch, SuggestsNothingThatWouldBeRefusedToo) {
  with("{allow: ['feature/**'], deny: ['feature/x'], max-length: 11}");
  const Lines allowed{"allowed: feature/**"};
  expect_refused("feat/x", "branch name 'feat/x' is not allowed", allowed,
                 {"git branch -m feat/x NEW-NAME"});
  expect_refused("feat/long", "branch name 'feat/long' is not allowed", allowed,
                 {"git branch -m feat/long NEW-NAME"});
}

TEST_F(IllNamedBranch, RejectsWhatIsDeniedEvenWhenItIsAllowed) {
  with("{allow: ['**'], deny: ['tmp/**', wip]}");
  expect_refused("wip", "branch name 'wip' is not allowed", {}, {"git branch -m wip NEW-NAME"});
  expect_refused("tmp/x", "branch name 'tmp/x' is not allowed", {},
                 {"git branch -m tmp/x NEW-NAME"});
  EXPECT_TRUE(create("tmp").empty());
}

TEST_F(IllNamedBranch, MatchesTheWholeNameAgainstAnyPattern) {
  with("{match: ['exp/[0-9]{8}-[a-z-]+', main]}");
  EXPECT_TRUE(create("exp/20260131-moe").empty());
  EXPECT_TRUE(create("main").empty());
  expect_refused("exp/20260131-moe2", "branch name 'exp/20260131-moe2' is not allowed",
                 {"must match: exp/[0-9]{8}-[a-z-]+ or main"},
                 {"git branch -m exp/20260131-moe2 NEW-NAME"});
  EXPECT_EQ(create("main2").size(), 1U);
}

TEST_F(IllNamedBranch, CountsBytesUpToTheLimit) {
  with("{max-length: 5}");
  EXPECT_TRUE(create("abcde").empty());
  expect_refused("abcdef", "the branch name has 6 bytes; the limit is 5", {},
                 {"git branch -m abcdef NEW-NAME"});
  with("{}");
  EXPECT_TRUE(create(std::string(200, 'a')).empty());
  EXPECT_EQ(create(std::string(201, 'a')).size(), 1U);
  with("{max-length: 0}");
  EXPECT_TRUE(create(std::string(2000, 'a')).empty());
}

TEST_F(IllNamedBranch, RejectsNamesThatCanBeTakenForSomethingElse) {
  with("{}");
  expect_refused("-f", "the branch name starts with '-'", {}, {"git branch -m -- -f NEW-NAME"});
  expect_refused("m\xd0\xb0in", kPlain, {}, {"git branch -m 'm\xd0\xb0in' NEW-NAME"});
  expect_refused("a'b", kPlain, {}, {"git branch -m 'a'\\''b' NEW-NAME"});
  expect_refused("a$(x)", kPlain, {}, {"git branch -m 'a$(x)' NEW-NAME"});
  expect_refused("a\xe2\x80\xae\x62", kPlain, {}, {});
  expect_refused("\xff", kPlain, {}, {});
}

TEST_F(IllNamedBranch, MayAllowOtherLettersButNothingThatIsInvisible) {
  with("{unicode: true}");
  EXPECT_TRUE(create("m\xd0\xb0in").empty());
  EXPECT_TRUE(create("\xe6\x97\xa5\xe6\x9c\xac").empty());
  expect_refused("a\xe2\x80\x8b", "the branch name has invisible or control characters", {}, {});
  expect_refused("\xff\xfe", "the branch name is not valid UTF-8", {}, {});
}

TEST_F(IllNamedBranch, JudgesOnlyBranchesThatAreCreated) {
  with("{allow: [main]}");
  PushedRef ref{.name = "refs/heads/bad",
                .kind = RefKind::branch,
                .old_id = kOne,
                .new_id = kTwo,
                .old_commit = kOne,
                .new_commit = kTwo};
  EXPECT_TRUE(judge(ref).empty());
  ref.new_id = ref.new_commit = ObjectId();
  EXPECT_TRUE(judge(ref).empty());
  EXPECT_TRUE(judge({.name = "refs/tags/bad",
                     .kind = RefKind::tag,
                     .old_id = {},
                     .new_id = kOne,
                     .old_commit = {},
                     .new_commit = kOne})
                  .empty());
  EXPECT_TRUE(judge({.name = "refs/notes/bad",
                     .kind = RefKind::note,
                     .old_id = {},
                     .new_id = kOne,
                     .old_commit = {},
                     .new_commit = kOne})
                  .empty());
}

TEST_F(IllNamedBranch, RejectsWhatAnExpressionDenies) {
  with("{allow: ['feature/**'], deny-match: ['.*-[0-9]+', '.*/wip.*']}");
  EXPECT_TRUE(create("feature/login").empty());
  EXPECT_TRUE(create("feature/login-2a").empty());
  const Lines details{"allowed: feature/**", "must not match: .*-[0-9]+ or .*/wip.*"};
  for (const char* name : {"feature/login-2", "feature/wip-x"}) {
    expect_refused(name, std::string("branch name '") + name + "' is not allowed", details,
                   {std::string("git branch -m ") + name + " NEW-NAME"});
  }
}

}  // namespace
}  // namespace trunkgate

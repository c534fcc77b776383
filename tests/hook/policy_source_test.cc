// The policy in force, and the last good one behind it.
#include "hook/policy_source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

class PolicySource : public testing::Test {
 protected:
  PolicySource() { fs::create_directories(at("trunkgate")); }

  std::string at(const std::string& name) const { return temporary_.beside(name); }
  void write(const std::string& text, const std::string& name = "policy.yaml") const {
    std::ofstream(at("trunkgate/" + name)) << text;
  }
  std::vector<PolicyRoot> roots() const {
    return {{at("system.yaml"), "system.yaml", true},
            {at("trunkgate/policy.yaml"), "policy.yaml", false}};
  }
  PolicyInForce load() const {
    return load_policy_in_force(roots(), read_policy_file, at("trunkgate/state/last-good"), {});
  }
  PolicyInForce read() const {
    return read_policy_in_force(roots(), read_policy_file, at("trunkgate/state/last-good"));
  }
  // The words for the pusher, and the hint.
  std::string refusal() const {
    try {
      load();
      return {};
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::config);
      return std::string(error.what()) + (error.hint().empty() ? "" : " | " + error.hint());
    }
  }

  TemporaryRepository temporary_;
};

TEST_F(PolicySource, IsThePolicyOnDisk) {
  write("version: 1\ncontact: ada\n");
  const PolicyInForce in_force = load();
  EXPECT_EQ(in_force.policy->contact, "ada");
  EXPECT_EQ(in_force.notices, Lines());
}

TEST_F(PolicySource, FallsBackToTheLastGoodOneAndSaysSo) {
  write("version: 1\ncontact: ada\n");
  const std::string sha256 = load().policy->sha256;
  write("version: 1\ncontcat: bo\nmode: x\n");
  const PolicyInForce in_force = load();
  EXPECT_EQ(in_force.policy->contact, "ada");
  EXPECT_EQ(in_force.policy->sha256, sha256);
  EXPECT_EQ(
      in_force.notices,
      (Lines{"the policy has 2 mistakes (policy.yaml:2: unknown key 'contcat' in the policy);",
             "the last good one stays in force; please tell ada"}));
}

// It has read the policy, and before it is done an admin changes that and another push comes.
TEST_F(PolicySource, LeavesTheCopyThatANewerPushHasKept) {
  write("version: 1\ncontact: ada\n");
  bool overtaken = false;
  const auto slow = [&](const std::string& path) {
    FileText file = read_policy_file(path);
    if (file.state == FileState::present && !std::exchange(overtaken, true)) {
      write("version: 1\ncontact: bo\n");
      load();
    }
    return file;
  };
  const PolicyInForce in_force =
      load_policy_in_force(roots(), slow, at("trunkgate/state/last-good"), {});
  EXPECT_EQ(in_force.policy->contact, "ada");
  write("version: 2\n");
  EXPECT_EQ(load().policy->contact, "bo");
}

TEST_F(PolicySource, NamesAnAdminWhenThePolicyNamesNobody) {
  write("version: 1\n");
  load();
  write("version: 2\n");
  EXPECT_EQ(load().notices,
            (Lines{"the policy has 1 mistake (policy.yaml:1: this build reads version 1 of the "
                   "policy language);",
                   "the last good one stays in force; please tell an admin of this server"}));
}

TEST_F(PolicySource, IsTheNewOneAgainOnceItIsRepaired) {
  write("version: 1\ncontact: ada\n");
  load();
  write("version: 2\n");
  load();
  write("version: 1\ncontact: bo\n");
  EXPECT_EQ(load().policy->contact, "bo");
  write("version: 2\n");
  EXPECT_EQ(load().policy->contact, "bo");
}

TEST_F(PolicySource, KeepsEveryLayerOfTheLastGoodOne) {
  std::ofstream(at("system.yaml")) << "version: 1\ngroups: {bots: [ci]}\n";
  write("version: 1\nextends: [base.yaml]\n");
  write("version: 1\nnamespaces: ['refs/wip/**']\n", "base.yaml");
  const std::string sha256 = load().policy->sha256;
  write("nonsense\n", "base.yaml");
  const PolicyInForce in_force = load();
  EXPECT_EQ(in_force.policy->sha256, sha256);
  EXPECT_TRUE(in_force.policy->namespaces.matches("refs/wip/x"));
  EXPECT_EQ(in_force.policy->sources.size(), 3U);
}

TEST_F(PolicySource, RefusesWithTheFirstMistakeWhenThereIsNoGoodOne) {
  write("version: 1\ncontcat: bo\nmode: x\n");
  EXPECT_EQ(refusal(),
            "the policy cannot be loaded: it has 2 mistakes; the first is policy.yaml:2: unknown "
            "key 'contcat' in the policy | an admin finds them all with: trunkgate check " +
                at("trunkgate/policy.yaml"));
}

TEST_F(PolicySource, RefusesWhenThePolicyIsGoneWhateverWasGoodBefore) {
  write("version: 1\n");
  load();
  fs::remove(at("trunkgate/policy.yaml"));
  EXPECT_EQ(refusal(), "the policy cannot be loaded: the policy " + at("trunkgate/policy.yaml") +
                           " is missing");
  fs::create_directory(at("trunkgate/policy.yaml"));
  EXPECT_EQ(refusal(), "the policy cannot be loaded: the policy " + at("trunkgate/policy.yaml") +
                           " cannot be read: is no regular file");
}

TEST_F(PolicySource, TakesNoBrokenCopyForAGoodOne) {
  write("version: 1\n");
  load();
  write("version: 2\n");
  for (const char* text : {"", "x", "x\n", "x\n{}", "x\n[]", "x\n{\"roots\":[],\"files\":7}\n",
                           "x\n{\"roots\":[{\"path\":1}],\"files\":{}}\n"}) {
    std::ofstream(at("trunkgate/state/last-good")) << text;
    EXPECT_NE(refusal(), "") << text;
  }
}

TEST_F(PolicySource, TakesAnEmptyCopyForNoPolicyAtAll) {
  // Without any file in it a copy would accept everything.
  write("version: 2\n");
  fs::create_directories(at("trunkgate/state"));
  std::ofstream(at("trunkgate/state/last-good")) << "x\n{\"roots\":[],\"files\":{}}\n";
  EXPECT_NE(refusal(), "");
}

TEST_F(PolicySource, WritesNoCopyOfAPolicyThatIsKeptAlready) {
  write("version: 1\n");
  load();
  const std::string copy = at("trunkgate/state/last-good");
  struct stat before {};
  ASSERT_EQ(::stat(copy.c_str(), &before), 0);
  load();
  struct stat after {};
  ASSERT_EQ(::stat(copy.c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
  write("version: 1\n# more\n");
  load();
  ASSERT_EQ(::stat(copy.c_str(), &after), 0);
  EXPECT_NE(before.st_ino, after.st_ino);
}

TEST_F(PolicySource, KeepsNothingOfAPolicyThatIsOnlyRead) {
  write("version: 1\ncontact: ada\n");
  EXPECT_EQ(read().policy->contact, "ada");
  EXPECT_FALSE(fs::exists(at("trunkgate/state")));

  load();
  const std::string parsed = read_file(at("trunkgate/state/parsed-policy"), 4096).text;
  write("version: 1\ncontact: bo\n");
  EXPECT_EQ(read().policy->contact, "bo");
  EXPECT_EQ(read_file(at("trunkgate/state/parsed-policy"), 4096).text, parsed);
  write("version: 2\n");
  const PolicyInForce in_force = read();
  EXPECT_EQ(in_force.policy->contact, "ada");
  EXPECT_EQ(in_force.notices.size(), 2U);
}

TEST_F(PolicySource, WorksInAFolderWhoseNameIsNoUtf8) {
  const std::string folder = at("caf\xe9");
  fs::create_directory(folder);
  std::ofstream(folder + "/policy.yaml") << "version: 1\n";
  const PolicyInForce in_force =
      load_policy_in_force({{folder + "/policy.yaml", "policy.yaml", false}}, read_policy_file,
                           folder + "/state/last-good", {});
  EXPECT_EQ(in_force.notices, Lines());
  std::ofstream(folder + "/policy.yaml") << "version: 2\n";
  EXPECT_EQ(load_policy_in_force({{folder + "/policy.yaml", "policy.yaml", false}},
                                 read_policy_file, folder + "/state/last-good", {})
                .notices.size(),
            2U);
}

}  // namespace
}  // namespace trunkgate

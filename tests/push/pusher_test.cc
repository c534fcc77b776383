// Who is pushing.
#include "push/pusher.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <string>

#include "base/child_process.h"
#include "base/text.h"
#include "push/key_fingerprint.h"

namespace trunkgate {
namespace {

using Kind = IdentitySource::Kind;

Environment environment(const std::map<std::string, std::string>& variables) {
  Environment result;
  for (const auto& [name, value] : variables) result.set(name, value);
  return result;
}

// "NAME from SOURCE by TRANSPORT at ADDRESS", or the problem.
std::string shown(const Pusher& pusher) {
  if (!pusher.known()) return "unknown: " + pusher.problem;
  return pusher.name + " from " + pusher.source + " by " + pusher.transport +
         (pusher.remote_addr.empty() ? "" : " at " + pusher.remote_addr);
}

const IdentityPolicy kFrontEnd{.service_users = {"git", "www-data"},
                               .sources = {{Kind::environment, "GL_USER", {}},
                                           {Kind::environment, "REMOTE_USER", {}},
                                           {Kind::os_user, {}, {}}},
                               .allow_unknown = false};
const std::string kNobody = "unknown: no source of the policy's 'identity' names the pusher";

TEST(Pusher, IsTheAccountWhenThePolicySaysNothing) {
  EXPECT_EQ(shown(identify({}, environment({{"REMOTE_USER", "mallory"}}), "ada")),
            "ada from os-user by local");
  EXPECT_EQ(shown(identify({}, {}, "")), kNobody);
}

TEST(Pusher, IsWhomTheFirstSourceThatAnswersNames) {
  EXPECT_EQ(
      shown(identify(kFrontEnd, environment({{"GL_USER", "ada"}, {"REMOTE_USER", "bo"}}), "git")),
      "ada from GL_USER by local");
  EXPECT_EQ(
      shown(identify(kFrontEnd, environment({{"GL_USER", ""}, {"REMOTE_USER", "bo"}}), "git")),
      "bo from REMOTE_USER by local");
}

TEST(Pusher, IsNotTakenFromTheEnvironmentOfAnOrdinaryAccount) {
  EXPECT_EQ(shown(identify(kFrontEnd, environment({{"GL_USER", "root"}}), "ada")),
            "ada from os-user by local");
  EXPECT_EQ(shown(identify(kFrontEnd, environment({{"GL_USER", "root"}}), "")), kNobody);
}

// What sshd writes with ExposeAuthInfo, and names in SSH_USER_AUTH.
class KeyOfPusher : public testing::Test {
 protected:
  KeyOfPusher() : file_(testing::TempDir() + "auth." + std::to_string(::getpid())) {}
  ~KeyOfPusher() override { std::remove(file_.c_str()); }

  std::string pusher(const std::string& text, const std::string& account = "git") {
    std::ofstream(file_) << text;
    return shown(identify(
        policy_,
        environment({{"SSH_USER_AUTH", file_}, {"SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22"}}),
        account));
  }

  std::string file_;
  std::string ada_ = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAda";
  std::string bo_ = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBo";
  IdentityPolicy policy_{.service_users = {"git"},
                         .sources = {{.kind = Kind::ssh_key, .keys = {{ada_, "ada"}, {bo_, "bo"}}},
                                     {.kind = Kind::os_user}},
                         .allow_unknown = false};
};

TEST_F(KeyOfPusher, NamesWhoeverHoldsIt) {
  EXPECT_EQ(pusher("publickey " + ada_ + "\n"), "ada from ssh-key by ssh at 10.0.0.1");
  EXPECT_EQ(pusher("publickey ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAISomebody\n"), kNobody);
  EXPECT_EQ(pusher(""), kNobody);
}

TEST_F(KeyOfPusher, IsShownByItsFingerprint) {
  const std::string key =  // what ssh-keygen -l says of it stands below
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKQ0Wb0eVUFdXDqGzEVVgiu6R9wS0ZyJGRCJyiBMlbJm";
  policy_.sources.front().keys = {{key, "ada"}, {bo_, "bo"}};
  EXPECT_EQ(pusher("publickey " + key + "\n"), "ada from ssh-key by ssh at 10.0.0.1");
  const Environment told = environment({{"SSH_USER_AUTH", file_}});
  EXPECT_EQ(key_fingerprint(policy_, told, identify(policy_, told, "git")),
            "SHA256:tWXi39XMvd+TaCJcOxOTaySkUnvIUUnsgw5uWWlVbwc");
  // Another source has named the pusher.
  EXPECT_EQ(key_fingerprint(policy_, told, identify(policy_, told, "ada")), "");
  EXPECT_EQ(key_fingerprint(policy_, {}, identify(policy_, told, "git")), "");
}

TEST_F(KeyOfPusher, NamesNobodyWhenTwoKeysAreOfTwoUsers) {
  EXPECT_EQ(pusher("publickey " + ada_ + "\npublickey " + bo_ + "\n"), kNobody);
}

TEST_F(KeyOfPusher, IsBelievedOfServiceUsersOnly) {
  EXPECT_EQ(pusher("publickey " + ada_ + "\n", "mallory"),
            "mallory from os-user by ssh at 10.0.0.1");
}

TEST(Pusher, IsNeverTheServiceUser) {
  EXPECT_EQ(shown(identify(kFrontEnd, {}, "git")), kNobody);
  EXPECT_EQ(
      shown(identify({.service_users = {"git"}, .sources = {{Kind::os_user, {}, {}}}}, {}, "git")),
      kNobody);
}

TEST(Pusher, IsUnknownWhenASourceAnswersWithNoName) {
  EXPECT_EQ(
      shown(identify(kFrontEnd, environment({{"GL_USER", "a/b"}, {"REMOTE_USER", "bo"}}), "git")),
      "unknown: GL_USER is 'a/b', which is no user name");
  EXPECT_EQ(shown(identify(kFrontEnd, environment({{"GL_USER", "a\n\x1b[2J"}}), "git")),
            "unknown: GL_USER is 'a\\n\\x1b[2J', which is no user name");
  EXPECT_EQ(shown(identify({}, {}, "ada b")), "unknown: os-user is 'ada b', which is no user name");
}

TEST(Pusher, CameByTheTransportOfTheEnvironment) {
  EXPECT_EQ(shown(identify({}, environment({{"SSH_CONNECTION", "2001:db8::1 50000 10.0.0.1 22"}}),
                           "ada")),
            "ada from os-user by ssh at 2001:db8::1");
  EXPECT_EQ(shown(identify(
                {}, environment({{"GATEWAY_INTERFACE", "CGI/1.1"}, {"REMOTE_ADDR", "192.0.2.1"}}),
                "ada")),
            "ada from os-user by http at 192.0.2.1");
  EXPECT_EQ(shown(identify({}, environment({{"REQUEST_METHOD", "POST"}}), "ada")),
            "ada from os-user by http");
  EXPECT_EQ(shown(identify({}, environment({{"REMOTE_ADDR", "192.0.2.1"}}), "ada")),
            "ada from os-user by git at 192.0.2.1");
  EXPECT_EQ(shown(identify({}, environment({{"REMOTE_ADDR", "\x1b]0;x"}}), "ada")),
            "ada from os-user by git at \\x1b]0;x");
}

TEST(UserName, HasLettersDigitsAndAFewMarks) {
  for (const std::string& name : {std::string("a"), std::string("ada.l@example.com"),
                                  std::string("A_b-c+1"), std::string(64, 'x')}) {
    EXPECT_TRUE(is_user_name(name)) << name;
  }
  for (const std::string& name :
       {std::string(), std::string(65, 'x'), std::string("a b"), std::string("a/b"),
        std::string("a\n"), std::string("a:b"), std::string("\xc3\xa9"), std::string("a\0b", 3)}) {
    EXPECT_FALSE(is_user_name(name)) << name;
  }
}

TEST(UserName, OfTheAccountIsWhatTheSystemSays) {
  ChildRequest request;
  request.argv = {"id", "-un"};
  EXPECT_EQ(os_user_name(), trim(run_child(request).output));
}

}  // namespace
}  // namespace trunkgate

// The whole environment of a program, and what the policy may add to it.
#include "rules/push/command_environment.h"

#include <gtest/gtest.h>

#include "support/temporary_repository.h"

namespace trunkgate {
namespace {

TEST(CommandEnvironment, IsWhatTheGateAndThePolicySay) {
  const TemporaryRepository temporary;
  const auto repository = temporary.open();
  Environment environment;
  environment.set("PATH", "/tmp/evil");
  environment.set("GIT_DIR", "/tmp/evil");
  environment.set("REMOTE_USER", "ada");
  environment.set("SECRET", "1");
  Push push{*repository, {}, {}, {}, {}};
  push.environment = &environment;
  EXPECT_EQ(
      command_environment(push, {"REMOTE_USER", "MISSING", "HOME=/srv", "X=a=b", "E="}),
      (std::vector<std::string>{"E=", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
                                "GIT_DIR=" + repository->path(), "GIT_NO_REPLACE_OBJECTS=1",
                                "GIT_TERMINAL_PROMPT=0", "HOME=/srv", "LANG=C.UTF-8",
                                "PATH=/usr/local/bin:/usr/bin:/bin", "REMOTE_USER=ada", "X=a=b"}));
}

TEST(CommandEnvironment, TakesNamesThatAreNamesAndNotTheGatesOwn) {
  EXPECT_EQ(variable_mistake("A_1"), "");
  EXPECT_EQ(variable_mistake("a=b c=d"), "");
  EXPECT_EQ(variable_mistake(""), "expected NAME or NAME=value, not ''");
  EXPECT_EQ(variable_mistake("1A"), "expected NAME or NAME=value, not '1A'");
  EXPECT_EQ(variable_mistake("A B=c"), "expected NAME or NAME=value, not 'A B=c'");
  EXPECT_EQ(variable_mistake("GIT_DIR=/x"), "the gate itself sets 'GIT_DIR'");
}

}  // namespace
}  // namespace trunkgate

// Running a program: input, output, limits, and what the child must not see.
#include "base/child_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <sstream>

namespace trunkgate {
namespace {

using namespace std::chrono_literals;

ChildResult run_shell(const std::string& script, std::string_view input = {}) {
  ChildRequest request;
  request.argv = {"/bin/sh", "-c", script};
  request.environment = {"PATH=/usr/bin:/bin"};
  request.input = input;
  request.timeout = 30s;
  return run_child(request);
}

TEST(ChildProcess, ReturnsOutputErrorsAndExitStatus) {
  const ChildResult result = run_shell("echo out; echo err >&2; exit 3");
  EXPECT_TRUE(result.started);
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.errors, "err\n");
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_EQ(result.signal, 0);
  EXPECT_FALSE(result.succeeded());
}

TEST(ChildProcess, DiscardsOutputOfAnySize) {
  ChildRequest request;
  request.argv = {"/bin/sh", "-c", "head -c 1000000 /dev/zero"};
  request.output_limit = 100;
  request.errors_kept = 100;
  request.discard_output = true;
  request.timeout = 30s;
  const ChildResult result = run_child(request);
  EXPECT_TRUE(result.succeeded());
  EXPECT_EQ(result.output, "");
}

TEST(ChildProcess, PassesMegabytesThroughWithoutADeadlock) {
  const std::string input(std::size_t{4} << 20U, 'x');
  ChildRequest request;
  request.argv = {"cat"};
  request.input = input;
  request.timeout = 30s;
  const ChildResult result = run_child(request);
  EXPECT_TRUE(result.succeeded());
  EXPECT_TRUE(result.output == input);
}

TEST(ChildProcess, GivesTheWholeEnvironmentAndNothingElse) {
  ChildRequest request;
  request.argv = {"/usr/bin/env"};
  request.environment = {"ONE=1", "TWO=2"};
  EXPECT_EQ(run_child(request).output, "ONE=1\nTWO=2\n");
}

TEST(ChildProcess, RunsInTheGivenFolder) {
  ChildRequest request;
  request.argv = {"/bin/pwd"};
  request.working_directory = "/usr";
  EXPECT_EQ(run_child(request).output, "/usr\n");
}

TEST(ChildProcess, SaysWhyAProgramDidNotStart) {
  ChildRequest request;
  request.argv = {"/nonexistent/program"};
  const ChildResult result = run_child(request);
  EXPECT_FALSE(result.started);
  EXPECT_EQ(result.start_error, "No such file or directory");
  EXPECT_FALSE(result.succeeded());
  EXPECT_FALSE(run_child({}).started);
  request.argv = {"/bin/pwd"};
  request.working_directory = "/nonexistent/folder";
  EXPECT_EQ(run_child(request).start_error, "No such file or directory");
}

TEST(ChildProcess, KillsTheWholeGroupAtTheTimeout) {
  ChildRequest request;
  request.argv = {"/bin/sh", "-c", "sleep 60 & sleep 60"};
  request.environment = {"PATH=/usr/bin:/bin"};
  request.timeout = 100ms;
  const auto start = std::chrono::steady_clock::now();
  const ChildResult result = run_child(request);
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.signal, SIGKILL);
  EXPECT_EQ(result.exit_status, -1);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 30s);
}

TEST(ChildProcess, TimesOutAChildThatClosedItsOutput) {
  ChildRequest request;
  request.argv = {"/bin/sh", "-c", "exec >&- 2>&-; sleep 60"};
  request.environment = {"PATH=/usr/bin:/bin"};
  request.timeout = 100ms;
  EXPECT_TRUE(run_child(request).timed_out);
}

TEST(ChildProcess, KillsAChildThatWritesTooMuch) {
  ChildRequest request;
  request.argv = {"/bin/sh", "-c", "while :; do echo yes; done"};
  request.output_limit = 1000;
  request.timeout = 30s;
  const ChildResult result = run_child(request);
  EXPECT_TRUE(result.output_too_large);
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.output.size(), 1000U);
}

TEST(ChildProcess, AllowsOutputOfExactlyTheLimit) {
  ChildRequest request;
  request.argv = {"/bin/echo", "1234"};
  request.output_limit = 5;
  EXPECT_TRUE(run_child(request).succeeded());
  request.output_limit = 4;
  EXPECT_TRUE(run_child(request).output_too_large);
}

TEST(ChildProcess, SurvivesAChildThatDoesNotReadItsInput) {
  const std::string input(std::size_t{1} << 20U, 'x');
  EXPECT_EQ(run_shell("exec <&-; echo done", input).output, "done\n");
  EXPECT_EQ(run_shell("exit 0", input).exit_status, 0);
}

TEST(ChildProcess, ReportsTheSignalThatEndedTheChild) {
  const ChildResult result = run_shell("kill -TERM $$");
  EXPECT_EQ(result.signal, SIGTERM);
  EXPECT_EQ(result.exit_status, -1);
}

TEST(ChildProcess, HidesOtherDescriptorsFromTheChild) {
  const int fd = ::open("/dev/null", O_RDONLY);
  ASSERT_GT(fd, 2);
  // The listing itself opens one descriptor, the next free one: 3.
  EXPECT_EQ(run_shell("ls /proc/self/fd").output, "0\n1\n2\n3\n");
  ::close(fd);
}

TEST(ChildProcess, GivesTheChildDefaultSignals) {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  EXPECT_EQ(run_shell("grep SigIgn /proc/self/status | tr -d '\\t'").output,
            "SigIgn:0000000000000000\n");
  EXPECT_EQ(run_shell("grep SigBlk /proc/self/status | tr -d '\\t'").output,
            "SigBlk:0000000000000000\n");
  std::signal(SIGPIPE, before);
}

TEST(ChildProcess, LosesTheStatusButNothingElseWhereChildrenAreReapedByTheSystem) {
  const auto before = std::signal(SIGCHLD, SIG_IGN);
  const ChildResult result = run_shell("echo out");
  std::signal(SIGCHLD, before);
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.exit_status, -1);
}

ChildRequest confined(const std::string& script) {
  ChildRequest request;
  request.argv = {"/bin/sh", "-c", script};
  request.environment = {"PATH=/usr/bin:/bin"};
  request.timeout = 30s;
  request.confinement = Confinement{};
  return request;
}

TEST(ChildProcess, ConfinedMayNotGainPrivilegesOrLeaveCoreFiles) {
  const ChildResult result =
      run_child(confined("grep NoNewPrivs /proc/self/status; ulimit -c; ulimit -v"));
  EXPECT_EQ(result.output, "NoNewPrivs:\t1\n0\nunlimited\n");
}

TEST(ChildProcess, ConfinedGetsNoMoreMemoryThanAllowed) {
  ChildRequest request = confined("ulimit -v");
  request.confinement->memory = std::uint64_t{64} << 20U;
  EXPECT_EQ(run_child(request).output, "65536\n");
}

TEST(ChildProcess, ConfinedTakesEverythingItStartedAlongWhenItEnds) {
  // Its output stays open in neither, so nobody waits for them.
  const ChildResult result =
      run_child(confined("sleep 60 >/dev/null 2>&1 & echo $!; "
                         "setsid sleep 60 >/dev/null 2>&1 & sleep 0.3; echo $!"));
  EXPECT_EQ(result.exit_status, 0);
  std::istringstream pids(result.output);
  int found = 0;
  for (pid_t pid = 0; pids >> pid; ++found) {
    EXPECT_EQ(::kill(pid, 0), -1);
    EXPECT_EQ(errno, ESRCH);
  }
  EXPECT_EQ(found, 2);
}

TEST(ChildProcess, LeavesOtherChildrenAloneWhenAConfinedOneEnds) {
  const pid_t other = ::fork();
  if (other == 0) {
    ::sleep(60);
    ::_exit(0);
  }
  run_child(confined("exit 0"));
  EXPECT_EQ(::waitpid(other, nullptr, WNOHANG), 0);
  ::kill(other, SIGKILL);
  ::waitpid(other, nullptr, 0);
}

TEST(ChildProcess, KeepsTheFirstOfManyErrorsWhereThatIsNoFault) {
  ChildRequest request = confined("yes | head -c 3000000 >&2; echo out");
  request.errors_kept = 4;
  const ChildResult result = run_child(request);
  EXPECT_TRUE(result.succeeded());
  EXPECT_EQ(result.errors, "y\ny\n");
  EXPECT_EQ(result.output, "out\n");
}

TEST(ChildProcess, EndsAtItsTimeHoweverMuchItWritesToErrors) {
  ChildRequest request = confined("exec yes >&2");
  request.errors_kept = 4;
  request.timeout = 300ms;
  EXPECT_TRUE(run_child(request).timed_out);
}

}  // namespace
}  // namespace trunkgate

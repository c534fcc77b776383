// A program of the admin's that gets events: what it sees, and what becomes of its failures.
#include "events/command_sink.h"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "sink_example.h"

namespace trunkgate {
namespace {

class CommandSinkTest : public SinkExample {
 protected:
  // A shell script that finds the folder in $1.
  std::unique_ptr<Sink> sink(const std::string& script,
                             std::chrono::seconds timeout = std::chrono::seconds(30)) {
    return sink_of({"/bin/sh", "-c", script, "receiver", folder_.path()}, timeout);
  }
  std::unique_ptr<Sink> sink_of(std::vector<std::string> run,
                                std::chrono::seconds timeout = std::chrono::seconds(30)) {
    return make_command_sink(
        {.name = "ci",
         .filter = {},
         .receiver = CommandSinkSettings{.run = std::move(run), .timeout = timeout}},
        place());
  }
  static std::vector<Delivery> repeated(std::vector<Delivery> events) {
    for (Delivery& event : events) event.attempt = 2;
    return events;
  }
  std::string text(const std::string& name) const {
    std::ostringstream out;
    out << std::ifstream(folder_.path() + "/" + name).rdbuf();
    return out.str();
  }
};

TEST_F(CommandSinkTest, GivesAllEventsToOneProcessALineEach) {
  const auto program = sink("echo run >>$1/runs; cat >>$1/got");
  EXPECT_EQ(program->name(), "command ci");
  EXPECT_EQ(told(program->deliver(events(1, 3))), Told(3, "delivered"));
  EXPECT_EQ(text("got"), lines(1, 3));
  EXPECT_EQ(text("runs"), "run\n");
  EXPECT_EQ(told(program->deliver({})), Told{});
  EXPECT_EQ(text("runs"), "run\n");
}

TEST_F(CommandSinkTest, ShowsTheProgramNothingOfItsOwnSurroundings) {
  ASSERT_EQ(::setenv("TRUNKGATE_TEST_SECRET", "hunter2", 1), 0);
  EXPECT_EQ(told(sink_of({"/bin/sh", "-c", "env >$1/env; pwd >$1/pwd", "receiver", folder_.path()})
                     ->deliver(events(1, 1))),
            Told{"delivered"});
  ::unsetenv("TRUNKGATE_TEST_SECRET");
  std::vector<std::string> names;
  std::istringstream env(text("env"));
  for (std::string each; std::getline(env, each);) {
    if (!each.starts_with("PWD=")) names.push_back(each);  // the shell's own
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names,
            (Told{"LC_ALL=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin", "TRUNKGATE_SINK=ci"}));
  EXPECT_EQ(text("pwd"), "/\n");
}

TEST_F(CommandSinkTest, WritesItsOutputToDevNullHoweverMuchItIs) {
  EXPECT_EQ(
      told(sink("out=$(readlink /proc/$$/fd/1); echo $out >&2; exit 1")->deliver(events(1, 1))),
      Told{"failed: /bin/sh ended with exit code 1: /dev/null"});
  EXPECT_EQ(told(sink("cat >/dev/null; head -c 50000000 /dev/zero")->deliver(events(1, 2))),
            Told(2, "delivered"));
}

TEST_F(CommandSinkTest, TellsTheFirstLineOfErrorsPrintableAndCut) {
  EXPECT_EQ(told(sink("printf '\\n no room \\033[31m\\377\\nsecond\\n' >&2; exit 3")
                     ->deliver(events(1, 2))),
            Told(2, "failed: /bin/sh ended with exit code 3: no room \\x1b[31m\\xff"));
  const Told cut =
      told(sink("head -c 20000000 /dev/zero | tr '\\0' x >&2; exit 4")->deliver(events(1, 1)));
  EXPECT_EQ(cut, Told{"failed: /bin/sh ended with exit code 4: " + std::string(200, 'x') + "..."});
}

TEST_F(CommandSinkTest, FailsWhenItIsMissingOrEndedByASignal) {
  EXPECT_EQ(told(sink_of({"/nowhere/receiver"})->deliver(events(1, 2))),
            Told(2, "failed: cannot run /nowhere/receiver: No such file or directory"));
  EXPECT_EQ(told(sink_of({folder_.path()})->deliver(events(1, 1))),
            Told{"failed: cannot run " + folder_.path() + ": Permission denied"});
  EXPECT_EQ(told(sink("kill -9 $$")->deliver(events(1, 1))),
            Told{"failed: /bin/sh was ended by signal 9"});
}

TEST_F(CommandSinkTest, IsDeliveredToAProgramThatDoesNotReadAll) {
  EXPECT_EQ(told(sink("exit 0")->deliver(events(1, 3000))), Told(3000, "delivered"));
}

TEST_F(CommandSinkTest, KillsItsWholeGroupAtTheTimeLimit) {
  const auto start = std::chrono::steady_clock::now();
  const auto program = sink(
      "trap '' TERM INT HUP; echo busy >&2; for i in 1 2; do"
      " sh -c 'trap \"\" TERM; echo $$ >>'$1/pids'; while :; do sleep 1; done' & done; wait",
      std::chrono::seconds(1));
  EXPECT_EQ(told(program->deliver(events(1, 2))),
            Told(2, "failed: /bin/sh was killed after 1 s: busy"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(25));
  std::istringstream pids(text("pids"));
  int found = 0;
  for (pid_t pid = 0; pids >> pid; ++found) {
    // Whoever adopts it reaps it soon; a zombie no longer runs.
    bool runs = true;
    for (int i = 0; i < 500 && runs; ++i) {
      std::ifstream stat(fmt::format("/proc/{}/stat", pid));
      std::string words;
      std::getline(stat, words);
      const auto state = words.rfind(") ");
      runs = !words.empty() && state != std::string::npos && words[state + 2] != 'Z';
      if (runs) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_FALSE(runs) << pid;
  }
  EXPECT_EQ(found, 2);
}

TEST_F(CommandSinkTest, TriesEventsOneByOneAfterAFailure) {
  // It cannot digest number 2.
  const auto program =
      sink("echo run >>$1/runs; ! grep -q 'evt_0*2\"' || { echo odd >&2; exit 1; }");
  const std::string odd = "failed: /bin/sh ended with exit code 1: odd";
  EXPECT_EQ(told(program->deliver(events(1, 3))), Told(3, odd));
  EXPECT_EQ(text("runs"), "run\n");
  EXPECT_EQ(told(program->deliver(repeated(events(1, 3)))), (Told{"delivered", odd, "delivered"}));
  EXPECT_EQ(text("runs"), "run\nrun\nrun\nrun\n");
}

TEST_F(CommandSinkTest, SendsNothingOfAPartitionAfterAFailure) {
  std::vector<Delivery> mixed = repeated(events(1, 2));
  mixed.push_back(event(3));
  mixed.push_back(event(4));
  mixed[2].partition = mixed[1].partition;
  const auto program = sink("cat >$1/last; ! grep -q 'evt_0*2\"' $1/last");
  EXPECT_EQ(told(program->deliver(mixed)),
            (Told{"delivered", "failed: /bin/sh ended with exit code 1", "skipped", "delivered"}));
  EXPECT_EQ(text("last"), line(4));
}

TEST_F(CommandSinkTest, SkipsWhatIsLeftAtTheTimeLimitOfACall) {
  const auto program = sink("echo run >>$1/runs; exec sleep 30", std::chrono::seconds(1));
  EXPECT_EQ(told(program->deliver(repeated(events(1, 3)))),
            (Told{"failed: /bin/sh was killed after 1 s", "skipped", "skipped"}));
  EXPECT_EQ(text("runs"), "run\n");
}

}  // namespace
}  // namespace trunkgate

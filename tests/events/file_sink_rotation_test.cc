// Events files that are moved away when they are full: what stands where, whenever it was killed.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>

#include "base/error.h"
#include "events/file_sink.h"
#include "sink_example.h"

namespace trunkgate {
namespace {

class FileSinkRotation : public SinkExample {
 protected:
  std::string path(int number = 0) const {
    return folder_.path() + "/events.jsonl" + (number == 0 ? "" : fmt::format(".{}", number));
  }
  std::string text(int number = 0) const {
    std::ostringstream out;
    out << std::ifstream(path(number)).rdbuf();
    return out.str();
  }
  void put(const std::string& bytes, int number = 0) const {
    std::ofstream(path(number), std::ios::binary) << bytes;
  }
  // Room for so many lines in each file.
  std::unique_ptr<Sink> sink(std::uint64_t lines, std::uint64_t keep = 3, Sharing sharing = {}) {
    SinkPlace where = place();
    where.sharing = sharing;
    return make_file_sink(
        {.name = "log",
         .filter = {},
         .receiver =
             FileSinkSettings{.path = path(), .max_size = lines * line(1).size(), .keep = keep}},
        where);
  }
  // All files with what they hold, as first and last number: "events.jsonl: 5-6".
  std::vector<std::string> files() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      std::ifstream file(entry.path());
      std::string told;
      std::uint64_t expected = 0;
      for (std::string each; std::getline(file, each);) {
        const auto start = each.find("evt_");
        const std::uint64_t n = std::stoull(each.substr(start + 4, 32), nullptr, 16);
        if (n != expected || told.empty()) told += fmt::format(" {}", n);
        if (each != event(n).json) told += "!";
        expected = n + 1;
      }
      found.push_back(entry.path().filename().string() + ":" + told +
                      (expected == 0 ? "" : fmt::format("-{}", expected - 1)));
    }
    std::sort(found.begin(), found.end());
    return found;
  }
  std::string refusal() {
    try {
      sink(2)->deliver(std::vector{event(1)});
    } catch (const Error& error) {
      return error.what();
    }
    return "written";
  }
};

TEST_F(FileSinkRotation, NamesTheSinkAndNeverMovesTheFileWithoutALimit) {
  const auto log = sink(0);
  EXPECT_EQ(log->name(), "file log");
  EXPECT_EQ(told(log->deliver(events(1, 3))), Told(3, "delivered"));
  EXPECT_EQ(files(), Told{"events.jsonl: 1-3"});
}

TEST_F(FileSinkRotation, MovesTheFileAwayBeforeItWouldPassTheLimit) {
  const auto log = sink(2);
  log->deliver(events(1, 2));
  EXPECT_EQ(files(), Told{"events.jsonl: 1-2"});
  log->deliver(events(3, 3));
  EXPECT_EQ(files(), (Told{"events.jsonl.1: 1-2", "events.jsonl: 3-3"}));
  log->deliver(events(4, 7));
  EXPECT_EQ(files(), (Told{"events.jsonl.1: 5-6", "events.jsonl.2: 3-4", "events.jsonl.3: 1-2",
                           "events.jsonl: 7-7"}));
}

TEST_F(FileSinkRotation, LetsTheOldestGo) {
  sink(2, 1)->deliver(events(1, 7));
  EXPECT_EQ(files(), (Told{"events.jsonl.1: 5-6", "events.jsonl: 7-7"}));
}

TEST_F(FileSinkRotation, KeepsNoneWhenNoneAreToBeKept) {
  sink(2, 0)->deliver(events(1, 7));
  EXPECT_EQ(files(), Told{"events.jsonl: 7-7"});
}

TEST_F(FileSinkRotation, GivesAnEventThatIsLargerThanTheLimitAFileOfItsOwn) {
  const auto log =
      make_file_sink({.name = "log",
                      .filter = {},
                      .receiver = FileSinkSettings{.path = path(), .max_size = 10, .keep = 5}},
                     place());
  log->deliver(events(1, 3));
  EXPECT_EQ(files(), (Told{"events.jsonl.1: 2-2", "events.jsonl.2: 1-1", "events.jsonl: 3-3"}));
}

// The steps of moving four files along, each left undone from some point on.
TEST_F(FileSinkRotation, LosesAndRepeatsNothingWhereverItWasKilled) {
  struct State {
    std::map<int, std::pair<int, int>> before;
    Told after;
  };
  const std::vector<State> states{
      // Before anything.
      {{{3, {1, 2}}, {2, {3, 4}}, {1, {5, 6}}, {0, {7, 8}}},
       {"events.jsonl.1: 7-8", "events.jsonl.2: 5-6", "events.jsonl.3: 3-4", "events.jsonl: 9-9"}},
      // 2 has become 3.
      {{{3, {3, 4}}, {1, {5, 6}}, {0, {7, 8}}},
       {"events.jsonl.1: 7-8", "events.jsonl.2: 5-6", "events.jsonl.3: 3-4", "events.jsonl: 9-9"}},
      // 1 has become 2.
      {{{3, {3, 4}}, {2, {5, 6}}, {0, {7, 8}}},
       {"events.jsonl.1: 7-8", "events.jsonl.2: 5-6", "events.jsonl.3: 3-4", "events.jsonl: 9-9"}},
      // The file has become 1; the new one is not there.
      {{{3, {3, 4}}, {2, {5, 6}}, {1, {7, 8}}},
       {"events.jsonl.1: 7-8", "events.jsonl.2: 5-6", "events.jsonl.3: 3-4", "events.jsonl: 9-9"}},
      // All is done, and the event is written, but its sender does not know.
      {{{3, {3, 4}}, {2, {5, 6}}, {1, {7, 8}}, {0, {9, 9}}},
       {"events.jsonl.1: 7-8", "events.jsonl.2: 5-6", "events.jsonl.3: 3-4", "events.jsonl: 9-9"}},
  };
  for (const State& state : states) {
    for (int number = 0; number <= 3; ++number) std::filesystem::remove(path(number));
    for (const auto& [number, range] : state.before) {
      put(lines(static_cast<std::uint64_t>(range.first), static_cast<std::uint64_t>(range.second)),
          number);
    }
    // Told again from 7 on: nobody had heard that 7 and 8 were written.
    EXPECT_EQ(told(sink(2)->deliver(events(7, 9))), Told(3, "delivered"));
    EXPECT_EQ(files(), state.after);
  }
}

TEST_F(FileSinkRotation, LooksBackThroughAllFilesThatARepeatMayStandIn) {
  sink(2, 9)->deliver(events(1, 9));
  const Told before = files();
  sink(2, 9)->deliver(events(1, 9));
  EXPECT_EQ(files(), before);
}

TEST_F(FileSinkRotation, WritesAnEventAgainWhoseLineWasTornAndEndedByTheNextPass) {
  // Killed while it wrote, and killed again after the LF that ends the torn line.
  put(line(1) + line(2).substr(0, line(2).size() / 2) + "\n");
  sink(0)->deliver(events(1, 3));
  EXPECT_EQ(text(), line(1) + line(2).substr(0, line(2).size() / 2) + "\n" + line(2) + line(3));
}

TEST_F(FileSinkRotation, StartsTheNextFileAfterATornLine) {
  put(line(1) + line(2).substr(0, 80));
  sink(2)->deliver(events(1, 2));
  EXPECT_EQ(text(1), line(1) + line(2).substr(0, 80) + "\n");
  EXPECT_EQ(text(), line(2));
}

TEST_F(FileSinkRotation, GivesEachFileTheModeOfTheRepository) {
  const mode_t before = ::umask(077);
  sink(1, 3, Sharing{0060})->deliver(events(1, 3));
  ::umask(before);
  for (int number = 0; number <= 2; ++number) {
    struct stat status {};
    ASSERT_EQ(::stat(path(number).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0660U);
  }
}

TEST_F(FileSinkRotation, RefusesWhatIsNoRegularFile) {
  std::filesystem::create_symlink("/dev/null", path());
  EXPECT_EQ(refusal(), "cannot open " + path() + ": is a symbolic link");
  std::filesystem::remove(path());
  std::filesystem::create_directory(path());
  EXPECT_EQ(refusal(), "cannot open " + path() + ": Is a directory");
  std::filesystem::remove(path());
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_EQ(refusal(), "cannot write to " + path() + ": is no regular file");
}

TEST_F(FileSinkRotation, WritesAllAfterAFailure) {
  const auto log = sink(0);
  log->deliver(events(1, 1));
  std::filesystem::rename(path(), path(7));
  std::filesystem::create_directory(path());
  EXPECT_THROW(log->deliver(events(2, 2)), Error);
  std::filesystem::remove(path());
  log->deliver(events(2, 2));
  EXPECT_EQ(text(), line(2));
}

// Each writes two hundred events, ten at a time, where a file has room for 25.
TEST_F(FileSinkRotation, LosesAndTearsNothingWithFourWritersAtOnce) {
  constexpr std::uint64_t kWriters = 4;
  constexpr std::uint64_t kEach = 200;
  std::vector<pid_t> children;
  for (std::uint64_t writer = 0; writer < kWriters; ++writer) {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        const auto log = sink(25, 100);
        for (std::uint64_t n = 0; n < kEach; n += 10) {
          log->deliver(events(writer * 1000 + n, writer * 1000 + n + 9));
        }
      } catch (...) {
        ::_exit(1);
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  std::set<std::string> found;
  std::vector<std::uint64_t> last(kWriters, 0);
  std::size_t all = 0;
  for (int number = 40; number >= 0; --number) {
    std::ifstream file(path(number));
    for (std::string each; std::getline(file, each); ++all) {
      const std::uint64_t n = std::stoull(each.substr(each.find("evt_") + 4, 32), nullptr, 16);
      EXPECT_EQ(each, event(n).json);
      found.insert(each);
      // In the order in which its writer sent them.
      EXPECT_GE(n, last.at(n / 1000));
      last.at(n / 1000) = n;
    }
    if (std::filesystem::exists(path(number))) {
      EXPECT_LE(std::filesystem::file_size(path(number)), 25 * line(1).size());
    }
  }
  EXPECT_EQ(all, kWriters * kEach);
  EXPECT_EQ(found.size(), kWriters * kEach);
}

}  // namespace
}  // namespace trunkgate

#include "events/journal_reader.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>

#include "base/error.h"
#include "operator_fixture.h"

namespace trunkgate {
namespace {

using Numbers = std::vector<std::uint64_t>;

class JournalReaderTest : public OperatorTest {
 protected:
  std::string refusal() const {
    try {
      JournalReader journal(folder());
      return "read";
    } catch (const Error& error) {
      std::string text = std::string(error.what()) + "\n" + error.hint();
      const auto at = text.find(repository_path_);
      return at == std::string::npos ? text : text.replace(at, repository_path_.size(), "@");
    }
  }
  // What `work` returns in a process of an account that owns nothing.
  static int as_nobody(const std::function<int()>& work) {
    const pid_t child = ::fork();
    if (child == 0) {
      if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(99);
      int code = 98;
      try {
        code = work();
      } catch (const std::exception&) {
      }
      ::_exit(code);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status);
  }
};

TEST_F(JournalReaderTest, PicksEventsByRangeRefTypePushAndUser) {
  EXPECT_EQ(listed({}), (Numbers{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(listed({.range = {.first = 3, .last = 5}}), (Numbers{3, 4, 5}));
  EXPECT_EQ(listed({.range = {.end = kNow - 97 * kSecond - 1}}), (Numbers{1, 2, 3}));
  EXPECT_EQ(listed({.newest = 2}), (Numbers{6, 7}));
  EventQuery query;
  query.filter.refs = RefPatterns(GlobSet({Glob("main")}));
  EXPECT_EQ(listed(query), (Numbers{1, 2, 3, 4, 5, 7}));  // pushes tell of it, too
  query.newest = 3;
  EXPECT_EQ(listed(query), (Numbers{4, 5, 7}));
  query.filter.types = {Glob("ref.*")};
  EXPECT_EQ(listed(query), (Numbers{2, 5, 7}));
  EXPECT_EQ(listed({.by = "alice"}), (Numbers{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(listed({.by = "bob"}), Numbers{});
  const std::string push = key(2).push_id();
  EXPECT_EQ(listed({.push = push}), Numbers{3});
  EXPECT_EQ(listed({.push = push.substr(0, 13)}), Numbers{3});
}

TEST_F(JournalReaderTest, FindsOneByItsNumberItsIdOrWhatThatBeginsWith) {
  const JournalReader journal(folder());
  const std::string id = ids()[2];
  EXPECT_EQ(journal.find("3")->id, id);
  EXPECT_EQ(journal.find(id)->sequence, 3U);
  EXPECT_EQ(journal.find(id.substr(0, 12))->sequence, 3U);
  for (const char* other : {"8", "0", "", "evt_", "evt_zzzz", "x", "99999999999999999999"}) {
    EXPECT_FALSE(journal.find(other)) << other;
  }
  EXPECT_EQ(journal.last(), 7U);
}

TEST_F(JournalReaderTest, ReadsWhileADelivererHasARowUnderWay) {
  const Database writer(journal_path(), Database::Access::write);
  writer.execute("BEGIN IMMEDIATE; DELETE FROM events");
  EXPECT_EQ(listed({}).size(), 7U);
  const JournalReader journal(folder());
  journal.database().execute("BEGIN");
  EXPECT_EQ(journal.last(), 7U);
  writer.execute("COMMIT");  // and is not held up by who reads
  EXPECT_EQ(journal.last(), 7U);
  EXPECT_EQ(listed({}).size(), 0U);
}

TEST_F(JournalReaderTest, SaysWhyThereIsNothingToRead) {
  change("PRAGMA user_version=99");
  EXPECT_EQ(refusal(),
            "@/trunkgate/journal.db was written by a newer trunkgate\ninstall that one again, or a "
            "newer one");
  std::filesystem::remove(journal_path());
  EXPECT_EQ(refusal(),
            "there is no journal at @/trunkgate/journal.db: nothing was recorded yet\na push does "
            "that, or: trunkgate deliver REPOSITORY");
  std::ofstream(journal_path()) << "";
  EXPECT_EQ(refusal(),
            "@/trunkgate/journal.db is empty: nothing was recorded yet\na push does that, or: "
            "trunkgate deliver REPOSITORY");
  std::ofstream(journal_path()) << std::string(8192, 'x');
  EXPECT_EQ(refusal(), "@/trunkgate/journal.db: file is not a database\n");
}

// As another account's are, until it has given them the journal's mode.
TEST_F(JournalReaderTest, WaitsForFilesBesideTheJournalThatCannotBeOpenedYet) {
  const std::string index = journal_path() + "-shm";
  ASSERT_FALSE(exists(index));
  std::filesystem::create_symlink("nowhere", index);
  const std::jthread opener([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(120));
    std::filesystem::remove(index);
  });
  EXPECT_EQ(listed({}).size(), 7U);
}

TEST_F(JournalReaderTest, IsReadByAnAccountThatMayNotWriteBesideIt) {
  if (::getuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  std::filesystem::permissions(root_, std::filesystem::perms(0755));
  std::filesystem::permissions(folder(), std::filesystem::perms(0755));
  std::filesystem::permissions(journal_path(), std::filesystem::perms(0644));
  ASSERT_FALSE(exists(journal_path() + "-wal"));
  const auto count = [&] { return static_cast<int>(listed({}).size()); };
  EXPECT_EQ(as_nobody(count), 7);
  EXPECT_FALSE(exists(journal_path() + "-wal"));
  // What is written meanwhile is noticed, by its time.
  std::filesystem::last_write_time(
      journal_path(), std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  std::array<int, 2> opened{};
  std::array<int, 2> written{};
  ASSERT_EQ(::pipe(opened.data()), 0);
  ASSERT_EQ(::pipe(written.data()), 0);
  char byte = 'x';
  std::thread writer([&] {
    EXPECT_EQ(::read(opened[0], &byte, 1), 1);
    change("INSERT INTO meta VALUES('x', 'y')");
    EXPECT_EQ(::write(written[1], &byte, 1), 1);
  });
  EXPECT_EQ(as_nobody([&] {
              const JournalReader journal(folder());
              journal.finish();
              if (::write(opened[1], &byte, 1) != 1 || ::read(written[0], &byte, 1) != 1) return 97;
              try {
                journal.finish();
              } catch (const Error&) {
                return 1;
              }
              return 0;
            }),
            1);
  ::close(opened[1]);
  writer.join();
  for (const int end : {opened[0], written[0], written[1]}) ::close(end);
  // A deliverer that was killed has left events that only who may write there can read.
  const std::string copy = root_ + "/copy";
  std::filesystem::create_directory(copy);
  {
    const Database open(journal_path(), Database::Access::write);
    open.execute("INSERT INTO meta VALUES('z', 'y')");
    for (const char* end : {"", "-wal"}) {
      std::filesystem::copy_file(journal_path() + end, Journal::path_in(copy) + end);
    }
  }
  EXPECT_EQ(as_nobody([&] {
              try {
                JournalReader journal(copy);
              } catch (const Error& error) {
                return error.hint() == "run this as the account that owns the repository" ? 1 : 2;
              }
              return 0;
            }),
            1);
}

}  // namespace
}  // namespace trunkgate

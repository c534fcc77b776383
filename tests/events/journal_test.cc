#include "events/journal.h"

#include <sys/stat.h>

#include "base/error.h"
#include "deliverer_fixture.h"

namespace trunkgate {
namespace {

class JournalTest : public DelivererTest {
 protected:
  std::string path() const { return Journal::path_in(folder()); }
  Database database() const { return {path(), Database::Access::write}; }
  std::vector<std::int64_t> sequences() const {
    std::vector<std::int64_t> result;
    const Database journal = database();
    Query query = journal.prepare("SELECT sequence FROM events ORDER BY sequence");
    while (query.step()) result.push_back(query.integer(0));
    return result;
  }
  void push_some(int count) {
    for (int i = 1; i <= count; ++i) {
      pushed(i, {update("refs/heads/t" + std::to_string(i), none_, commit("c"))});
    }
  }
};

TEST_F(JournalTest, HoldsWhatSinksGetAndLinksItByHashes) {
  push_some(2);
  deliver();
  const Database journal = database();
  Query query = journal.prepare(
      "SELECT sequence, id, type, ref, push_id, time, recorded, json, chain FROM events ORDER BY "
      "1");
  std::string chain;
  std::size_t n = 0;
  const auto sent = events();
  while (query.step()) {
    const Json event = Json::parse(query.bytes(7));
    chain = chained_hash(chain, query.bytes(7));
    EXPECT_EQ(query.text(8), chain);
    EXPECT_EQ(query.text(1), sent[n]["id"]);
    EXPECT_EQ(query.text(2), sent[n]["type"]);
    EXPECT_EQ(query.text(4), sent[n]["correlationid"]);
    EXPECT_EQ(query.integer(0), static_cast<std::int64_t>(++n));
    EXPECT_EQ(query.is_null(3), !event["data"].contains("change"));
    EXPECT_EQ(query.integer(6), kNow);
  }
  EXPECT_EQ(n, 4U);
}

TEST_F(JournalTest, IsAsOpenAsTheRepositoryIsShared) {
  git("config core.sharedRepository group");
  reopen();
  push_some(1);
  deliver();
  struct stat status {};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0660U);
}

TEST_F(JournalTest, ForgetsOldEventsThatNobodyWaitsForAndKeepsTheRestLinked) {
  events_.journal.keep_for = std::chrono::hours(30 * 24);
  push_some(1);
  deliver();
  now_ += std::int64_t{31} * 24 * 3600 * kSecond;
  pushed(5, {update("refs/heads/late", none_, commit("c"))});
  FlakySink down;
  deliver({&down});
  EXPECT_EQ(sequences(), (std::vector<std::int64_t>{3, 4}));
  now_ += std::int64_t{31} * 24 * 3600 * kSecond;
  deliver({&down});
  EXPECT_EQ(sequences(), (std::vector<std::int64_t>{3, 4}));  // still to be sent
  down.failing = false;
  now_ += 3600 * kSecond;
  deliver({&down});
  EXPECT_EQ(down.delivered.size(), 2U);
  deliver({&down});
  EXPECT_EQ(sequences(), std::vector<std::int64_t>{});
  pushed(6, {update("refs/heads/later", none_, commit("c"))});
  deliver();
  EXPECT_EQ(sequences(), (std::vector<std::int64_t>{5, 6}));
}

TEST_F(JournalTest, KeepsEventsForFourHundredDays) {
  push_some(1);
  deliver();
  now_ += std::int64_t{400} * 24 * 3600 * kSecond;
  deliver();
  EXPECT_EQ(sequences(), (std::vector<std::int64_t>{1, 2}));
  now_ += 1;
  // Nobody knows what the policy says of it.
  FileSink sink(events_file(), Sharing{});
  DeliverySettings unknown = settings({&sink});
  unknown.prunes = false;
  Deliverer(repository(), unknown).run();
  EXPECT_EQ(sequences(), (std::vector<std::int64_t>{1, 2}));
  deliver();
  EXPECT_EQ(sequences(), std::vector<std::int64_t>{});
}

TEST_F(JournalTest, KeepsWhatThePolicySays) {
  events_.journal.keep_for = std::chrono::hours(36500 * 24);
  push_some(40);
  deliver();
  now_ += std::int64_t{4000} * 24 * 3600 * kSecond;
  deliver();
  EXPECT_EQ(sequences().front(), 1);
  events_.journal.max_bytes = 200'000;
  deliver();
  EXPECT_GT(sequences().front(), 1);
  EXPECT_EQ(sequences().back(), 80);
}

TEST_F(JournalTest, CutsTheOldestWhenItGrowsTooLarge) {
  push_some(40);
  deliver();
  Journal journal(folder(), Sharing{});
  journal.prune(0, 200'000, {});
  const auto left = sequences();
  EXPECT_EQ(left.back(), 80);
  EXPECT_GT(left.front(), 1);
  EXPECT_EQ(left.size(), static_cast<std::size_t>(80 - left.front() + 1));
}

TEST_F(JournalTest, RefusesTheFileOfANewerProgramAndLeavesIt) {
  push_some(1);
  deliver();
  database().execute("PRAGMA user_version=99");
  try {
    Journal(folder(), Sharing{});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()), path() + " was written by a newer trunkgate");
  }
  EXPECT_TRUE(exists(path()));
  EXPECT_FALSE(exists(path() + ".damaged-1"));
}

TEST_F(JournalTest, IsSetAsideWhenItIsNoFileOrCutShort) {
  push_some(3);
  deliver();
  std::filesystem::resize_file(path(), 5000);
  EXPECT_EQ(Journal(folder(), Sharing{}).state(), JournalState::damaged);
  std::filesystem::remove(path());
  std::filesystem::create_directories(path() + "/x");
  EXPECT_EQ(Journal(folder(), Sharing{}).state(), JournalState::damaged);
  EXPECT_TRUE(exists(path() + ".damaged-2/x"));
  std::filesystem::remove(path());
  std::filesystem::create_symlink("/etc/passwd", path());
  EXPECT_EQ(Journal(folder(), Sharing{}).state(), JournalState::damaged);
  std::ofstream(path(), std::ios::trunc);
  EXPECT_EQ(Journal(folder(), Sharing{}).state(), JournalState::lost);
  EXPECT_EQ(Journal(folder(), Sharing{}).epoch(), 5U);
}

}  // namespace
}  // namespace trunkgate

// What the journal knows of sinks while it is made.
#include "events/outbox.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "events/journal.h"
#include "events/journal_schema.h"

namespace trunkgate {
namespace {

class KnowsOtherSinks : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "outbox-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    path_ = Journal::path_in(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  bool knows_other_sinks() const { return trunkgate::knows_other_sinks(path_, "events"); }

  std::string folder_;
  std::string path_;
};

TEST_F(KnowsOtherSinks, NotWithoutAJournal) {
  EXPECT_FALSE(knows_other_sinks());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(KnowsOtherSinks, NotWhileADelivererIsMakingTheJournal) {
  std::ofstream(path_).close();
  EXPECT_FALSE(knows_other_sinks());
  const Database journal = open_journal(path_);
  EXPECT_FALSE(knows_other_sinks());
  {
    const Transaction transaction(journal);
    journal.execute("CREATE TABLE meta(key TEXT)");
    EXPECT_FALSE(knows_other_sinks());
  }
  migrate(journal);
  EXPECT_FALSE(knows_other_sinks());
}

TEST_F(KnowsOtherSinks, WhenThereIsAnotherOne) {
  migrate(open_journal(path_));
  Outbox(path_, "events");
  EXPECT_FALSE(knows_other_sinks());
  Outbox(path_, "ci");
  EXPECT_TRUE(knows_other_sinks());
}

// As another account's are, until it has given them the journal's mode.
TEST_F(KnowsOtherSinks, WaitsForFilesBesideTheJournalThatCannotBeOpenedYet) {
  migrate(open_journal(path_));
  Outbox(path_, "ci");
  const std::string index = path_ + "-shm";
  std::filesystem::remove(index);
  std::filesystem::create_symlink("nowhere", index);
  const std::jthread opener([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(120));
    std::filesystem::remove(index);
  });
  EXPECT_TRUE(knows_other_sinks());
}

TEST_F(KnowsOtherSinks, NobodyCanTellOfADamagedJournal) {
  std::ofstream(path_) << std::string(4096, 'x');
  EXPECT_THROW(knows_other_sinks(), DamagedDatabase);
}

}  // namespace
}  // namespace trunkgate

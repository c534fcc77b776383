#include "events/journal_check.h"

#include "base/text.h"
#include "operator_fixture.h"

namespace trunkgate {
namespace {

class JournalCheckTest : public OperatorTest {
 protected:
  std::vector<std::string> problems() const { return check_journal(folder()).problems; }
  std::string column(const std::string& name, int sequence) const {
    const Database journal(journal_path(), Database::Access::write);
    Query query = journal.prepare("SELECT " + name + " FROM events WHERE sequence = ?");
    query.bind(1, std::int64_t{sequence});
    EXPECT_TRUE(query.step());
    return query.text(0);
  }
  void set(const std::string& name, int sequence, const std::string& value) const {
    const Database journal(journal_path(), Database::Access::write);
    Query query = journal.prepare("UPDATE events SET " + name + " = ? WHERE sequence = ?");
    query.bind(1, value).bind(2, std::int64_t{sequence}).run();
  }
  // Replaces in the text of an event.
  void edit(int sequence, const std::string& from, const std::string& to) const {
    std::string json = column("json", sequence);
    const auto at = json.find(from);
    ASSERT_NE(at, std::string::npos);
    set("json", sequence, json.replace(at, from.size(), to));
  }
  std::string not_linked(int sequence) const {
    return "event " + std::to_string(sequence) +
           " was edited, or the one before it and its hash: the two are not linked any more";
  }
};

TEST_F(JournalCheckTest, FindsNothingWrongWithWhatTheDelivererWrote) {
  const JournalCheck check = check_journal(folder());
  EXPECT_EQ(check.problems, Story{});
  EXPECT_EQ(check.events, 7U);
  EXPECT_EQ(check.first, 1U);
  EXPECT_EQ(check.last, 7U);
  EXPECT_EQ(check.pruned, 0U);
}

TEST_F(JournalCheckTest, FindsNothingWrongAfterPruningNorWithNoEventsAtAll) {
  now_ += std::int64_t{401} * 24 * 3600 * kSecond;
  pushed(9, {update("refs/heads/main", c_, b_)});
  deliver();
  JournalCheck check = check_journal(folder());
  EXPECT_EQ(check.problems, Story{});
  EXPECT_EQ(check.first, 8U);
  EXPECT_EQ(check.pruned, 7U);
  now_ += std::int64_t{401} * 24 * 3600 * kSecond;
  deliver();
  check = check_journal(folder());
  EXPECT_EQ(check.problems, Story{});
  EXPECT_EQ(check.events, 0U);
  EXPECT_EQ(check.pruned, 9U);
}

TEST_F(JournalCheckTest, FindsNothingWrongInALaterEpoch) {
  std::filesystem::remove(journal_path());
  deliver();
  pushed(9, {update("refs/heads/main", c_, b_)});
  deliver();
  EXPECT_EQ(check_journal(folder()).events, 2U);
  EXPECT_EQ(problems(), Story{});
}

TEST_F(JournalCheckTest, NamesEventsThatWereRemovedAnywhere) {
  change("DELETE FROM events WHERE sequence IN (1, 4)");
  EXPECT_EQ(problems(), (Story{"event 1 was removed", "event 4 was removed"}));
  change("DELETE FROM events WHERE sequence < 7");
  EXPECT_EQ(problems(), Story{"events 1 to 6 were removed"});
}

TEST_F(JournalCheckTest, NamesEventsThatWereRemovedAtTheEnd) {
  change("DELETE FROM events WHERE sequence > 5");
  EXPECT_EQ(problems(), Story{"events 6 to 7 were removed: state/journal.json counts 7"});
  change("DELETE FROM events");
  EXPECT_EQ(problems(), Story{"events 1 to 7 were removed: state/journal.json counts 7"});
}

TEST_F(JournalCheckTest, NamesTheEventWhoseTextWasEdited) {
  edit(3, "alice", "carol");
  EXPECT_EQ(problems(), Story{not_linked(3)});
  edit(4, "alice", "carol");  // the one beside it as well
  EXPECT_EQ(problems(), (Story{not_linked(3), not_linked(4)}));
}

TEST_F(JournalCheckTest, NamesTheLastEventWhenItWasEdited) {
  edit(7, "\"external\"", "\"push\"");
  EXPECT_EQ(problems(), Story{not_linked(7)});
}

TEST_F(JournalCheckTest, NamesTheEventWhoseHashWasEdited) {
  set("chain", 3, std::string(64, '0'));
  EXPECT_EQ(problems(), Story{"the hash of event 3 was edited"});
}

TEST_F(JournalCheckTest, SeesThroughHashesThatWereMadeAnew) {
  edit(5, b_.hex(), c_.hex());  // `after` of a ref
  std::string chain = column("chain", 4);
  for (int i = 5; i <= 7; ++i) {
    chain = chained_hash(chain, column("json", i));
    set("chain", i, chain);
  }
  EXPECT_EQ(problems(), Story{"event 5 was edited: its id was not made of what it tells"});
}

TEST_F(JournalCheckTest, NamesTheColumnThatSaysOtherwiseThanTheText) {
  set("type", 5, "dev.trunkgate.ref.deleted.v1");
  set("push_id", 4, "push_00000000000000000000000000000000");
  change("UPDATE events SET time = time + 1 WHERE sequence = 3");
  change("UPDATE events SET ref = CAST('refs/heads/other' AS BLOB) WHERE sequence = 6");
  change("UPDATE events SET ref = NULL WHERE sequence = 7");
  const Story found = problems();
  ASSERT_GE(found.size(), 5U);
  EXPECT_EQ(Story(found.begin(), found.begin() + 5),
            (Story{"event 3 was edited: its time is another one in its text",
                   "event 4 was edited: its push is another one in its text",
                   "event 5 was edited: its type is another one in its text",
                   "event 6 was edited: its ref is another one in its text",
                   "event 7 was edited: its ref is another one in its text"}));
}

TEST_F(JournalCheckTest, NamesAnEventThatWasInsertedAtTheEnd) {
  change(
      "INSERT INTO events SELECT 8, 'evt_x', type, ref, push_id, time, recorded, json, chain "
      "FROM events WHERE sequence = 3");
  Story found = problems();
  EXPECT_EQ(found.back(), "event 8 was inserted: it is not linked to the one before");
  // With a hash that fits.
  set("chain", 8, chained_hash(column("chain", 7), column("json", 8)));
  found = problems();
  EXPECT_EQ(found.back(),
            "event 8 was inserted, or the deliverer was killed while it recorded: "
            "state/journal.json counts 7");
}

TEST_F(JournalCheckTest, NamesAnEventThatWasInsertedBeforeTheOldest) {
  now_ += std::int64_t{401} * 24 * 3600 * kSecond;
  pushed(9, {update("refs/heads/main", c_, b_)});
  deliver();
  change(
      "INSERT INTO events SELECT 2, 'evt_x', type, ref, push_id, time, recorded, json, chain "
      "FROM events WHERE sequence = 8");
  EXPECT_EQ(problems(), Story{"event 2 was inserted: the journal begins after event 7"});
}

TEST_F(JournalCheckTest, ComparesTheRefsWithTheirEvents) {
  change("UPDATE refs SET value = '" + a_.hex() + "' WHERE name = CAST('refs/heads/main' AS BLOB)");
  change("DELETE FROM refs WHERE name = CAST('refs/heads/nightly' AS BLOB)");
  change("INSERT INTO refs VALUES(CAST('refs/heads/\x1b' AS BLOB), 3, 'evt_y', '" + a_.hex() +
         "', '', 0, 0)");
  const std::string id = ids().back();
  EXPECT_EQ(
      problems(),
      (Story{"refs/heads/\\x1b has had 3 events, and none is there: removed, or the table "
             "'refs' was edited",
             "the table 'refs' says otherwise about refs/heads/main than event 7: number 3, " + id +
                 ", at " + a_.hex().substr(0, 8),
             "the table 'refs' has lost refs/heads/nightly, of which event 6 tells"}));
}

TEST_F(JournalCheckTest, MissesWhatTheMarkerCounts) {
  std::filesystem::remove(folder() + "/state/journal.json");
  EXPECT_EQ(problems(),
            Story{"state/journal.json was removed: events may be missing after event 7"});
  std::ofstream(folder() + "/state/journal.json") << "{\"epoch\":2,\"last\":7}\n";
  EXPECT_EQ(problems(), Story{"the journal is of epoch 1, state/journal.json of epoch 2: another "
                              "journal was put in its place"});
}

TEST_F(JournalCheckTest, NamesDeliveriesOfEventsThatNobodyRecorded) {
  change(
      "INSERT INTO deliveries SELECT sink, 90, partition, 0, 0, 0, 0, 0, 0, '' FROM deliveries "
      "WHERE sequence = 3");
  EXPECT_EQ(problems(), Story{"sink sink0 has a delivery of event 90, which is not there"});
}

TEST_F(JournalCheckTest, TellsADamagedFile) {
  change("PRAGMA wal_checkpoint(TRUNCATE)");
  const auto size = std::filesystem::file_size(journal_path());
  std::fstream file(journal_path(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096);
  file << std::string(size - 4096, '\xff');
  file.close();
  const Story found = problems();
  ASSERT_FALSE(found.empty());
  for (const std::string& problem : found) EXPECT_TRUE(is_printable(problem));
}

TEST_F(JournalCheckTest, KeepsTheFirstHundredProblemsAndCountsTheRest) {
  const Database journal(journal_path(), Database::Access::write);
  journal.execute(
      "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 399) "
      "INSERT INTO deliveries SELECT 'x', i, '', 1, 0, 0, 0, 0, 0, '' FROM n");
  const JournalCheck check = check_journal(folder());
  EXPECT_EQ(check.problems.size(), 100U);
  EXPECT_EQ(check.problems_total, 300U);
}

}  // namespace
}  // namespace trunkgate

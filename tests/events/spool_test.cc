#include "events/spool.h"

#include <sys/stat.h>
#include <utime.h>

#include <filesystem>
#include <fstream>

#include "delivery_fixture.h"

namespace trunkgate {
namespace {

class SpoolTest : public DeliveryFixture {
 protected:
  static SpoolRecord record_of_notice() {
    SpoolRecord made = record(SpoolRecord::Kind::notice, 7, {});
    made.cause = "timer";
    made.notices = {{.ref = "refs/heads/caf\xE9",
                     .tip = id(std::string(40, 'a')),
                     .last_commit = 1'700'000'000,
                     .days_idle = 93,
                     .archive_after = 1'800'000'000,
                     .owners = {"ada@example.com", "\xFF"}}};
    return made;
  }
};

bool same(const SpoolRecord& a, const SpoolRecord& b) { return to_json(a) == to_json(b); }

SpoolRecord full_record() {
  SpoolRecord record;
  record.kind = SpoolRecord::Kind::reject;
  record.key = {.host = "0123abcd", .boot = "89ef4567", .pid = 7, .start = "123"};
  record.time = kNow;
  record.actor = {.kind = "user",
                  .id = "alice",
                  .transport = "ssh",
                  .remote_addr = "10.0.0.7",
                  .key_fingerprint = "SHA256:abc"};
  record.updates = {{.ref = "refs/heads/caf\xE9",
                     .before = ObjectId(),
                     .after = *ObjectId::parse(std::string(40, 'a')),
                     .protected_ref = true,
                     .landing = "merge",
                     .sources = {{.commit = *ObjectId::parse(std::string(40, 'd')),
                                  .by = *ObjectId::parse(std::string(40, 'a')),
                                  .branches = {"refs/heads/\xE9"}}},
                     .evidence = {{.ref = "refs/attest/x\xFF",
                                   .object = *ObjectId::parse(std::string(40, 'e'))}}}};
  record.findings = {{.rule = "forbidden-path",
                      .warning = true,
                      .message = "is forbidden",
                      .ref = "refs/heads/caf\xE9",
                      .commit = ObjectId::parse(std::string(40, 'b')),
                      .path = "a\xFF\nb",
                      .line = 3,
                      .hint = "remove it",
                      .waived_by = "pager"}};
  record.findings_total = 9;
  record.stage = "update";
  record.policy_sha256 = std::string(64, 'c');
  record.push_options = {"draft", std::string("\0\xFE", 2)};
  record.part = "00ff";
  return record;
}

TEST_F(SpoolTest, KeepsEveryByteOfARecord) {
  const SpoolRecord record = full_record();
  spool().write(record);
  const auto names = spool().names();
  ASSERT_EQ(names, std::vector<std::string>{"0123abcd-89ef4567-7-123.X-00ff"});
  const auto read = spool().read(names[0]);
  ASSERT_TRUE(read);
  EXPECT_TRUE(same(*read, record));
  EXPECT_EQ(read->actor.key_fingerprint, "SHA256:abc");
  EXPECT_EQ(read->updates[0].ref, "refs/heads/caf\xE9");
  EXPECT_EQ(read->updates[0].after, record.updates[0].after);
  EXPECT_TRUE(read->updates[0].protected_ref);
  EXPECT_EQ(read->updates[0].landing, "merge");
  EXPECT_EQ(read->updates[0].sources, record.updates[0].sources);
  EXPECT_EQ(read->updates[0].evidence, record.updates[0].evidence);
  EXPECT_EQ(read->findings[0].path, "a\xFF\nb");
  EXPECT_EQ(read->findings[0].commit, record.findings[0].commit);
  EXPECT_EQ(read->findings[0].line, 3U);
  EXPECT_EQ(read->findings[0].waived_by, "pager");
  EXPECT_TRUE(read->findings[0].warning);
  EXPECT_EQ(read->push_options, record.push_options);
  EXPECT_EQ(read->key, record.key);
  EXPECT_EQ(read->findings_total, 9U);
}

TEST_F(SpoolTest, KeepsANoticeAndWhoMadeIt) {
  SpoolRecord record = record_of_notice();
  spool().write(record);
  ASSERT_EQ(spool().names(), std::vector<std::string>{"0123abcd-89ef4567-7-77.N"});
  const auto read = spool().read("0123abcd-89ef4567-7-77.N");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->notices, record.notices);
  EXPECT_EQ(read->cause, "timer");
  // Records of before there was a sweep.
  EXPECT_EQ(parse_record(to_json(full_record()))->cause, "");
}

TEST_F(SpoolTest, WritesFilesOfTheOwnerOnlyUnlessTheRepositoryIsShared) {
  spool().write(intent(1, {}));
  const Spool shared(folder() + "/shared/spool", Sharing{.extra = 0060});
  shared.write(intent(1, {}));
  struct stat status {};
  ASSERT_EQ(::stat(spool_file("0123abcd-89ef4567-1-77.I").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  ASSERT_EQ(::stat((shared.folder() + "/0123abcd-89ef4567-1-77.I").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0660U);
}

TEST_F(SpoolTest, ReplacesARecordThatStandsThereAlready) {
  spool().write(intent(1, {}));
  spool().write(intent(1, {update("refs/heads/a", ObjectId(), id(std::string(40, 'a')))}));
  EXPECT_EQ(spool().read("0123abcd-89ef4567-1-77.I")->updates.size(), 1U);
}

TEST_F(SpoolTest, ListsFinishedRecordsOnly) {
  spool().write(intent(2, {}));
  spool().write(result(1, {}));
  for (const char* name :
       {"0123abcd-89ef4567-1-77.I.tmp-9-0", "0123abcd-89ef4567-1-77.I.damaged", "note.txt",
        "0123abcd-89ef4567-1-77.Z", "0123abcd-89ef4567-1-77.X-", "0123abcd-89ef4567-1-77.X-../a"}) {
    std::ofstream(spool_file(std::filesystem::path(name).filename())) << "x";
  }
  EXPECT_EQ(spool().names(),
            (std::vector<std::string>{"0123abcd-89ef4567-1-77.R", "0123abcd-89ef4567-2-77.I"}));
}

TEST_F(SpoolTest, HasNoNamesBeforeTheFirstRecord) {
  EXPECT_TRUE(spool().names().empty());
  EXPECT_FALSE(spool().read("0123abcd-89ef4567-1-77.I"));
}

TEST_F(SpoolTest, TakesNothingElseForARecord) {
  const std::string good = to_json(full_record());
  EXPECT_TRUE(parse_record(good));
  for (const char* text : {"", "{", "[]", "null", "{}", "{\"format\":1}"}) {
    EXPECT_FALSE(parse_record(text)) << text;
  }
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"format\":1", "\"format\":2"},
           {"\"kind\":\"X\"", "\"kind\":\"Y\""},
           {"0123abcd-89ef4567-7-123", "../../etc/passwd"},
           {"\"part\":\"00ff\"", "\"part\":\"../x\""},
           {std::string(40, 'a'), "main"},
           {"\"updates\":[", "\"updates\":[7,"},
           {"\"b64\":\"", "\"b64\":\"!"},
           {"\"line\":3", "\"line\":\"x\""},
           {"\"time\":", "\"time\":\"x\",\"then\":"}}) {
    std::string bad = good;
    const auto at = bad.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    bad.replace(at, from.size(), to);
    EXPECT_FALSE(parse_record(bad)) << to;
  }
}

TEST_F(SpoolTest, RefusesARecordUnderAnotherName) {
  spool().write(intent(1, {}));
  std::filesystem::rename(spool_file("0123abcd-89ef4567-1-77.I"),
                          spool_file("0123abcd-89ef4567-2-77.I"));
  EXPECT_FALSE(spool().read("0123abcd-89ef4567-2-77.I"));
}

TEST_F(SpoolTest, SetsADamagedFileAside) {
  spool().write(intent(1, {}));
  spool().set_aside("0123abcd-89ef4567-1-77.I");
  EXPECT_TRUE(spool().names().empty());
  EXPECT_TRUE(exists(spool_file("0123abcd-89ef4567-1-77.I.damaged")));
}

TEST_F(SpoolTest, SweepsTemporaryFilesOfTheDead) {
  spool().write(intent(1, {}));
  for (const char* name : {"a.I.tmp-1-0", "b.I.tmp-2-0"}) std::ofstream(spool_file(name)) << "x";
  const utimbuf old{.actime = 1000, .modtime = 1000};
  ASSERT_EQ(::utime(spool_file("a.I.tmp-1-0").c_str(), &old), 0);
  ASSERT_EQ(::utime(spool_file("0123abcd-89ef4567-1-77.I").c_str(), &old), 0);
  sweep_temporary_files(spool().folder(), 2000 * kSecond);
  EXPECT_FALSE(exists(spool_file("a.I.tmp-1-0")));
  EXPECT_TRUE(exists(spool_file("b.I.tmp-2-0")));
  EXPECT_TRUE(exists(spool_file("0123abcd-89ef4567-1-77.I")));
}

}  // namespace
}  // namespace trunkgate

// branch.stale, branch.archived and branch.restored.
#include "derived_fixture.h"
#include "events/archive_watch.h"

namespace trunkgate {
namespace {

const std::string kBranch = "refs/heads/feature/x";
const std::string kKept = "refs/archive/heads/feature/x";

class ArchiveEvents : public DerivedEventsTest {
 protected:
  void SetUp() override {
    DerivedEventsTest::SetUp();
    base_ = commit("base");
    tip_ = commit("tip", {base_});
    set_ref("refs/heads/main", base_);
    set_ref(kBranch, tip_);
    deliver();  // takes down what is there
  }

  // "archived refs/heads/x in refs/archive/heads/x timer": of each event, in order.
  Story told() const {
    Story lines;
    for (const Json& event : events()) {
      const std::string type = event["type"];
      const Json& data = event["data"];
      if (type.find(".branch.") == std::string::npos) continue;
      const bool restored = type == "dev.trunkgate.branch.restored.v1";
      lines.push_back((restored ? "restored " : "archived ") +
                      data["ref"]["name"].get<std::string>() + (restored ? " from " : " in ") +
                      data[restored ? "restored_from" : "archived_to"].get<std::string>() + " " +
                      data["cause"].get<std::string>());
      EXPECT_EQ(data["tip"], tip_.hex());
    }
    return lines;
  }

  SpoolRecord swept(int push, const std::vector<SpooledUpdate>& updates) const {
    SpoolRecord made = intent(push, updates);
    made.cause = "timer";
    made.actor = {.kind = "system", .id = "sweep", .transport = "local", .remote_addr = {}};
    return made;
  }
  std::vector<SpooledUpdate> archiving(const std::string& archive = kKept) const {
    return {update(archive, none_, tip_), update(kBranch, tip_, none_)};
  }

  ObjectId base_, tip_;
};

TEST_F(ArchiveEvents, TellWhereABranchIsKeptAfterItsOwnEvent) {
  pushed_as(swept(1, archiving()));
  deliver();
  EXPECT_EQ(story(), (Story{"push.accepted timer", "ref.created " + kKept + " timer",
                            "ref.deleted " + kBranch + " timer", "branch.archived timer"}));
  EXPECT_EQ(told(), Story{"archived " + kBranch + " in " + kKept + " timer"});
  const Json event = events()[3];
  EXPECT_EQ(event["subject"], kBranch);
  EXPECT_EQ(event["causationid"], events()[2]["id"]);
  EXPECT_EQ(event["authid"], "sweep");
  expect_linked();
}

TEST_F(ArchiveEvents, TellOfWhatWasDoneByHandInTwoSteps) {
  set_ref(kKept, tip_);
  deliver();
  set_ref(kBranch, none_);
  deliver();
  EXPECT_EQ(told(), Story{"archived " + kBranch + " in " + kKept + " external"});
}

TEST_F(ArchiveEvents, ABranchThatTheArchiveDoesNotHoldIsOnlyDeleted) {
  set_ref(kKept, base_);
  set_ref("refs/archive/heads/feature/xy", tip_);
  set_ref("refs/archive/heads/feature/x.y", tip_);
  set_ref("refs/archive/heads/x", tip_);
  deliver();
  pushed(1, {update(kBranch, tip_, none_)});
  deliver();
  EXPECT_EQ(told(), Story{});
}

TEST_F(ArchiveEvents, ATakenNameHasANumber) {
  set_ref(kKept, base_);
  deliver();
  pushed_as(swept(1, archiving(kKept + ".2")));
  deliver();
  EXPECT_EQ(told(), Story{"archived " + kBranch + " in " + kKept + ".2 timer"});
}

TEST_F(ArchiveEvents, ABranchIsRestoredWithTheValueThatTheArchiveHolds) {
  pushed_as(swept(1, archiving()));
  pushed(2, {update(kBranch, none_, base_)});
  pushed(3, {update(kBranch, base_, none_)});
  pushed(4, {update(kBranch, none_, tip_)});
  deliver();
  EXPECT_EQ(told(), (Story{"archived " + kBranch + " in " + kKept + " timer",
                           "restored " + kBranch + " from " + kKept + " push"}));
  expect_linked();
}

TEST_F(ArchiveEvents, ASweepThatWasKilledIsToldForWhatItDid) {
  for (const SpooledUpdate& each : archiving()) set_ref(each.ref, each.after);
  spool().write(swept(1, archiving()));
  deliver();
  EXPECT_EQ(told(), Story{"archived " + kBranch + " in " + kKept + " timer"});
}

TEST_F(ArchiveEvents, ASweepThatWasKilledBeforeItDidAnythingIsNoPush) {
  spool().write(swept(1, archiving()));
  deliver();
  EXPECT_EQ(story(), Story{"push.rejected aborted timer"});
}

TEST_F(ArchiveEvents, StayInTheirGitNamespace) {
  const std::string n = "refs/namespaces/n/";
  set_ref(n + kBranch, tip_);
  set_ref(kKept, tip_);
  deliver();
  pushed(1, {update(n + kBranch, tip_, none_)});
  pushed(2, {update(n + kBranch, none_, tip_), update(n + kKept, none_, tip_)});
  pushed(3, {update(n + kBranch, tip_, none_)});
  deliver();
  EXPECT_EQ(told(), Story{"archived " + n + kBranch + " in " + n + kKept + " push"});
}

TEST_F(ArchiveEvents, AreTheSameWhenThePassIsRepeated) {
  pushed_as(swept(1, archiving()));
  pushed(2, {update(kBranch, none_, tip_)});
  expect_repeatable();
  EXPECT_EQ(told().size(), 2U);
}

SpooledNotice notice_about(const std::string& ref, const ObjectId& tip) {
  return {.ref = ref,
          .tip = tip,
          .last_commit = 1'767'225'600,
          .days_idle = 5,
          .archive_after = 1'767'484'800,
          .owners = {"ada@example.com"}};
}

TEST_F(ArchiveEvents, ANoticeIsToldByItself) {
  SpoolRecord record = swept(1, {});
  record.kind = SpoolRecord::Kind::notice;
  record.notices = {notice_about(kBranch, tip_)};
  spool().write(record);
  // The sweep goes on, and may have more to say.
  liveness_ = Liveness::alive;
  EXPECT_EQ(deliver().records_left, 0U);
  const Json event = event_of("branch.stale");
  EXPECT_EQ(event["subject"], kBranch);
  EXPECT_EQ(event["correlationid"], record.key.push_id());
  EXPECT_FALSE(event.contains("refsequence"));
  Json data = event["data"];
  for (const char* common : {"repository", "schema_version", "schema_minor"}) data.erase(common);
  EXPECT_EQ(data, (Json{{"actor", {{"kind", "system"}, {"id", "sweep"}, {"transport", "local"}}},
                        {"cause", "timer"},
                        {"push_id", record.key.push_id()},
                        {"ref",
                         {{"name", kBranch},
                          {"kind", "branch"},
                          {"short", "feature/x"},
                          {"protected", false},
                          {"default", false}}},
                        {"tip", tip_.hex()},
                        {"last_commit_time", "2026-01-01T00:00:00.000000Z"},
                        {"days_idle", 5},
                        {"archive_after", "2026-01-04T00:00:00.000000Z"},
                        {"owners", {"ada@example.com"}}}))
      << data;
  // The same record once more tells nothing.
  spool().write(record);
  deliver();
  EXPECT_EQ(events().size(), 1U);
}

TEST_F(ArchiveEvents, ANoticeWithoutABranchIsSetAside) {
  SpoolRecord record = swept(1, {});
  record.kind = SpoolRecord::Kind::notice;
  spool().write(record);
  EXPECT_EQ(deliver().problems.size(), 1U);
  EXPECT_EQ(events().size(), 0U);
}

TEST(ArchiveName, IsThatOfTheBranchWithNumbers) {
  for (const char* name : {"a/b", "a/b.2", "a.2/b", "a.3/b.12"}) {
    EXPECT_TRUE(is_archive_name(name, "a/b")) << name;
  }
  for (const char* name : {"a", "a/b/c", "a/b.", "a/b.x", "a/b2", "a/b.2x", "b/a", ""}) {
    EXPECT_FALSE(is_archive_name(name, "a/b")) << name;
  }
}

}  // namespace
}  // namespace trunkgate

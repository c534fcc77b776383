#include "events/deliverer.h"

#include <filesystem>

#include "base/text.h"
#include "deliverer_fixture.h"

namespace trunkgate {
namespace {

TEST_F(DelivererTest, TellsAnAcceptedPushWhole) {
  const ObjectId a = commit("Add the cosine schedule");
  SpooledUpdate asked = update("refs/heads/main", none_, a);
  asked.protected_ref = true;
  SpoolRecord wish = intent(1, {asked});
  wish.findings = {{.rule = "vague-message",
                    .warning = true,
                    .message = "says little",
                    .ref = "refs/heads/main",
                    .commit = a,
                    .path = {},
                    .line = 0,
                    .hint = {}}};
  wish.findings_total = 1;
  wish.push_options = {"draft"};
  set_ref("refs/heads/main", a);
  spool().write(wish);
  spool().write(result(1, {update("refs/heads/main", none_, a)}));

  const DeliveryReport report = deliver();
  EXPECT_EQ(report.events_written, 2U);
  EXPECT_EQ(report.records_left, 0U);
  EXPECT_TRUE(report.problems.empty());
  EXPECT_TRUE(spool().names().empty());
  const std::string push = key(1).push_id();
  ASSERT_EQ(lines().size(), 2U);
  const auto events = this->events();
  const Json shared = {
      {"specversion", "1.0"},
      {"source", "https://git.example.com/trainer.git"},
      {"time", "2026-01-02T03:02:26.678901Z"},
      {"recordedtime", "2026-01-02T03:04:05.678901Z"},
      {"datacontenttype", "application/json"},
      {"dataschema", "https://trunkgate.invalid/schemas/events/1.json"},
      {"correlationid", push},
      {"authtype", "user"},
      {"authid", "alice"},
      {"data",
       {{"schema_version", 1},
        {"schema_minor", 4},
        {"repository",
         {{"id", kUuid},
          {"name", "trainer"},
          {"path", "@"},
          {"default_branch", "refs/heads/main"},
          {"object_format", "sha1"}}},
        {"actor",
         {{"kind", "user"}, {"id", "alice"}, {"transport", "ssh"}, {"remote_addr", "10.0.0.7"}}},
        {"cause", "push"},
        {"push_id", push}}}};
  const Json change = {{"ref",
                        {{"name", "refs/heads/main"},
                         {"kind", "branch"},
                         {"short", "main"},
                         {"protected", true},
                         {"default", true}}},
                       {"before", nullptr},
                       {"after", a.hex()},
                       {"forced", false}};
  Json accepted = shared;
  accepted["id"] = events[0]["id"];
  accepted["type"] = "dev.trunkgate.push.accepted.v1";
  accepted["subject"] = push;
  accepted["sequence"] = "00000000000000000001";
  accepted["partitionkey"] = std::string(kUuid) + ":" + push;
  accepted["data"]["changes"] = Json::array({change});
  accepted["data"]["counts"] = {{"refs", 1}, {"commits", 1}};
  accepted["data"]["warnings"] = Json::array({{{"rule", "vague-message"},
                                               {"severity", "warning"},
                                               {"message", "says little"},
                                               {"ref", "refs/heads/main"},
                                               {"commit", a.hex()}}});
  accepted["data"]["draft"] = true;
  accepted["data"]["push_options"] = {"draft"};
  EXPECT_EQ(events[0], accepted) << Json::diff(accepted, events[0]);

  const Json person = {
      {"name", "Ada"}, {"email", "ada@example.com"}, {"date", "2026-01-01T01:01:00+01:00"}};
  const Json tip = {{"id", a.hex()},
                    {"tree", "4b825dc642cb6eb9a060e54bf8d69288fbee4904"},
                    {"parents", Json::array()},
                    {"title", "Add the cosine schedule"},
                    {"author", person},
                    {"committer", person},
                    {"signature", "none"},
                    {"added", Json::array()},
                    {"modified", Json::array()},
                    {"removed", Json::array()}};
  Json created = shared;
  created["id"] = event_id({.repository_id = kUuid,
                            .type = "dev.trunkgate.ref.created.v1",
                            .about = "refs/heads/main",
                            .count = 1,
                            .before = {},
                            .after = a.hex()});
  created["type"] = "dev.trunkgate.ref.created.v1";
  created["subject"] = "refs/heads/main";
  created["sequence"] = "00000000000000000002";
  created["refsequence"] = "00000000000000000001";
  created["partitionkey"] = std::string(kUuid) + ":refs/heads/main";
  created["data"]["draft"] = true;
  created["data"]["change"] = change;
  created["data"]["version"] = {
      {"name", "dev-" + a.brief()}, {"kind", "dev"}, {"commit", a.hex()}, {"tags", Json::array()}};
  created["data"]["commits"] = Json::array({tip});
  created["data"]["commits_total"] = 1;
  created["data"]["head_commit"] = tip;
  created["data"]["files"] = {{"added", Json::array()},
                              {"modified", Json::array()},
                              {"removed", Json::array()},
                              {"total", 0}};
  EXPECT_EQ(events[1], created) << Json::diff(created, events[1]);
}

TEST_F(DelivererTest, TellsARejectedPushWhole) {
  const ObjectId a = commit("a");
  const ObjectId never_arrived = id(std::string(40, 'd'));
  SpoolRecord refusal = reject(1, {update("refs/heads/x", a, never_arrived)});
  refusal.findings = {{.rule = "forbidden-path",
                       .warning = false,
                       .message = "is forbidden",
                       .ref = "refs/heads/x",
                       .commit = never_arrived,
                       .path = "caf\xE9",
                       .line = 12,
                       .hint = "remove it"}};
  refusal.findings_total = 300;
  refusal.policy_sha256 = std::string(64, 'c');
  refusal.push_options = {"a\nb\xFF"};
  refusal.actor = {.kind = "unknown", .id = "", .transport = "carrier pigeon", .remote_addr = {}};
  spool().write(refusal);
  deliver();
  ASSERT_EQ(lines().size(), 1U);
  const Json event = events()[0];
  EXPECT_EQ(event["type"], "dev.trunkgate.push.rejected.v1");
  EXPECT_EQ(event["authtype"], "unknown");
  EXPECT_FALSE(event.contains("authid"));
  const Json expected = {{"schema_version", 1},
                         {"schema_minor", 4},
                         {"repository", event["data"]["repository"]},
                         {"actor", {{"kind", "unknown"}, {"id", ""}}},
                         {"cause", "push"},
                         {"push_id", key(1).push_id()},
                         {"changes",
                          {{{"ref",
                             {{"name", "refs/heads/x"},
                              {"kind", "branch"},
                              {"short", "x"},
                              {"protected", false},
                              {"default", false}}},
                            {"before", a.hex()},
                            {"after", never_arrived.hex()},
                            {"forced", false}}}},
                         {"stage", "pre-receive"},
                         {"violations",
                          {{{"rule", "forbidden-path"},
                            {"severity", "error"},
                            {"message", "is forbidden"},
                            {"ref", "refs/heads/x"},
                            {"commit", never_arrived.hex()},
                            {"path", {{"lossy", "caf\xEF\xBF\xBD"}, {"b64", "Y2Fm6Q=="}}},
                            {"line", 12},
                            {"hint", "remove it"}}}},
                         {"violations_total", 300},
                         {"policy", {{"sha256", std::string(64, 'c')}}},
                         {"push_options", {printable("a\nb\xFF")}},
                         {"truncated", {"/violations"}}};
  EXPECT_EQ(event["data"], expected) << Json::diff(expected, event["data"]);
}

TEST_F(DelivererTest, TellsCreationUpdateAndDeletion) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  pushed(1, {update("refs/heads/x", none_, a), update("refs/heads/gone", none_, none_)});
  pushed(2, {update("refs/heads/x", a, b), update("refs/heads/y", none_, a)});
  pushed(3, {update("refs/heads/x", b, none_)});
  deliver();
  EXPECT_EQ(story(), (Story{"push.accepted", "ref.created refs/heads/x", "push.accepted",
                            "ref.updated refs/heads/x", "ref.created refs/heads/y", "push.accepted",
                            "ref.deleted refs/heads/x"}));
  expect_linked();
  const Json deleted = events()[6]["data"];
  EXPECT_EQ(deleted["change"]["after"], nullptr);
  EXPECT_EQ(deleted["version"]["commit"], b.hex());
  EXPECT_FALSE(deleted.contains("commits"));
  EXPECT_EQ(events()[0]["data"]["changes"].size(), 1U);
}

TEST_F(DelivererTest, CountsOnFromOnePassToTheNext) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  pushed(1, {update("refs/heads/x", none_, a)});
  deliver();
  pushed(2, {update("refs/heads/x", a, b)});
  pushed(3, {update("refs/heads/x", b, a)});
  deliver();
  pushed(4, {update("refs/heads/x", a, b)});
  deliver();
  EXPECT_EQ(lines().size(), 8U);
  expect_linked();
}

TEST_F(DelivererTest, SaysNothingOfAPushThatChangedNothing) {
  const ObjectId a = commit("a");
  pushed(1, {update("refs/heads/gone", none_, none_)});
  spool().write(intent(2, {update("refs/heads/x", a, a)}));
  spool().write(result(2, {}));
  const DeliveryReport report = deliver();
  EXPECT_EQ(report.events_written, 0U);
  EXPECT_TRUE(lines().empty());
  EXPECT_TRUE(spool().names().empty());
}

TEST_F(DelivererTest, TellsWhatGitRefusedAfterTheGate) {
  const ObjectId a = commit("a");
  set_ref("refs/heads/x", a);
  spool().write(intent(1, {update("refs/heads/x", none_, a), update("refs/heads/y", none_, a),
                           update("refs/heads/z", none_, a)}));
  SpoolRecord refusal = reject(1, {update("refs/heads/z", none_, a)}, "update");
  refusal.part = "0a";
  spool().write(refusal);
  spool().write(result(1, {update("refs/heads/x", none_, a)}));
  deliver();
  EXPECT_EQ(story(), (Story{"push.rejected update", "push.accepted", "ref.created refs/heads/x",
                            "push.rejected git"}));
  const Json refused = events()[3]["data"];
  ASSERT_EQ(refused["changes"].size(), 1U);
  EXPECT_EQ(refused["changes"][0]["ref"]["short"], "y");
  EXPECT_EQ(refused["violations"], Json::array());
  expect_linked();
}

TEST_F(DelivererTest, TellsEachRefThatUpdateRefuses) {
  const ObjectId a = commit("a");
  for (const char* part : {"0a", "0b"}) {
    SpoolRecord refusal = reject(1, {update("refs/heads/x", none_, a)}, "update");
    refusal.part = part;
    spool().write(refusal);
  }
  deliver();
  EXPECT_EQ(story(), (Story{"push.rejected update", "push.rejected update"}));
  expect_linked();
}

TEST_F(DelivererTest, LeavesAPushThatIsGoingOn) {
  const ObjectId a = commit("a");
  liveness_ = Liveness::alive;
  spool().write(intent(1, {update("refs/heads/x", none_, a), update("refs/heads/y", none_, a)}));
  SpoolRecord refusal = reject(1, {update("refs/heads/y", none_, a)}, "update");
  refusal.part = "0a";
  spool().write(refusal);
  EXPECT_EQ(deliver().records_left, 2U);
  EXPECT_TRUE(lines().empty());
  set_ref("refs/heads/x", a);
  // Were the refusal told early, nothing would cover y when the result comes.
  spool().write(result(1, {update("refs/heads/x", none_, a)}));
  EXPECT_EQ(deliver().records_left, 0U);
  EXPECT_EQ(story(), (Story{"push.rejected update", "push.accepted", "ref.created refs/heads/x"}));
}

TEST_F(DelivererTest, RecoversWhatADeadPushApplied) {
  const ObjectId a = commit("a");
  set_ref("refs/heads/x", a);
  spool().write(intent(1, {update("refs/heads/x", none_, a), update("refs/heads/y", none_, a)}));
  deliver();
  EXPECT_EQ(story(), (Story{"push.accepted push-recovered",
                            "ref.created refs/heads/x push-recovered", "push.rejected aborted"}));
  expect_linked();
}

TEST_F(DelivererTest, RecoversADeletionAndRejectsADeadPushThatDidNothing) {
  const ObjectId a = commit("a");
  set_ref("refs/heads/x", a);
  spool().write(intent(1, {update("refs/heads/gone", a, none_)}));
  spool().write(intent(2, {update("refs/heads/x", a, commit("b", {a}))}));
  deliver();
  EXPECT_EQ(story(),
            (Story{"push.accepted push-recovered", "ref.deleted refs/heads/gone push-recovered",
                   "push.rejected aborted"}));
}

TEST_F(DelivererTest, DoesNotTellOneChangeForTwoPushes) {
  const ObjectId a = commit("a");
  // The first try died, the second went through.
  spool().write(intent(1, {update("refs/heads/x", none_, a)}));
  pushed(2, {update("refs/heads/x", none_, a)});
  deliver();
  EXPECT_EQ(story(), (Story{"push.rejected aborted", "push.accepted", "ref.created refs/heads/x"}));
  // The same when the second was told already.
  spool().write(intent(3, {update("refs/heads/x", none_, a)}));
  deliver();
  EXPECT_EQ(story().back(), "push.rejected aborted");
  expect_linked();
}

TEST_F(DelivererTest, WaitsADayForAPushOfAnotherHost) {
  const ObjectId a = commit("a");
  liveness_ = Liveness::foreign;
  set_ref("refs/heads/x", a);
  SpoolRecord record = intent(1, {update("refs/heads/x", none_, a)});
  record.time = kNow - kForeignPatience + 1;
  spool().write(record);
  EXPECT_EQ(deliver().records_left, 1U);
  now_ += 1;
  EXPECT_EQ(deliver().records_left, 0U);
  EXPECT_EQ(story()[0], "push.accepted push-recovered");
}

TEST_F(DelivererTest, DropsAResultWhoseIntentWasHandled) {
  const ObjectId a = commit("a");
  spool().write(result(1, {update("refs/heads/x", none_, a)}));
  const DeliveryReport report = deliver();
  EXPECT_EQ(report.records_left, 0U);
  EXPECT_TRUE(lines().empty());
}

TEST_F(DelivererTest, TellsPushesInTheOrderRefsMoved) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  const ObjectId c = commit("c", {b});
  // The records were written in the opposite order.
  pushed(3, {update("refs/heads/x", none_, a)});
  pushed(2, {update("refs/heads/x", a, b)});
  pushed(1, {update("refs/heads/x", b, c)});
  deliver();
  ASSERT_EQ(lines().size(), 6U);
  EXPECT_EQ(events()[1]["data"]["change"]["after"], a.hex());
  EXPECT_EQ(events()[3]["data"]["change"]["after"], b.hex());
  EXPECT_EQ(events()[5]["data"]["change"]["after"], c.hex());
  expect_linked();
}

// Git applies the updates of a push one after the other, and those of another in between.
TEST_F(DelivererTest, TellsAPushInPartsWhenAnotherCameInBetween) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  pushed(1, {update("refs/heads/x", none_, a), update("refs/heads/y", a, b)});
  pushed(2, {update("refs/heads/x", a, b), update("refs/heads/y", none_, a)});
  set_ref("refs/heads/y", b);
  deliver();
  EXPECT_EQ(story(),
            (Story{"ref.created refs/heads/x", "push.accepted", "ref.updated refs/heads/x",
                   "ref.created refs/heads/y", "push.accepted", "ref.updated refs/heads/y"}));
  expect_linked();
  ASSERT_EQ(lines().size(), 6U);
  EXPECT_EQ(events()[0]["correlationid"], events()[4]["correlationid"]);
  EXPECT_EQ(events()[4]["data"]["changes"].size(), 2U);
  EXPECT_TRUE(spool().names().empty());
}

TEST_F(DelivererTest, HoldsAPushThatFollowsOneStillGoingOn) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  liveness_ = Liveness::alive;
  spool().write(intent(1, {update("refs/heads/x", none_, a)}));
  pushed(2, {update("refs/heads/x", a, b)});
  EXPECT_EQ(deliver().records_left, 3U);
  spool().write(result(1, {update("refs/heads/x", none_, a)}));
  EXPECT_EQ(deliver().records_left, 0U);
  EXPECT_EQ(story(), (Story{"push.accepted", "ref.created refs/heads/x", "push.accepted",
                            "ref.updated refs/heads/x"}));
}

TEST_F(DelivererTest, KeepsNamesThatAreNoUtf8) {
  const ObjectId a = commit("a");
  const std::string ref = "refs/heads/caf\xE9";
  pushed(1, {update(ref, none_, a)});
  deliver();
  const Json event = events()[1];
  EXPECT_EQ(event["subject"], "refs/heads/caf\xEF\xBF\xBD");
  const Json name = {{"lossy", "refs/heads/caf\xEF\xBF\xBD"}, {"b64", base64(ref)}};
  EXPECT_EQ(event["data"]["change"]["ref"]["name"], name);
  // Another ref that looks the same in UTF-8 keeps its own place.
  pushed(2, {update("refs/heads/caf\xE8", none_, a)});
  deliver();
  EXPECT_EQ(events()[3]["subject"], event["subject"]);
  EXPECT_NE(events()[3]["partitionkey"], event["partitionkey"]);
  EXPECT_EQ(events()[3]["refsequence"], "00000000000000000001");
}

TEST_F(DelivererTest, UsesTheRepositorysAddressAsSource) {
  pushed(1, {update("refs/heads/x", none_, commit("a"))});
  FileSink sink(events_file(), Sharing{});
  DeliverySettings local = settings({&sink});
  local.event_source.clear();
  Deliverer(repository(), local).run();
  EXPECT_EQ(events()[0]["source"], "file://@");
}

TEST_F(DelivererTest, TellsWhereTheRepositoryIsClonedFromButNoPasswords) {
  git("config --add trunkgate.url https://git.example.com/ml/trainer.git");
  git("config --add trunkgate.url https://ci:s3cret@git.example.com/ml/trainer.git");
  git("config --add trunkgate.url ssh://git@git.example.com:2222/ml/trainer.git");
  git("config --add trunkgate.url git@git.example.com:ml/trainer.git");
  reopen();
  pushed(1, {update("refs/heads/x", none_, commit("a"))});
  deliver();
  for (const Json& event : events()) {
    EXPECT_EQ(event["data"]["repository"]["clone_urls"],
              (Json{"https://git.example.com/ml/trainer.git",
                    "ssh://git@git.example.com:2222/ml/trainer.git",
                    "git@git.example.com:ml/trainer.git"}));
  }
}

TEST_F(DelivererTest, MakesTheRepositorysIdOnce) {
  std::filesystem::remove(folder() + "/state/repository-id");
  pushed(1, {update("refs/heads/x", none_, commit("a"))});
  deliver();
  pushed(2, {update("refs/heads/y", none_, commit("b"))});
  deliver();
  const std::string uuid = events()[0]["data"]["repository"]["id"];
  EXPECT_EQ(uuid.size(), 36U);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_EQ(events()[3]["data"]["repository"]["id"], uuid);
}

}  // namespace
}  // namespace trunkgate

// change.landed, approval.recorded, check.recorded, exemption.used and drafts.
#include "base/text.h"
#include "derived_fixture.h"
#include "evidence/attestation_name.h"

namespace trunkgate {
namespace {

class LandingEvents : public DerivedEventsTest {
 protected:
  void SetUp() override {
    DerivedEventsTest::SetUp();
    base_ = commit("base");
    topic_ = commit("topic", {base_});
    merge_ = commit("merge", {base_, topic_});
    set_ref("refs/heads/main", base_);
    set_ref("refs/heads/feature/x", topic_);
  }
  SpooledUpdate merged() const {
    return landing("refs/heads/main", base_, merge_, "merge",
                   {{.commit = topic_, .by = merge_, .branches = {"refs/heads/feature/x"}}});
  }
  ObjectId blob(const std::string& text) const {
    std::ofstream(root_ + "/blob") << text;
    return id(git("hash-object -w '" + root_ + "/blob'"));
  }
  std::string attest(const std::string& rest) const {
    return "refs/attest/" + topic_.hex() + "/" + rest;
  }

  ObjectId base_, topic_, merge_;
};

TEST_F(LandingEvents, ALandingTellsWhatItBroughtAndOnWhatEvidence) {
  SpooledUpdate landed = merged();
  landed.evidence = {
      {.ref = attest("approval/bo"), .object = topic_},
      {.ref = attest("check/mini-val"),
       .object = blob(R"({"status": "success", "metrics": {"f1": 0.75}, "url": "https://ci/1"})")}};
  SpoolRecord wish = intent(1, {landed, update("refs/heads/y", none_, base_)});
  wish.requirements = {{.rule = "missing-approval",
                        .ref = "refs/heads/main",
                        .state = "satisfied",
                        .what = "1 approval by reviewers",
                        .why = "approved by bo"},
                       {.rule = "missing-check.full",
                        .ref = "refs/heads/main",
                        .state = "not applicable",
                        .what = "check full",
                        .why = {}},
                       {.rule = "missing-approval",
                        .ref = "refs/heads/y",
                        .state = "satisfied",
                        .what = "no approval",
                        .why = {}}};
  pushed_as(wish);
  deliver();
  EXPECT_EQ(story(), (Story{"push.accepted", "ref.updated refs/heads/main",
                            "change.landed refs/heads/main", "ref.created refs/heads/y"}));
  expect_linked();
  const Json cause = events()[1];
  const Json event = events()[2];
  EXPECT_EQ(event["causationid"], cause["id"]);
  EXPECT_EQ(event["subject"], "refs/heads/main");
  EXPECT_EQ(event["partitionkey"], cause["partitionkey"]);
  EXPECT_FALSE(event.contains("refsequence"));
  EXPECT_EQ(event["id"], event_id({.repository_id = kUuid,
                                   .type = "dev.trunkgate.change.landed.v1",
                                   .about = "refs/heads/main",
                                   .count = 1,
                                   .before = base_.hex(),
                                   .after = merge_.hex()}));
  const Json requirements = {{{"rule", "missing-approval"},
                              {"ref", "refs/heads/main"},
                              {"state", "satisfied"},
                              {"what", "1 approval by reviewers"},
                              {"why", "approved by bo"}},
                             {{"rule", "missing-check.full"},
                              {"ref", "refs/heads/main"},
                              {"state", "not applicable"},
                              {"what", "check full"}}};
  Json expected = cause["data"];
  for (const char* key : {"commits", "commits_total", "head_commit", "files"}) expected.erase(key);
  expected["landing"] = {{"kind", "merge"},
                         {"merged_heads", {topic_.hex()}},
                         {"source_refs", {"refs/heads/feature/x"}},
                         {"first_parent", base_.hex()}};
  expected["approvals"] = {{{"commit", topic_.hex()},
                            {"by", "bo"},
                            {"state", "approved"},
                            {"attestation", attest("approval/bo")}}};
  expected["checks"] = {{{"commit", topic_.hex()},
                         {"context", "mini-val"},
                         {"state", "success"},
                         {"metrics", {{"f1", 0.75}}},
                         {"url", "https://ci/1"},
                         {"attestation", attest("check/mini-val")}}};
  expected["requirements"] = requirements;
  EXPECT_EQ(event["data"], expected) << Json::diff(expected, event["data"]);
  // The push tells those of all its references.
  EXPECT_EQ(events()[0]["data"]["requirements"].size(), 3U);
}

TEST_F(LandingEvents, EveryKindOfLandingIsTold) {
  const std::vector<SpooledSource> sources = {{.commit = topic_, .by = topic_, .branches = {}}};
  for (const char* kind : {"fast-forward", "squash", "rebase", "direct"}) {
    const std::string branch = "refs/heads/" + std::string(kind);
    set_ref(branch, base_);
    pushed_as(intent(kind[0], {landing(branch, base_, topic_, kind, sources)}));
  }
  deliver();
  Json told = Json::object();
  for (const Json& event : events_of("change.landed")) {
    const Json& landing = event["data"]["landing"];
    told[landing["kind"].get<std::string>()] = {landing.contains("merged_heads"),
                                                landing.contains("first_parent")};
  }
  EXPECT_EQ(told, (Json{{"fast-forward", {false, false}},
                        {"squash", {true, true}},
                        {"rebase", {true, true}},
                        {"direct", {false, false}}}));
}

TEST_F(LandingEvents, NothingLandsOnABranchThatIsNotProtectedOrGoes) {
  SpooledUpdate open = merged();
  open.protected_ref = false;
  pushed_as(intent(1, {open}));
  SpooledUpdate gone = landing("refs/heads/feature/x", topic_, none_, "direct", {});
  pushed_as(intent(2, {gone}));
  deliver();
  EXPECT_TRUE(events_of("change.landed").empty());
}

TEST_F(LandingEvents, APushThatDiedAfterItsLandingTellsItAllTheSame) {
  set_ref("refs/heads/main", merge_);
  spool().write(intent(1, {merged()}));
  deliver();
  EXPECT_EQ(story(),
            (Story{"push.accepted push-recovered", "ref.updated refs/heads/main push-recovered",
                   "change.landed refs/heads/main push-recovered"}));
}

TEST_F(LandingEvents, EvidenceThatIsGoneIsTheLandingsAllTheSame) {
  SpooledUpdate landed = merged();
  landed.evidence = {{.ref = attest("approval/bo"), .object = id(std::string(40, 'd'))},
                     {.ref = attest("check/tests"), .object = id(std::string(40, 'e'))},
                     {.ref = "refs/attest/nonsense", .object = topic_}};
  pushed_as(intent(1, {landed}));
  deliver();
  const Json told = event_of("change.landed")["data"];
  EXPECT_EQ(told["approvals"], (Json{{{"commit", topic_.hex()},
                                      {"by", "bo"},
                                      {"state", "unknown"},
                                      {"attestation", attest("approval/bo")}}}));
  EXPECT_EQ(told["checks"], (Json{{{"commit", topic_.hex()},
                                   {"context", "tests"},
                                   {"state", "unknown"},
                                   {"attestation", attest("check/tests")}}}));
}

TEST_F(LandingEvents, AnApprovalIsToldWhenItIsLeftChangedAndWithdrawn) {
  const std::string ref = attest("approval/bo");
  const ObjectId veto = blob(R"({"verdict": "veto", "text": "not now", "target": "main"})");
  pushed(1, {update(ref, none_, topic_)});
  pushed(2, {update(ref, topic_, veto)});
  pushed(3, {update(ref, veto, none_)});
  deliver();
  EXPECT_EQ(story(), (Story{"push.accepted", "ref.created " + ref, "approval.recorded",
                            "push.accepted", "ref.updated " + ref, "approval.recorded",
                            "push.accepted", "ref.deleted " + ref, "approval.recorded"}));
  expect_linked();
  const auto told = events_of("approval.recorded");
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[0]["subject"], topic_.hex());
  Json plain = {
      {"commit", topic_.hex()}, {"by", "bo"}, {"state", "approved"}, {"attestation", ref}};
  EXPECT_EQ(told[0]["data"]["approval"], plain);
  plain["state"] = "revoked";
  EXPECT_EQ(told[2]["data"]["approval"], plain);
  plain["state"] = "rejected";
  plain["note"] = "not now";
  plain["target"] = "refs/heads/main";
  EXPECT_EQ(told[1]["data"]["approval"], plain);
}

TEST_F(LandingEvents, ACheckIsToldWithItsResult) {
  const std::string ref = attest("check/mini-val");
  pushed(1, {update(ref, none_, blob(R"({"status": "neutral", "metrics": {"f1": 1, "\u0000x": -2.5},
    "started": "2026-01-05T09:30:00Z", "finished": "2026-01-05T09:31:00Z", "text": "slow"})"))});
  deliver();
  EXPECT_EQ(event_of("check.recorded")["data"]["check"],
            (Json{{"commit", topic_.hex()},
                  {"context", "mini-val"},
                  {"state", "neutral"},
                  {"metrics", {{"f1", 1.0}, {std::string("\0x", 2), -2.5}}},
                  {"started", "2026-01-05T09:30:00Z"},
                  {"finished", "2026-01-05T09:31:00Z"},
                  {"note", "slow"},
                  {"attestation", ref}}));
}

TEST_F(LandingEvents, AttestationsThatCannotBeReadHoldNothingUp) {
  const std::string gone = attest("check/gone");
  const std::string broken = attest("check/broken");
  const ObjectId missing = id(std::string(40, 'd'));
  const ObjectId nonsense = blob("{");
  spool().write(intent(1, {update(gone, none_, missing), update(broken, none_, nonsense)}));
  spool().write(result(1, {update(gone, none_, missing), update(broken, none_, nonsense)}));
  const DeliveryReport report = deliver();
  EXPECT_EQ(report.records_left, 0U);
  EXPECT_TRUE(report.problems.empty());
  for (const Json& event : events_of("check.recorded")) {
    EXPECT_EQ(event["data"]["check"]["state"], "unknown");
  }
  EXPECT_EQ(events_of("check.recorded").size(), 2U);
}

TEST_F(LandingEvents, ExemptionsAndCheckDeletionsHaveNoEventOfTheirOwn) {
  const ObjectId body = blob("{}");
  pushed(1, {update(attest("exemption/y"), none_, body), update(attest("check/z"), none_, body),
             update("refs/attest/nonsense", none_, body)});
  pushed(2, {update(attest("check/z"), body, none_)});
  deliver();
  EXPECT_EQ(events_of("check.recorded").size(), 1U);
  EXPECT_EQ(events().size(), 2U + 4U + 1U);
}

SpooledFinding waived(const std::string& ref, const std::string& label) {
  SpooledFinding finding;
  finding.rule = "missing-check";
  finding.warning = true;
  finding.message = "check full is missing";
  finding.ref = ref;
  finding.waived_by = label;
  return finding;
}

TEST_F(LandingEvents, AnExemptionIsToldWithWhatItWaived) {
  SpoolRecord wish = intent(1, {merged(), update("refs/heads/y", none_, base_)});
  wish.findings = {waived("refs/heads/main", "skip-full-eval"),
                   waived("refs/heads/y", "skip-full-eval"), waived("refs/heads/main", "pager")};
  wish.findings_total = 3;
  wish.push_options = {"exempt=skip-full-eval", "reason=pager 4711\xFF"};
  wish.exemptions = {{.label = "skip-full-eval",
                      .reason = "pager 4711\xFF",
                      .ref = "refs/heads/main",
                      .rules = {"metric-regression", "missing-check.mini-val"},
                      .findings = 3,
                      .granted_by = {"bo", "cy"},
                      .expires = 1'767'323'045,
                      .uses_left = 0,
                      .break_glass = false},
                     {.label = "pager",
                      .reason = {},
                      .ref = "refs/heads/main",
                      .rules = {"missing-check"},
                      .findings = 1,
                      .granted_by = {},
                      .break_glass = true}};
  pushed_as(wish);
  deliver();
  EXPECT_EQ(story(), (Story{"push.accepted", "ref.updated refs/heads/main",
                            "change.landed refs/heads/main", "exemption.used refs/heads/main",
                            "exemption.used refs/heads/main", "ref.created refs/heads/y"}));
  expect_linked();
  const Json first = events()[3]["data"];
  EXPECT_EQ(first["exemption"], (Json{{"id", "skip-full-eval"},
                                      {"rule", "metric-regression, missing-check.mini-val"},
                                      {"rules", {"metric-regression", "missing-check.mini-val"}},
                                      {"granted_by", "bo, cy"},
                                      {"approved_by", {"bo", "cy"}},
                                      {"reason", printable("pager 4711\xFF")},
                                      {"expires", "2026-01-02T03:04:05.000000Z"},
                                      {"uses_left", 0},
                                      {"break_glass", false}}));
  const Json violation = {{"rule", "missing-check"},
                          {"severity", "warning"},
                          {"message", "check full is missing"},
                          {"ref", "refs/heads/main"},
                          {"waived_by", "skip-full-eval"}};
  EXPECT_EQ(first["violations"], Json::array({violation}));
  EXPECT_EQ(first["violations_total"], 3);
  EXPECT_EQ(first["truncated"], Json::array({"/violations"}));
  EXPECT_EQ(events()[3]["authid"], "alice");
  const Json second = events()[4]["data"]["exemption"];
  EXPECT_EQ(second, (Json{{"id", "pager"},
                          {"rule", "missing-check"},
                          {"rules", {"missing-check"}},
                          {"granted_by", "alice"},
                          {"approved_by", Json::array()},
                          {"reason", ""},
                          {"break_glass", true}}));
  EXPECT_EQ(events()[0]["data"]["warnings"][0], violation);
}

TEST_F(LandingEvents, AnExemptionForAReferenceThatGitRefusedWasNotUsed) {
  SpoolRecord wish = intent(1, {update("refs/heads/y", none_, base_), merged()});
  wish.exemptions = {
      {.label = "pager", .reason = {}, .ref = "refs/heads/main", .rules = {}, .granted_by = {}}};
  set_ref("refs/heads/y", base_);
  spool().write(wish);
  spool().write(result(1, {update("refs/heads/y", none_, base_)}));
  deliver();
  EXPECT_EQ(story(), (Story{"push.accepted", "ref.created refs/heads/y", "push.rejected git"}));
}

TEST_F(LandingEvents, ADraftIsOneInEveryEventOfThePush) {
  SpoolRecord wish = intent(1, {merged(), update("refs/heads/y", none_, base_)});
  wish.push_options = {"ci.skip", "draft"};
  pushed_as(wish);
  SpoolRecord other = intent(2, {update("refs/heads/z", none_, base_)});
  other.push_options = {"drafty", "draft=no"};
  pushed_as(other);
  SpoolRecord refusal = reject(3, {update("refs/heads/z", base_, topic_)});
  refusal.push_options = {"draft"};
  spool().write(refusal);
  deliver();
  std::vector<bool> drafts;
  for (const Json& event : events()) drafts.push_back(event["data"].value("draft", false));
  EXPECT_EQ(drafts, (std::vector<bool>{true, true, true, true, false, false, false}));
}

TEST_F(LandingEvents, ARejectedPushTellsHowEveryRequirementStands) {
  SpoolRecord refusal = reject(1, {update("refs/heads/main", base_, merge_)});
  refusal.requirements = {{.rule = "missing-approval",
                           .ref = "refs/heads/main",
                           .state = "unsatisfied",
                           .what = "1 approval by reviewers",
                           .why = "nobody has approved"}};
  spool().write(refusal);
  deliver();
  EXPECT_EQ(events()[0]["data"]["requirements"], (Json{{{"rule", "missing-approval"},
                                                        {"ref", "refs/heads/main"},
                                                        {"state", "unsatisfied"},
                                                        {"what", "1 approval by reviewers"},
                                                        {"why", "nobody has approved"}}}));
}

TEST_F(LandingEvents, AreTheSameWhenThePassIsRepeated) {
  SpoolRecord wish = intent(1, {merged(), update(attest("approval/bo"), none_, topic_)});
  wish.exemptions = {{.label = "pager",
                      .reason = "x",
                      .ref = "refs/heads/main",
                      .rules = {"r"},
                      .granted_by = {}}};
  pushed_as(wish);
  expect_repeatable();
}

TEST_F(LandingEvents, ALandingOfMuchStaysWithinTheSizeOfAnEvent) {
  SpooledUpdate landed = merged();
  landed.sources[0].branches.assign(300, "refs/heads/" + std::string(200, 'x'));
  const ObjectId note = blob(R"({"text": ")" + std::string(16'000, 'n') + R"("})");
  for (int i = 0; i < 150; ++i) {
    landed.evidence.push_back({.ref = attest("approval/p" + std::to_string(i)), .object = note});
  }
  SpoolRecord wish = intent(1, {landed});
  wish.requirements.assign(150, {.rule = "r",
                                 .ref = "refs/heads/main",
                                 .state = "satisfied",
                                 .what = std::string(500, 'w'),
                                 .why = {}});
  pushed_as(wish);
  deliver();
  for (const std::string& line : lines()) EXPECT_LE(line.size(), kMaxEventBytes);
  const Json told = event_of("change.landed")["data"];
  EXPECT_GE(told["approvals"].size(), 1U);
  EXPECT_LT(told["approvals"].size(), 150U);
  EXPECT_EQ(told["truncated"].empty(), false);
}

}  // namespace
}  // namespace trunkgate

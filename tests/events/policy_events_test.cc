// policy.changed, and what the policy wants to be told: push.received, labels.
#include "derived_fixture.h"

namespace trunkgate {
namespace {

const std::string kA(64, 'a');
const std::string kB(64, 'b');
const std::string kC(64, 'c');

class PolicyEvents : public DerivedEventsTest {
 protected:
  // A push of a new branch, judged by that policy.
  void judged(int push, const std::string& sha256) {
    const std::string ref = "refs/heads/x" + std::to_string(push);
    SpoolRecord wish = intent(push, {update(ref, none_, commit(ref))});
    wish.policy_sha256 = sha256;
    pushed_as(wish);
  }
  void deliver_by(const PolicySource& policy, const EventsPolicy& events = {}) {
    FileSink file(events_file(), Sharing{});
    DeliverySettings settings = this->settings({&file});
    settings.policy = policy;
    settings.events = events;
    Deliverer(repository(), settings).run();
  }
  static PolicySource in_force(PolicySummary now) { return {.now = std::move(now), .ref = {}}; }
  std::vector<std::string> digests() const {
    std::vector<std::string> told;
    for (const Json& event : events_of("policy.changed")) {
      const Json& before = event["data"]["previous_policy"];
      told.push_back((before.is_null() ? "-" : before["sha256"].get<std::string>().substr(0, 1)) +
                     event["data"]["policy"]["sha256"].get<std::string>().substr(0, 1));
    }
    return told;
  }
};

TEST_F(PolicyEvents, AnotherPolicyIsToldBeforeTheFirstPushThatItJudges) {
  judged(1, kA);
  judged(2, kA);
  judged(3, kB);
  deliver_by(in_force({.sha256 = kB, .rules = {}}));
  EXPECT_EQ(story(), (Story{"push.accepted", "ref.created refs/heads/x1", "push.accepted",
                            "ref.created refs/heads/x2", "policy.changed admin", "push.accepted",
                            "ref.created refs/heads/x3"}));
  expect_linked();
  const Json event = events()[4];
  EXPECT_EQ(event["subject"], "policy");
  EXPECT_EQ(event["time"], events()[5]["time"]);
  EXPECT_EQ(event["data"]["actor"], (Json{{"kind", "system"}, {"id", ""}, {"transport", "local"}}));
  EXPECT_EQ(event["data"]["policy"], (Json{{"sha256", kB}}));
  EXPECT_EQ(event["data"]["previous_policy"], (Json{{"sha256", kA}}));
  EXPECT_FALSE(event["data"].contains("diff"));
  EXPECT_FALSE(event.contains("correlationid"));
}

TEST_F(PolicyEvents, ThePolicyIsRememberedFromPassToPass) {
  judged(1, kA);
  deliver_by({});
  judged(2, kA);
  deliver_by({});
  judged(3, kB);
  deliver_by({});
  judged(4, kA);
  deliver_by({});
  judged(5, "");
  deliver_by({});
  EXPECT_EQ(digests(), (Story{"ab", "ba"}));
  expect_linked();
}

TEST_F(PolicyEvents, APushThatWasJudgedBeforeTheChangeTurnsNothingBack) {
  judged(2, kA);
  judged(5, kB);
  deliver_by({});
  judged(4, kA);  // it took long
  judged(6, kB);
  deliver_by({});
  EXPECT_EQ(digests(), (Story{"ab"}));
}

TEST_F(PolicyEvents, ARefusalTellsThePolicyToo) {
  judged(1, kA);
  SpoolRecord refusal = reject(2, {update("refs/heads/y", none_, commit("y"))});
  refusal.policy_sha256 = kB;
  spool().write(refusal);
  deliver_by({});
  EXPECT_EQ(digests(), (Story{"ab"}));
}

TEST_F(PolicyEvents, RulesOfBothPoliciesAreCompared) {
  judged(1, kA);
  deliver_by(in_force({.sha256 = kA,
                       .rules = {{{"trunk", "direct-push"}, {"enforce", "refs/heads/main"}},
                                 {{"trunk", "moved-tag"}, {"enforce", "refs/tags/*"}},
                                 {{"x", "same"}, {"warn", "refs/heads/x"}}}}));
  judged(2, kB);
  deliver_by(in_force({.sha256 = kB,
                       .rules = {{{"files", "oversized-file"}, {"audit", "refs/heads/**"}},
                                 {{"trunk", "direct-push"}, {"warn", "refs/heads/main"}},
                                 {{"x", "same"}, {"warn", "refs/heads/x"}}}}));
  EXPECT_EQ(event_of("policy.changed")["data"]["diff"],
            (Json{{{"change", "added"},
                   {"ruleset", "files"},
                   {"rule", "oversized-file"},
                   {"mode", "audit"},
                   {"refs", "refs/heads/**"}},
                  {{"change", "changed"},
                   {"ruleset", "trunk"},
                   {"rule", "direct-push"},
                   {"mode", "warn"},
                   {"refs", "refs/heads/main"},
                   {"previous_mode", "enforce"},
                   {"previous_refs", "refs/heads/main"}},
                  {{"change", "removed"},
                   {"ruleset", "trunk"},
                   {"rule", "moved-tag"},
                   {"previous_mode", "enforce"},
                   {"previous_refs", "refs/tags/*"}}}));
}

TEST_F(PolicyEvents, APushToThePolicyRefPutsItInForceAtOnce) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  const ObjectId bad = commit("bad", {b});
  PolicySource source{.now = {.sha256 = kC, .rules = {}}, .ref = "refs/meta/policy"};
  source.with = [&](const ObjectId& commit) -> std::optional<PolicySummary> {
    if (commit == bad) return std::nullopt;
    return PolicySummary{.sha256 = commit == a ? kB : kC, .rules = {}};
  };
  SpoolRecord first = intent(1, {update("refs/meta/policy", none_, a)});
  first.policy_sha256 = kA;
  pushed_as(first);
  SpoolRecord second = intent(2, {update("refs/meta/policy", a, b)});
  second.policy_sha256 = kB;
  pushed_as(second);
  SpoolRecord third = intent(3, {update("refs/meta/policy", b, bad)});
  third.policy_sha256 = kC;
  pushed_as(third);
  judged(4, kC);
  deliver_by(source);
  EXPECT_EQ(digests(), (Story{"ab", "bc"}));
  const Json event = events_of("policy.changed")[1];
  EXPECT_EQ(event["data"]["cause"], "push");
  EXPECT_EQ(event["data"]["actor"]["id"], "alice");
  EXPECT_EQ(event["data"]["policy"],
            (Json{{"sha256", kC}, {"commit", b.hex()}, {"source", "refs/meta/policy"}}));
  EXPECT_EQ(event["causationid"], events_of("ref.updated")[0]["id"]);
}

TEST_F(PolicyEvents, PushesAreReceivedWhereThePolicyWantsToKnow) {
  const ObjectId a = commit("a");
  SpoolRecord wish = intent(1, {update("refs/heads/x", none_, a)});
  wish.push_options = {"draft"};
  pushed_as(wish);
  SpoolRecord refusal = reject(2, {update("refs/heads/y", none_, a)});
  refusal.push_options = {"policy=check"};
  spool().write(refusal);
  pushed(3, {update("refs/heads/gone", none_, none_)});
  EventsPolicy events;
  events.received = true;
  deliver_by({}, events);
  EXPECT_EQ(story(), (Story{"push.received", "push.accepted", "ref.created refs/heads/x",
                            "push.received", "push.rejected pre-receive"}));
  expect_linked();
  const Json received = this->events()[0]["data"];
  EXPECT_EQ(received["changes"], this->events()[1]["data"]["changes"]);
  EXPECT_EQ(received["push_options"], Json::array({"draft"}));
  EXPECT_EQ(received["draft"], true);
  EXPECT_FALSE(received.contains("counts"));
  EXPECT_EQ(this->events()[3]["data"]["changes"][0]["ref"]["short"], "y");
  EXPECT_EQ(this->events()[3]["data"]["push_options"], Json::array({"policy=check"}));
}

TEST_F(PolicyEvents, ARefTellsTheExemptionsThatLetItIn) {
  const ObjectId a = commit("a");
  SpoolRecord wish = intent(1, {update("refs/heads/x", none_, a), update("refs/heads/y", none_, a),
                                update("refs/tags/v1", none_, a)});
  for (const char* ref : {"refs/heads/x", "refs/tags/v1"}) {
    SpooledExemption used;
    used.label = "skip-full-eval";
    used.reason = "pager";
    used.ref = ref;
    wish.exemptions.push_back(used);
  }
  pushed_as(wish);
  deliver();
  const Json labels = Json::array({"skip-full-eval"});
  for (const Json& event : events()) {
    const Json& data = event["data"];
    if (event["subject"] == "refs/heads/y") {
      EXPECT_FALSE(data.contains("labels"));
    } else {
      EXPECT_EQ(data["labels"], labels) << event["type"];
    }
  }
}

}  // namespace
}  // namespace trunkgate

// hotfix.unmerged.
#include "derived_fixture.h"
#include "events/hotfix_watch.h"

namespace trunkgate {
namespace {

class HotfixEvents : public DerivedEventsTest {
 protected:
  void SetUp() override {
    DerivedEventsTest::SetUp();
    base_ = commit("base");
    fix_ = commit("fix", {base_});
    merge_ = commit("merge", {base_, fix_});
    set_ref("refs/heads/main", base_);
    set_ref("refs/heads/develop", base_);
    set_ref("refs/heads/hotfix/x", fix_);
    policy_.hotfixes = RefPatterns(GlobSet({Glob("refs/heads/hotfix/**")}));
    policy_.hotfixes_into = {"refs/heads/develop"};
  }

  DeliveryReport run(std::vector<Sink*> sinks) const {
    DeliverySettings made = settings(std::move(sinks));
    made.events = policy_;
    return Deliverer(repository(), made).run();
  }
  DeliveryReport run() const {
    FileSink file(events_file(), Sharing{});
    return run({&file});
  }

  SpooledUpdate merged(const std::string& kind = "merge") const {
    return landing("refs/heads/main", base_, merge_, kind,
                   {{.commit = fix_, .by = merge_, .branches = {"refs/heads/hotfix/x"}}});
  }
  // "develop lacks hotfix/x", "develop has hotfix/x": of each event, in order.
  Story told() const {
    Story lines;
    for (const Json& event : events_of("hotfix.unmerged")) {
      const Json& hotfix = event["data"]["hotfix"];
      lines.push_back(hotfix["into"].get<std::string>() +
                      (hotfix["merged"].get<bool>() ? " has " : " lacks ") +
                      event["subject"].get<std::string>());
    }
    return lines;
  }
  const std::string lacks_ = "refs/heads/develop lacks refs/heads/hotfix/x";
  const std::string has_ = "refs/heads/develop has refs/heads/hotfix/x";

  EventsPolicy policy_;
  ObjectId base_, fix_, merge_;
};

TEST_F(HotfixEvents, AHotfixIsToldWhenItLandsAndWhenTheOtherBranchHasGotIt) {
  pushed_as(intent(1, {merged()}));
  run();
  EXPECT_EQ(told(), Story{lacks_});
  const Json event = event_of("hotfix.unmerged");
  const Json cause = events()[1];
  EXPECT_EQ(event["causationid"], cause["id"]);
  EXPECT_EQ(event["partitionkey"], cause["partitionkey"]);
  EXPECT_EQ(event["data"]["hotfix"], (Json{{"commit", fix_.hex()},
                                           {"branch", "refs/heads/hotfix/x"},
                                           {"landed_on", "refs/heads/main"},
                                           {"landed_by", merge_.hex()},
                                           {"landed", "2026-01-02T03:02:26.678901Z"},
                                           {"into", "refs/heads/develop"},
                                           {"merged", false}}))
      << event;

  // Something else does not close it, and nothing is said again.
  const ObjectId other = commit("other", {base_});
  pushed(2, {update("refs/heads/develop", base_, other)});
  run();
  EXPECT_EQ(told(), Story{lacks_});
  pushed(3, {update("refs/heads/develop", other, commit("back", {other, fix_}))});
  pushed(4, {update("refs/heads/develop", commit("back", {other, fix_}), none_)});
  run();
  EXPECT_EQ(told(), (Story{lacks_, has_}));
  expect_linked();
}

TEST_F(HotfixEvents, NothingIsToldWithoutThePolicyOrTheOtherBranch) {
  pushed_as(intent(1, {merged()}));
  deliver();
  EXPECT_EQ(told(), Story{});
}

TEST_F(HotfixEvents, ABranchThatDoesNotExistNeedsNoHotfix) {
  set_ref("refs/heads/develop", none_);
  pushed_as(intent(1, {merged()}));
  run();
  EXPECT_EQ(told(), Story{});
}

TEST_F(HotfixEvents, ABranchThatHasItAlreadyIsNotWaitedFor) {
  set_ref("refs/heads/develop", fix_);
  pushed_as(intent(1, {merged()}));
  run();
  EXPECT_EQ(told(), Story{});
}

TEST_F(HotfixEvents, OtherBranchesAreNoHotfixes) {
  SpooledUpdate landed = merged();
  landed.sources[0].branches = {"refs/heads/feature/x"};
  pushed_as(intent(1, {landed}));
  run();
  EXPECT_EQ(told(), Story{});
}

TEST_F(HotfixEvents, ASquashedHotfixComesBackWithTheProtectedBranch) {
  const ObjectId squashed = commit("squashed", {base_});
  SpooledUpdate landed =
      landing("refs/heads/main", base_, squashed, "squash",
              {{.commit = fix_, .by = squashed, .branches = {"refs/heads/hotfix/x"}}});
  pushed_as(intent(1, {landed}));
  pushed(2, {update("refs/heads/develop", base_, commit("merge main", {base_, squashed}))});
  run();
  EXPECT_EQ(told(), (Story{lacks_, has_}));
}

TEST_F(HotfixEvents, TellsThePushThatBringsItToBothInTheOrderOfItsUpdates) {
  pushed_as(intent(1, {merged(), update("refs/heads/develop", base_, merge_)}));
  run();
  EXPECT_EQ(told(), (Story{lacks_, has_}));
}

TEST_F(HotfixEvents, ComparesWithWhatTheBranchHeldThen) {
  // Both pushes are over when the deliverer looks.
  pushed_as(intent(1, {merged()}));
  pushed(2, {update("refs/heads/develop", base_, merge_)});
  run();
  EXPECT_EQ(told(), (Story{lacks_, has_}));
}

TEST_F(HotfixEvents, StaysInItsGitNamespace) {
  const std::string n = "refs/namespaces/n/";
  set_ref(n + "refs/heads/develop", base_);
  SpooledUpdate landed = merged();
  landed.ref = n + landed.ref;
  landed.sources[0].branches = {n + "refs/heads/hotfix/x"};
  set_ref(landed.ref, base_);
  pushed_as(intent(1, {landed}));
  run();
  EXPECT_EQ(told(), Story{n + "refs/heads/develop lacks " + n + "refs/heads/hotfix/x"});
}

TEST_F(HotfixEvents, ForgetsTheOldestWhenThereAreTooMany) {
  const std::size_t count = HotfixWatch::kMaxOpen + 1;
  SpooledUpdate landed = merged();
  landed.sources.clear();
  std::vector<ObjectId> fixes;
  for (std::size_t i = 0; i < count; ++i) {
    std::string hex = std::to_string(1'000'000 + i);
    fixes.push_back(id(hex + std::string(40 - hex.size(), '0')));
    landed.sources.push_back(
        {.commit = fixes.back(), .by = merge_, .branches = {"refs/heads/hotfix/" + hex}});
  }
  pushed_as(intent(1, {landed}));
  run();
  EXPECT_EQ(told().size(), count);
  const Sequence state = Journal(folder(), Sharing{}).sequence();
  ASSERT_EQ(state.hotfixes.size(), HotfixWatch::kMaxOpen);
  EXPECT_EQ(state.hotfixes.front().commit, fixes[1]);
}

TEST_F(HotfixEvents, AreTheSameWhenThePassIsRepeatedAfterTheOtherBranchMoved) {
  pushed_as(intent(1, {merged()}));
  {
    FileSink file(events_file(), Sharing{});
    FlakySink crash(&file);
    run({&crash});
  }
  const auto before = ids();
  EXPECT_EQ(before.size(), 4U);
  now_ += 10 * kSecond;
  // A push that is still going on when the pass is repeated has moved the branch already.
  set_ref("refs/heads/develop", merge_);
  liveness_ = Liveness::alive;
  spool().write(intent(2, {update("refs/heads/develop", base_, merge_)}));
  run();
  EXPECT_EQ(ids(), before);
  liveness_ = Liveness::dead;
  run();
  EXPECT_EQ(told(), (Story{lacks_, has_}));
  expect_linked();
}

}  // namespace
}  // namespace trunkgate

// release.created.
#include "derived_fixture.h"

namespace trunkgate {
namespace {

class ReleaseEvents : public DerivedEventsTest {
 protected:
  ObjectId annotated(const std::string& name, const ObjectId& target) {
    git("tag -f -a -m 'Acc@1: 76.1%' '" + name + "' " + target.hex());
    const ObjectId tag = id(git("rev-parse refs/tags/" + name));
    git("update-ref -d refs/tags/" + name);
    return tag;
  }
  static Json version(const std::string& name, const ObjectId& commit,
                      std::vector<std::string> tags) {
    return {{"name", name}, {"kind", "tag"}, {"commit", commit.hex()}, {"tags", std::move(tags)}};
  }
};

TEST_F(ReleaseEvents, AReleaseTellsItsTagAndTheNearestReleaseBeforeIt) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  const ObjectId side = commit("side", {a});
  const ObjectId c = commit("c", {b, side});
  const ObjectId tag = annotated("v1.1.0", c);
  set_ref("refs/tags/v0.9.0", a);
  set_ref("refs/tags/v1.0.0", b);
  set_ref("refs/tags/v1.0.0-rc.1", b);
  set_ref("refs/tags/nightly", side);
  pushed(1, {update("refs/tags/v1.1.0", none_, tag)});
  deliver();
  EXPECT_EQ(story(), (Story{"push.accepted", "ref.created refs/tags/v1.1.0",
                            "tag.created refs/tags/v1.1.0", "release.created"}));
  expect_linked();
  const Json event = events()[3];
  EXPECT_EQ(event["subject"], "refs/tags/v1.1.0");
  EXPECT_EQ(event["causationid"], events()[1]["id"]);
  EXPECT_EQ(
      event["data"]["tag"],
      (Json{
          {"name", "v1.1.0"},
          {"object", tag.hex()},
          {"target", c.hex()},
          {"target_type", "commit"},
          {"annotated", true},
          {"tagger",
           {{"name", "Ada"}, {"email", "ada@example.com"}, {"date", "2026-01-01T01:04:00+01:00"}}},
          {"message", "Acc@1: 76.1%\n"},
          {"signature", "none"}}));
  EXPECT_EQ(event["data"]["version"], version("v1.1.0", c, {"v1.1.0"}));
  EXPECT_EQ(event["data"]["previous_version"], version("v1.0.0", b, {"v1.0.0", "v1.0.0-rc.1"}));
  EXPECT_EQ(event["data"]["commits_since"], 2);
}

TEST_F(ReleaseEvents, TheFirstReleaseHasNoneBeforeIt) {
  const ObjectId a = commit("a");
  pushed(1, {update("refs/tags/v1", none_, commit("b", {a}))});
  deliver();
  const Json told = event_of("release.created")["data"];
  EXPECT_EQ(told["previous_version"], nullptr);
  EXPECT_FALSE(told.contains("commits_since"));
  EXPECT_EQ(told["tag"]["annotated"], false);
}

TEST_F(ReleaseEvents, IsCalledByItsOwnTagAlthoughTheCommitHasAHigherOne) {
  const ObjectId a = commit("a");
  set_ref("refs/tags/v2.0.0", a);
  pushed(1, {update("refs/tags/v1.0.0", none_, a)});
  deliver();
  const Json told = event_of("release.created")["data"];
  EXPECT_EQ(told["version"], version("v1.0.0", a, {"v2.0.0", "v1.0.0"}));
  EXPECT_EQ(told["previous_version"], nullptr);
}

TEST_F(ReleaseEvents, OnlyNewTagsOfThePatternAreReleases) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  pushed(1, {update("refs/tags/build-1", none_, a), update("refs/heads/v1", none_, a),
             update("refs/tags/v1/x", none_, a), update("refs/tags/v2", a, b),
             update("refs/tags/v3", a, none_)});
  deliver();
  EXPECT_TRUE(events_of("release.created").empty());
}

TEST_F(ReleaseEvents, ThePolicySaysWhichTagsAreReleases) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  set_ref("refs/tags/rel/1", a);
  set_ref("refs/tags/v1", a);
  pushed(1, {update("refs/tags/rel/2", none_, b), update("refs/tags/v2", none_, b)});
  FileSink file(events_file(), Sharing{});
  DeliverySettings settings = this->settings({&file});
  settings.events.releases = RefPatterns(GlobSet({Glob("refs/tags/rel/*")}));
  Deliverer(repository(), settings).run();
  const Json told = event_of("release.created")["data"];
  EXPECT_EQ(told["version"]["name"], "rel/2");
  EXPECT_EQ(told["previous_version"]["name"], "rel/1");
}

TEST_F(ReleaseEvents, ATagInAGitNamespaceHasTheReleasesOfThatNamespaceBeforeIt) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  set_ref("refs/namespaces/n/refs/tags/v1", a);
  set_ref("refs/tags/v1.5", b);
  pushed(1, {update("refs/namespaces/n/refs/tags/v2", none_, commit("c", {b}))});
  deliver();
  const Json told = event_of("release.created")["data"];
  EXPECT_EQ(told["tag"]["name"], "v2");
  EXPECT_EQ(told["previous_version"]["name"], "v1");
  EXPECT_EQ(told["commits_since"], 2);
}

TEST_F(ReleaseEvents, ATagOfNoCommitOrOfWhatIsGoneIsToldAllTheSame) {
  git("hash-object -t tree -w /dev/null");
  const ObjectId tree = id("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
  const ObjectId gone = id(std::string(40, 'd'));
  set_ref("refs/tags/v1", tree);
  spool().write(
      intent(1, {update("refs/tags/v1", none_, tree), update("refs/tags/v2", none_, gone)}));
  spool().write(
      result(1, {update("refs/tags/v1", none_, tree), update("refs/tags/v2", none_, gone)}));
  deliver();
  const auto told = events_of("release.created");
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0]["data"]["tag"], (Json{{"name", "v1"},
                                          {"object", tree.hex()},
                                          {"target", tree.hex()},
                                          {"target_type", "tree"},
                                          {"annotated", false}}));
  EXPECT_EQ(told[1]["data"]["version"], version("v2", gone, {}));
}

TEST_F(ReleaseEvents, IsTheSameWhenThePassIsRepeatedWithoutTheTag) {
  const ObjectId a = commit("a");
  pushed(1, {update("refs/tags/v1", none_, a), update("refs/tags/v2", none_, commit("b", {a}))});
  {
    FileSink file(events_file(), Sharing{});
    FlakySink crash(&file);
    deliver({&crash});
  }
  const auto before = ids();
  ASSERT_EQ(before.size(), 7U);
  set_ref("refs/tags/v2", none_);
  deliver();
  EXPECT_EQ(ids(), before);
}

}  // namespace
}  // namespace trunkgate

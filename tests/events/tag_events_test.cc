// tag.created, tag.moved and tag.deleted, and other names of what they tag.
#include "derived_fixture.h"

namespace trunkgate {
namespace {

class TagEvents : public DerivedEventsTest {
 protected:
  ObjectId annotated(const std::string& name, const ObjectId& target) {
    git("tag -f -a -m 'nightly build' '" + name + "' " + target.hex());
    const ObjectId tag = id(git("rev-parse refs/tags/" + name));
    git("update-ref -d refs/tags/" + name);
    return tag;
  }
  static Json lightweight(const std::string& name, const ObjectId& commit) {
    return {{"name", name},
            {"object", commit.hex()},
            {"target", commit.hex()},
            {"target_type", "commit"},
            {"annotated", false}};
  }
};

TEST_F(TagEvents, ATagIsCreatedMovedAndDeleted) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  const ObjectId tag = annotated("nightly", b);
  pushed(1, {update("refs/tags/nightly", none_, a)});
  pushed(2, {update("refs/tags/nightly", a, tag)});
  pushed(3, {update("refs/tags/nightly", tag, none_)});
  deliver();
  EXPECT_EQ(
      story(),
      (Story{"push.accepted", "ref.created refs/tags/nightly", "tag.created refs/tags/nightly",
             "push.accepted", "ref.updated refs/tags/nightly", "tag.moved refs/tags/nightly",
             "push.accepted", "ref.deleted refs/tags/nightly", "tag.deleted refs/tags/nightly"}));
  expect_linked();
  const auto told = events();
  EXPECT_EQ(told[2]["causationid"], told[1]["id"]);
  EXPECT_EQ(told[2]["partitionkey"], told[1]["partitionkey"]);
  EXPECT_EQ(told[2]["data"]["tag"], lightweight("nightly", a));
  EXPECT_EQ(told[2]["data"]["version"], told[1]["data"]["version"]);
  EXPECT_EQ(told[5]["data"]["previous"], a.hex());
  const Json whole = {
      {"name", "nightly"},
      {"object", tag.hex()},
      {"target", b.hex()},
      {"target_type", "commit"},
      {"annotated", true},
      {"tagger",
       {{"name", "Ada"}, {"email", "ada@example.com"}, {"date", "2026-01-01T01:02:00+01:00"}}},
      {"message", "nightly build\n"},
      {"signature", "none"}};
  EXPECT_EQ(told[5]["data"]["tag"], whole);
  EXPECT_EQ(told[8]["data"]["tag"], whole);
  EXPECT_FALSE(told[8]["data"].contains("version"));
  EXPECT_FALSE(told[8]["data"].contains("previous"));
}

TEST_F(TagEvents, ASignatureIsGoodOnceARuleHasFoundItSo) {
  const ObjectId a = commit("a");
  std::ofstream(root_ + "/raw") << "object " << a.hex() << "\ntype commit\ntag v1\n"
                                << "tagger A <a@b> 1 +0000\n\nrelease\n"
                                << "-----BEGIN SSH SIGNATURE-----\nx\n"
                                << "-----END SSH SIGNATURE-----\n";
  const ObjectId tag = id(git("hash-object -t tag -w '" + root_ + "/raw'"));
  pushed(1, {update("refs/tags/v1", none_, tag)});
  deliver();
  KnownSignatures(folder() + "/state")
      .keep(tag, {.keys = "-", .time = kNow / kSecond, .signers = {"ada"}}, Sharing{});
  pushed(2, {update("refs/tags/v1-again", none_, tag)});
  deliver();
  const auto told = events_of("tag.created");
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0]["data"]["tag"]["signature"], "unknown");
  EXPECT_EQ(told[1]["data"]["tag"]["signature"], "good");
}

TEST_F(TagEvents, OfWhatIsGoneTheNameIsToldAllTheSame) {
  const ObjectId gone = id(std::string(40, 'd'));
  spool().write(intent(1, {update("refs/tags/v1", gone, none_)}));
  spool().write(result(1, {update("refs/tags/v1", gone, none_)}));
  deliver();
  EXPECT_EQ(
      event_of("tag.deleted")["data"]["tag"],
      (Json{{"name", "v1"}, {"object", gone.hex()}, {"target", gone.hex()}, {"annotated", false}}));
}

TEST_F(TagEvents, NoPushIsNeeded) {
  deliver();
  set_ref("refs/tags/by-hand", commit("a"));
  deliver();
  EXPECT_EQ(story(), (Story{"ref.created refs/tags/by-hand external",
                            "tag.created refs/tags/by-hand external"}));
}

TEST_F(TagEvents, NotesAndBranchesAreNoTags) {
  const ObjectId a = commit("a");
  pushed(1, {update("refs/notes/x", none_, a), update("refs/heads/tags/x", none_, a)});
  deliver();
  EXPECT_TRUE(events_of("tag.created").empty());
}

TEST_F(TagEvents, ACommitThatWasHereHasBeenCalledDev) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  pushed(1, {update("refs/heads/main", none_, a)});
  deliver();
  EXPECT_EQ(event_of("ref.created")["data"]["version"]["name"], "dev-" + a.brief());
  // A tag of a commit that the trunk has left behind by now, one of what it gets with the tag.
  pushed(2, {update("refs/heads/main", a, b), update("refs/tags/v1", none_, a),
             update("refs/tags/v2", none_, b)});
  deliver();
  const auto tags = events_of("tag.created");
  ASSERT_EQ(tags.size(), 2U);
  EXPECT_EQ(tags[0]["data"]["aliases"], Json::array({"dev-" + a.brief()}));
  EXPECT_FALSE(tags[1]["data"].contains("aliases"));
  const auto releases = events_of("release.created");
  ASSERT_EQ(releases.size(), 2U);
  EXPECT_EQ(releases[0]["data"]["aliases"], tags[0]["data"]["aliases"]);
  EXPECT_FALSE(releases[1]["data"].contains("aliases"));
}

TEST_F(TagEvents, ABranchThatLandsAsItIsWithItsTagHasBeenCalledDev) {
  const ObjectId a = commit("a");
  const ObjectId b = commit("b", {a});
  pushed(1, {update("refs/heads/main", none_, a), update("refs/heads/feature", none_, b)});
  pushed(2, {update("refs/heads/main", a, b), update("refs/tags/v1", none_, b)});
  deliver();
  EXPECT_EQ(event_of("tag.created")["data"]["aliases"], Json::array({"dev-" + b.brief()}));
}

TEST_F(TagEvents, NamesThatAreNoUtf8AreKept) {
  pushed(1, {update("refs/tags/caf\xE9", none_, commit("a"))});
  deliver();
  const Json name = {{"lossy", "caf\xEF\xBF\xBD"}, {"b64", "Y2Fm6Q=="}};
  EXPECT_EQ(event_of("tag.created")["data"]["tag"]["name"], name);
  EXPECT_EQ(event_of("tag.created")["data"]["version"]["name"], "caf\xEF\xBF\xBD");
}

}  // namespace
}  // namespace trunkgate

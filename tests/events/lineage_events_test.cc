// lineage.recorded.
#include "derived_fixture.h"
#include "evidence/lineage_example.h"

namespace trunkgate {
namespace {

class LineageEvents : public DerivedEventsTest {
 protected:
  void SetUp() override {
    DerivedEventsTest::SetUp();
    tip_ = commit("feat: x");
  }
  ObjectId blob(const std::string& json) const {
    std::ofstream(root_ + "/body") << json;
    return id(git("hash-object -w '" + root_ + "/body'"));
  }
  std::string ref(const std::string& name) const {
    return "refs/attest/" + tip_.hex() + "/lineage/" + name;
  }
  ObjectId tip_;
};

TEST_F(LineageEvents, TellsWhatWasMadeFromWhat) {
  const std::string weights = digest_of('b');
  pushed(1, {update(ref("m-3"), none_, blob(model_statement(tip_.hex(), weights)))});
  deliver();
  EXPECT_EQ(story(), (Story{"push.accepted", "ref.created " + ref("m-3"), "lineage.recorded"}));
  expect_linked();
  const Json event = events()[2];
  EXPECT_EQ(event["subject"], "model:ranker@3");
  EXPECT_EQ(event["causationid"], events()[1]["id"]);
  const Json lineage = event["data"]["lineage"];
  const std::string digest = lineage["statement_sha256"];
  const std::string commit = "commit:" + tip_.hex();
  EXPECT_EQ(
      lineage,
      (Json{{"commit", tip_.hex()},
            {"name", "m-3"},
            {"state", "recorded"},
            {"attestation", ref("m-3")},
            {"step", "model"},
            {"predicate_type", "https://trunkgate/model/v1"},
            {"statement_sha256", digest},
            {"artifacts",
             Json::array(
                 {{{"kind", "weights"},
                   {"identity", "sha256:" + weights},
                   {"name", "vit.safetensors"},
                   {"note", "registered as ranker@3"}},
                  {{"kind", "commit"}, {"identity", commit}, {"name", "source"}},
                  {{"kind", "model"}, {"identity", "model:ranker@3"}, {"name", "ranker@3"}}})}}));
  EXPECT_EQ(event["data"]["edges"], Json::array({{{"from", commit},
                                                  {"to", "model:ranker@3"},
                                                  {"kind", "model"},
                                                  {"statement_sha256", digest}},
                                                 {{"from", "sha256:" + weights},
                                                  {"to", "model:ranker@3"},
                                                  {"kind", "model"},
                                                  {"statement_sha256", digest}}}));
}

TEST_F(LineageEvents, TheSubjectIsWhatTheStatementIsAbout) {
  const std::string commit = tip_.hex();
  const std::string a = digest_of('a');
  const std::string b = digest_of('b');
  pushed(1, {update(ref("1"), none_, blob(image_statement(commit, a))),
             update(ref("2"), none_, blob(training_statement(commit, a, b))),
             update(ref("3"), none_, blob(test_statement(commit, b))),
             update(ref("4"), none_, blob(deployment_statement(commit, b)))});
  deliver();
  Story subjects;
  for (const Json& event : events_of("lineage.recorded")) subjects.push_back(event["subject"]);
  EXPECT_EQ(subjects,
            (Story{"sha256:" + a, "job:run-7", "sha256:" + b, "serving:prod/ranker@rev17"}));
}

TEST_F(LineageEvents, TellsWhenAStatementIsWithdrawnOrCannotBeRead) {
  const ObjectId image = blob(image_statement(tip_.hex(), digest_of('a')));
  pushed(1, {update(ref("x"), none_, image), update(ref("y"), none_, blob("{"))});
  pushed(2, {update(ref("x"), image, none_)});
  deliver();
  Story states;
  for (const Json& event : events_of("lineage.recorded")) {
    states.push_back(event["data"]["lineage"]["state"].get<std::string>() + " " +
                     std::to_string(event["data"]["edges"].size()));
  }
  EXPECT_EQ(states, (Story{"recorded 1", "unknown 0", "withdrawn 0"}));
  EXPECT_EQ(events_of("lineage.recorded")[2]["subject"], tip_.hex());
}

TEST_F(LineageEvents, AStatementAboutThousandsOfThingsFitsAnEvent) {
  std::string subjects;
  for (int i = 0; i < 90; ++i) {
    subjects +=
        (i == 0 ? "" : ",") +
        file_resource(std::string(900, 'n'), std::string(60, '0') + std::to_string(1000 + i));
  }
  std::string inputs = commit_resource(tip_.hex());
  for (int i = 0; i < 90; ++i) {
    inputs += "," + file_resource("", std::string(60, '1') + std::to_string(1000 + i));
  }
  pushed(1, {update(ref("x"), none_, blob(provenance("x", subjects, inputs)))});
  deliver();
  const Json event = event_of("lineage.recorded");
  EXPECT_LE(event.dump().size(), kMaxEventBytes);
  const auto cut = event["data"]["truncated"].get<std::vector<std::string>>();
  EXPECT_EQ((std::set<std::string>(cut.begin(), cut.end())),
            (std::set<std::string>{"/edges", "/lineage/artifacts"}));
}

TEST_F(LineageEvents, AreTheSameWhenAPassIsRepeated) {
  pushed(1, {update(ref("x"), none_, blob(image_statement(tip_.hex(), digest_of('a'))))});
  expect_repeatable();
}

}  // namespace
}  // namespace trunkgate

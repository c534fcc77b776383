#include "events/event_body.h"

#include <nlohmann/json.hpp>

#include "delivery_fixture.h"
#include "events/event.h"

namespace trunkgate {
namespace {

using Json = nlohmann::json;

class EventBodyTest : public DeliveryFixture {
 protected:
  EventBody body() const {
    EventBody body;
    body.repository = &facts_;
    body.actor = &actor_;
    body.cause = "push";
    body.push_id = key(1).push_id();
    return body;
  }
  static Json within(const EventBody& body, std::size_t limit = kMaxEventBytes) {
    const std::string json = body_text(body, limit).json;
    EXPECT_LE(json.size(), limit);
    EXPECT_EQ(json.find('\n'), std::string::npos);
    return Json::parse(json);
  }
  static Change change(const std::string& ref) {
    return {update(ref, ObjectId(), id(std::string(40, 'a'))), false};
  }
  static Commit commit_titled(const std::string& title) {
    Commit commit;
    commit.message = title;
    commit.author = {.name = "A", .email = "a@b", .time = 0, .offset_minutes = -210};
    commit.committer = {.name = "B\xFF", .email = "", .time = INT64_MAX, .offset_minutes = 0};
    return commit;
  }

  RepositoryFacts facts_{.id = kUuid, .name = "a", .path = "/a.git", .default_branch = {}};
  Actor actor_;
};

TEST_F(EventBodyTest, CutsChangesToTwoHundredAndLessWhenTheyAreLong) {
  std::vector<Change> changes(1000, change("refs/heads/x"));
  EventBody made = body();
  made.changes = changes;
  made.commits_total = 7;
  Json json = within(made);
  EXPECT_EQ(json["changes"].size(), 200U);
  EXPECT_EQ(json["truncated"], Json::array({"/changes"}));
  EXPECT_EQ(json["counts"], (Json{{"refs", 1000}, {"commits", 7}}));

  changes.assign(1000, change("refs/heads/" + std::string(200, '\xE9')));
  json = within(made);
  EXPECT_EQ(json["changes"].size(), 12U);
  EXPECT_EQ(json["changes"][0]["ref"]["name"].count("b64"), 1U);
}

TEST_F(EventBodyTest, CutsTheLongestListFirst) {
  const std::vector<Change> changes(40, change("refs/heads/x"));
  const std::vector<SpooledFinding> findings(90, {.rule = "r",
                                                  .warning = false,
                                                  .message = std::string(2000, 'm'),
                                                  .ref = {},
                                                  .commit = std::nullopt,
                                                  .path = {},
                                                  .line = 0,
                                                  .hint = {}});
  EventBody made = body();
  made.changes = changes;
  made.stage = "pre-receive";
  made.findings = findings;
  made.findings_total = 90;
  const Json json = within(made);
  EXPECT_EQ(json["changes"].size(), 40U);
  EXPECT_EQ(json["violations"].size(), 22U);
  EXPECT_EQ(json["violations_total"], 90);
  EXPECT_EQ(json["truncated"], Json::array({"/violations"}));
}

TEST_F(EventBodyTest, CutsTextsWhenThatIsAllThereIs) {
  const std::vector<Change> changes(1, change("refs/heads/" + std::string(65'000, '\xE9')));
  EventBody made = body();
  made.changes = changes;
  made.stage = "pre-receive";
  const Json json = within(made);
  ASSERT_EQ(json["changes"].size(), 1U);
  EXPECT_TRUE(json["changes"][0]["ref"]["name"].is_string());
  EXPECT_EQ(json["truncated"], Json::array({"/changes/0/ref/name", "/changes/0/ref/short"}));
  within(made, 3000);
}

TEST_F(EventBodyTest, KeepsHostileCommitsShortAndReadable) {
  RefFacts facts;
  facts.version = untagged(id(std::string(40, 'a')));
  for (int i = 0; i < 20; ++i) facts.commits.push_back(commit_titled(std::string(9000, '\x01')));
  facts.commits_total = 20;
  facts.head = commit_titled("caf\xE9 \"\\\n\nbody");
  const Change one = change("refs/heads/x");
  EventBody made = body();
  made.change = &one;
  made.facts = &facts;
  const Json json = within(made);
  EXPECT_EQ(json["commits"].size(), 5U);
  EXPECT_EQ(json["commits"][0]["title"].get<std::string>().size(), 1024U);
  EXPECT_EQ(json["commits"][0]["author"]["date"], "1969-12-31T20:30:00-03:30");
  EXPECT_FALSE(json["commits"][0]["committer"].contains("date"));
  EXPECT_EQ(json["commits"][0]["committer"]["name"]["b64"], "Qv8=");
  EXPECT_EQ(json["head_commit"]["title"]["lossy"], "caf\xEF\xBF\xBD \"\\");
  EXPECT_EQ(json["truncated"][0], "/commits");
  EXPECT_EQ(json["truncated"][1], "/commits/0/title");
}

TEST_F(EventBodyTest, TellsTrailersByTheirNamesWhateverTheirBytes) {
  RefFacts facts;
  facts.version = untagged(id(std::string(40, 'a')));
  facts.commits.push_back(commit_titled("x"));
  facts.head = facts.commits.back();
  std::vector<Trailer>& trailers = facts.notes[facts.head->id].trailers;
  trailers = {{"Signed-off-by", "Ada"}, {"Fixes", "caf\xE9"}, {"signed-OFF-by", "\x1B[2J"}};
  facts.commits_total = 1;
  const Change one = change("refs/heads/x");
  EventBody made = body();
  made.change = &one;
  made.facts = &facts;
  Json json = within(made);
  const Json told = {{"Signed-off-by", {"Ada", "\x1B[2J"}},
                     {"Fixes", {{{"lossy", "caf\xEF\xBF\xBD"}, {"b64", "Y2Fm6Q=="}}}}};
  EXPECT_EQ(json["commits"][0]["trailers"], told);
  EXPECT_EQ(json["head_commit"]["trailers"], told);
  EXPECT_FALSE(json.contains("truncated"));

  trailers.assign(51, {"Fixes", "1"});
  trailers[0].value.assign(1025, 'v');
  json = within(made);
  EXPECT_EQ(json["commits"][0]["trailers"]["Fixes"].size(), 50U);
  EXPECT_EQ(json["commits"][0]["trailers"]["Fixes"][0], std::string(1024, 'v'));
  EXPECT_EQ(json["truncated"],
            Json::array({"/commits/0/trailers", "/commits/0/trailers/Fixes/0",
                         "/head_commit/trailers", "/head_commit/trailers/Fixes/0"}));

  trailers = {{std::string(1025, 'n'), "1"}};
  json = within(made);
  EXPECT_EQ(json["commits"][0]["trailers"], (Json{{std::string(1024, 'n'), {"1"}}}));
  EXPECT_EQ(json["truncated"], Json::array({"/commits/0/trailers", "/head_commit/trailers"}));
}

TEST_F(EventBodyTest, SaysOfASignatureWhatIsKnown) {
  RefFacts facts;
  facts.version = untagged(id(std::string(40, 'a')));
  facts.commits.push_back(commit_titled("x"));
  facts.commits_total = 1;
  const Change one = change("refs/heads/x");
  EventBody made = body();
  made.change = &one;
  made.facts = &facts;
  const auto said = [&] { return within(made)["commits"][0]["signature"]; };
  EXPECT_EQ(said(), "none");
  facts.commits[0].signed_commit = true;
  EXPECT_EQ(said(), "unknown");
  facts.notes[facts.commits[0].id].good_signature = true;
  EXPECT_EQ(said(), "good");
}

// Twenty commits with as many files and as much to say as wanted.
class CutOrderTest : public EventBodyTest {
 protected:
  Json cut(std::size_t message, std::size_t files_each, std::size_t files) {
    RefFacts facts;
    facts.version = untagged(id(std::string(40, 'a')));
    for (int i = 0; i < 20; ++i) {
      facts.commits.push_back(commit_titled("title\n\n" + std::string(message, 'm')));
      facts.commit_files.push_back(names(files_each));
    }
    facts.commits_total = 20;
    facts.head = facts.commits.back();
    facts.files = names(files);
    const Change one = change("refs/heads/x");
    EventBody made = body();
    made.change = &one;
    made.facts = &facts;
    return within(made);
  }
  static FileNames names(std::size_t count) {
    FileNames made;
    for (std::size_t i = 0; i < count; ++i) made.added.push_back(std::string(50, 'f'));
    made.total = count;
    return made;
  }
  static std::string first_cut(const Json& json) {
    return json.contains("truncated") ? json["truncated"][0].get<std::string>() : "";
  }
};

TEST_F(CutOrderTest, NothingIsCutOfWhatFits) {
  const Json json = cut(500, 2, 40);
  EXPECT_FALSE(json.contains("truncated"));
  EXPECT_EQ(json["commits"][0]["message"].get<std::string>().size(), 507U);
}

TEST_F(CutOrderTest, MessagesAreShortenedFirstAndThenLeftOut) {
  Json json = cut(3000, 2, 40);
  EXPECT_EQ(json["commits"][0]["message"].get<std::string>().size(), 1024U);
  EXPECT_EQ(json["truncated"].size(), 21U);
  EXPECT_EQ(first_cut(json), "/commits/0/message");
  json = cut(3000, 30, 40);
  EXPECT_FALSE(json["commits"][0].contains("message"));
  EXPECT_EQ(json["commits"][0]["added"].size(), 30U);
  EXPECT_EQ(json["truncated"].size(), 21U);
}

TEST_F(CutOrderTest, FilesOfEachCommitGoBeforeThoseOfAll) {
  const Json json = cut(3000, 100, 300);
  EXPECT_EQ(json["files"]["added"].size(), 300U);
  EXPECT_EQ(json["commits"].size(), 20U);
  EXPECT_LT(json["commits"][0]["added"].size(), 100U);
  EXPECT_EQ(json["commits"][0]["files_truncated"], true);
  EXPECT_EQ(first_cut(json), "/commits/0/message");
}

TEST_F(CutOrderTest, OfFilesAndTrailersOfEachCommitTheLongerOnesGoFirst) {
  RefFacts facts;
  facts.version = untagged(id(std::string(40, 'a')));
  for (int i = 0; i < 20; ++i) {
    facts.commits.push_back(commit_titled("title"));
    facts.commits.back().id = id(std::string(38, 'a') + std::to_string(10 + i));
    facts.commit_files.push_back(names(5));
    facts.notes[facts.commits.back().id].trailers.assign(40, {"Fixes", std::string(500, 'v')});
  }
  facts.commits_total = 20;
  facts.files = names(300);
  const Change one = change("refs/heads/x");
  EventBody made = body();
  made.change = &one;
  made.facts = &facts;
  Json json = within(made);
  EXPECT_EQ(json["commits"].size(), 20U);
  EXPECT_EQ(json["commits"][0]["trailers"]["Fixes"].size(), 2U);
  EXPECT_EQ(json["commits"][0]["added"].size(), 5U);
  EXPECT_EQ(json["files"]["added"].size(), 300U);
  EXPECT_EQ(json["truncated"].size(), 20U);
  EXPECT_EQ(first_cut(json), "/commits/0/trailers");

  for (int i = 0; i < 20; ++i) {
    facts.commit_files[static_cast<std::size_t>(i)] = names(100);
    facts.notes[facts.commits[static_cast<std::size_t>(i)].id].trailers.assign(3, {"Fixes", "1"});
  }
  json = within(made);
  EXPECT_EQ(json["commits"][0]["trailers"]["Fixes"].size(), 3U);
  EXPECT_EQ(json["commits"][0]["added"].size(), 25U);
}

TEST_F(CutOrderTest, FilesOfAllGoBeforeCommits) {
  RefFacts facts;
  facts.version = untagged(id(std::string(40, 'a')));
  for (int i = 0; i < 20; ++i) facts.commits.push_back(commit_titled(std::string(1000, 't')));
  facts.commits_total = 20;
  facts.files = names(300);
  for (std::string& name : facts.files->added) name.assign(200, 'f');
  const Change one = change("refs/heads/x");
  EventBody made = body();
  made.change = &one;
  made.facts = &facts;
  const Json json = within(made);
  EXPECT_EQ(json["commits"].size(), 20U);
  EXPECT_EQ(json["files"]["added"].size(), 150U);
  EXPECT_EQ(json["files"]["total"], 300);
  EXPECT_EQ(json["truncated"], Json::array({"/files/added"}));
}

TEST_F(EventBodyTest, SaysWhenATotalIsALowerBound) {
  RefFacts facts;
  facts.version = untagged(id(std::string(40, 'a')));
  facts.commits.push_back(commit_titled("x"));
  facts.commits_total = 2000;
  facts.commits_complete = false;
  const Change one = change("refs/heads/x");
  EventBody made = body();
  made.change = &one;
  made.facts = &facts;
  EXPECT_EQ(within(made)["truncated"], Json::array({"/commits", "/commits_total"}));
}

}  // namespace
}  // namespace trunkgate

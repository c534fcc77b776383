#include "events/webhook/request.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;
using Style = WebhookSettings::Style;

constexpr const char* kOne = "1111111111111111111111111111111111111111";
constexpr const char* kTwo = "2222222222222222222222222222222222222222";
constexpr const char* kZero = "0000000000000000000000000000000000000000";

Json commit(const char* id, const char* title) {
  return {
      {"id", id},
      {"parents", Json::array({kZero})},
      {"title", title},
      {"author", {{"name", "Ada"}, {"email", "ada@example.com"}, {"date", "2026-01-01T00:00:00Z"}}},
      {"committer",
       {{"name", {{"lossy", "B\uFFFDb"}, {"b64", "QuRi"}}},
        {"email", "bob@example.com"},
        {"date", "2026-01-02T00:00:00+01:00"}}},
      {"signature", "none"}};
}

Delivery delivery(const std::string& json) {
  Delivery result;
  result.json = json;
  return result;
}

// A branch's event, as event_body.cc writes it.
Json updated() {
  return {{"specversion", "1.0"},
          {"id", "evt_00112233445566778899aabbccddeeff"},
          {"source", "https://git.example.com/ml/trainer.git"},
          {"type", "dev.trunkgate.ref.updated.v1"},
          {"subject", "refs/heads/é \"%"},
          {"time", "2026-01-02T03:04:05.000001Z"},
          {"datacontenttype", "application/json"},
          {"sequence", "00000000000000000042"},
          {"correlationid", "push_ffeeddccbbaa99887766554433221100"},
          {"data",
           {{"schema_version", 1},
            {"repository",
             {{"id", "6f1c2b1e-0000-4000-8000-000000000000"},
              {"name", "trainer"},
              {"path", "/srv/git/trainer.git"},
              {"default_branch", "refs/heads/main"},
              {"object_format", "sha1"}}},
            {"actor", {{"kind", "user"}, {"id", "alice"}}},
            {"change",
             {{"ref",
               {{"name", "refs/heads/main"},
                {"kind", "branch"},
                {"short", "main"},
                {"protected", true},
                {"default", true}}},
              {"before", kOne},
              {"after", kTwo},
              {"forced", false}}},
            {"commits", Json::array({commit(kOne, "feat: one"), commit(kTwo, "feat: two")})},
            {"commits_total", 7},
            {"head_commit", commit(kTwo, "feat: two")}}}};
}

// Headers, an empty line, and the body with an indent.
std::string text(Style style, const Json& event) {
  const auto request = render(style, delivery(event.dump()));
  if (!request) return "nothing";
  std::string result;
  for (const auto& [name, value] : request->headers) result += name + ": " + value + "\n";
  return result + "\n" + Json::parse(request->body).dump(1) + "\n";
}

std::string file(const std::string& name) {
  std::ostringstream out;
  out << std::ifstream(TRUNKGATE_TESTS_DIR "/events/webhook/" + name).rdbuf();
  return out.str();
}

TEST(WebhookRequest, OfCloudEventsIsTheEventAsItIs) {
  const auto request = render(Style::cloudevents, delivery(R"({"id": 1})"));
  EXPECT_EQ(request->body, R"({"id": 1})");
  const HttpHeaders headers{{"Content-Type", "application/cloudevents+json; charset=utf-8"}};
  EXPECT_EQ(request->headers, headers);
}

TEST(WebhookRequest, InBinaryModeHasAttributesAsHeadersWithPercentSigns) {
  Json event = updated();
  event["data"] = {{"b", 1}, {"a", "é"}};
  event["empty"] = "";
  EXPECT_EQ(text(Style::cloudevents_binary, event),
            "Content-Type: application/json\n"
            "ce-specversion: 1.0\n"
            "ce-id: evt_00112233445566778899aabbccddeeff\n"
            "ce-source: https://git.example.com/ml/trainer.git\n"
            "ce-type: dev.trunkgate.ref.updated.v1\n"
            "ce-subject: refs/heads/%C3%A9%20%22%25\n"
            "ce-time: 2026-01-02T03:04:05.000001Z\n"
            "ce-sequence: 00000000000000000042\n"
            "ce-correlationid: push_ffeeddccbbaa99887766554433221100\n"
            "\n"
            "{\n \"b\": 1,\n \"a\": \"é\"\n}\n");
  EXPECT_EQ(render(Style::cloudevents_binary, delivery(event.dump()))->body,
            R"({"b":1,"a":"\u00e9"})");
}

TEST(WebhookRequest, OfGitHubIsItsPush) {
  EXPECT_EQ(text(Style::github, updated()),
            "Content-Type: application/json\n"
            "X-GitHub-Event: push\n"
            "X-GitHub-Delivery: 00112233-4455-6677-8899-aabbccddeeff\n\n" +
                file("github_push.json"));
}

TEST(WebhookRequest, OfGitLabIsItsPush) {
  EXPECT_EQ(text(Style::gitlab, updated()),
            "Content-Type: application/json\n"
            "X-Gitlab-Event: Push Hook\n"
            "X-Gitlab-Event-UUID: ffeeddcc-bbaa-9988-7766-554433221100\n"
            "Idempotency-Key: evt_00112233445566778899aabbccddeeff\n\n" +
                file("gitlab_push.json"));
}

TEST(WebhookRequest, OfGiteaIsItsPushWithTheNewestCommitFirst) {
  EXPECT_EQ(text(Style::gitea, updated()),
            "Content-Type: application/json\n"
            "X-Gitea-Event: push\n"
            "X-Gitea-Event-Type: push\n"
            "X-Gitea-Delivery: 00112233-4455-6677-8899-aabbccddeeff\n"
            "X-Gogs-Event: push\n"
            "X-Gogs-Event-Type: push\n"
            "X-Gogs-Delivery: 00112233-4455-6677-8899-aabbccddeeff\n"
            "X-GitHub-Event: push\n"
            "X-GitHub-Event-Type: push\n"
            "X-GitHub-Delivery: 00112233-4455-6677-8899-aabbccddeeff\n\n" +
                file("gitea_push.json"));
}

Json body_of(Style style, const Json& event) {
  const auto request = render(style, delivery(event.dump()));
  return request ? Json::parse(request->body) : Json("nothing");
}

TEST(WebhookRequest, OfGiteaSaysWhetherASignatureIsGood) {
  Json event = updated();
  event["data"]["commits"][0]["signature"] = "good";
  event["data"]["commits"][1]["signature"] = "unknown";
  event["data"]["head_commit"].erase("signature");  // of an event from before there were any
  const Json gitea = body_of(Style::gitea, event);
  Json verification = {
      {"verified", true}, {"reason", ""}, {"signature", ""}, {"signer", nullptr}, {"payload", ""}};
  EXPECT_EQ(gitea["commits"][1]["verification"], verification);
  verification["verified"] = false;
  verification["reason"] = "gpg.error.no_gpg_keys_found";
  EXPECT_EQ(gitea["commits"][0]["verification"], verification);
  EXPECT_EQ(gitea["head_commit"]["verification"], nullptr);
}

TEST(WebhookRequest, OfANewTagIsATagPushOfGitLab) {
  Json event = updated();
  event["type"] = "dev.trunkgate.ref.created.v1";
  event["data"]["change"] = {{"ref", {{"name", "refs/tags/v1"}, {"kind", "tag"}, {"short", "v1"}}},
                             {"before", nullptr},
                             {"after", kOne},
                             {"forced", false}};
  const Json gitlab = body_of(Style::gitlab, event);
  EXPECT_EQ(gitlab["object_kind"], "tag_push");
  EXPECT_EQ(gitlab["before"], kZero);
  EXPECT_EQ(gitlab["after"], kOne);
  EXPECT_EQ(gitlab["checkout_sha"], kTwo);  // the commit that the tag's object is about
  EXPECT_NE(text(Style::gitlab, event).find("X-Gitlab-Event: Tag Push Hook\n"), std::string::npos);
  const Json github = body_of(Style::github, event);
  EXPECT_EQ(github["ref"], "refs/tags/v1");
  EXPECT_EQ(github["created"], true);
}

TEST(WebhookRequest, OfADeletedBranchHasZeroesAndNoCommits) {
  Json event = updated();
  event["type"] = "dev.trunkgate.ref.deleted.v1";
  event["data"]["change"]["after"] = nullptr;
  for (const char* name : {"commits", "commits_total", "head_commit"}) event["data"].erase(name);
  const Json github = body_of(Style::github, event);
  EXPECT_EQ(github["after"], kZero);
  EXPECT_EQ(github["deleted"], true);
  EXPECT_EQ(github["commits"], Json::array());
  EXPECT_EQ(github["head_commit"], nullptr);
  const Json gitlab = body_of(Style::gitlab, event);
  EXPECT_EQ(gitlab["checkout_sha"], nullptr);
  EXPECT_EQ(gitlab["total_commits_count"], 0);
  EXPECT_EQ(body_of(Style::gitea, event)["after"], kZero);
}

TEST(WebhookRequest, OfGitLabListsTheTwentyNewestCommits) {
  Json event = updated();
  Json& commits = event["data"]["commits"];
  commits = Json::array();
  for (int i = 0; i < 25; ++i) commits.push_back(commit(kOne, std::to_string(i).c_str()));
  const Json listed = body_of(Style::gitlab, event)["commits"];
  ASSERT_EQ(listed.size(), 20U);
  EXPECT_EQ(listed.front()["title"], "5");
  EXPECT_EQ(listed.back()["title"], "24");
}

TEST(WebhookRequest, ListsTheFilesAndTheWholeMessageOfACommitThatHasThem) {
  Json event = updated();
  Json& commit = event["data"]["commits"][0];
  commit["message"] = "feat: one\n\nWhy.\n";
  commit["added"] = Json::array({"a", {{"lossy", "b\uFFFD"}, {"b64", "Yv8="}}});
  for (const Style style : {Style::github, Style::gitlab}) {
    const Json rendered = body_of(style, event)["commits"][0];
    EXPECT_EQ(rendered["message"], "feat: one\n\nWhy.\n");
    EXPECT_EQ(rendered["added"], (Json{"a", "b\uFFFD"}));
    EXPECT_EQ(rendered["removed"], Json::array());
  }
}

TEST(WebhookRequest, NamesTheOwnerAfterTheFolderAboveTheRepository) {
  const std::pair<const char*, const char*> kCases[] = {
      {"https://git.example.com/ml/vision/trainer.git/", "vision/trainer"},
      {"https://git.example.com/trainer.git", "git/trainer"},
      {"git@git.example.com:ml/trainer.git", "ml/trainer"},
      {"ssh://git@git.example.com/ml/trainer.git", "ml/trainer"},
      {"file:///srv/repositories/trainer.git", "repositories/trainer"},
      {"file:///trainer.git", "git/trainer"},
      {"", "git/trainer"}};
  for (const auto& [source, expected] : kCases) {
    Json event = updated();
    event["source"] = source;
    EXPECT_EQ(body_of(Style::github, event)["repository"]["full_name"], expected) << source;
  }
}

TEST(WebhookRequest, TakesUrlsToCloneFromWhenTheEventHasThem) {
  Json event = updated();
  event["data"]["repository"]["clone_urls"] = {"https://public.example/ml/trainer.git",
                                               "ssh://git@public.example/ml/trainer.git"};
  const Json repository = body_of(Style::github, event)["repository"];
  EXPECT_EQ(repository["clone_url"], "https://public.example/ml/trainer.git");
  EXPECT_EQ(repository["ssh_url"], "ssh://git@public.example/ml/trainer.git");
  EXPECT_EQ(repository["html_url"], "https://public.example/ml/trainer");
}

TEST(WebhookRequest, IsNoneForWhatAProductHasNoWordFor) {
  for (const Style style : {Style::github, Style::gitlab, Style::gitea}) {
    for (const char* type : {"push.rejected", "tag.created", "change.landed", "exemption.used"}) {
      Json event = updated();
      event["type"] = std::string("dev.trunkgate.") + type + ".v1";
      EXPECT_EQ(text(style, event), "nothing");
    }
    for (const char* kind : {"note", "other"}) {
      Json event = updated();
      event["data"]["change"]["ref"]["kind"] = kind;
      EXPECT_EQ(text(style, event), "nothing");
    }
  }
}

TEST(WebhookRequest, RefusesWhatIsNoEvent) {
  for (const Style style : {Style::cloudevents_binary, Style::github}) {
    for (const char* json : {"", "[]", R"({"type":"dev.trunkgate.ref.updated.v1"})",
                             R"({"type":"dev.trunkgate.ref.updated.v1","data":{"change":1}})"}) {
      if (style == Style::github && std::string(json) == "[]") continue;  // an event of no type
      EXPECT_THROW(render(style, delivery(json)), std::exception) << json;
    }
  }
}

}  // namespace
}  // namespace trunkgate

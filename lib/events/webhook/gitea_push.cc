#include <algorithm>

#include "events/bytes_json.h"
#include "events/webhook/push_renderings.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

Json person(const Json& commit, const char* role) {
  const Json& who = commit.at(role);
  return {{"name", text_at(who, "name")}, {"email", text_at(who, "email")}, {"username", ""}};
}

// In Gitea's words where it has any. The signature itself is in no event, nor whose it is.
Json verification(const Json& commit) {
  const std::string signature = text_at(commit, "signature");
  if (signature.empty()) return nullptr;
  const bool good = signature == "good";
  const char* fault =
      signature == "none" ? "gpg.error.not_signed_commit" : "gpg.error.no_gpg_keys_found";
  return {{"verified", good},
          {"reason", good ? "" : fault},
          {"signature", ""},
          {"signer", nullptr},
          {"payload", ""}};
}

Json commit(const ToldRef& push, const Json& commit) {
  const std::string id = text_at(commit, "id");
  Json json{{"id", id},
            {"message", message_of(commit)},
            {"url", push.web_url + "/commit/" + id},
            {"author", person(commit, "author")},
            {"committer", person(commit, "committer")},
            {"verification", verification(commit)},
            {"timestamp", date_of(commit)}};
  for (const char* list : {"added", "removed", "modified"}) json[list] = files_of(commit, list);
  return json;
}

Json user(const std::string& name) {
  return {{"id", 0},     {"login", name},    {"full_name", ""},
          {"email", ""}, {"avatar_url", ""}, {"username", name}};
}

Json repository(const ToldRef& push) {
  return {{"id", push.number},           {"owner", user(push.owner)},
          {"name", push.repository},     {"full_name", push.full_name()},
          {"description", ""},           {"private", true},
          {"html_url", push.web_url},    {"ssh_url", push.ssh_url},
          {"clone_url", push.clone_url}, {"default_branch", push.default_branch}};
}

}  // namespace

WebhookRequest gitea_push(const ToldRef& push) {
  Json commits = Json::array();
  for (const Json& each : push.commits) commits.push_back(commit(push, each));
  // Gitea's come newest first, and its receivers rely on that.
  std::reverse(commits.begin(), commits.end());
  const Json json{{"ref", push.ref},
                  {"before", push.before},
                  {"after", push.after},
                  {"compare_url", push.web_url + "/compare/" + push.before + "..." + push.after},
                  {"commits", std::move(commits)},
                  {"total_commits", push.commits_total},
                  {"head_commit", push.head.is_object() ? commit(push, push.head) : Json()},
                  {"repository", repository(push)},
                  {"pusher", user(push.pusher)},
                  {"sender", user(push.pusher)}};
  WebhookRequest request{dump(json), {{"Content-Type", "application/json"}}};
  // Gitea sends the names of its ancestors, too.
  for (const char* product : {"Gitea", "Gogs", "GitHub"}) {
    const std::string prefix = std::string("X-") + product;
    request.headers.emplace_back(prefix + "-Event", "push");
    request.headers.emplace_back(prefix + "-Event-Type", "push");
    request.headers.emplace_back(prefix + "-Delivery", push.uuid);
  }
  return request;
}

}  // namespace trunkgate

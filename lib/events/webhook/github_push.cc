#include "events/bytes_json.h"
#include "events/webhook/push_renderings.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

Json person(const Json& commit, const char* role) {
  const Json& who = commit.at(role);
  return {{"name", text_at(who, "name")}, {"email", text_at(who, "email")}};
}

Json commit(const ToldRef& push, const Json& commit) {
  const std::string id = text_at(commit, "id");
  Json json{{"id", id}};
  if (const std::string tree = text_at(commit, "tree"); !tree.empty()) json["tree_id"] = tree;
  json["distinct"] = true;
  json["message"] = message_of(commit);
  json["timestamp"] = date_of(commit);
  json["url"] = push.web_url + "/commit/" + id;
  json["author"] = person(commit, "author");
  json["committer"] = person(commit, "committer");
  for (const char* list : {"added", "removed", "modified"}) json[list] = files_of(commit, list);
  return json;
}

Json repository(const ToldRef& push) {
  return {{"id", push.number},
          {"name", push.repository},
          {"full_name", push.full_name()},
          {"private", true},
          {"owner", {{"name", push.owner}, {"login", push.owner}, {"email", nullptr}}},
          {"html_url", push.web_url},
          {"url", push.web_url},
          {"git_url", push.clone_url},
          {"ssh_url", push.ssh_url},
          {"clone_url", push.clone_url},
          {"default_branch", push.default_branch},
          {"master_branch", push.default_branch}};
}

}  // namespace

WebhookRequest github_push(const ToldRef& push) {
  Json commits = Json::array();
  for (const Json& each : push.commits) commits.push_back(commit(push, each));
  const Json json{{"ref", push.ref},
                  {"before", push.before},
                  {"after", push.after},
                  {"repository", repository(push)},
                  {"pusher", {{"name", push.pusher}, {"email", nullptr}}},
                  {"sender", {{"login", push.pusher}, {"id", 0}, {"type", "User"}}},
                  {"created", push.created},
                  {"deleted", push.deleted},
                  {"forced", push.forced},
                  {"base_ref", nullptr},
                  {"compare", push.web_url + "/compare/" + push.before + "..." + push.after},
                  {"commits", std::move(commits)},
                  {"head_commit", push.head.is_object() ? commit(push, push.head) : Json()}};
  return {dump(json),
          {{"Content-Type", "application/json"},
           {"X-GitHub-Event", "push"},
           {"X-GitHub-Delivery", push.uuid}}};
}

}  // namespace trunkgate

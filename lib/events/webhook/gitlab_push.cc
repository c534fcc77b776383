#include <algorithm>

#include "events/bytes_json.h"
#include "events/webhook/push_renderings.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kListedCommits = 20;  // the newest, as GitLab does

Json commit(const ToldRef& push, const Json& commit) {
  const std::string id = text_at(commit, "id");
  const Json& author = commit.at("author");
  Json json{{"id", id},
            {"message", message_of(commit)},
            {"title", text_at(commit, "title")},
            {"timestamp", date_of(commit)},
            {"url", push.web_url + "/-/commit/" + id},
            {"author", {{"name", text_at(author, "name")}, {"email", text_at(author, "email")}}}};
  for (const char* list : {"added", "modified", "removed"}) json[list] = files_of(commit, list);
  return json;
}

Json project(const ToldRef& push) {
  return {{"id", push.number},
          {"name", push.repository},
          {"description", nullptr},
          {"web_url", push.web_url},
          {"avatar_url", nullptr},
          {"git_ssh_url", push.ssh_url},
          {"git_http_url", push.clone_url},
          {"namespace", push.owner},
          {"visibility_level", 0},
          {"path_with_namespace", push.full_name()},
          {"default_branch", push.default_branch},
          {"ci_config_path", nullptr},
          {"homepage", push.web_url},
          {"url", push.ssh_url},
          {"ssh_url", push.ssh_url},
          {"http_url", push.clone_url}};
}

Json repository(const ToldRef& push) {
  return {{"name", push.repository},        {"url", push.ssh_url},
          {"description", nullptr},         {"homepage", push.web_url},
          {"git_http_url", push.clone_url}, {"git_ssh_url", push.ssh_url},
          {"visibility_level", 0}};
}

}  // namespace

WebhookRequest gitlab_push(const ToldRef& push) {
  Json commits = Json::array();
  const std::size_t all = push.commits.size();
  for (std::size_t i = all - std::min(all, kListedCommits); i < all; ++i) {
    commits.push_back(commit(push, push.commits[i]));
  }
  // What to check out: the commit, also of a tag that is an object of its own.
  const std::string head = push.head.is_object() ? text_at(push.head, "id") : push.after;
  const char* word = push.tag ? "tag_push" : "push";
  const Json json{{"object_kind", word},
                  {"event_name", word},
                  {"before", push.before},
                  {"after", push.after},
                  {"ref", push.ref},
                  {"ref_protected", push.protected_ref},
                  {"checkout_sha", push.deleted ? Json() : Json(head)},
                  {"message", nullptr},
                  {"user_id", 0},
                  {"user_name", push.pusher},
                  {"user_username", push.pusher},
                  {"user_email", ""},
                  {"user_avatar", nullptr},
                  {"project_id", push.number},
                  {"project", project(push)},
                  {"commits", std::move(commits)},
                  {"total_commits_count", push.commits_total},
                  {"push_options", Json::object()},
                  {"repository", repository(push)}};
  return {dump(json),
          {{"Content-Type", "application/json"},
           {"X-Gitlab-Event", push.tag ? "Tag Push Hook" : "Push Hook"},
           {"X-Gitlab-Event-UUID", push.push_uuid},
           {"Idempotency-Key", push.id}}};
}

}  // namespace trunkgate

// A pushed branch or tag as GitHub, GitLab and Gitea tell it, so that receivers made for them work.
// Included by lib/events/webhook/*.cc only.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "events/webhook/request.h"

namespace trunkgate {

// What the renderings need of a ref's event. All texts are UTF-8; where Git's bytes were not, what
// could not be read is U+FFFD.
struct ToldRef {
  using Json = nlohmann::ordered_json;

  std::string uuid;       // the event's id in the form of a UUID
  std::string push_uuid;  // the push's
  std::string id;         // the event's
  bool tag = false;       // else a branch
  std::string ref;        // "refs/heads/main"
  std::string before;     // zeroes when it is new
  std::string after;      // zeroes when it is gone
  bool created = false;
  bool deleted = false;
  bool forced = false;
  bool protected_ref = false;
  std::string pusher;

  std::string repository;    // "trainer"
  std::string owner;         // "ml": the folder above it
  std::uint32_t number = 0;  // of the repository, made from its UUID; of 31 bits
  std::string web_url;       // without ".git"
  std::string clone_url;
  std::string ssh_url;
  std::string default_branch;  // "main"

  Json commits;  // as in the event: oldest first, the newest ones when there are many
  std::uint64_t commits_total = 0;
  Json head;  // null when there is none

  std::string full_name() const { return owner + "/" + repository; }
};

// Nothing unless the event says that a branch or a tag was made, moved or removed. (Events about
// tags come besides those of their refs, so they are not told again.)
std::optional<ToldRef> pushed_ref(const ToldRef::Json& event);

// Text that is a string or, for other bytes than UTF-8, an object with `lossy`.
std::string text_of(const ToldRef::Json& value);
// The member's text; empty when it is not there.
std::string text_at(const ToldRef::Json& object, const char* name);
// A commit's message, or its title when the event has no more.
std::string message_of(const ToldRef::Json& commit);
// The date of the commit, or of its author.
std::string date_of(const ToldRef::Json& commit);
// Names of files, an empty list when the event has none.
ToldRef::Json files_of(const ToldRef::Json& commit, const char* name);

WebhookRequest github_push(const ToldRef& push);
WebhookRequest gitlab_push(const ToldRef& push);
WebhookRequest gitea_push(const ToldRef& push);

}  // namespace trunkgate

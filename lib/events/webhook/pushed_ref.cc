#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/digest.h"
#include "events/event.h"
#include "events/webhook/push_renderings.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

const Json& member(const Json& object, const char* name) {
  static const Json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(name);
  return found == object.end() ? kNull : *found;
}

bool flag(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_boolean() && value.get<bool>();
}

std::string uuid_of(std::string_view id) {
  const std::string digits = sha256(id).substr(0, 32);
  const auto underscore = id.rfind('_');
  const std::string_view own =
      underscore == std::string_view::npos ? "" : id.substr(underscore + 1);
  const std::string_view hex = own.size() == 32 ? own : std::string_view(digits);
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                     hex.substr(16, 4), hex.substr(20));
}

bool ends_with_git(std::string_view text) { return text.ends_with(".git"); }

std::string_view without_slashes(std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

// The part before the repository's own name: "ml" of "https://git.example/ml/trainer.git". A path
// of one part has none.
std::string owner_of(std::string_view place) {
  const auto scheme = place.find("://");
  const bool local = scheme == std::string_view::npos || place.starts_with("file://");
  if (scheme != std::string_view::npos) {
    place.remove_prefix(scheme + 3);
    if (!local) place.remove_prefix(std::min(place.find('/'), place.size()));
  }
  place = without_slashes(place);
  const auto slash = place.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return "git";
  place = without_slashes(place.substr(0, slash));
  const auto above = place.find_last_of("/:");
  const std::string owner(above == std::string_view::npos ? place : place.substr(above + 1));
  return owner.empty() ? "git" : owner;
}

bool is_ssh(std::string_view url) {
  return url.starts_with("ssh://") ||
         (url.find("://") == std::string_view::npos && url.find('@') != std::string_view::npos);
}

void read_repository(const Json& event, const Json& repository, ToldRef& push) {
  const std::string source = text_at(event, "source");
  push.repository = text_at(repository, "name");
  push.clone_url = source;
  push.ssh_url = source;
  for (const Json& url : member(repository, "clone_urls")) {
    (is_ssh(text_of(url)) ? push.ssh_url : push.clone_url) = text_of(url);
  }
  push.owner = owner_of(push.clone_url);
  const std::string_view web = without_slashes(push.clone_url);
  push.web_url = ends_with_git(web) ? web.substr(0, web.size() - 4) : web;
  push.default_branch = text_at(repository, "default_branch");
  constexpr std::string_view kBranches = "refs/heads/";
  if (push.default_branch.starts_with(kBranches)) push.default_branch.erase(0, kBranches.size());
  // Receivers written in Java take 31 bits.
  const std::string digits = sha256(text_at(repository, "id")).substr(0, 8);
  std::from_chars(digits.data(), digits.data() + digits.size(), push.number, 16);
  push.number &= 0x7FFFFFFFU;
}

}  // namespace

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  const Json& lossy = member(value, "lossy");
  return lossy.is_string() ? lossy.get<std::string>() : "";
}

std::string text_at(const Json& object, const char* name) { return text_of(member(object, name)); }

std::string message_of(const Json& commit) {
  const std::string message = text_at(commit, "message");
  return message.empty() ? text_at(commit, "title") : message;
}

std::string date_of(const Json& commit) {
  const std::string date = text_at(member(commit, "committer"), "date");
  return date.empty() ? text_at(member(commit, "author"), "date") : date;
}

Json files_of(const Json& commit, const char* name) {
  Json names = Json::array();
  for (const Json& file : member(commit, name)) names.push_back(text_of(file));
  return names;
}

std::optional<ToldRef> pushed_ref(const Json& event) {
  const std::string type = text_at(event, "type");
  if (type != event_type("ref.created") && type != event_type("ref.updated") &&
      type != event_type("ref.deleted")) {
    return std::nullopt;
  }
  const Json& body = event.at("data");
  const Json& change = body.at("change");
  const Json& ref = change.at("ref");
  const std::string kind = text_at(ref, "kind");
  if (kind != "branch" && kind != "tag") return std::nullopt;

  ToldRef push;
  push.id = text_at(event, "id");
  push.uuid = uuid_of(push.id);
  push.push_uuid = uuid_of(text_at(event, "correlationid"));
  push.tag = kind == "tag";
  push.ref = text_at(ref, "name");
  push.before = text_at(change, "before");
  push.after = text_at(change, "after");
  push.created = push.before.empty();
  push.deleted = push.after.empty();
  const std::size_t digits =
      text_at(member(body, "repository"), "object_format") == "sha256" ? 64 : 40;
  if (push.created) push.before.assign(digits, '0');
  if (push.deleted) push.after.assign(digits, '0');
  push.forced = flag(change, "forced");
  push.protected_ref = flag(ref, "protected");
  push.pusher = text_at(member(body, "actor"), "id");
  read_repository(event, member(body, "repository"), push);

  push.commits = member(body, "commits");
  if (!push.commits.is_array()) push.commits = Json::array();
  const Json& total = member(body, "commits_total");
  push.commits_total =
      total.is_number_unsigned() ? total.get<std::uint64_t>() : push.commits.size();
  push.head = member(body, "head_commit");
  return push;
}

}  // namespace trunkgate

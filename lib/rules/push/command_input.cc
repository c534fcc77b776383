#include "rules/push/command_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "git/change_walk.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxInputBytes = std::size_t{64} << 20U;
// Names of keys, ids, dates and quotes of one commit or file.
constexpr std::size_t kCommitOverhead = 450;
constexpr std::size_t kFileOverhead = 150;

// As in events: a string when it is UTF-8, else both a readable and a lossless form.
Json bytes_to_json(std::string_view bytes) {
  if (is_utf8(bytes)) return std::string(bytes);
  return {{"lossy", lossy_utf8(bytes)}, {"b64", base64(bytes)}};
}

Json id_to_json(const ObjectId& id) { return id.is_zero() ? Json() : Json(id.hex()); }

Json person_to_json(const Signature& person) {
  return {{"name", bytes_to_json(person.name)},
          {"email", bytes_to_json(person.email)},
          {"time", person.time},
          {"offset_minutes", person.offset_minutes}};
}

std::string_view action_of(const PushedRef& ref) {
  return ref.creates() ? "create" : ref.deletes() ? "delete" : "update";
}

class InputWriter {
 public:
  InputWriter(const Push& push, const PathSet& files)
      : push_(push), paths_(files), walk_(push.repository.objects(), true) {}

  Json refs(const std::vector<PushPart>& parts) {
    Json list = Json::array();
    for (const PushPart& part : parts) {
      const PushedRef& ref = *part.ref;
      Json commits = Json::array();
      for (const ObjectId& id : part.commits) {
        commits.push_back(commit(push_.repository.commit(id)));
        if (bytes_ > kMaxInputBytes) return {};
      }
      bytes_ += ref.name.size() + kCommitOverhead;
      list.push_back({{"name", bytes_to_json(ref.name)},
                      {"kind", to_string(ref.kind)},
                      {"action", action_of(ref)},
                      {"old", id_to_json(ref.old_id)},
                      {"new", id_to_json(ref.new_id)},
                      {"old_commit", id_to_json(ref.old_commit)},
                      {"new_commit", id_to_json(ref.new_commit)},
                      {"commits", std::move(commits)}});
    }
    return list;
  }

  std::size_t files() const { return files_; }
  bool too_large() const { return bytes_ > kMaxInputBytes; }

 private:
  Json commit(const Commit& commit) {
    Json parents = Json::array();
    for (const ObjectId& parent : commit.parents) parents.push_back(parent.hex());
    bytes_ += kCommitOverhead + commit.message.size() + commit.author.name.size() +
              commit.committer.name.size();
    Json json{{"id", commit.id.hex()},
              {"tree", commit.tree.hex()},
              {"parents", std::move(parents)},
              {"author", person_to_json(commit.author)},
              {"committer", person_to_json(commit.committer)}};
    if (!commit.encoding.empty()) json["encoding"] = bytes_to_json(commit.encoding);
    json["signed"] = commit.signed_commit;
    json["message"] = bytes_to_json(commit.message);
    if (!paths_.empty()) json["files"] = changes(commit);
    return json;
  }

  Json changes(const Commit& commit) {
    Json list = Json::array();
    walk_.visit(commit, [&](const ChangedFile& file) {
      if (!paths_.matches(file.path, kind_of_path(file)) || bytes_ > kMaxInputBytes) return;
      ++files_;
      bytes_ += kFileOverhead + file.path.size();
      Json json{{"path", bytes_to_json(file.path)},
                {"status", file.added()     ? "added"
                           : file.deleted() ? "deleted"
                                            : "modified"},
                {"mode", fmt::format("{:06o}", file.deleted() ? file.before_mode : file.mode)},
                {"id", id_to_json(file.id)},
                {"before", id_to_json(file.before)}};
      if (!file.deleted() && !file.submodule()) {
        json["size"] = push_.repository.header(file.id).size;
      }
      list.push_back(std::move(json));
    });
    return list;
  }

  const Push& push_;
  const PathSet& paths_;
  ChangeWalk walk_;
  std::size_t files_ = 0;
  std::size_t bytes_ = 0;  // about as many as the text will have
};

Json pusher_to_json(const Pusher& pusher, const Groups& groups) {
  Json member_of = Json::array();
  for (const auto& [name, users] : groups) {
    if (pusher.known() && std::find(users.begin(), users.end(), pusher.name) != users.end()) {
      member_of.push_back(name);
    }
  }
  return {{"name", pusher.known() ? Json(pusher.name) : Json()},
          {"source", pusher.source},
          {"transport", pusher.transport},
          {"groups", std::move(member_of)}};
}

}  // namespace

CommandInput command_input(const Push& push, const std::vector<PushPart>& parts,
                           const std::string& rule, const Groups& groups, const PathSet& files) {
  InputWriter writer(push, files);
  Json refs = writer.refs(parts);
  CommandInput input{.text = {}, .files = writer.files(), .too_large = writer.too_large()};
  if (input.too_large) return input;
  Json options = Json::array();
  for (const std::string& option : push.options) options.push_back(bytes_to_json(option));
  const Json json{{"version", 1},
                  {"rule", rule},
                  {"push", push.id},
                  {"time", push.now},
                  {"repository", bytes_to_json(push.repository.path())},
                  {"pusher", pusher_to_json(push.pusher, groups)},
                  {"options", std::move(options)},
                  {"refs", std::move(refs)}};
  input.text = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return input;
}

}  // namespace trunkgate

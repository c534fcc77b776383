#include "events/body_writer.h"

#include <cstdlib>
#include <ctime>
#include <map>

#include "base/text.h"
#include "git/ref_name.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxPointers = 100;

Json or_null(const ObjectId& id) { return id.is_zero() ? Json() : Json(id.hex()); }

// RFC 3339 in the author's time zone; nothing when the date is outside of what that can say.
std::optional<std::string> date_of(const Signature& signature) {
  constexpr std::int64_t kFirst = -62'135'510'400;  // 0001-01-02
  constexpr std::int64_t kLast = 253'402'214'400;   // 9999-12-31
  if (signature.time < kFirst || signature.time > kLast) return std::nullopt;
  const int offset = std::abs(signature.offset_minutes) < 24 * 60 ? signature.offset_minutes : 0;
  const auto local = static_cast<std::time_t>(signature.time + offset * 60);
  std::tm parts{};
  gmtime_r(&local, &parts);
  std::string date =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", parts.tm_year + 1900, parts.tm_mon + 1,
                  parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
  if (offset == 0) return date + "Z";
  return date + fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', std::abs(offset) / 60,
                            std::abs(offset) % 60);
}

}  // namespace

void BodyWriter::cut(const std::string& pointer) {
  if (truncated_.size() < kMaxPointers) truncated_.push_back(pointer);
}

BodyWriter::Json BodyWriter::bytes(std::string_view text, const std::string& pointer,
                                   std::size_t limit) {
  if (text.size() <= limit) return bytes_to_json(text);
  cut(pointer);
  return lossy_utf8(cut_bytes(text, limit));
}

std::string BodyWriter::text(std::string_view text, const std::string& pointer) {
  if (text.size() > limits_.text) cut(pointer);
  return lossy_utf8(cut_bytes(text, limits_.text));
}

BodyWriter::Json BodyWriter::repository(const RepositoryFacts& facts) {
  Json json{{"id", facts.id},
            {"name", text(facts.name, "/repository/name")},
            {"path", text(facts.path, "/repository/path")}};
  if (!facts.default_branch.empty()) {
    json["default_branch"] = text(facts.default_branch, "/repository/default_branch");
  }
  for (std::size_t i = 0; i < facts.clone_urls.size(); ++i) {
    json["clone_urls"].push_back(
        text(facts.clone_urls[i], fmt::format("/repository/clone_urls/{}", i)));
  }
  json["object_format"] = "sha1";
  return json;
}

BodyWriter::Json BodyWriter::actor(const Actor& actor) {
  constexpr std::array<std::string_view, 3> kKinds{"user", "service", "system"};
  constexpr std::array<std::string_view, 4> kTransports{"ssh", "http", "git", "local"};
  const bool known = std::count(kKinds.begin(), kKinds.end(), actor.kind) > 0;
  Json json{{"kind", known ? actor.kind : "unknown"}, {"id", printable(actor.id)}};
  if (!actor.key_fingerprint.empty()) json["key_fingerprint"] = printable(actor.key_fingerprint);
  if (!actor.remote_addr.empty()) json["remote_addr"] = printable(actor.remote_addr);
  if (std::count(kTransports.begin(), kTransports.end(), actor.transport) > 0) {
    json["transport"] = actor.transport;
  }
  return json;
}

BodyWriter::Json BodyWriter::ref(const SpooledUpdate& update, std::string_view default_branch,
                                 const std::string& pointer) {
  const RefParts parts = parts_of(update.ref);
  return {{"name", bytes(update.ref, pointer + "/name")},
          {"kind", parts.kind},
          {"short", bytes(short_name(parts.name), pointer + "/short")},
          {"protected", update.protected_ref},
          {"default", update.ref == default_branch}};
}

BodyWriter::Json BodyWriter::change(const Change& change, std::string_view default_branch,
                                    const std::string& pointer) {
  return {{"ref", ref(change.update, default_branch, pointer + "/ref")},
          {"before", or_null(change.update.before)},
          {"after", or_null(change.update.after)},
          {"forced", change.forced}};
}

BodyWriter::Json BodyWriter::version(const Version& version, const std::string& pointer) {
  return {{"name", text(version.name, pointer + "/name")},
          {"kind", version.tagged ? "tag" : "dev"},
          {"commit", version.commit.hex()},
          {"tags", list(kTags, version.tags, pointer + "/tags",
                        [&](const std::string& tag, const std::string& at) -> Json {
                          return text(tag, at);
                        })}};
}

BodyWriter::Json BodyWriter::person(const Signature& signature, const std::string& pointer) {
  const std::size_t limit = std::min(limits_.text, limits_.title);
  Json json{{"name", bytes(signature.name, pointer + "/name", limit)},
            {"email", bytes(signature.email, pointer + "/email", limit)}};
  if (const auto date = date_of(signature)) json["date"] = *date;
  return json;
}

// Values of one name stand together, whatever its case, under how it is written first.
BodyWriter::Json BodyWriter::trailers(const std::vector<Trailer>& trailers,
                                      const std::string& pointer) {
  const std::size_t limit = std::min(limits_.text, limits_.title);
  Json json = Json::object();
  // As they are written first, by what they are in lower case.
  std::map<std::string, std::string> names;
  list(kTrailers, trailers, pointer, [&](const Trailer& trailer, const std::string&) -> Json {
    const auto [name, fresh] = names.try_emplace(ascii_lower(trailer.token));
    if (fresh) {
      if (trailer.token.size() > limit) cut(pointer);
      name->second = trailer.token.substr(0, limit);
    }
    Json& values = json[name->second];
    values.push_back(
        bytes(trailer.value, fmt::format("{}/{}/{}", pointer, name->second, values.size()), limit));
    return {name->second, values.back()};
  });
  return json;
}

const char* BodyWriter::signature(bool is_signed, bool good) {
  if (!is_signed) return "none";
  return good ? "good" : "unknown";
}

BodyWriter::Json BodyWriter::commit(const Commit& commit, const FileNames* files,
                                    const CommitNotes* notes, const std::string& pointer) {
  Json parents = Json::array();
  for (const ObjectId& parent : commit.parents) parents.push_back(parent.hex());
  const std::string_view title = title_of(commit.message);
  Json json{{"id", commit.id.hex()},
            {"tree", commit.tree.hex()},
            {"parents", std::move(parents)},
            {"title", bytes(title, pointer + "/title", std::min(limits_.text, limits_.title))}};
  if (trim(commit.message) != trim(title)) {
    has_messages_ = true;
    if (limits_.message > 0) {
      json["message"] = bytes(commit.message, pointer + "/message", limits_.message);
    } else {
      cut(pointer + "/message");
    }
  }
  json["author"] = person(commit.author, pointer + "/author");
  json["committer"] = person(commit.committer, pointer + "/committer");
  json["signature"] = signature(commit.signed_commit, notes != nullptr && notes->good_signature);
  if (notes != nullptr && !notes->trailers.empty()) {
    json["trailers"] = trailers(notes->trailers, pointer + "/trailers");
  }
  if (files != nullptr) {
    file_lists(*files, kCommitFiles, pointer, json);
    const std::size_t shown =
        json["added"].size() + json["modified"].size() + json["removed"].size();
    if (!files->complete || shown < files->total) json["files_truncated"] = true;
  }
  return json;
}

void BodyWriter::file_lists(const FileNames& files, List which, const std::string& pointer,
                            Json& json) {
  const auto write = [&](const std::string& path, const std::string& at) {
    return bytes(path, at);
  };
  json["added"] = list(which, files.added, pointer + "/added", write);
  json["modified"] = list(which, files.modified, pointer + "/modified", write);
  json["removed"] = list(which, files.removed, pointer + "/removed", write);
}

BodyWriter::Json BodyWriter::finding(const SpooledFinding& finding, const std::string& pointer) {
  Json json{{"rule", text(finding.rule, pointer + "/rule")},
            {"severity", finding.warning ? "warning" : "error"},
            {"message", text(finding.message, pointer + "/message")}};
  if (!finding.ref.empty()) json["ref"] = bytes(finding.ref, pointer + "/ref");
  if (finding.commit) json["commit"] = finding.commit->hex();
  if (!finding.path.empty()) json["path"] = bytes(finding.path, pointer + "/path");
  if (finding.line != 0) json["line"] = finding.line;
  if (!finding.hint.empty()) json["hint"] = text(finding.hint, pointer + "/hint");
  if (!finding.waived_by.empty()) {
    json["waived_by"] = text(finding.waived_by, pointer + "/waived_by");
  }
  return json;
}

BodyWriter::Json BodyWriter::requirement(const SpooledRequirement& requirement,
                                         const std::string& pointer) {
  Json json{{"rule", text(requirement.rule, pointer + "/rule")},
            {"ref", bytes(requirement.ref, pointer + "/ref")},
            {"state", requirement.state},
            {"what", text(requirement.what, pointer + "/what")}};
  if (!requirement.why.empty()) json["why"] = text(requirement.why, pointer + "/why");
  return json;
}

BodyWriter::Json BodyWriter::names(const std::vector<std::string>& names,
                                   const std::string& pointer) {
  return list(kNames, names, pointer, [&](const std::string& name, const std::string& at) -> Json {
    return text(name, at);
  });
}

BodyWriter::Json BodyWriter::push_options(std::span<const std::string> options) {
  return list(kOptions, options, "/push_options",
              [&](const std::string& item, const std::string& at) -> Json {
                if (item.size() > limits_.text) cut(at);
                return printable(item, limits_.text);
              });
}

}  // namespace trunkgate

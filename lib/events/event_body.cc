#include "events/event_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "events/bytes_json.h"
#include "git/ref_name.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxTitleBytes = 1024;
constexpr std::size_t kMaxPointers = 100;
constexpr std::size_t kMinTextBytes = 64;

enum List : std::size_t { kCommits, kFindings, kChanges, kOptions, kTags, kLists };

// How much of a body is shown.
struct Limits {
  std::array<std::size_t, kLists> items{GitFacts::kListedCommits, 100, 200, 100, 50};
  std::size_t text = 8192;  // bytes of one name, path or message
};

// Turns a body into JSON within given limits, and notes what they cut.
class Writer {
 public:
  Writer(const EventBody& body, const Limits& limits) : body_(body), limits_(limits) {}

  Json write();
  // Bytes that each list took.
  const std::array<std::size_t, kLists>& sizes() const { return sizes_; }

 private:
  // Git's bytes, exact unless they are too long.
  Json bytes(std::string_view text, const std::string& pointer, std::size_t limit);
  Json bytes(std::string_view text, const std::string& pointer) {
    return bytes(text, pointer, limits_.text);
  }
  // For fields that are strings always.
  std::string text(std::string_view text, const std::string& pointer);
  void cut(const std::string& pointer);

  template <typename Items, typename Write>
  Json list(List which, const Items& items, const std::string& pointer, Write write);

  Json repository();
  Json actor() const;
  Json change(const Change& change, const std::string& pointer);
  Json version(const Version& version);
  Json commit(const Commit& commit, const std::string& pointer);
  Json person(const Signature& signature, const std::string& pointer);
  Json finding(const SpooledFinding& finding, const std::string& pointer);
  void write_ref(Json& json);
  void write_push(Json& json);

  const EventBody& body_;
  const Limits& limits_;
  std::array<std::size_t, kLists> sizes_{};
  std::vector<std::string> truncated_;
};

void Writer::cut(const std::string& pointer) {
  if (truncated_.size() < kMaxPointers) truncated_.push_back(pointer);
}

Json Writer::bytes(std::string_view text, const std::string& pointer, std::size_t limit) {
  if (text.size() <= limit) return bytes_to_json(text);
  cut(pointer);
  return lossy_utf8(cut_bytes(text, limit));
}

std::string Writer::text(std::string_view text, const std::string& pointer) {
  if (text.size() > limits_.text) cut(pointer);
  return lossy_utf8(cut_bytes(text, limits_.text));
}

template <typename Items, typename Write>
Json Writer::list(List which, const Items& items, const std::string& pointer, Write write) {
  Json json = Json::array();
  const std::size_t shown = std::min<std::size_t>(items.size(), limits_.items[which]);
  if (shown < items.size()) cut(pointer);
  // Of commits the newest count, and they stand last.
  const std::size_t first = which == kCommits ? items.size() - shown : 0;
  for (std::size_t i = 0; i < shown; ++i) {
    json.push_back(write(items[first + i], fmt::format("{}/{}", pointer, i)));
  }
  sizes_[which] = dump(json).size();
  return json;
}

Json Writer::repository() {
  const RepositoryFacts& facts = *body_.repository;
  Json json{{"id", facts.id},
            {"name", text(facts.name, "/repository/name")},
            {"path", text(facts.path, "/repository/path")}};
  if (!facts.default_branch.empty()) {
    json["default_branch"] = text(facts.default_branch, "/repository/default_branch");
  }
  json["object_format"] = "sha1";
  return json;
}

Json Writer::actor() const {
  constexpr std::array<std::string_view, 3> kKinds{"user", "service", "system"};
  constexpr std::array<std::string_view, 4> kTransports{"ssh", "http", "git", "local"};
  const Actor& actor = *body_.actor;
  const bool known = std::count(kKinds.begin(), kKinds.end(), actor.kind) > 0;
  Json json{{"kind", known ? actor.kind : "unknown"}, {"id", printable(actor.id)}};
  if (!actor.remote_addr.empty()) json["remote_addr"] = printable(actor.remote_addr);
  if (std::count(kTransports.begin(), kTransports.end(), actor.transport) > 0) {
    json["transport"] = actor.transport;
  }
  return json;
}

Json or_null(const ObjectId& id) { return id.is_zero() ? Json() : Json(id.hex()); }

Json Writer::change(const Change& change, const std::string& pointer) {
  const SpooledUpdate& update = change.update;
  const RefParts parts = parts_of(update.ref);
  const Json ref{{"name", bytes(update.ref, pointer + "/ref/name")},
                 {"kind", parts.kind},
                 {"short", bytes(short_name(parts.name), pointer + "/ref/short")},
                 {"protected", update.protected_ref},
                 {"default", update.ref == body_.repository->default_branch}};
  return {{"ref", ref},
          {"before", or_null(update.before)},
          {"after", or_null(update.after)},
          {"forced", change.forced}};
}

Json Writer::version(const Version& version) {
  return {{"name", text(version.name, "/version/name")},
          {"kind", version.tagged ? "tag" : "dev"},
          {"commit", version.commit.hex()},
          {"tags", list(kTags, version.tags, "/version/tags",
                        [&](const std::string& tag, const std::string& pointer) -> Json {
                          return text(tag, pointer);
                        })}};
}

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

Json Writer::person(const Signature& signature, const std::string& pointer) {
  const std::size_t limit = std::min(limits_.text, kMaxTitleBytes);
  Json json{{"name", bytes(signature.name, pointer + "/name", limit)},
            {"email", bytes(signature.email, pointer + "/email", limit)}};
  if (const auto date = date_of(signature)) json["date"] = *date;
  return json;
}

Json Writer::commit(const Commit& commit, const std::string& pointer) {
  Json parents = Json::array();
  for (const ObjectId& parent : commit.parents) parents.push_back(parent.hex());
  return {{"id", commit.id.hex()},
          {"parents", std::move(parents)},
          {"title", bytes(title_of(commit.message), pointer + "/title",
                          std::min(limits_.text, kMaxTitleBytes))},
          {"author", person(commit.author, pointer + "/author")},
          {"committer", person(commit.committer, pointer + "/committer")},
          {"signature", commit.signed_commit ? "unknown" : "none"}};
}

Json Writer::finding(const SpooledFinding& finding, const std::string& pointer) {
  Json json{{"rule", text(finding.rule, pointer + "/rule")},
            {"severity", finding.warning ? "warning" : "error"},
            {"message", text(finding.message, pointer + "/message")}};
  if (!finding.ref.empty()) json["ref"] = bytes(finding.ref, pointer + "/ref");
  if (finding.commit) json["commit"] = finding.commit->hex();
  if (!finding.path.empty()) json["path"] = bytes(finding.path, pointer + "/path");
  if (finding.line != 0) json["line"] = finding.line;
  if (!finding.hint.empty()) json["hint"] = text(finding.hint, pointer + "/hint");
  return json;
}

void Writer::write_ref(Json& json) {
  const RefFacts& facts = *body_.facts;
  json["change"] = change(*body_.change, "/change");
  json["version"] = version(facts.version);
  if (body_.change->update.after.is_zero()) return;
  json["commits"] =
      list(kCommits, facts.commits, "/commits",
           [&](const Commit& item, const std::string& pointer) { return commit(item, pointer); });
  json["commits_total"] = facts.commits_total;
  const bool noted = !truncated_.empty() && truncated_.back() == "/commits";
  const std::size_t shown = facts.commits.size();
  if (!noted && (facts.commits_total > shown || !facts.commits_complete)) cut("/commits");
  if (!facts.commits_complete) cut("/commits_total");
  if (facts.head) json["head_commit"] = commit(*facts.head, "/head_commit");
}

void Writer::write_push(Json& json) {
  json["changes"] =
      list(kChanges, body_.changes, "/changes",
           [&](const Change& item, const std::string& pointer) { return change(item, pointer); });
  const char* name = body_.stage.empty() ? "warnings" : "violations";
  const std::string pointer = std::string("/") + name;
  Json findings =
      list(kFindings, body_.findings, pointer,
           [&](const SpooledFinding& item, const std::string& at) { return finding(item, at); });
  if (findings.size() == body_.findings.size() && body_.findings_total > findings.size()) {
    cut(pointer);
  }
  if (body_.stage.empty()) {
    json["counts"] = {{"refs", body_.changes.size()}, {"commits", body_.commits_total.value_or(0)}};
    if (!findings.empty()) json[name] = std::move(findings);
  } else {
    json["stage"] = body_.stage;
    json[name] = std::move(findings);
    json["violations_total"] = std::max(body_.findings_total, body_.findings.size());
  }
  json["push_options"] = list(kOptions, body_.push_options, "/push_options",
                              [&](const std::string& item, const std::string& at) -> Json {
                                if (item.size() > limits_.text) cut(at);
                                return printable(item, limits_.text);
                              });
}

Json Writer::write() {
  Json json{{"schema_version", 1}, {"schema_minor", 0},    {"repository", repository()},
            {"actor", actor()},    {"cause", body_.cause}, {"push_id", body_.push_id}};
  if (body_.change != nullptr) {
    write_ref(json);
  } else {
    write_push(json);
  }
  if (!body_.policy_sha256.empty()) json["policy"] = {{"sha256", body_.policy_sha256}};
  if (!truncated_.empty()) json["truncated"] = truncated_;
  return json;
}

// Shows less; false when there is nothing left to cut.
bool tighten(Limits& limits, const std::array<std::size_t, kLists>& sizes,
             const std::array<std::size_t, kLists>& counts) {
  std::size_t largest = kLists;
  for (std::size_t i = 0; i < kLists; ++i) {
    limits.items[i] = std::min(limits.items[i], std::max<std::size_t>(counts[i], 1));
    if (limits.items[i] > 1 && (largest == kLists || sizes[i] > sizes[largest])) largest = i;
  }
  if (largest < kLists) {
    limits.items[largest] = limits.items[largest] / 2;
    return true;
  }
  if (limits.text <= kMinTextBytes) return false;
  limits.text /= 2;
  return true;
}

}  // namespace

std::string to_json(const EventBody& body, std::size_t limit) {
  const std::array<std::size_t, kLists> counts{
      body.facts == nullptr ? 0 : body.facts->commits.size(), body.findings.size(),
      body.changes.size(), body.push_options.size(),
      body.facts == nullptr ? 0 : body.facts->version.tags.size()};
  Limits limits;
  while (true) {
    Writer writer(body, limits);
    std::string json = dump(writer.write());
    if (json.size() <= limit || !tighten(limits, writer.sizes(), counts)) return json;
  }
}

}  // namespace trunkgate

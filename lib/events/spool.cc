#include "events/spool.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "events/bytes_json.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

// Kept on disk: a record of another format is left to the version that knows it.
constexpr int kFormat = 1;
constexpr std::size_t kMaxRecordBytes = std::size_t{256} << 20U;

// Thrown and caught in this file: the text is JSON, but no record.
struct NoRecord {};

bool is_part(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_record_name(std::string_view name) {
  const auto dot = name.find('.');
  if (dot == std::string_view::npos || !PushKey::parse(name.substr(0, dot))) return false;
  const std::string_view kind = name.substr(dot + 1);
  if (kind == "I" || kind == "R" || kind == "X" || kind == "N") return true;
  return kind.size() > 2 && (kind.starts_with("X-") || kind.starts_with("I-")) &&
         is_part(kind.substr(2));
}

Json update_json(const SpooledUpdate& update) {
  Json json{{"ref", bytes_to_json(update.ref)},
            {"before", update.before.hex()},
            {"after", update.after.hex()}};
  if (update.protected_ref) json["protected"] = true;
  if (!update.landing.empty()) json["landing"] = update.landing;
  for (const SpooledSource& source : update.sources) {
    Json branches = Json::array();
    for (const std::string& branch : source.branches) branches.push_back(bytes_to_json(branch));
    json["sources"].push_back({{"commit", source.commit.hex()},
                               {"by", source.by.hex()},
                               {"branches", std::move(branches)}});
  }
  for (const SpooledEvidence& evidence : update.evidence) {
    json["evidence"].push_back(
        {{"ref", bytes_to_json(evidence.ref)}, {"object", evidence.object.hex()}});
  }
  return json;
}

Json finding_json(const SpooledFinding& finding) {
  Json json{{"rule", bytes_to_json(finding.rule)}, {"message", bytes_to_json(finding.message)}};
  if (finding.warning) json["warning"] = true;
  if (!finding.ref.empty()) json["ref"] = bytes_to_json(finding.ref);
  if (finding.commit) json["commit"] = finding.commit->hex();
  if (!finding.path.empty()) json["path"] = bytes_to_json(finding.path);
  if (finding.line != 0) json["line"] = finding.line;
  if (!finding.hint.empty()) json["hint"] = bytes_to_json(finding.hint);
  if (!finding.waived_by.empty()) json["waived_by"] = bytes_to_json(finding.waived_by);
  return json;
}

Json requirement_json(const SpooledRequirement& requirement) {
  return {{"rule", bytes_to_json(requirement.rule)},
          {"ref", bytes_to_json(requirement.ref)},
          {"state", requirement.state},
          {"what", bytes_to_json(requirement.what)},
          {"why", bytes_to_json(requirement.why)}};
}

Json exemption_json(const SpooledExemption& exemption) {
  Json json{{"label", bytes_to_json(exemption.label)},
            {"reason", bytes_to_json(exemption.reason)},
            {"ref", bytes_to_json(exemption.ref)},
            {"rules", Json::array()},
            {"findings", exemption.findings},
            {"granted_by", Json::array()},
            {"expires", exemption.expires},
            {"uses_left", exemption.uses_left},
            {"break_glass", exemption.break_glass}};
  for (const std::string& rule : exemption.rules) json["rules"].push_back(bytes_to_json(rule));
  for (const std::string& name : exemption.granted_by) {
    json["granted_by"].push_back(bytes_to_json(name));
  }
  return json;
}

Json notice_json(const SpooledNotice& notice) {
  Json owners = Json::array();
  for (const std::string& owner : notice.owners) owners.push_back(bytes_to_json(owner));
  return {{"ref", bytes_to_json(notice.ref)},      {"tip", notice.tip.hex()},
          {"last_commit", notice.last_commit},     {"days_idle", notice.days_idle},
          {"archive_after", notice.archive_after}, {"owners", std::move(owners)}};
}

std::string text_of(const Json& object, const char* key) {
  if (!object.contains(key)) return {};
  auto text = bytes_from_json(object[key]);
  if (!text) throw NoRecord{};
  return std::move(*text);
}

ObjectId id_of(const Json& object, const char* key) {
  const auto id = ObjectId::parse(object.at(key).get_ref<const std::string&>());
  if (!id) throw NoRecord{};
  return *id;
}

// The list at a key; empty without it.
template <typename Item, typename Read>
std::vector<Item> list_of(const Json& object, const char* key, Read read) {
  std::vector<Item> items;
  if (!object.contains(key)) return items;
  for (const Json& item : object[key]) items.push_back(read(item));
  return items;
}

std::string text_of(const Json& json) {
  auto text = bytes_from_json(json);
  if (!text) throw NoRecord{};
  return std::move(*text);
}

SpooledSource source_of(const Json& json) {
  return {.commit = id_of(json, "commit"),
          .by = id_of(json, "by"),
          .branches = list_of<std::string>(json, "branches",
                                           [](const Json& item) { return text_of(item); })};
}

SpooledEvidence evidence_of(const Json& json) {
  return {.ref = text_of(json, "ref"), .object = id_of(json, "object")};
}

SpooledUpdate update_of(const Json& json) {
  return {.ref = text_of(json, "ref"),
          .before = id_of(json, "before"),
          .after = id_of(json, "after"),
          .protected_ref = json.value("protected", false),
          .landing = text_of(json, "landing"),
          .sources = list_of<SpooledSource>(json, "sources", source_of),
          .evidence = list_of<SpooledEvidence>(json, "evidence", evidence_of)};
}

SpooledRequirement requirement_of(const Json& json) {
  return {.rule = text_of(json, "rule"),
          .ref = text_of(json, "ref"),
          .state = text_of(json, "state"),
          .what = text_of(json, "what"),
          .why = text_of(json, "why")};
}

SpooledExemption exemption_of(const Json& json) {
  const auto text = [](const Json& item) { return text_of(item); };
  return {.label = text_of(json, "label"),
          .reason = text_of(json, "reason"),
          .ref = text_of(json, "ref"),
          .rules = list_of<std::string>(json, "rules", text),
          .findings = json.at("findings").get<std::size_t>(),
          .granted_by = list_of<std::string>(json, "granted_by", text),
          .expires = json.at("expires").get<std::int64_t>(),
          .uses_left = json.at("uses_left").get<std::int64_t>(),
          .break_glass = json.at("break_glass").get<bool>()};
}

SpooledNotice notice_of(const Json& json) {
  return {.ref = text_of(json, "ref"),
          .tip = id_of(json, "tip"),
          .last_commit = json.at("last_commit").get<std::int64_t>(),
          .days_idle = json.at("days_idle").get<std::int64_t>(),
          .archive_after = json.at("archive_after").get<std::int64_t>(),
          .owners =
              list_of<std::string>(json, "owners", [](const Json& item) { return text_of(item); })};
}

SpooledFinding finding_of(const Json& json) {
  SpooledFinding finding{.rule = text_of(json, "rule"),
                         .warning = json.value("warning", false),
                         .message = text_of(json, "message"),
                         .ref = text_of(json, "ref"),
                         .commit = std::nullopt,
                         .path = text_of(json, "path"),
                         .line = json.value("line", std::size_t{0}),
                         .hint = text_of(json, "hint"),
                         .waived_by = text_of(json, "waived_by")};
  if (json.contains("commit")) finding.commit = id_of(json, "commit");
  return finding;
}

SpoolRecord record_of(const Json& json) {
  if (json.at("format").get<int>() != kFormat) throw NoRecord{};
  SpoolRecord record;
  const std::string kind = text_of(json, "kind");
  if (kind != "I" && kind != "R" && kind != "X" && kind != "N") throw NoRecord{};
  record.kind = static_cast<SpoolRecord::Kind>(kind[0]);
  record.part = text_of(json, "part");
  const auto key = PushKey::parse(text_of(json, "key"));
  if (!key || !is_part(record.part)) throw NoRecord{};
  record.key = *key;
  record.time = json.at("time").get<std::int64_t>();
  record.looked = json.value("looked", std::int64_t{0});
  const Json& actor = json.at("actor");
  record.actor = {.kind = text_of(actor, "kind"),
                  .id = text_of(actor, "id"),
                  .transport = text_of(actor, "transport"),
                  .remote_addr = text_of(actor, "remote_addr"),
                  .key_fingerprint = text_of(actor, "key_fingerprint")};
  for (const Json& update : json.at("updates")) record.updates.push_back(update_of(update));
  for (const Json& finding : json.at("findings")) record.findings.push_back(finding_of(finding));
  record.findings_total = json.at("findings_total").get<std::size_t>();
  record.requirements = list_of<SpooledRequirement>(json, "requirements", requirement_of);
  record.exemptions = list_of<SpooledExemption>(json, "exemptions", exemption_of);
  record.notices = list_of<SpooledNotice>(json, "notices", notice_of);
  record.cause = text_of(json, "cause");
  record.stage = text_of(json, "stage");
  record.policy_sha256 = text_of(json, "policy_sha256");
  for (const Json& option : json.at("push_options")) {
    auto text = bytes_from_json(option);
    if (!text) throw NoRecord{};
    record.push_options.push_back(std::move(*text));
  }
  return record;
}

}  // namespace

std::string to_json(const SpoolRecord& record) {
  Json json{{"format", kFormat},
            {"kind", std::string(1, static_cast<char>(record.kind))},
            {"key", record.key.text()},
            {"part", record.part},
            {"time", record.time},
            {"looked", record.looked},
            {"actor",
             {{"kind", bytes_to_json(record.actor.kind)},
              {"id", bytes_to_json(record.actor.id)},
              {"transport", bytes_to_json(record.actor.transport)},
              {"remote_addr", bytes_to_json(record.actor.remote_addr)},
              {"key_fingerprint", bytes_to_json(record.actor.key_fingerprint)}}},
            {"stage", bytes_to_json(record.stage)},
            {"policy_sha256", bytes_to_json(record.policy_sha256)},
            {"push_options", Json::array()},
            {"updates", Json::array()},
            {"findings", Json::array()},
            {"findings_total", record.findings_total}};
  for (const std::string& option : record.push_options) {
    json["push_options"].push_back(bytes_to_json(option));
  }
  Json& updates = json["updates"];
  for (const SpooledUpdate& update : record.updates) updates.push_back(update_json(update));
  Json& findings = json["findings"];
  for (const SpooledFinding& finding : record.findings) findings.push_back(finding_json(finding));
  for (const SpooledRequirement& requirement : record.requirements) {
    json["requirements"].push_back(requirement_json(requirement));
  }
  for (const SpooledExemption& exemption : record.exemptions) {
    json["exemptions"].push_back(exemption_json(exemption));
  }
  for (const SpooledNotice& notice : record.notices) {
    json["notices"].push_back(notice_json(notice));
  }
  if (!record.cause.empty()) json["cause"] = bytes_to_json(record.cause);
  return dump(json);
}

std::optional<SpoolRecord> parse_record(std::string_view json) {
  const Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object()) return std::nullopt;
  try {
    return record_of(parsed);
  } catch (const NoRecord&) {
    return std::nullopt;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::string file_name(const SpoolRecord& record) {
  std::string name = record.key.text() + "." + static_cast<char>(record.kind);
  if (!record.part.empty()) name += "-" + record.part;
  return name;
}

Spool::Spool(std::string folder, Sharing sharing) : folder_(std::move(folder)), sharing_(sharing) {}

std::string Spool::path_of(const SpoolRecord& record) const {
  const std::string name = file_name(record);
  if (!is_record_name(name)) {
    throw Error(ErrorKind::internal, "a spool record has a key or part that is no file name");
  }
  return folder_ + "/" + name;
}

void Spool::write(const SpoolRecord& record) const {
  const std::string path = path_of(record);
  const std::string text = to_json(record) + "\n";
  make_folder(folder_, sharing_);
  if (record.kind == SpoolRecord::Kind::result) {
    write_file(path, text, sharing_, Durability::none);
  } else {
    add_file(path, text, sharing_);
  }
}

void Spool::write_over(const std::string& file, const SpoolRecord& record) const {
  if (turn_file_into(file, path_of(record), to_json(record) + "\n")) return;
  write(record);
}

std::vector<std::string> Spool::names() const {
  std::vector<std::string> names = list_folder(folder_);
  std::erase_if(names, [](const std::string& name) { return !is_record_name(name); });
  return names;
}

std::optional<SpoolRecord> Spool::read(const std::string& name) const {
  const std::string path = folder_ + "/" + name;
  const FileText file = read_file(path, kMaxRecordBytes);
  if (file.state == FileState::unreadable) {
    throw Error(ErrorKind::delivery, "cannot read " + path + ": " + file.reason,
                "a repository shared by several accounts needs core.sharedRepository");
  }
  if (file.state != FileState::present) return std::nullopt;
  auto record = parse_record(file.text);
  if (record && file_name(*record) != name) return std::nullopt;
  return record;
}

void Spool::remove(const std::string& name) const { remove_file(folder_ + "/" + name); }

void Spool::set_aside(const std::string& name) const {
  const std::string path = folder_ + "/" + name;
  if (std::rename(path.c_str(), (path + ".damaged").c_str()) != 0 && errno != ENOENT) {
    throw Error(ErrorKind::delivery, "cannot set aside " + path + ": " + std::strerror(errno));
  }
}

void sweep_temporary_files(const std::string& folder, std::int64_t before) {
  for (const std::string& name : list_folder(folder)) {
    if (name.find(".tmp-") == std::string::npos) continue;
    const std::string path = folder + "/" + name;
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    if (static_cast<std::int64_t>(status.st_mtime) * 1'000'000 < before) remove_file(path);
  }
}

}  // namespace trunkgate

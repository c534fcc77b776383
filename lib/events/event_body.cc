#include "events/event_body.h"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/microseconds.h"
#include "events/body_writer.h"
#include "events/derived_body.h"
#include "events/event.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMinTextBytes = 64;
constexpr std::size_t kShortMessageBytes = 1024;

// Pointers to them come first: filters ask for these.
Json files_of(BodyWriter& writer, const FileNames& files) {
  Json json = Json::object();
  const std::size_t cuts = writer.truncated().size();
  writer.file_lists(files, kFiles, "/files", json);
  const bool noted = writer.truncated().size() > cuts;
  if (!noted && files.total > files.listed()) writer.cut("/files");
  json["total"] = files.total;
  if (!files.complete) writer.cut("/files/total");
  return json;
}

void write_ref(BodyWriter& writer, const EventBody& body, Json& json) {
  const RefFacts& facts = *body.facts;
  json["change"] = writer.change(*body.change, body.repository->default_branch, "/change");
  json["version"] = writer.version(facts.version, "/version");
  if (body.change->update.after.is_zero()) return;
  Json files = facts.files ? files_of(writer, *facts.files) : Json();
  const auto files_of_commit = [&](const Commit& commit) -> const FileNames* {
    const auto place = static_cast<std::size_t>(&commit - facts.commits.data());
    return place < facts.commit_files.size() ? &facts.commit_files[place] : nullptr;
  };
  const auto notes_of = [&](const Commit& commit) -> const CommitNotes* {
    const auto found = facts.notes.find(commit.id);
    return found == facts.notes.end() ? nullptr : &found->second;
  };
  json["commits"] = writer.list(
      kCommits, facts.commits, "/commits", [&](const Commit& item, const std::string& pointer) {
        return writer.commit(item, files_of_commit(item), notes_of(item), pointer);
      });
  json["commits_total"] = facts.commits_total;
  const std::size_t shown = facts.commits.size();
  if (json["commits"].size() == shown && (facts.commits_total > shown || !facts.commits_complete)) {
    writer.cut("/commits");
  }
  if (!facts.commits_complete) writer.cut("/commits_total");
  if (facts.head) {
    const bool listed = !facts.commits.empty() && facts.commits.back().id == facts.head->id;
    json["head_commit"] =
        writer.commit(*facts.head, listed ? files_of_commit(facts.commits.back()) : nullptr,
                      notes_of(*facts.head), "/head_commit");
  }
  if (facts.files) json["files"] = std::move(files);
}

void write_push(BodyWriter& writer, const EventBody& body, Json& json) {
  json["changes"] = writer.list(
      kChanges, body.changes, "/changes", [&](const Change& item, const std::string& pointer) {
        return writer.change(item, body.repository->default_branch, pointer);
      });
  if (!body.commits_total && body.stage.empty()) {
    json["push_options"] = writer.push_options(body.push_options);
    return;
  }
  const char* name = body.stage.empty() ? "warnings" : "violations";
  const std::string pointer = std::string("/") + name;
  Json findings = writer.list(
      kFindings, body.findings, pointer,
      [&](const SpooledFinding& item, const std::string& at) { return writer.finding(item, at); });
  if (findings.size() == body.findings.size() && body.findings_total > findings.size()) {
    writer.cut(pointer);
  }
  if (body.stage.empty()) {
    json["counts"] = {{"refs", body.changes.size()}, {"commits", body.commits_total.value_or(0)}};
    if (!findings.empty()) json[name] = std::move(findings);
  } else {
    json["stage"] = body.stage;
    json[name] = std::move(findings);
    json["violations_total"] = std::max(body.findings_total, body.findings.size());
  }
  if (!body.requirements.empty()) {
    json["requirements"] = writer.list(kRequirements, body.requirements, "/requirements",
                                       [&](const SpooledRequirement& item, const std::string& at) {
                                         return writer.requirement(item, at);
                                       });
  }
  json["push_options"] = writer.push_options(body.push_options);
}

void write_stale(BodyWriter& writer, const EventBody& body, Json& json) {
  const SpooledNotice& stale = *body.stale;
  json["ref"] = writer.ref({.ref = stale.ref, .before = stale.tip, .after = stale.tip},
                           body.repository->default_branch, "/ref");
  json["tip"] = stale.tip.hex();
  json["last_commit_time"] = rfc3339(stale.last_commit * kSecond);
  json["days_idle"] = stale.days_idle;
  json["archive_after"] = rfc3339(stale.archive_after * kSecond);
  json["owners"] = writer.list(
      kNames, stale.owners, "/owners",
      [&](const std::string& owner, const std::string& at) { return writer.text(owner, at); });
}

Json write(BodyWriter& writer, const EventBody& body) {
  Json json{{"schema_version", 1},
            {"schema_minor", kSchemaMinor},
            {"repository", writer.repository(*body.repository)},
            {"actor", BodyWriter::actor(*body.actor)},
            {"cause", body.cause}};
  if (!body.push_id.empty()) json["push_id"] = body.push_id;
  if (body.draft) json["draft"] = true;
  if (!body.labels.empty()) {
    json["labels"] = writer.list(
        kLabels, body.labels, "/labels",
        [&](const std::string& label, const std::string& at) { return writer.text(label, at); });
  }
  if (body.notice != nullptr) {
    json["delivery"] = {{"sink", body.notice->sink}, {"reason", body.notice->reason}};
    if (!body.notice->event.empty()) json["delivery"]["event"] = body.notice->event;
  } else if (body.stale != nullptr) {
    write_stale(writer, body, json);
  } else if (body.part != nullptr) {
    write_derived(writer, body, json);
  } else if (body.change != nullptr) {
    write_ref(writer, body, json);
  } else {
    write_push(writer, body, json);
  }
  if (!body.policy_sha256.empty()) json["policy"] = {{"sha256", body.policy_sha256}};
  if (!writer.truncated().empty()) json["truncated"] = writer.truncated();
  return json;
}

// Shows half of the longest such list; false when it shows none at all already.
bool halve(BodyLimits& limits, const BodyWriter& writer, List list) {
  limits.items[list] = std::min(limits.items[list], writer.counts()[list]);
  if (limits.items[list] == 0) return false;
  limits.items[list] /= 2;
  return true;
}

// Shows less; false when there is nothing left to cut.
bool tighten(BodyLimits& limits, const BodyWriter& writer) {
  if (writer.has_messages() && limits.message > 0) {
    limits.message = limits.message > kShortMessageBytes ? kShortMessageBytes : 0;
    return true;
  }
  // Of what each commit lists, first what takes more.
  const bool long_trailers = writer.sizes()[kTrailers] > writer.sizes()[kCommitFiles];
  if (halve(limits, writer, long_trailers ? kTrailers : kCommitFiles)) return true;
  if (halve(limits, writer, long_trailers ? kCommitFiles : kTrailers)) return true;
  if (halve(limits, writer, kFiles)) return true;
  std::size_t largest = kLists;
  for (std::size_t i = 0; i < kLists; ++i) {
    limits.items[i] = std::min(limits.items[i], std::max<std::size_t>(writer.counts()[i], 1));
    if (limits.items[i] > 1 && (largest == kLists || writer.sizes()[i] > writer.sizes()[largest])) {
      largest = i;
    }
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

BodyText body_text(const EventBody& body, std::size_t limit) {
  BodyLimits limits;
  while (true) {
    BodyWriter writer(limits);
    std::string json = dump(write(writer, body));
    if (json.size() <= limit || !tighten(limits, writer)) {
      return {std::move(json), !writer.truncated().empty()};
    }
  }
}

BodyText whole_body_text(const EventBody& body) {
  constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
  BodyLimits limits;
  limits.items.fill(kAll);
  limits.message = limits.text = limits.title = kAll;
  BodyWriter writer(limits);
  std::string json = dump(write(writer, body));
  return {std::move(json), !writer.truncated().empty()};
}

}  // namespace trunkgate

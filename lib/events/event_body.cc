#include "events/event_body.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "events/body_writer.h"
#include "events/derived_body.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMinTextBytes = 64;

void write_ref(BodyWriter& writer, const EventBody& body, Json& json) {
  const RefFacts& facts = *body.facts;
  json["change"] = writer.change(*body.change, body.repository->default_branch, "/change");
  json["version"] = writer.version(facts.version, "/version");
  if (body.change->update.after.is_zero()) return;
  json["commits"] = writer.list(
      kCommits, facts.commits, "/commits",
      [&](const Commit& item, const std::string& pointer) { return writer.commit(item, pointer); });
  json["commits_total"] = facts.commits_total;
  const bool noted = !writer.truncated().empty() && writer.truncated().back() == "/commits";
  const std::size_t shown = facts.commits.size();
  if (!noted && (facts.commits_total > shown || !facts.commits_complete)) writer.cut("/commits");
  if (!facts.commits_complete) writer.cut("/commits_total");
  if (facts.head) json["head_commit"] = writer.commit(*facts.head, "/head_commit");
}

void write_push(BodyWriter& writer, const EventBody& body, Json& json) {
  json["changes"] = writer.list(
      kChanges, body.changes, "/changes", [&](const Change& item, const std::string& pointer) {
        return writer.change(item, body.repository->default_branch, pointer);
      });
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

Json write(BodyWriter& writer, const EventBody& body) {
  Json json{{"schema_version", 1},
            {"schema_minor", kSchemaMinor},
            {"repository", writer.repository(*body.repository)},
            {"actor", BodyWriter::actor(*body.actor)},
            {"cause", body.cause}};
  if (!body.push_id.empty()) json["push_id"] = body.push_id;
  if (body.draft) json["draft"] = true;
  if (body.notice != nullptr) {
    json["delivery"] = {{"sink", body.notice->sink}, {"reason", body.notice->reason}};
    if (!body.notice->event.empty()) json["delivery"]["event"] = body.notice->event;
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

// Shows less; false when there is nothing left to cut.
bool tighten(BodyLimits& limits, const BodyWriter& writer) {
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

std::string to_json(const EventBody& body, std::size_t limit) {
  BodyLimits limits;
  while (true) {
    BodyWriter writer(limits);
    std::string json = dump(write(writer, body));
    if (json.size() <= limit || !tighten(limits, writer)) return json;
  }
}

}  // namespace trunkgate

#include "events/derived_body.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/microseconds.h"
#include "base/text.h"
#include "events/event.h"
#include "events/lineage/lineage_body.h"
#include "git/ref_name.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// What an attestation of either kind has.
void write_common(BodyWriter& writer, const ToldAttestation& told, const std::string& pointer,
                  Json& json) {
  if (!told.body.target.empty()) {
    json["target"] = writer.text(told.body.target, pointer + "/target");
  }
  if (!told.body.text.empty()) json["note"] = writer.text(told.body.text, pointer + "/note");
  if (!told.body.predicate_type.empty()) {
    json["predicate_type"] = writer.text(told.body.predicate_type, pointer + "/predicate_type");
  }
  json["attestation"] = writer.text(told.ref, pointer + "/attestation");
}

Json approval(BodyWriter& writer, const ToldAttestation& told, const std::string& pointer) {
  const char* state = told.body.veto ? "rejected" : "approved";
  if (!told.readable) state = "unknown";
  if (told.withdrawn) state = "revoked";
  Json json{{"commit", told.name.commit.hex()},
            {"by", writer.text(told.name.name, pointer + "/by")},
            {"state", state}};
  write_common(writer, told, pointer, json);
  return json;
}

Json check(BodyWriter& writer, const ToldAttestation& told, const std::string& pointer) {
  const AttestationBody& body = told.body;
  Json json{
      {"commit", told.name.commit.hex()},
      {"context", writer.text(told.name.name, pointer + "/context")},
      {"state", told.readable ? std::string(to_string(body.status)) : std::string("unknown")}};
  if (!body.metrics.empty()) {
    const std::vector<std::pair<std::string, double>> metrics(body.metrics.begin(),
                                                              body.metrics.end());
    json["metrics"] = Json::object();
    // Names that stand in the way of each other once they are cut lose all but one.
    writer.list(kMetrics, metrics, pointer + "/metrics",
                [&](const std::pair<std::string, double>& metric, const std::string&) -> Json {
                  const std::string name = writer.text(metric.first, pointer + "/metrics");
                  json["metrics"][name] = metric.second;
                  return {name, metric.second};
                });
  }
  if (!body.url.empty()) json["url"] = writer.text(body.url, pointer + "/url");
  if (!body.started.empty()) json["started"] = writer.text(body.started, pointer + "/started");
  if (!body.finished.empty()) json["finished"] = writer.text(body.finished, pointer + "/finished");
  write_common(writer, told, pointer, json);
  return json;
}

std::vector<ToldAttestation> of_kind(const std::vector<ToldAttestation>& all,
                                     AttestationKind kind) {
  std::vector<ToldAttestation> found;
  for (const ToldAttestation& told : all) {
    if (told.name.kind == kind) found.push_back(told);
  }
  return found;
}

std::optional<std::string_view> type_word(ObjectType type) {
  switch (type) {
    case ObjectType::commit:
      return "commit";
    case ObjectType::tree:
      return "tree";
    case ObjectType::blob:
      return "blob";
    case ObjectType::tag:
      return "tag";
    default:
      return std::nullopt;
  }
}

class PartWriter {
 public:
  PartWriter(BodyWriter& writer, const EventBody& body, Json& json)
      : writer_(writer), body_(body), json_(json) {}

  void operator()(const LandedChange& landed) {
    const SpooledUpdate& update = body_.change->update;
    json_["change"] = writer_.change(*body_.change, body_.repository->default_branch, "/change");
    json_["version"] = writer_.version(body_.facts->version, "/version");
    json_["landing"] = landing(update);
    json_["approvals"] =
        writer_.list(kEvidence, of_kind(landed.evidence, AttestationKind::approval), "/approvals",
                     [&](const ToldAttestation& told, const std::string& at) {
                       return approval(writer_, told, at);
                     });
    json_["checks"] =
        writer_.list(kEvidence, of_kind(landed.evidence, AttestationKind::check), "/checks",
                     [&](const ToldAttestation& told, const std::string& at) {
                       return check(writer_, told, at);
                     });
    json_["requirements"] =
        writer_.list(kRequirements, landed.requirements, "/requirements",
                     [&](const SpooledRequirement& requirement, const std::string& at) {
                       return writer_.requirement(requirement, at);
                     });
  }

  void operator()(const ToldAttestation& told) {
    if (told.name.kind == AttestationKind::lineage) {
      write_lineage(writer_, told, json_);
    } else if (told.name.kind == AttestationKind::check) {
      json_["check"] = check(writer_, told, "/check");
    } else {
      json_["approval"] = approval(writer_, told, "/approval");
    }
  }

  void operator()(const ToldTag& told) {
    json_["change"] = writer_.change(*body_.change, body_.repository->default_branch, "/change");
    json_["tag"] = tag(told.tag);
    if (!told.previous.is_zero()) json_["previous"] = told.previous.hex();
    // A name that is gone is no version any more.
    if (body_.change->update.after.is_zero()) return;
    json_["version"] = writer_.version(body_.facts->version, "/version");
    write_aliases();
  }

  void operator()(const ReleaseFacts& release) {
    json_["tag"] = tag(release.tag);
    json_["version"] = writer_.version(release.tag.version, "/version");
    write_aliases();
    json_["previous_version"] =
        release.previous ? writer_.version(*release.previous, "/previous_version") : Json();
    if (release.previous) json_["commits_since"] = release.commits_since;
  }

  void operator()(const ToldHotfix& told) {
    json_["hotfix"] = {{"commit", told.hotfix.commit.hex()},
                       {"branch", writer_.bytes(told.hotfix.branch, "/hotfix/branch")},
                       {"landed_on", writer_.bytes(told.hotfix.on, "/hotfix/landed_on")},
                       {"landed_by", told.hotfix.by.hex()},
                       {"landed", rfc3339(told.hotfix.since)},
                       {"into", writer_.bytes(told.hotfix.into, "/hotfix/into")},
                       {"merged", told.merged}};
    json_["change"] = writer_.change(*body_.change, body_.repository->default_branch, "/change");
  }

  void operator()(const ToldArchive& told) {
    const SpooledUpdate& update = body_.change->update;
    json_["ref"] = writer_.ref(update, body_.repository->default_branch, "/ref");
    json_["tip"] = (told.restored ? update.after : update.before).hex();
    const std::string key = told.restored ? "restored_from" : "archived_to";
    json_[key] = writer_.bytes(told.archive, "/" + key);
  }

  void operator()(const UsedExemption& used) {
    const SpooledExemption& exemption = used.exemption;
    const std::string grantors = joined(exemption.granted_by);
    Json json{{"id", writer_.text(exemption.label, "/exemption/id")},
              {"rule", writer_.text(joined(exemption.rules), "/exemption/rule")},
              {"rules", writer_.names(exemption.rules, "/exemption/rules")},
              // Where the policy asks nobody else, it is the pusher who granted it.
              {"granted_by", writer_.text(grantors.empty() ? printable(body_.actor->id) : grantors,
                                          "/exemption/granted_by")},
              {"approved_by", writer_.names(exemption.granted_by, "/exemption/approved_by")},
              {"reason", printable(exemption.reason, writer_.text_limit())}};
    if (exemption.reason.size() > writer_.text_limit()) writer_.cut("/exemption/reason");
    if (exemption.expires != 0) json["expires"] = rfc3339(exemption.expires * kSecond);
    if (exemption.uses_left >= 0) json["uses_left"] = exemption.uses_left;
    json["break_glass"] = exemption.break_glass;
    json_["exemption"] = std::move(json);
    json_["change"] = writer_.change(*body_.change, body_.repository->default_branch, "/change");
    json_["violations"] = writer_.list(kFindings, used.waived, "/violations",
                                       [&](const SpooledFinding& item, const std::string& at) {
                                         return writer_.finding(item, at);
                                       });
    if (exemption.findings > used.waived.size()) writer_.cut("/violations");
    json_["violations_total"] = std::max(exemption.findings, used.waived.size());
    json_["push_options"] = writer_.push_options(body_.push_options);
  }

  void operator()(const ToldPolicy& told) {
    json_["policy"] = {{"sha256", told.after.sha256}};
    if (!told.commit.is_zero()) {
      json_["policy"]["commit"] = told.commit.hex();
      json_["policy"]["source"] = writer_.text(told.ref, "/policy/source");
    }
    json_["previous_policy"] =
        told.before.sha256.empty() ? Json() : Json{{"sha256", told.before.sha256}};
    if (body_.change != nullptr) {
      json_["change"] = writer_.change(*body_.change, body_.repository->default_branch, "/change");
    }
    if (!told.compared) return;
    json_["diff"] = writer_.list(
        kRules, differences(told.before, told.after), "/diff",
        [&](const RuleChange& change, const std::string& at) { return rule(change, at); });
  }

 private:
  Json tag(const TagFacts& facts) {
    const std::string_view name = short_name(parts_of(facts.ref).name);
    Json json{{"name", writer_.bytes(name, "/tag/name")},
              {"object", facts.object.hex()},
              {"target", facts.version.commit.hex()}};
    if (const auto type = type_word(facts.target_type)) json["target_type"] = *type;
    json["annotated"] = facts.tag.has_value();
    if (facts.tag) {
      json["target"] = facts.tag->target.hex();
      json["tagger"] = writer_.person(facts.tag->tagger, "/tag/tagger");
      json["message"] = writer_.bytes(facts.tag->message, "/tag/message");
      json["signature"] = BodyWriter::signature(facts.tag->signed_tag, facts.good_signature);
    }
    return json;
  }

  // The name that the commit had as long as it had no tag.
  void write_aliases() {
    if (!body_.facts->known_before || !body_.change->update.before.is_zero()) return;
    json_["aliases"] = {untagged(body_.facts->version.commit).name};
  }

  Json rule(const RuleChange& change, const std::string& at) {
    const char* word = change.before == nullptr ? "added" : "removed";
    Json json{{"change", change.before != nullptr && change.after != nullptr ? "changed" : word},
              {"ruleset", writer_.text(change.ruleset, at + "/ruleset")},
              {"rule", writer_.text(change.rule, at + "/rule")}};
    if (change.after != nullptr) {
      json["mode"] = change.after->mode;
      json["refs"] = writer_.text(change.after->refs, at + "/refs");
    }
    if (change.before != nullptr) {
      json["previous_mode"] = change.before->mode;
      json["previous_refs"] = writer_.text(change.before->refs, at + "/previous_refs");
    }
    return json;
  }

  Json landing(const SpooledUpdate& update) {
    Json json{{"kind", update.landing}};
    std::vector<std::string> branches;
    for (const SpooledSource& source : update.sources) {
      branches.insert(branches.end(), source.branches.begin(), source.branches.end());
    }
    const bool comes_as_it_is = update.landing == "fast-forward" || update.landing == "direct";
    if (!comes_as_it_is) {
      json["merged_heads"] =
          writer_.list(kSources, update.sources, "/landing/merged_heads",
                       [](const SpooledSource& source, const std::string&) -> Json {
                         return source.commit.hex();
                       });
    }
    json["source_refs"] = writer_.list(kSources, branches, "/landing/source_refs",
                                       [&](const std::string& branch, const std::string& at) {
                                         return writer_.bytes(branch, at);
                                       });
    // What is new on the branch begins after it; of a fast-forward the old tip may be on any line.
    if (!comes_as_it_is && !update.before.is_zero()) json["first_parent"] = update.before.hex();
    return json;
  }

  BodyWriter& writer_;
  const EventBody& body_;
  Json& json_;
};

}  // namespace

void write_derived(BodyWriter& writer, const EventBody& body, Json& json) {
  std::visit(PartWriter(writer, body, json), *body.part);
}

}  // namespace trunkgate

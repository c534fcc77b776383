#include "report/policy_schema.h"

#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#include "policy/attestations_reader.h"
#include "policy/event_types.h"
#include "policy/policy_keys.h"
#include "policy/rule_reader.h"
#include "policy/sink_keys.h"
#include "rules/catalogue.h"
#include "rules/evidence/requirements/evidence_tree.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

Json reference(const char* name) { return {{"$ref", std::string("#/definitions/") + name}}; }

Json list_of(const Json& item) { return {{"type", "array"}, {"items", item}}; }

Json one_or_list(const Json& item) { return {{"anyOf", {item, list_of(item)}}}; }

Json map_of(std::span<const OptionInfo* const> options);

// What a value of a declared type looks like (config/option.h).
Json type_schema(std::string_view type) {
  if (type == "true or false") return {{"type", "boolean"}};
  if (type == "whole number") return {{"type", "integer"}, {"minimum", 0}};
  if (type == "duration") return {{"type", "string"}, {"pattern", "^(0|[1-9][0-9]*)[smhdw]$"}};
  if (type == "size") {
    return {{"type", {"string", "integer"}},
            {"pattern", "^(0|[1-9][0-9]*)( ?(KiB|MiB|GiB|KB|MB|GB))?$"},
            {"minimum", 0}};
  }
  if (type == "number") return {{"type", "number"}};
  if (type == "list of refs") return reference("refs");
  if (type == "list of evidence") return list_of(reference("evidence"));
  if (type.starts_with("list of")) return reference("texts");
  return {{"type", "string"}};
}

Json option_schema(const OptionInfo& option) {
  Json schema = type_schema(option.type);
  if (schema.contains("$ref")) schema = {{"allOf", {schema}}};  // draft 7: nothing beside a $ref
  std::string words(option.help);
  words += " (" + std::string(option.type);
  if (!option.fallback.empty()) words += "; default: " + std::string(option.fallback);
  schema["description"] = words + ")";
  return schema;
}

Json map_of(std::span<const OptionInfo* const> options) {
  Json properties = Json::object();
  for (const OptionInfo* option : options) {
    properties[std::string(option->name)] = option_schema(*option);
  }
  return {{"type", {"object", "null"}},
          {"properties", std::move(properties)},
          {"additionalProperties", false}};
}

Json rule_schema(const RuleInfo& rule) {
  Json once = map_of(keys_of(rule));
  for (const char* key : {"only", "except"}) once["properties"][key] = reference("conditions");
  once["properties"]["mode"] = reference("mode");
  return {{"description", std::string(rule.summary) + ". " + std::string(rule.rationale)},
          {"anyOf", {once, list_of(once)}}};
}

Json conditions_schema() {
  return {{"type", "object"},
          {"properties",
           {{"refs", reference("refs")},
            {"source", reference("texts")},
            {"pushers", reference("texts")},
            {"paths", reference("texts")},
            {"repositories", reference("texts")},
            {"commits", one_or_list({{"enum", {"merge", "non-merge", "revert"}}})}}},
          {"additionalProperties", false}};
}

// A glob, HEAD, or an expression.
Json refs_schema() {
  Json expression{{"type", "object"},
                  {"properties", {{"match", reference("texts")}}},
                  {"required", {"match"}},
                  {"additionalProperties", false}};
  return one_or_list({{"anyOf", {{{"type", "string"}}, std::move(expression)}}});
}

// Files and presets, or a preset with values for its parameters.
Json extends_schema() {
  Json preset = map_of(keys::kExtendsKeys);
  preset["type"] = "object";
  preset["required"] = {"preset"};
  preset["properties"]["with"] = {
      {"type", "object"},
      {"additionalProperties", one_or_list({{"type", {"string", "number", "boolean"}}})}};
  Json schema = one_or_list({{"anyOf", {{{"type", "string"}}, std::move(preset)}}});
  schema["description"] = std::string(keys::kExtends.info.help);
  return schema;
}

Json attestations_schema() {
  Json schema = map_of(keys::kAttestationsKeys);
  Json& properties = schema["properties"];
  for (const OptionInfo* kind : {&keys::kApproval.info, &keys::kGrant.info}) {
    Json personal = map_of(keys::kPersonalAttestationKeys);
    personal["properties"]["not"] = one_or_list({{"enum", {"author", "committer", "pusher"}}});
    properties[std::string(kind->name)] = std::move(personal);
  }
  for (const OptionInfo* kind : {&keys::kCheck.info, &keys::kLineage.info}) {
    properties[std::string(kind->name)] = map_of(keys::kAttestationKeys);
  }
  for (const OptionInfo* kind :
       {&keys::kApproval.info, &keys::kCheck.info, &keys::kGrant.info, &keys::kLineage.info}) {
    Json& of_kind = properties[std::string(kind->name)];
    of_kind["type"] = "object";
    of_kind["required"] = {"by"};
    of_kind["description"] = std::string(kind->help);
  }
  properties["signatures"] = map_of(signature_keys());
  properties["signatures"]["description"] = std::string(keys::kSignatures.info.help);
  return schema;
}

// One requirement with the options of its rule, or several put together.
Json evidence_schema() {
  Json schema = map_of(evidence_options::kJoins);
  Json& properties = schema["properties"];
  properties["approval"] = map_of(approval_options::kAll);
  properties["check"] = map_of(check_options::kAll);
  properties["metric"] = map_of(metric_options::kAll);
  schema["type"] = "object";
  return schema;
}

Json exemptions_schema() {
  Json approval = map_of(keys::kExemptionApprovalKeys);
  approval["type"] = "object";
  approval["required"] = {"by"};
  approval["properties"]["count"]["minimum"] = 1;
  approval["description"] = std::string(keys::kExemptionApproval.info.help);
  Json exemption = map_of(keys::kExemptionKeys);
  exemption["type"] = "object";
  exemption["required"] = {"waives", "by"};
  Json& properties = exemption["properties"];
  properties["reason"] = {{"enum", {"required", "optional"}}};
  for (const char* number : {"uses", "budget"}) properties[number]["minimum"] = 1;
  properties["approval"] = std::move(approval);
  return {{"type", "object"},
          {"patternProperties", {{"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,39}$", std::move(exemption)}}},
          {"additionalProperties", false},
          {"description", std::string(keys::kExemptions.info.help)}};
}

// A map with what it must have; `short_form` may stand for it.
Json receiver_schema(const OptionInfo& receiver, std::span<const OptionInfo* const> options,
                     const Json& required, const Json& short_form) {
  Json map = map_of(options);
  map["type"] = "object";
  map["required"] = required;
  if (map["properties"].contains("style")) map["properties"]["style"]["enum"] = keys::kStyleWords;
  Json schema = short_form.is_null() ? std::move(map) : Json{{"anyOf", {short_form, map}}};
  schema["description"] = std::string(receiver.help);
  return schema;
}

Json sink_schema() {
  const Json text{{"type", "string"}};
  Json sink = map_of(keys::kSinkKeys);
  sink["type"] = "object";
  sink["required"] = {"name"};
  Json& properties = sink["properties"];
  properties["file"] = receiver_schema(keys::kSinkFile.info, keys::kFileKeys, {"path"}, text);
  properties["webhook"] =
      receiver_schema(keys::kSinkWebhook.info, keys::kWebhookKeys, {"url"}, text);
  properties["nats"] =
      receiver_schema(keys::kSinkNats.info, keys::kNatsKeys, {"servers", "stream"}, {});
  properties["smtp"] = receiver_schema(keys::kSinkSmtp.info, keys::kSmtpKeys, {"server", "to"}, {});
  properties["command"] =
      receiver_schema(keys::kSinkCommand.info, keys::kCommandKeys, {"run"}, reference("texts"));
  // An editor offers the types; globs are taken, too.
  properties["types"] = one_or_list(
      {{"anyOf", {{{"enum", event_types()}}, {{"type", "string"}, {"pattern", "[*?\\[]"}}}}});
  properties["types"]["description"] = std::string(keys::kSinkTypes.info.help);
  Json one = Json::array();
  for (const OptionInfo* receiver : keys::kReceivers) {
    one.push_back({{"required", {std::string(receiver->name)}}});
  }
  sink["oneOf"] = std::move(one);
  return sink;
}

Json sweep_schema() {
  Json entry = map_of(keys::kSweepKeys);
  entry["type"] = "object";
  entry["required"] = {"refs", "after"};
  Json schema = list_of(entry);
  schema["description"] = std::string(keys::kSweep.info.help);
  return schema;
}

Json definitions() {
  Json rules = Json::object();
  for (const RuleInfo* rule : all_rules()) rules[std::string(rule->id)] = rule_schema(*rule);
  Json ruleset = map_of(keys::kRulesetKeys);
  ruleset["type"] = "object";
  // Of a layer above, a ruleset may have its refs and its rules from there.
  ruleset["required"] = {"name"};
  ruleset["properties"]["mode"] = reference("mode");
  ruleset["properties"]["rules"] = {
      {"type", "object"}, {"properties", std::move(rules)}, {"additionalProperties", false}};
  Json identity = map_of(keys::kIdentityKeys);
  identity["properties"]["sources"] =
      list_of({{"anyOf", {{{"enum", {"os-user", "ssh-key"}}}, map_of(keys::kSourceKeys)}}});
  identity["properties"]["unknown"] = {{"enum", {"deny", "allow"}}};
  Json events = map_of(keys::kEventsKeys);
  events["properties"]["sinks"] = list_of(reference("sink"));
  events["properties"]["hotfixes"] = map_of(keys::kHotfixKeys);
  events["properties"]["journal"] = map_of(keys::kJournalKeys);
  events["properties"]["journal"]["description"] = std::string(keys::kJournal.info.help);
  events["properties"]["durability"]["enum"] = {"required", "best-effort"};
  events["properties"]["overflow"]["enum"] = {"degrade", "block"};
  events["properties"]["hotfixes"]["description"] = std::string(keys::kHotfixes.info.help);
  return {{"texts", one_or_list({{"type", "string"}})},
          {"refs", refs_schema()},
          {"mode", {{"enum", {"enforce", "warn", "audit", "off"}}}},
          {"conditions", conditions_schema()},
          {"evidence", evidence_schema()},
          {"ruleset", std::move(ruleset)},
          {"identity", std::move(identity)},
          {"attestations", attestations_schema()},
          {"exemptions", exemptions_schema()},
          {"sink", sink_schema()},
          {"events", std::move(events)}};
}

}  // namespace

std::string policy_schema() {
  Json schema = map_of(keys::kPolicyKeys);
  schema["type"] = "object";
  schema["required"] = {"version"};
  Json& properties = schema["properties"];
  properties["version"] = {{"const", 1}, {"description", "of the policy language"}};
  properties["extends"] = extends_schema();
  properties["mode"] = reference("mode");
  properties["on-violation"] = {{"enum", {"push", "ref"}}};
  properties["land"] = map_of(keys::kLandingKeys);
  properties["land"]["description"] = std::string(keys::kLanding.info.help);
  properties["groups"] = {{"type", "object"}, {"additionalProperties", reference("texts")}};
  properties["users"] = {{"type", "object"}, {"additionalProperties", map_of(keys::kUserKeys)}};
  properties["identity"] = reference("identity");
  properties["policy-ref"] = map_of(keys::kPolicyRefKeys);
  properties["policy-ref"]["required"] = {"ref", "by"};
  properties["attestations"] = reference("attestations");
  properties["exemptions"] = reference("exemptions");
  properties["rulesets"] = list_of(reference("ruleset"));
  properties["events"] = reference("events");
  properties["sweep"] = sweep_schema();
  Json out{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "trunkgate policy"}};
  out.update(schema);
  out["definitions"] = definitions();
  return out.dump(1, '\t') + "\n";
}

}  // namespace trunkgate

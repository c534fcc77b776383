#include "policy/layer_reader.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "git/ref_name.h"
#include "policy/evidence_check.h"
#include "policy/identity_reader.h"
#include "policy/people_reader.h"
#include "policy/policy_files.h"
#include "policy/policy_keys.h"
#include "policy/rule_reader.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

using namespace keys;

// One mistake about the number is enough.
bool is_number(const Node& node) {
  return node.kind == Node::Kind::scalar && !node.quoted && !node.text.empty() &&
         node.text.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

void LayerReader::read(const OptionReader& reader, RulesetReader::Layer layer) {
  read_version(reader);
  read_common(reader);
  read_users(reader.find("users"), people_, diagnostics_);
  read_groups(reader.find("groups"), people_, diagnostics_);
  if (const Node* identity = reader.find("identity"); identity != nullptr) {
    set_identity(*identity, layer.folder);
  }
  read_evidence(reader, layer.folder);
  if (const Node* events = reader.find("events"); events != nullptr) {
    read_events(*events, layer.folder);
  }
  if (const Node* sweep = list_at(reader, "sweep"); sweep != nullptr) {
    sweep_.read(*sweep, policy_);
  }
  if (const Node* ref = reader.find("policy-ref"); ref != nullptr) {
    read_policy_ref(*ref, layer.folder);
  }
  layer.mode = read_mode(reader, {}, diagnostics_);
  if (const Node* rulesets = list_at(reader, "rulesets"); rulesets != nullptr) {
    for (const Node& ruleset : rulesets->items) rulesets_.read(ruleset, layer);
  }
  if (const Node* lock = reader.find("lock"); lock != nullptr) {
    rulesets_.lock(*lock, layer, people_now());
    if (rulesets_.locks_any()) evidence_.settle(*people_now(), policy_);
  }
}

void LayerReader::lock() {
  rulesets_.lock_all(people_now());
  evidence_.settle(*people_now(), policy_);
}

void LayerReader::finish() {
  policy_.rules = rulesets_.finish(*people_now());
  policy_.users = people_.users;
  check_own_refs();
  evidence_.settle(*people_now(), policy_);
  check_evidence(policy_, diagnostics_);
  evidence_.check(policy_);
  events_.check(policy_);
}

// A rule with references of its own: were they let in without it, nobody would judge them.
void LayerReader::check_own_refs() {
  for (const ActiveRule& active : policy_.rules) {
    if (active.info->own_refs.empty()) continue;
    const std::string rule = "the rule '" + std::string(active.info->id) + "' needs ";
    const std::string refs = std::string(active.info->own_refs) + "**";
    const std::string sample = std::string(active.info->own_refs) + "ada/docs/a.txt";
    if (!active.scope.covers(sample)) {
      diagnostics_.error(active.where, rule + "'" + refs + "' among the refs of its ruleset");
    }
    if (!policy_.namespaces.matches(sample)) {
      diagnostics_.error(active.where, rule + "that its references can be pushed",
                         "namespaces: ['" + refs + "']");
    }
  }
}

void LayerReader::read_version(const OptionReader& reader) {
  if (const Node* version = reader.find("version"); version == nullptr) {
    diagnostics_.error(reader.where(), "'version: 1' is missing");
  } else if (reader.get(kVersion) != 1 && is_number(*version)) {
    diagnostics_.error(version->where, "this build reads version 1 of the policy language");
  }
}

// Whom the layers read so far know; people of layers below cannot be of those that a locked rule
// lets through.
std::shared_ptr<const People> LayerReader::people_now() const {
  auto people = std::make_shared<People>(people_);
  for (const auto& [name, user] : test_keys_) {
    const auto known = people->users.find(name);
    if (known == people->users.end() || known->second.keys.empty()) continue;
    known->second.keys.insert(known->second.keys.end(), user.keys.begin(), user.keys.end());
  }
  return people;
}

// What stands outside of rulesets loosens them, too: who a pusher is, which refs there are, and
// whether a bad ref takes the good ones with it.
bool LayerReader::may_loosen(const Location& where, const std::string& what) {
  if (!rulesets_.locks_any()) return true;
  diagnostics_.error(where, what + " would loosen the rulesets that a layer above locks",
                     "say it there");
  return false;
}

void LayerReader::read_evidence(const OptionReader& reader, const std::string& folder) {
  if (const Node* node = reader.find("attestations");
      node != nullptr && may_loosen(node->where, "'attestations'")) {
    evidence_.add_attestations(*node, folder);
  }
  if (const Node* node = reader.find("exemptions");
      node != nullptr && may_loosen(node->where, "'exemptions'")) {
    evidence_.add_exemptions(*node);
  }
}

void LayerReader::read_common(const OptionReader& reader) {
  static constexpr std::string_view kWords[] = {"push", "ref"};
  if (const Node* node = reader.find("on-violation"); node != nullptr) {
    const bool ref = read_word(*node, kWords, 0, diagnostics_) == 1;
    if (ref && !on_violation_set_) may_loosen(node->where, "'on-violation: ref'");
    // Of several layers the stricter word holds.
    policy_.ref_by_ref = ref && (!on_violation_set_ || policy_.ref_by_ref);
    on_violation_set_ = true;
  }
  if (const Node* node = reader.find("land"); node != nullptr) read_landing(*node);
  if (reader.has("contact")) policy_.contact = printable(reader.get(kContact));
  if (const Node* node = reader.find("namespaces"); node != nullptr) {
    read_namespaces(*node, reader);
  }
}

void LayerReader::read_namespaces(const Node& node, const OptionReader& reader) {
  may_loosen(node.where, "a further namespace");
  std::vector<Glob> globs = policy_.namespaces.globs();
  const GlobSet added = reader.get(kNamespaces);
  for (const Glob& glob : added.globs()) {
    if (!glob.text().starts_with("refs/")) {
      diagnostics_.error(
          item_location(node, glob.text()),
          "'" + printable(glob.text()) + "' does not start with refs/, for example refs/wip/**");
    }
    globs.push_back(glob);
  }
  policy_.namespaces = GlobSet(std::move(globs));
}

// A landing is judged as any push is, so the queue loosens nothing; but whoever has said above
// that there is none, beside rulesets that are locked, means it.
void LayerReader::read_landing(const Node& node) {
  const OptionReader reader(node, kLandingKeys, diagnostics_, "'land'");
  if (node.kind != Node::Kind::map || !reader.has("queue")) return;
  const bool queue = reader.get(kQueue);
  if (queue && queue_set_ && !policy_.queue && !may_loosen(node.where, "'queue: true'")) return;
  policy_.queue = queue;
  queue_set_ = true;
}

void LayerReader::set_identity(const Node& node, const std::string& folder) {
  if (identity_set_) {
    diagnostics_.error(node.where, "'identity' is set in a layer above already");
    return;
  }
  if (is_in_policy_ref(folder)) {
    diagnostics_.error(node.where,
                       "'identity' can stand only in a policy on the server's disk: it says who "
                       "may push the one in Git");
    return;
  }
  if (!may_loosen(node.where, "'identity'")) return;
  identity_set_ = true;
  policy_.identity = read_identity(
      node, [&](const std::string& name) { return read_file_(folder, name); }, diagnostics_);
  // Of the layers read so far: one below must not give anybody another name.
  add_keys(people_.users, node.where, policy_.identity, diagnostics_);
}

void LayerReader::read_policy_ref(const Node& node, const std::string& folder) {
  if (is_in_policy_ref(folder) || policy_.policy_ref) {
    diagnostics_.error(node.where, "'policy-ref' is set in a layer above already");
    return;
  }
  const OptionReader reader(node, kPolicyRefKeys, diagnostics_, "'policy-ref'");
  if (node.kind != Node::Kind::map) return;
  PolicyRef ref;
  ref.ref = reader.get(kPolicyRefRef);
  ref.file = reader.get(kPolicyRefFile);
  if (const Node* by = reader.find("by"); by != nullptr) {
    ref.writers = users_of(*by, reader.get(kPolicyRefBy), people_.groups, diagnostics_);
  }
  static constexpr std::string_view kNamespace = "refs/meta/";
  if (!ref.ref.starts_with(kNamespace) || ref_name_mistake(ref.ref)) {
    diagnostics_.error(reader.has("ref") ? reader.find("ref")->where : node.where,
                       "'policy-ref' needs a 'ref' below refs/meta/, such as refs/meta/policy");
  }
  if (ref.writers.empty()) {
    diagnostics_.error(reader.has("by") ? reader.find("by")->where : node.where,
                       "'policy-ref' needs named writers: 'by: [admins]'");
  }
  if (ref.file.empty() || ref.file.starts_with('/') || ref.file.ends_with('/')) {
    diagnostics_.error(reader.find("file")->where, "'file' is a path inside of the commit");
  }
  policy_.policy_ref = std::move(ref);
}

void LayerReader::read_events(const Node& node, const std::string& folder) {
  if (is_in_policy_ref(folder)) {
    diagnostics_.error(node.where,
                       "'events' can stand only in a policy on the server's disk: sinks write "
                       "there");
    return;
  }
  events_.read(node, folder, policy_);
}

}  // namespace trunkgate

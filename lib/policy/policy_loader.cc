#include "policy/policy_loader.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>

#include "base/digest.h"
#include "base/nearest.h"
#include "base/text.h"
#include "git/ref_name.h"
#include "policy/events_reader.h"
#include "policy/evidence_check.h"
#include "policy/evidence_layers.h"
#include "policy/identity_reader.h"
#include "policy/people_reader.h"
#include "policy/policy_keys.h"
#include "policy/preset_parameters.h"
#include "policy/presets.h"
#include "policy/ruleset_reader.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxLayers = 16;

using namespace keys;

// Relative paths in a policy start at the policy's folder.
std::string beside(const std::string& file, const std::string& path) {
  if (path.starts_with("/")) return path;
  const auto slash = file.rfind('/');
  return slash == std::string::npos ? path : file.substr(0, slash + 1) + path;
}

class Loader {
 public:
  Loader(const ReadPolicyFile& read, DocumentCache* cache, const Users& test_keys)
      : read_(read), cache_(cache), test_keys_(test_keys) {}

  void load_root(const PolicyRoot& root) {
    if (root.in_git) {
      load_from_git();
      return;
    }
    FileText file = read_(root.path);
    if (file.state == FileState::missing && root.optional) return;
    if (file.state != FileState::present) {
      throw PolicyMissing(
          ErrorKind::config,
          "the policy " + root.path + " " +
              (file.state == FileState::missing ? "is missing" : "cannot be read: " + file.reason));
    }
    load_layer(root.path, root.shown, std::move(file.text));
    // The machine's own policy, with all that it extends: nothing below may loosen it.
    if (!root.optional) return;
    rulesets_.lock_all(people_now());
    evidence_.settle(*people_now(), *policy_);
  }

  std::unique_ptr<Policy> finish() {
    policy_->rules = rulesets_.finish(*people_now());
    policy_->users = people_.users;
    check_own_refs();
    evidence_.settle(*people_now(), *policy_);
    check_evidence(*policy_, diagnostics_);
    evidence_.check(*policy_);
    events_.check(*policy_);
    if (!diagnostics_.empty()) throw ConfigError(events_.secrets().hide(diagnostics_));
    policy_->warnings = diagnostics_.warnings();
    std::string everything;
    for (const auto& source : policy_->sources) {
      everything += source->path + '\0' + std::to_string(source->text.size()) + '\0' + source->text;
    }
    policy_->sha256 = sha256(everything);
    return std::move(policy_);
  }

 private:
  // A rule with references of its own: were they let in without it, nobody would judge them.
  void check_own_refs() {
    for (const ActiveRule& active : policy_->rules) {
      if (active.info->own_refs.empty()) continue;
      const std::string rule = "the rule '" + std::string(active.info->id) + "' needs ";
      const std::string refs = std::string(active.info->own_refs) + "**";
      const std::string sample = std::string(active.info->own_refs) + "ada/docs/a.txt";
      if (!active.scope.covers(sample)) {
        diagnostics_.error(active.where, rule + "'" + refs + "' among the refs of its ruleset");
      }
      if (!policy_->namespaces.matches(sample)) {
        diagnostics_.error(active.where, rule + "that its references can be pushed",
                           "namespaces: ['" + refs + "']");
      }
    }
  }

  void load_from_git() {
    if (!policy_->policy_ref) return;
    PolicyRef& wanted = *policy_->policy_ref;
    const std::string path = path_in_policy_ref(wanted.ref, wanted.file);
    FileText file = read_(path);
    if (file.state == FileState::missing) {
      wanted.missing = true;
      return;
    }
    const std::string shown = wanted.ref + ":" + wanted.file;
    if (file.state != FileState::present) {
      throw PolicyMissing(ErrorKind::config,
                          "the policy " + shown + " cannot be read: " + file.reason);
    }
    load_layer(path, shown, std::move(file.text));
  }

  // A file that an option of a rule names.
  FileText read_for_rule(const std::string& folder, const std::string& name) {
    FileText file;
    if (is_in_policy_ref(folder) && name.starts_with('/')) {
      file.state = FileState::unreadable;
      file.reason = "a policy in Git can name only what lies beside it";
      return file;
    }
    file = read_(beside(folder, name));
    if (file.state == FileState::present) {
      policy_->sources.push_back(std::make_shared<const Source>(Source{name, file.text}));
    }
    return file;
  }

  void load_layer(const std::string& path, const std::string& shown, std::string text) {
    if (std::find(loading_.begin(), loading_.end(), path) != loading_.end()) {
      diagnostics_.error(extended_at_, "'" + printable(shown) + "' extends itself");
      return;
    }
    if (policy_->sources.size() + loading_.size() >= kMaxLayers) {
      diagnostics_.error(extended_at_, "more than " + std::to_string(kMaxLayers) + " files");
      return;
    }
    loading_.push_back(path);
    const auto source = std::make_shared<const Source>(Source{shown, std::move(text)});
    documents_.push_back(std::make_unique<const Node>(document(source)));
    const Node& root = *documents_.back();
    if (root.kind == Node::Kind::map && !diagnostics_.unreadable()) {
      std::vector<const OptionInfo*> keys(std::begin(kPolicyKeys), std::end(kPolicyKeys));
      if (path.starts_with(kPresetPrefix)) keys.push_back(&kParameters.info);
      const OptionReader reader(root, keys, diagnostics_, "the policy");
      const std::size_t first = layers_ + 1;
      read_extends(reader, path);
      read_policy(reader, path, first);
    } else if (diagnostics_.empty()) {
      diagnostics_.error(root.where, "the policy is empty; it starts with 'version: 1'");
    }
    policy_->sources.push_back(source);
    loading_.pop_back();
  }

  Node document(const std::shared_ptr<const Source>& source) {
    if (cache_ != nullptr) {
      if (auto known = cache_->find(source)) return std::move(*known);
    }
    Node root = parse_document(source, diagnostics_);
    if (cache_ != nullptr && diagnostics_.empty()) cache_->add(source->text, root);
    return root;
  }

  // Texts name files and presets; a map gives a preset's parameters values.
  void read_extends(const OptionReader& reader, const std::string& path) {
    const Node* node = reader.find("extends");
    if (node == nullptr) return;
    const std::span<const Node> items = node->kind == Node::Kind::sequence
                                            ? std::span<const Node>(node->items)
                                            : std::span<const Node>(node, 1);
    for (const Node& item : items) {
      extended_at_ = item.where;
      if (item.kind == Node::Kind::map) {
        const OptionReader keys(item, kExtendsKeys, diagnostics_, "an item of 'extends'");
        const Node* values = keys.find("with");
        if (values != nullptr && values->kind != Node::Kind::map) {
          diagnostics_.error(values->where, "'with' must be a map of parameters to their values");
          values = nullptr;
        }
        extend_preset(keys.get(kPreset), values);
        continue;
      }
      std::string name;
      if (!OptionType<std::string>::read(item, diagnostics_, name)) continue;
      if (name.starts_with(kPresetPrefix)) {
        extend_preset(name.substr(kPresetPrefix.size()), nullptr);
      } else {
        extend(path, name);
      }
    }
  }

  void extend(const std::string& from, const std::string& name) {
    const std::string path = beside(from, name);
    if (is_in_policy_ref(from) && name.starts_with('/')) {
      diagnostics_.error(extended_at_, "a policy in Git can extend only what lies beside it");
      return;
    }
    FileText file = read_(path);
    if (file.state != FileState::present) {
      diagnostics_.error(extended_at_, "cannot read '" + printable(path) + "': " + file.reason);
      return;
    }
    load_layer(path, name, std::move(file.text));
  }

  void extend_preset(const std::string& name, const Node* values) {
    const std::string path = std::string(kPresetPrefix) + name;
    const FileText file = read_(path);
    if (file.state != FileState::present) {
      const auto known = nearest(name, preset_names());
      diagnostics_.error(extended_at_, "there is no preset '" + printable(name) + "'",
                         known ? "did you mean '" + *known + "'?" : "");
      return;
    }
    const Node plain = document(std::make_shared<const Source>(Source{path, file.text}));
    load_layer(path, path, fill_parameters(file.text, plain, values, diagnostics_));
  }

  // One mistake about the number is enough.
  static bool is_number(const Node& node) {
    return node.kind == Node::Kind::scalar && !node.quoted && !node.text.empty() &&
           node.text.find_first_not_of("0123456789") == std::string::npos;
  }

  // `first`: the number of the first layer that this one extends, or its own.
  void read_policy(const OptionReader& reader, const std::string& path, std::size_t first) {
    if (const Node* version = reader.find("version"); version == nullptr) {
      diagnostics_.error(reader.where(), "'version: 1' is missing");
    } else if (reader.get(kVersion) != 1 && is_number(*version)) {
      diagnostics_.error(version->where, "this build reads version 1 of the policy language");
    }
    read_common(reader);
    read_users(reader.find("users"), people_, diagnostics_);
    read_groups(reader.find("groups"), people_, diagnostics_);
    if (const Node* identity = reader.find("identity"); identity != nullptr) {
      set_identity(*identity, path);
    }
    if (const Node* node = reader.find("attestations");
        node != nullptr && may_loosen(node->where, "'attestations'")) {
      evidence_.add_attestations(*node, beside(path, ""));
    }
    if (const Node* node = reader.find("exemptions");
        node != nullptr && may_loosen(node->where, "'exemptions'")) {
      evidence_.add_exemptions(*node);
    }
    if (const Node* events = reader.find("events"); events != nullptr) read_events(*events, path);
    if (const Node* ref = reader.find("policy-ref"); ref != nullptr) read_policy_ref(*ref, path);
    const RulesetReader::Layer layer{.number = ++layers_,
                                     .first = first,
                                     .mode = read_mode(reader, {}, diagnostics_),
                                     .folder = beside(path, "")};
    if (const Node* rulesets = list_at(reader, "rulesets"); rulesets != nullptr) {
      for (const Node& ruleset : rulesets->items) rulesets_.read(ruleset, layer);
    }
    if (const Node* lock = reader.find("lock"); lock != nullptr) {
      rulesets_.lock(*lock, layer, people_now());
      if (rulesets_.locks_any()) evidence_.settle(*people_now(), *policy_);
    }
  }

  // Whom the layers read so far know; people of layers below cannot be of those that a locked rule
  // lets through.
  std::shared_ptr<const People> people_now() const {
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
  bool may_loosen(const Location& where, const std::string& what) {
    if (!rulesets_.locks_any()) return true;
    diagnostics_.error(where, what + " would loosen the rulesets that a layer above locks",
                       "say it there");
    return false;
  }

  void read_common(const OptionReader& reader) {
    static constexpr std::string_view kWords[] = {"push", "ref"};
    if (const Node* node = reader.find("on-violation"); node != nullptr) {
      const bool ref = read_word(*node, kWords, 0, diagnostics_) == 1;
      if (ref && !on_violation_set_) may_loosen(node->where, "'on-violation: ref'");
      // Of several layers the stricter word holds.
      policy_->ref_by_ref = ref && (!on_violation_set_ || policy_->ref_by_ref);
      on_violation_set_ = true;
    }
    if (const Node* node = reader.find("land"); node != nullptr) read_landing(*node);
    if (reader.has("contact")) policy_->contact = printable(reader.get(kContact));
    if (const Node* node = reader.find("namespaces"); node != nullptr) {
      may_loosen(node->where, "a further namespace");
      std::vector<Glob> globs = policy_->namespaces.globs();
      const GlobSet added = reader.get(kNamespaces);
      for (const Glob& glob : added.globs()) {
        if (!glob.text().starts_with("refs/")) {
          diagnostics_.error(item_location(*node, glob.text()),
                             "'" + printable(glob.text()) +
                                 "' does not start with refs/, for example refs/wip/**");
        }
        globs.push_back(glob);
      }
      policy_->namespaces = GlobSet(std::move(globs));
    }
  }

  // A landing is judged as any push is, so the queue loosens nothing; but whoever has said above
  // that there is none, beside rulesets that are locked, means it.
  void read_landing(const Node& node) {
    const OptionReader reader(node, kLandingKeys, diagnostics_, "'land'");
    if (node.kind != Node::Kind::map || !reader.has("queue")) return;
    const bool queue = reader.get(kQueue);
    if (queue && queue_set_ && !policy_->queue && !may_loosen(node.where, "'queue: true'")) return;
    policy_->queue = queue;
    queue_set_ = true;
  }

  void set_identity(const Node& node, const std::string& path) {
    if (identity_set_) {
      diagnostics_.error(node.where, "'identity' is set in a layer above already");
      return;
    }
    if (is_in_policy_ref(path)) {
      diagnostics_.error(node.where,
                         "'identity' can stand only in a policy on the server's disk: it says who "
                         "may push the one in Git");
      return;
    }
    if (!may_loosen(node.where, "'identity'")) return;
    identity_set_ = true;
    policy_->identity = read_identity(
        node, [&](const std::string& name) { return read_for_rule(beside(path, ""), name); },
        diagnostics_);
    // Of the layers read so far: one below must not give anybody another name.
    add_keys(people_.users, node.where, policy_->identity, diagnostics_);
  }

  void read_policy_ref(const Node& node, const std::string& path) {
    if (is_in_policy_ref(path) || policy_->policy_ref) {
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
    policy_->policy_ref = std::move(ref);
  }

  void read_events(const Node& node, const std::string& path) {
    if (is_in_policy_ref(path)) {
      diagnostics_.error(node.where,
                         "'events' can stand only in a policy on the server's disk: sinks write "
                         "there");
      return;
    }
    events_.read(node, beside(path, ""), *policy_);
  }

  const ReadPolicyFile& read_;
  DocumentCache* cache_;
  const Users& test_keys_;
  std::unique_ptr<Policy> policy_ = std::make_unique<Policy>();
  Diagnostics diagnostics_;
  People people_;  // of the layers read so far
  RulesetReader rulesets_{diagnostics_, [this](const std::string& folder, const std::string& name) {
                            return read_for_rule(folder, name);
                          }};
  EvidenceLayers evidence_{diagnostics_,
                           [this](const std::string& folder, const std::string& name) {
                             return read_for_rule(folder, name);
                           }};
  std::vector<std::unique_ptr<const Node>> documents_;  // what drafts of rules point into
  std::size_t layers_ = 0;
  EventsReader events_{diagnostics_};
  std::vector<std::string> loading_;
  Location extended_at_;
  bool identity_set_ = false;
  bool on_violation_set_ = false;
  bool queue_set_ = false;
};

}  // namespace

std::unique_ptr<Policy> load_policy(const std::vector<PolicyRoot>& roots,
                                    const ReadPolicyFile& read, DocumentCache* cache,
                                    const Users& test_keys) {
  Loader loader(read, cache, test_keys);
  for (const PolicyRoot& root : roots) loader.load_root(root);
  return loader.finish();
}

std::vector<PolicyRoot> policy_roots(const std::string& repository, const std::string& configured,
                                     const std::string& system_policy) {
  std::vector<PolicyRoot> roots;
  if (!system_policy.empty()) roots.push_back({system_policy, system_policy, true});
  if (configured.empty()) {
    roots.push_back({repository + "/trunkgate/policy.yaml", "policy.yaml", false});
  } else {
    const std::string path =
        configured.starts_with("/") ? configured : repository + "/" + configured;
    roots.push_back({path, configured, false});
  }
  roots.push_back({.path = {}, .shown = {}, .in_git = true});
  return roots;
}

}  // namespace trunkgate

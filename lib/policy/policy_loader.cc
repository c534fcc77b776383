#include "policy/policy_loader.h"

#include <algorithm>
#include <span>

#include "base/digest.h"
#include "base/nearest.h"
#include "base/text.h"
#include "policy/layer_reader.h"
#include "policy/policy_keys.h"
#include "policy/preset_parameters.h"
#include "policy/presets.h"

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
      : read_file_(read),
        cache_(cache),
        layers_(
            diagnostics_, *policy_,
            [this](const std::string& folder, const std::string& name) {
              return read_for_rule(folder, name);
            },
            test_keys) {}

  void load_root(const PolicyRoot& root) {
    if (root.in_git) {
      load_from_git();
      return;
    }
    FileText file = read_file_(root.path);
    if (file.state == FileState::missing && root.optional) return;
    if (file.state != FileState::present) {
      throw PolicyMissing(
          ErrorKind::config,
          "the policy " + root.path + " " +
              (file.state == FileState::missing ? "is missing" : "cannot be read: " + file.reason));
    }
    load_layer(root.path, root.shown, std::move(file.text));
    // The machine's own policy, with all that it extends: nothing below may loosen it.
    if (root.optional) layers_.lock();
  }

  std::unique_ptr<Policy> finish() {
    layers_.finish();
    if (!diagnostics_.empty()) throw ConfigError(layers_.secrets().hide(diagnostics_));
    policy_->warnings = diagnostics_.warnings();
    std::string everything;
    for (const auto& source : policy_->sources) {
      everything += source->path + '\0' + std::to_string(source->text.size()) + '\0' + source->text;
    }
    policy_->sha256 = sha256(everything);
    return std::move(policy_);
  }

 private:
  void load_from_git() {
    if (!policy_->policy_ref) return;
    PolicyRef& wanted = *policy_->policy_ref;
    const std::string path = path_in_policy_ref(wanted.ref, wanted.file);
    FileText file = read_file_(path);
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
    file = read_file_(beside(folder, name));
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
      const std::size_t first = read_ + 1;
      read_extends(reader, path);
      layers_.read(reader,
                   {.number = ++read_, .first = first, .mode = {}, .folder = beside(path, "")});
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
    FileText file = read_file_(path);
    if (file.state != FileState::present) {
      diagnostics_.error(extended_at_, "cannot read '" + printable(path) + "': " + file.reason);
      return;
    }
    load_layer(path, name, std::move(file.text));
  }

  void extend_preset(const std::string& name, const Node* values) {
    const std::string path = std::string(kPresetPrefix) + name;
    const FileText file = read_file_(path);
    if (file.state != FileState::present) {
      const auto known = nearest(name, preset_names());
      diagnostics_.error(extended_at_, "there is no preset '" + printable(name) + "'",
                         known ? "did you mean '" + *known + "'?" : "");
      return;
    }
    const Node plain = document(std::make_shared<const Source>(Source{path, file.text}));
    load_layer(path, path, fill_parameters(file.text, plain, values, diagnostics_));
  }

  const ReadPolicyFile& read_file_;
  DocumentCache* cache_;
  std::unique_ptr<Policy> policy_ = std::make_unique<Policy>();
  Diagnostics diagnostics_;
  std::vector<std::unique_ptr<const Node>> documents_;  // what drafts of rules point into
  LayerReader layers_;
  std::size_t read_ = 0;  // how many layers
  std::vector<std::string> loading_;
  Location extended_at_;
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

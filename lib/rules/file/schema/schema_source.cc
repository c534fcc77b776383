#include "rules/file/schema/schema_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "git/tree.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxSchemaBytes = 1024 * 1024;

ConfigFormat format_of(std::string_view path) {
  return config_format(path).value_or(ConfigFormat::json);
}

// The policy's own words about a mistake in another file.
void report(const std::vector<ConfigMistake>& mistakes, const std::string& path, std::string text,
            Diagnostics& diagnostics) {
  const auto source = std::make_shared<const Source>(Source{path, std::move(text)});
  for (const ConfigMistake& mistake : mistakes) {
    Location where;
    where.source = source;
    where.line = std::max<std::size_t>(mistake.line, 1);
    where.column = std::max<std::size_t>(mistake.column, 1);
    diagnostics.error(where, mistake.message);
  }
}

}  // namespace

SchemaSource::SchemaSource(const RuleSetup& setup, std::string path, std::string branch,
                           const Location& where)
    : path_(std::move(path)) {
  Diagnostics& diagnostics = setup.options.diagnostics();
  if (!branch.empty()) {
    branch_ = branch.starts_with("refs/") ? std::move(branch) : "refs/heads/" + branch;
    if (path_.starts_with('/')) {
      diagnostics.error(where, "the path of a schema on a branch starts at the top of its files",
                        "leave the first '/' out");
    }
    return;
  }
  FileText file = setup.read_file(path_);
  if (file.state != FileState::present) {
    diagnostics.error(where,
                      "cannot read the schema '" + printable(path_) + "'" +
                          (file.reason.empty() ? std::string() : ": " + printable(file.reason)));
    return;
  }
  std::vector<ConfigMistake> mistakes;
  schema_ = JsonSchema::read(file.text, format_of(path_), mistakes);
  report(mistakes, path_, std::move(file.text), diagnostics);
}

std::string SchemaSource::name() const {
  std::string name = "'" + printable(path_) + "'";
  if (branch_.empty()) return name;
  static constexpr std::string_view kBranches = "refs/heads/";
  return name + " on " +
         printable(branch_.starts_with(kBranches) ? branch_.substr(kBranches.size()) : branch_);
}

const JsonSchema& SchemaSource::schema(const Push& push) const {
  if (branch_.empty()) return *schema_;
  // What the branch holds before the push, even where refs have moved already.
  const auto pushed = std::find_if(push.refs.begin(), push.refs.end(),
                                   [&](const PushedRef& ref) { return ref.name == branch_; });
  ObjectId tip;
  if (pushed != push.refs.end()) {
    tip = pushed->old_id;
  } else if (const RefValue value = push.repository.ref(branch_);
             value.kind == RefValue::Kind::direct) {
    tip = value.id;
  }
  if (schema_ != nullptr && read_from_ == tip) return *schema_;
  if (tip.is_zero()) {
    throw Error(ErrorKind::config, "there is no " + branch_ + " to read the schema from");
  }
  const Peeled peeled = push.repository.peel(tip);
  if (peeled.type != ObjectType::commit) {
    throw Error(ErrorKind::config, branch_ + " does not point at a commit");
  }
  const ObjectId blob = blob_on_branch(push, peeled.id);
  std::vector<ConfigMistake> mistakes;
  schema_ =
      JsonSchema::read(push.repository.blob(blob, kMaxSchemaBytes), format_of(path_), mistakes);
  if (schema_ == nullptr) {
    throw Error(ErrorKind::config, fmt::format("the schema {}, line {}: {}", name(),
                                               mistakes.front().line, mistakes.front().message));
  }
  read_from_ = tip;
  return *schema_;
}

ObjectId SchemaSource::blob_on_branch(const Push& push, const ObjectId& commit) const {
  ObjectId at = push.repository.commit(commit).tree;
  const std::vector<std::string_view> names = split(path_, '/');
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Bytes raw = push.repository.tree(at);
    TreeReader reader(raw.view());
    TreeEntry entry;
    bool found = false;
    while (!found && reader.next(entry)) found = entry.name == names[i];
    const bool last = i + 1 == names.size();
    const bool link = entry.mode == kSymlinkMode || entry.mode == kSubmoduleMode;
    if (!found || link || entry.folder() == last) {
      throw Error(ErrorKind::config, "there is no schema " + name());
    }
    at = entry.id;
  }
  return at;
}

}  // namespace trunkgate

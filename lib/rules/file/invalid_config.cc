// invalid-config: a configuration file that cannot be read, or is not what its schema asks for.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "config/config_file.h"
#include "rules/catalogue.h"
#include "rules/file/schema/schema_source.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kFiles{
    "files", "",
    "which files: .yaml, .yml, .json and .toml among them are read; all of these without it"};
constexpr Option<std::string> kSchema{
    "schema", "",
    "file with a JSON Schema (draft 7; patterns as RE2 knows them, over bytes; 1.0 is no integer; "
    "references within the schema only), from the policy's folder; without it, or where it is '', "
    "only syntax and duplicate keys are checked"};
constexpr Option<std::string> kSchemaRef{
    "schema-ref", "",
    "branch to read the schema from, as it is on the server before the push, instead of the "
    "policy's folder"};
constexpr Option<ByteSize> kLimit{"limit", "1 MiB", "larger files are refused unread"};
constexpr const OptionInfo* kOptions[] = {&kFiles.info, &kSchema.info, &kSchemaRef.info,
                                          &kLimit.info};
// A file with this many faults is another kind of file.
constexpr std::size_t kMaxFaults = 20;

class InvalidConfig final : public Rule {
 public:
  explicit InvalidConfig(const RuleSetup& setup)
      : files_(setup.options.get(kFiles)), limit_(setup.options.get(kLimit)) {
    const OptionReader& options = setup.options;
    const std::string path = options.get(kSchema);
    if (!path.empty()) {
      schema_ = SchemaSource(setup, path, options.get(kSchemaRef),
                             options.find(kSchema.info.name)->where);
    } else if (options.has(kSchemaRef.info.name) && !options.has(kSchema.info.name)) {
      options.diagnostics().error(options.find(kSchemaRef.info.name)->where,
                                  "'schema-ref' needs 'schema': which file of the branch it is");
    }
  }

  bool looks_at(const ChangedFile& file) const override {
    return file.plain() && config_format(file.path).has_value() &&
           (files_.empty() || files_.matches(file.path));
  }

  void check_file(const Push& push, const PushedFile& file, Answer& out) const override {
    if (file.size() > limit_.bytes) {
      out.add({.message = fmt::format("has {}; configuration files above {} are not read",
                                      size_text(file.size()), size_text(limit_.bytes))});
      return;
    }
    const ConfigFormat format = *config_format(file.path());
    const ConfigFile config = read_config_file(file.content(), format);
    std::vector<ConfigMistake> faults = config.mistakes;
    if (config.documents.empty()) {
      for (ConfigMistake& fault : faults) fault.message = unreadable(format, fault);
    }
    const bool readable = faults.empty();
    if (schema_.given()) {
      const JsonSchema& schema = schema_.schema(push);
      for (const ConfigValue& document : config.documents) {
        const SchemaFaults found = schema.judge(document);
        faults.insert(faults.end(), found.begin(), found.end());
      }
    }
    std::stable_sort(faults.begin(), faults.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    report(faults, readable, out);
  }

 private:
  static std::string unreadable(ConfigFormat format, const ConfigMistake& fault) {
    const std::string column = fault.column != 0 ? fmt::format(" (column {})", fault.column) : "";
    return fmt::format("is no valid {}{}: {}", to_string(format), column, fault.message);
  }

  void report(const std::vector<ConfigMistake>& faults, bool readable, Answer& out) const {
    for (std::size_t i = 0; i < faults.size(); ++i) {
      if (i == kMaxFaults) {
        out.add({.message = fmt::format("and {} more like these", faults.size() - i)});
        return;
      }
      Finding finding{.message = faults[i].message, .line = faults[i].line};
      if (readable && schema_.given()) finding.hint = "the schema is " + schema_.name();
      out.add(std::move(finding));
    }
  }

  PathSet files_;
  ByteSize limit_;
  SchemaSource schema_;
};

constexpr Example kExamples[] = {
    {"", "add configs/a.yaml\nmodel:\n  layers: 12\n", true},
    {"", "add configs/a.yaml\nmodel:\n  layers: 12\n  layers: 24\n", false},
    {"", "add configs/a.yaml\nmodel: [1, 2\n", false},
    {"", "add a.json\n{\"layers\": 12}\n", true},
    {"", "add a.json\n{\"layers\": 12,}\n", false},
    {"", "add a.json\n{\"layers\": 12, \"layers\": 24}\n", false},
    {"", "add a.toml\n[model]\nlayers = 12\n", true},
    {"", "add a.toml\n[model]\nlayers = 12\nlayers = 24\n", false},
    {"", "add notes.txt\nmodel: [1, 2\n", true},
    {"{files: 'configs/**/*.yaml'}", "add other/a.yaml\nmodel: [1, 2\n", true},
    {"{limit: 8}", "add a.yaml\nlayers: 12\n", false},
};

}  // namespace

constinit const RuleInfo invalid_config{
    .id = "invalid-config",
    .subject = Subject::file,
    .summary = "a configuration file cannot be read or breaks its schema",
    .rationale = "A slip in a configuration shows hours later, when the job that reads it fails.",
    .remedy = "Correct the file in the commit that changes it.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<InvalidConfig>,
    .content = true,
};

}  // namespace trunkgate

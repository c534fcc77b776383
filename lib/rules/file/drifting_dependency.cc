// drifting-dependency: a watched dependency that is not pinned, or whose version changes.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "rules/catalogue.h"
#include "rules/file/dependencies/dependency.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kFiles{
    "files",
    "['requirements*.txt', 'requirements/*.txt', 'constraints*.txt', pyproject.toml, "
    "'environment*.yml', 'environment*.yaml', package.json, Dockerfile, 'Dockerfile.*', "
    "'*.Dockerfile', Containerfile]",
    "which files; their names say how they are read, and others are requirements of pip"};
constexpr Option<std::vector<std::string>> kWatch{
    "watch", "",
    "names or globs of dependencies and images, compared without case and with '-', '_' and '.' "
    "alike; the last part of an image's name stands for it, too"};
constexpr Option<bool> kPinned{"pinned", "true", "refuse those whose version is not exact"};
constexpr Option<std::string> kChanges{"changes", "refuse",
                                       "refuse or allow: whether a version may change or go"};
constexpr const OptionInfo* kOptions[] = {&kFiles.info, &kWatch.info, &kPinned.info,
                                          &kChanges.info};
constexpr std::array<std::string_view, 2> kChangeWords{"refuse", "allow"};

// Nobody reads more of them.
constexpr std::size_t kMaxFindings = 20;
constexpr std::size_t kShown = 80;

// What a file says of one name, which may stand in it several times.
struct Watched {
  std::string name;  // as written first
  std::size_t line = 0;
  std::set<std::string> versions;
};
using WatchedByName = std::map<std::string, Watched>;

std::string versions_text(const Watched& watched) {
  std::vector<std::string> shown;
  for (const std::string& version : watched.versions) {
    shown.push_back(version.empty() ? "any version" : printable(version, kShown));
    if (shown.size() == 4 && watched.versions.size() > 4) {
      shown.emplace_back("...");
      break;
    }
  }
  return join(shown, " and ");
}

class DriftingDependency final : public Rule {
 public:
  explicit DriftingDependency(const RuleSetup& setup)
      : files_(setup.options.get(kFiles)), pinned_(setup.options.get(kPinned)) {
    const OptionReader& options = setup.options;
    if (const Node* word = options.find(kChanges.info.name)) {
      changes_ = read_word(*word, kChangeWords, 0, options.diagnostics()) == 0;
    }
    const std::vector<std::string> names = options.get(kWatch);
    for (const std::string& name : names) {
      const std::string normal = normal_name(name);
      if (const auto mistake = Glob::mistake(normal)) {
        options.diagnostics().error(item_location(*options.find(kWatch.info.name), name),
                                    "bad glob: " + *mistake);
      } else {
        watch_.emplace_back(normal);
      }
    }
    if (names.empty()) {
      options.diagnostics().error(options.where(),
                                  "the rule needs 'watch': names that must stay as they are");
    }
  }

  bool looks_at(const ChangedFile& file) const override {
    if (!files_.matches(file.path)) return false;
    // A file that goes, or becomes a link, takes its dependencies with it.
    return file.plain() || (changes_ && !file.added());
  }

  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    const DependencyFile kind = dependency_file(file.path());
    const ChangedFile& change = file.change();
    const Dependencies now =
        change.plain() ? read_dependencies(file.content(), kind) : Dependencies{};
    for (const ConfigMistake& mistake : now.mistakes) {
      out.add({.message = "cannot be read for its dependencies: " + mistake.message,
               .line = mistake.line});
    }
    if (!now.mistakes.empty()) return;
    std::vector<Finding> findings;
    if (pinned_) check_pins(now, kind, findings);
    const bool was_plain = (change.before_mode & 0170000U) == 0100000U;
    if (changes_ && was_plain) {
      check_changes(watched(read_dependencies(file.before(), kind)), watched(now), findings);
    }
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Finding& a, const Finding& b) { return a.line < b.line; });
    const std::size_t more = findings.size() - std::min(findings.size(), kMaxFindings);
    findings.resize(findings.size() - more);
    for (Finding& finding : findings) out.add(std::move(finding));
    if (more > 0) out.add({.message = fmt::format("and {} more like these", more)});
  }

 private:
  bool is_watched(std::string_view name) const {
    const std::string normal = normal_name(name);
    const std::string last = normal.substr(normal.rfind('/') + 1);
    return std::any_of(watch_.begin(), watch_.end(), [&](const Glob& glob) {
      return glob.matches(normal) || (normal.front() != '@' && glob.matches(last));
    });
  }

  WatchedByName watched(const Dependencies& dependencies) const {
    WatchedByName names;
    for (const Dependency& dependency : dependencies.list) {
      if (dependency.name.empty() || !is_watched(dependency.name)) continue;
      Watched& watched = names[normal_name(dependency.name)];
      if (watched.versions.empty()) {
        watched.name = printable(dependency.name, kShown);
        watched.line = dependency.line;
      }
      watched.versions.insert(dependency.version);
    }
    return names;
  }

  void check_pins(const Dependencies& now, DependencyFile kind,
                  std::vector<Finding>& findings) const {
    for (const Dependency& dependency : now.list) {
      if (dependency.pinned || dependency.name.empty() || !is_watched(dependency.name)) continue;
      const std::string name = printable(dependency.name, kShown);
      findings.push_back(
          {.message = dependency.version.empty()
                          ? name + " is not pinned: it has no version"
                          : name + " is not pinned: " + printable(dependency.version, kShown),
           .hint = "write " + std::string(pinned_form(kind)),
           .line = dependency.line});
    }
  }

  static void check_changes(const WatchedByName& before, const WatchedByName& now,
                            std::vector<Finding>& findings) {
    for (const auto& [name, old] : before) {
      const auto kept = now.find(name);
      if (kept != now.end() && kept->second.versions == old.versions) continue;
      const bool gone = kept == now.end();
      findings.push_back({.message = old.name + ": " + versions_text(old) + " -> " +
                                     (gone ? "removed" : versions_text(kept->second)),
                          .hint = "an admin must allow this change",
                          .line = gone ? 0 : kept->second.line});
    }
  }

  PathSet files_;
  std::vector<Glob> watch_;
  bool pinned_;
  bool changes_ = true;
};

constexpr Example kExamples[] = {
    {"{watch: [torch, transformers]}", "add requirements.txt\ntorch==2.1.0\nnumpy\n", true},
    {"{watch: [torch]}", "add requirements-dev.txt\nTorch[cuda] >= 2\n", false},
    {"{watch: [torch]}", "change requirements.txt\ntorch==2.1.0\n=====\ntorch==2.2.0\n", false},
    {"{watch: [torch]}", "change requirements.txt\ntorch==2.1.0\n=====\nnumpy==1.26\n", false},
    {"{watch: [torch], changes: allow}",
     "change requirements.txt\ntorch==2.1.0\n=====\ntorch==2.2.0\n", true},
    {"{watch: [torch], pinned: false}", "add requirements.txt\ntorch\n", true},
    {"{watch: [torch]}", "delete requirements.txt\ntorch==2.1.0\n", false},
    {"{watch: [torch]}", "add pyproject.toml\n[project]\ndependencies = ['torch~=2.1']\n", false},
    {"{watch: [pytorch]}", "add environment.yml\ndependencies: [pytorch=2.1.0=py310_0]\n", true},
    {"{watch: [react]}", "add package.json\n{\"dependencies\": {\"react\": \"^18.2.0\"}}\n", false},
    {"{watch: ['nvidia/*']}", "add Dockerfile\nFROM nvidia/cuda:latest\n", false},
    {"{watch: ['nvidia/*']}", "add Dockerfile\nFROM nvidia/cuda:12.1.0-base-ubuntu22.04\n", true},
    {"{watch: [torch], files: [deps.txt]}", "add requirements.txt\ntorch\n", true},
};

}  // namespace

constinit const RuleInfo drifting_dependency{
    .id = "drifting-dependency",
    .subject = Subject::file,
    .summary = "a watched dependency is not pinned or changes its version",
    .rationale = "A result cannot be had again once what it was computed with has moved.",
    .remedy = "Pin the version that was there; ask an admin where a new one is meant.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<DriftingDependency>,
    .content = true,
    .guards = true,
    .deletions = true,
};

}  // namespace trunkgate

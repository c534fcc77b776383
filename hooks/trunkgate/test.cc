// trunkgate test: runs the tests of a policy.
#include <cstdio>
#include <filesystem>

#include "base/text.h"
#include "commands.h"
#include "policy/policy_loader.h"
#include "policy/presets.h"
#include "policy/test/test_reader.h"
#include "policy/test/test_runner.h"
#include "report/test_report.h"

namespace trunkgate {
namespace {

constexpr const char* kPolicy = "policy.yaml";
constexpr std::size_t kMaxTestFileBytes = std::size_t{4} << 20U;

struct Pair {
  std::string policy;
  std::string tests;
};

Pair pair_of(const std::string& tests, const std::string& policy) {
  if (!policy.empty()) return {policy, tests};
  const std::string derived = policy_of_test_file(tests);
  if (!derived.empty()) return {derived, tests};
  throw Error(ErrorKind::usage,
              printable(tests) + " does not say by its name which policy it tests",
              "call it NAME.test.yaml beside NAME.yaml, or name the policy with --policy");
}

std::vector<Pair> pairs_of(const TestArguments& arguments) {
  std::vector<Pair> pairs;
  for (const std::string& file : arguments.files) pairs.push_back(pair_of(file, arguments.policy));
  if (!pairs.empty()) return pairs;
  const std::string policy = arguments.policy.empty() ? kPolicy : arguments.policy;
  if (policy.starts_with(kPresetPrefix)) {
    throw Error(ErrorKind::usage, "a preset has no file beside it",
                "name the test file: trunkgate test --policy " + policy + " FILE");
  }
  return {{policy, test_file_of(policy)}};
}

// A preset is tested as a policy that only extends it.
ReadPolicyFile reader_of(const std::string& policy) {
  if (!policy.starts_with(kPresetPrefix)) return read_policy_file;
  return [policy](const std::string& path) {
    if (path != kPolicy) return read_policy_file(path);
    return FileText{FileState::present, "version: 1\nextends: ['" + policy + "']\n", {}};
  };
}

std::shared_ptr<const Source> read_tests(const std::string& path) {
  FileText file = read_file(path, kMaxTestFileBytes);
  if (file.state != FileState::present) {
    throw Error(ErrorKind::usage,
                "cannot read " + printable(path) + ": " +
                    (file.state == FileState::missing ? "it is missing" : file.reason));
  }
  return std::make_shared<const Source>(Source{path, std::move(file.text)});
}

TestedFile test_one(const Pair& pair) {
  const bool preset = pair.policy.starts_with(kPresetPrefix);
  const PolicyRoot root{.path = preset ? kPolicy : pair.policy, .shown = pair.policy};
  const ReadPolicyFile read = reader_of(pair.policy);
  DocumentCache cache;
  load_policy({root}, read, &cache);  // its mistakes come before those of the tests
  const TestFile file = read_test_file(read_tests(pair.tests), {});
  const std::string scratch = std::filesystem::temp_directory_path().string();
  return {pair.tests, pair.policy,
          run_tests(
              file,
              [&](const Users& test_keys) { return load_policy({root}, read, &cache, test_keys); },
              scratch, {})};
}

}  // namespace

int test_command(const TestArguments& arguments) {
  std::vector<TestedFile> tested;
  bool mistaken = false;
  for (const Pair& pair : pairs_of(arguments)) {
    try {
      tested.push_back(test_one(pair));
    } catch (const ConfigError& mistakes) {
      std::fputs(mistakes.diagnostics().render().c_str(), stderr);
      mistaken = true;
    }
  }
  if (mistaken) return 2;
  const std::string report = arguments.format == "json"
                                 ? test_report_json(tested, arguments.coverage)
                                 : test_report_text(tested, arguments.coverage);
  std::fputs(report.c_str(), stdout);
  const TestTotals totals = totals_of(tested);
  return totals.failed == 0 && totals.not_run == 0 ? 0 : 1;
}

}  // namespace trunkgate

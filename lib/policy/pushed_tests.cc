#include "policy/pushed_tests.h"

#include "base/text.h"
#include "policy/test/test_reader.h"
#include "policy/test/test_runner.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxLines = 40;
constexpr std::size_t kMaxShownCases = 3;

Finding refusal(std::string message, std::string hint) {
  Finding finding;
  finding.rule = "policy-ref";
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  return finding;
}

TestRun run(const Push& push, const PushedRef& ref, const std::shared_ptr<const Source>& source,
            const std::vector<PolicyRoot>& roots, const TestLimits& limits) {
  const ReadPolicyFile read = policy_files(push.repository, PushedPolicy{ref.name, ref.new_commit});
  DocumentCache cache;
  TestFile file = read_test_file(source, limits);
  if (file.repository.empty()) file.repository = push.repository.path();
  return run_tests(
      file, [&](const Users& test_keys) { return load_policy(roots, read, &cache, test_keys); },
      push.scratch, limits);
}

Finding failure(const TestRun& run, const std::string& name, const TestLimits& limits) {
  const std::size_t failed = run.failed();
  const std::size_t total = run.cases.size() + run.not_run;
  if (failed == 0) {
    return refusal("the tests of the policy take longer than " + std::to_string(limits.seconds) +
                       " seconds: " + std::to_string(run.cases.size()) + " of " +
                       count_of(total, "case was run", "cases were run"),
                   "make " + name + " smaller; the policy that is in force stays");
  }
  Finding finding = refusal({},
                            "the policy that is in force stays; 'trunkgate test' runs the cases "
                            "before a push");
  std::size_t shown = 0;
  for (const TestCaseResult& result : run.cases) {
    if (result.passed()) continue;
    if (++shown == 1) {
      finding.message = std::to_string(failed) + " of " +
                        count_of(total, "test of the policy", "tests of the policy") +
                        (failed == 1 ? " fails: '" : " fail: '") + printable(result.name, 80) + "'";
    }
    if (shown > kMaxShownCases) break;
    finding.details.push_back(file_and_line(result.where) + ": " + printable(result.name));
    for (const std::string& line : explain_failure(result)) {
      if (finding.details.size() < kMaxLines) finding.details.push_back(line);
    }
  }
  if (failed > kMaxShownCases) {
    finding.details.push_back("... and " + std::to_string(failed - kMaxShownCases) + " more");
  }
  return finding;
}

}  // namespace

std::vector<std::string> mistake_lines(const Diagnostics& mistakes) {
  std::vector<std::string> lines;
  const std::string text = mistakes.render();
  std::string_view list = trim(text);
  list = list.substr(0, list.rfind('\n'));  // the count stands in the message
  for (const std::string_view line : split(list, '\n')) {
    if (lines.size() == kMaxLines) {
      lines.emplace_back("...");
      break;
    }
    lines.emplace_back(line);
  }
  return lines;
}

std::optional<Finding> try_pushed_tests(const Push& push, const PushedRef& ref,
                                        const PolicyRef& policy_ref,
                                        const std::vector<PolicyRoot>& roots,
                                        const TestLimits& limits) {
  const std::string name = test_file_of(policy_ref.file);
  if (!stands_in_commit(push.repository, ref.new_commit, name)) return std::nullopt;
  FileText file = policy_files(
      push.repository, PushedPolicy{ref.name, ref.new_commit})(path_in_policy_ref(ref.name, name));
  if (file.state != FileState::present) {
    return refusal(
        "the tests of the policy, " + printable(name) + ", cannot be read: " + file.reason,
        "make it a plain file of less than 1 MiB");
  }
  const auto source = std::make_shared<const Source>(Source{name, std::move(file.text)});
  try {
    const TestRun result = run(push, ref, source, roots, limits);
    if (result.passed()) return std::nullopt;
    return failure(result, printable(name), limits);
  } catch (const ConfigError& mistakes) {
    Finding finding =
        refusal("the tests of the policy, " + printable(name) + ", have " +
                    count_of(mistakes.diagnostics().list().size(), "mistake", "mistakes"),
                "the policy that is in force stays; 'trunkgate test' finds mistakes before a push");
    finding.details = mistake_lines(mistakes.diagnostics());
    return finding;
  }
}

}  // namespace trunkgate

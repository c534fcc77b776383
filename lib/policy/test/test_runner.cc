#include "policy/test/test_runner.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <tuple>

#include "base/scratch_folder.h"
#include "policy/baselines.h"
#include "policy/evaluator.h"
#include "policy/test/scratch_server.h"
#include "policy/test/test_signers.h"

namespace trunkgate {
namespace {

// Thrown out of a case that is being built.
struct OutOfTime {};

class Deadline {
 public:
  explicit Deadline(std::int64_t seconds)
      : end_(std::chrono::steady_clock::now() + std::chrono::seconds(seconds)) {}
  bool passed() const { return std::chrono::steady_clock::now() > end_; }

 private:
  std::chrono::steady_clock::time_point end_;
};

// A finding stands for the rule it comes from: id without the name of a part, ruleset, place.
using RuleKey = std::tuple<std::string, std::string, std::string>;

RuleKey key_of(const Finding& finding) {
  return {finding.rule.substr(0, finding.rule.find('.')), finding.ruleset, finding.origin};
}

Verdict judge(const TestCase& test, const std::string& place, Policy& policy,
              const ScratchServer& server, const std::string& scratch) {
  policy.settle({place, test.head});
  policy.apply_dates(test.time);
  Baselines baselines(server.state() + "/baselines", {}, Durability::none);
  std::vector<std::string> keys;
  for (const ActiveRule& active : policy.rules) keys.push_back(active.key());
  server.show_refs_before_gate();
  baselines.numbers(*server.open(), keys);
  server.show_refs();
  Pusher pusher;
  pusher.name = test.push.user;
  pusher.source = "test";
  pusher.transport = "local";
  if (!pusher.known()) pusher.problem = "the test names nobody";
  const auto repository = server.open();
  // Without roots: an update of the policy's own reference is not tried in a test.
  return evaluate({.policy = policy,
                   .repository = *repository,
                   .baselines = baselines,
                   .received = server.updates(),
                   .pusher = pusher,
                   .options = test.push.options,
                   .conditions = {.shallow = false, .now = test.time},
                   .scratch = scratch,
                   .state = server.state(),
                   .roots = {},
                   .push_id = "push_test"});
}

TestCaseResult result_of(const TestCase& test, const Verdict& verdict) {
  TestCaseResult result;
  result.name = test.name;
  result.where = test.where;
  result.outcome = verdict.outcome();
  for (const Finding& finding : verdict.findings) result.findings.push_back({"", finding});
  for (const RefVerdict& ref : verdict.refs) {
    for (const Finding& finding : ref.findings) result.findings.push_back({ref.name, finding});
    if (verdict.lets_in(ref)) result.lets_in.push_back(ref.name);
  }
  std::sort(result.lets_in.begin(), result.lets_in.end());
  compare(test.expect, result);
  return result;
}

class Runner {
 public:
  Runner(const TestFile& file, const LoadTestedPolicy& load, const std::string& scratch,
         const TestLimits& limits)
      : file_(file),
        load_(load),
        scratch_(scratch, "policy-test"),
        signers_(file, scratch_.path()),
        deadline_(limits.seconds) {}

  TestRun run() {
    for (const TestCase& test : file_.cases) {
      if (deadline_.passed()) break;
      try {
        run_case(test);
      } catch (const ConfigError& error) {
        for (const Diagnostic& mistake : error.diagnostics().list()) {
          mistakes_.error(mistake.where, mistake.message, mistake.suggestion);
        }
      } catch (const OutOfTime&) {
        break;
      }
    }
    if (!mistakes_.empty()) throw ConfigError(std::move(mistakes_));
    run_.not_run = file_.cases.size() - run_.cases.size();
    return std::move(run_);
  }

 private:
  void run_case(const TestCase& test) {
    const ScratchFolder folder(scratch_.path(), "case");
    const ScratchServer server(folder.path(), test, signers_, [this] {
      if (deadline_.passed()) throw OutOfTime();
    });
    const std::unique_ptr<Policy> policy = load_(signers_.users());
    if (run_.cases.empty()) note_rules(*policy);
    const Verdict verdict = judge(test, file_.repository, *policy, server, scratch_.path());
    run_.cases.push_back(result_of(test, verdict));
    for (const TestFinding& found : run_.cases.back().findings) {
      const RuleKey key = key_of(found.finding);
      std::erase_if(run_.untried, [&](const UntriedRule& rule) {
        return RuleKey{rule.rule, rule.ruleset, rule.origin} == key;
      });
    }
  }

  void note_rules(const Policy& policy) {
    for (const ActiveRule& active : policy.rules) {
      run_.untried.push_back(
          {std::string(active.info->id), active.ruleset, file_and_line(active.where)});
    }
  }

  const TestFile& file_;
  const LoadTestedPolicy& load_;
  ScratchFolder scratch_;
  TestSigners signers_;
  Deadline deadline_;
  Diagnostics mistakes_;
  TestRun run_;
};

}  // namespace

TestRun run_tests(const TestFile& file, const LoadTestedPolicy& load, const std::string& scratch,
                  const TestLimits& limits) {
  return Runner(file, load, scratch, limits).run();
}

}  // namespace trunkgate

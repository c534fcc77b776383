// The schema for editors against policies that people really write.
#include "report/policy_schema.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "config/config_file.h"
#include "policy/policy_loader.h"
#include "policy/presets.h"
#include "rules/file/schema/json_schema.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

const std::string kTop = TRUNKGATE_TESTS_DIR "/..";

std::string file(const std::string& path) { return read_file(path, std::size_t{16} << 20U).text; }

const JsonSchema& schema() {
  static std::vector<ConfigMistake> mistakes;
  static const auto read = JsonSchema::read(policy_schema(), ConfigFormat::json, mistakes);
  if (read == nullptr) throw std::runtime_error(mistakes.at(0).message);
  return *read;
}

// What the schema has against a policy, a line each; "" for nothing.
std::string faults(const std::string& policy) {
  const ConfigFile read = read_config_file(policy, ConfigFormat::yaml);
  std::string text;
  for (const ConfigMistake& mistake : read.mistakes) text += mistake.message + "\n";
  for (const ConfigValue& document : read.documents) {
    for (const ConfigMistake& fault : schema().judge(document)) {
      text += std::to_string(fault.line) + ": " + fault.message + "\n";
    }
  }
  return text;
}

// What the loader has against it; paths of other files lead nowhere.
std::string mistakes(const std::string& policy) {
  try {
    load_policy({{"policy.yaml", "policy.yaml", false}}, [&](const std::string& path) {
      if (path.starts_with(kPresetPrefix)) return read_policy_file(path);
      return FileText{FileState::present, path == "policy.yaml" ? policy : "version: 1\n", {}};
    });
    return {};
  } catch (const ConfigError& error) {
    return error.what();
  }
}

// Blocks of the README that are indented by four blanks or stand between fences.
std::vector<std::string> blocks_of_readme() {
  std::vector<std::string> blocks;
  bool inside = false;
  bool fenced = false;
  const std::string text = file(kTop + "/README.md");
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with("```")) {
      fenced = !fenced;
      inside = false;
      continue;
    }
    const bool block = fenced || line.starts_with("    ");
    if (block && !inside) blocks.emplace_back();
    if (block) blocks.back() += std::string(line.substr(fenced ? 0 : 4)) + "\n";
    inside = block;
  }
  return blocks;
}

// A block that is a whole policy, or one rule, which then stands in one.
std::string as_policy(const std::string& block) {
  if (block.starts_with("version: 1\n")) return block;
  if (block.starts_with("given:\n")) return {};  // tests of a policy
  for (const char* key : {"attestations:", "land:", "sweep:"}) {
    if (block.starts_with(key)) return "version: 1\n" + block;
  }
  const auto colon = block.find(": {");
  const auto list = block.find(":\n  - {");
  if (std::min(colon, list) > 30) return {};
  std::string indented;
  for (const std::string_view line : split(trim(block), '\n')) {
    indented += "      " + std::string(line) + "\n";
  }
  return "version: 1\nrulesets:\n  - name: x\n    refs: ['refs/**']\n    rules:\n" + indented;
}

TEST(PolicySchema, TakesEveryPolicyOfTheReadme) {
  std::size_t found = 0;
  for (const std::string& block : blocks_of_readme()) {
    const std::string policy = as_policy(block);
    if (policy.empty()) continue;
    ++found;
    EXPECT_EQ(mistakes(policy), "") << policy;
    EXPECT_EQ(faults(policy), "") << policy;
  }
  EXPECT_GE(found, 4U) << "the README is written in another way now";
}

TEST(PolicySchema, TakesTheDefaultPolicy) {
  EXPECT_EQ(faults(file(kTop + "/config/policy.yaml")), "");
}

// The same with its commented sinks.
TEST(PolicySchema, TakesTheExamplesOfSinksInTheDefaultPolicy) {
  std::string policy;
  const std::string text = file(kTop + "/config/policy.yaml");
  for (const std::string_view line : split(text, '\n')) {
    const bool example = line.starts_with("    # - ") || line.starts_with("    #   ");
    policy += example ? "    " + std::string(line.substr(6)) : std::string(line);
    policy += "\n";
  }
  EXPECT_EQ(mistakes(policy), "");
  EXPECT_EQ(faults(policy), "");
  EXPECT_EQ(policy.find("# -"), std::string::npos);
  EXPECT_NE(policy.find("    - {name: bus"), std::string::npos);
}

TEST(PolicySchema, TakesTheExampleOfASweepInTheDefaultPolicy) {
  std::string policy;
  const std::string text = file(kTop + "/config/policy.yaml");
  for (const std::string_view line : split(text, '\n')) {
    const bool example = line == "# sweep:" || line.starts_with("#   - {name: ");
    policy += std::string(example ? line.substr(2) : line) + "\n";
  }
  EXPECT_EQ(mistakes(policy), "");
  EXPECT_EQ(faults(policy), "");
  EXPECT_NE(policy.find("\nsweep:\n  - {name: merged"), std::string::npos);
}

// Filled with their defaults, without the key that only they have.
TEST(PolicySchema, TakesEveryPreset) {
  for (const std::string_view name : preset_names()) {
    const auto policy = load_policy({{"p", "p", false}}, [&](const std::string& path) {
      if (path.starts_with(kPresetPrefix)) return read_policy_file(path);
      return FileText{FileState::present,
                      "version: 1\nextends: preset:" + std::string(name) +
                          "\nusers: {ada: {email: [ada@example.com], keys: ['ssh-ed25519 "
                          "AAAAC3NzaC1lZDI1NTE5AAAA']}}\n",
                      {}};
    });
    std::string text = policy->sources.at(0)->text;
    const auto parameters = text.find("parameters:\n");
    if (parameters != std::string::npos) {
      text.erase(parameters, text.find("\nrulesets:", parameters) + 1 - parameters);
    }
    EXPECT_EQ(faults(text), "") << name;
  }
}

// Every form of every key once; what the loader takes the schema takes.
TEST(PolicySchema, TakesWhatTheLoaderTakes) {
  for (const char* text : {
           "extends: base.yaml\n",
           "extends: [base.yaml, preset:baseline]\n",
           "extends: [{preset: trunk-based, with: {trunk: [master], branches: ['task/**']}}]\n",
           "extends: {preset: baseline, with: {file-limit: 10 MiB}}\n",
           "extends: [{preset: conventional-commits, with: {max-title: 60}}]\n",
           "users: {ada: {email: ada@example.com}}\ngroups: {core: ada, more: [ada, bo]}\n",
           "identity: {service-users: git, sources: [{env: X}, os-user], unknown: allow}\n",
           "events: {sinks: [{name: x, file: y}]}\nnamespaces: refs/wip/**\n",
           "sweep: [{name: x, refs: 'a/**', except: [a/b], merged-into: [HEAD, {match: 'v[0-9]'}], "
           "after: 4w, notice: 0d, archive: false}]\n",
           "events:\n  sinks:\n"
           "    - {name: a, file: {path: y, max-size: 1 MiB, keep: 3}, types: [ref.created, "
           "'ref.*'], "
           "refs: main, paths: '*.py', drafts: false, ordered: false}\n"
           "    - {name: b, webhook: 'https://ci.example/hook', types: branch.stale}\n"
           "    - {name: c, webhook: {url: 'https://ci.example/', secret-file: a, token-file: b, "
           "ca-file: c, style: cloudevents-binary, timeout: 5s, allow: [ci]}}\n"
           "    - {name: d, nats: {servers: 'nats://a', stream: GIT, subject: a.b, "
           "credentials-file: c, ca-file: d}}\n"
           "    - {name: e, smtp: {server: 'smtp://a', from: a@b, to: a@b, user: u, secret-file: "
           "s, "
           "ca-file: c, digest: 1d}}\n"
           "    - {name: f, command: /bin/cat}\n    - {name: g, command: [/bin/cat, -]}\n"
           "    - {name: h, command: {run: [/bin/cat], timeout: 5s}}\n",
           "rulesets:\n  - {name: x, refs: main, rules: {deleted-ref: }}\n",
           "rulesets:\n  - {name: x, refs: [HEAD, {match: 'rel-.*'}], rules: {deleted-ref: {}}}\n",
           "rulesets:\n  - {name: x, refs: {match: [a, b]}, repositories: 'team/*', rules: "
           "{deleted-ref: {hint: x, only: {refs: {match: a}}, except: {commits: [merge, revert], "
           "repositories: [a, b]}}}}\n",
           "rulesets:\n  - {name: x, refs: main, rules: {vague-message: {except: {commits: "
           "revert}}, "
           "oversized-file: {limit: 5 MiB, hint: y}}}\n",
           "attestations: {approval: {by: [bo]}, check: {by: [ci]}}\nrulesets:\n  - {name: x, "
           "refs: "
           "main, rules: {missing-evidence: {at-least: 1, of: [{approval: }, {all-of: [{check: "
           "{require: [a], max-age: 1d}}, {metric: {check: a, metric: f1, max-drop: 0.5}}]}]}}}\n",
       }) {
    const std::string policy = std::string("version: 1\n") + text;
    EXPECT_EQ(mistakes(policy), "") << policy;
    EXPECT_EQ(faults(policy), "") << policy;
  }
}

TEST(PolicySchema, RefusesWhatTheLoaderRefusesForItsShape) {
  for (const char* text : {
           "extends: [{presets: baseline}]\n",
           "extends: [{preset: baseline, with: [x]}]\n",
           "rulesets:\n  - {name: x, refs: [{matches: a}], rules: {deleted-ref: {}}}\n",
           "rulesets:\n  - {name: x, refs: main, rules: {deleted-ref: {except: {commits: [x]}}}}\n",
           "rulesets:\n  - {name: x, refs: main, repository: y, rules: {deleted-ref: {}}}\n",
           "sweep: [{refs: a}]\n",
           "sweep: [{refs: a, after: 1d, keep: true}]\n",
           "events: {sinks: [{name: x}]}\n",
           "events: {sinks: [{file: x}]}\n",
           "events: {sinks: [{name: x, file: y, webhook: 'https://ci.example/'}]}\n",
           "events: {sinks: [{name: x, file: {max-size: 1 MiB}}]}\n",
           "events: {sinks: [{name: x, webhook: {url: 'https://ci.example/', style: github2}}]}\n",
           "events: {sinks: [{name: x, webhook: {url: 'https://ci.example/', secret: y}}]}\n",
           "events: {sinks: [{name: x, nats: {servers: [nats://a]}}]}\n",
           "events: {sinks: [{name: x, nats: nats://a}]}\n",
           "events: {sinks: [{name: x, smtp: {server: 'smtp://a'}}]}\n",
           "events: {sinks: [{name: x, command: {timeout: 5s}}]}\n",
           "events: {sinks: [{name: x, file: y, types: [ref.upated]}]}\n",
           "events: {sinks: [{name: x, file: y, drafts: 1}]}\n",
           "rulesets:\n  - {name: x, refs: main, rules: {missing-evidence: {any-of: [{any-of: "
           "[{aproval: {}}]}]}}}\n",
       }) {
    const std::string policy = std::string("version: 1\n") + text;
    EXPECT_NE(mistakes(policy), "") << policy;
    EXPECT_NE(faults(policy), "") << policy;
  }
}

// Those that YAML can read; the schema must find nothing where the loader finds nothing.
TEST(PolicySchema, FindsNothingInTheGoodOnesAmongTheMistakes) {
  for (const auto& entry : fs::directory_iterator(kTop + "/tests/mistakes")) {
    if (entry.path().extension() != ".yaml") continue;
    fs::path expected = entry.path();
    expected.replace_extension(".expected");
    if (!file(expected).empty()) continue;
    EXPECT_EQ(faults(file(entry.path())), "") << entry.path();
  }
}

}  // namespace
}  // namespace trunkgate

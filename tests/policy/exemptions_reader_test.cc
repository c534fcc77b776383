// `exemptions:` of a policy, as it is read.
#include "policy/exemptions_reader.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "policy/policy_loader.h"

namespace trunkgate {
namespace {

using Lines = std::vector<std::string>;

std::unique_ptr<Policy> load(const std::string& text, const std::string& system = {}) {
  const std::map<std::string, std::string> files{{"/etc/policy.yaml", system},
                                                 {"policy.yaml", "version: 1\n" + text}};
  std::vector<PolicyRoot> roots{{"policy.yaml", "policy.yaml", false}};
  if (!system.empty()) roots.insert(roots.begin(), {"/etc/policy.yaml", "/etc/policy.yaml", true});
  return load_policy(roots, [&](const std::string& path) {
    return FileText{FileState::present, files.at(path), {}};
  });
}

// The first line of what the author reads.
std::string mistake(const std::string& text, const std::string& system = {}) {
  try {
    load(text, system);
    return {};
  } catch (const Error& error) {
    const std::string all = error.what();
    return all.substr(0, all.find('\n'));
  }
}

const std::string kPeople = "groups: {managers: [carol, dave], others: [eve]}\n";

TEST(Exemptions, AreReadWhole) {
  const auto policy = load(kPeople +
                           "attestations: {exemption: {by: managers}}\n"
                           "exemptions:\n"
                           "  skip-eval:\n"
                           "    waives: [unconventional-commit, command.lint]\n"
                           "    by: [others, managers]\n"
                           "    refs: [main]\n"
                           "    reason: optional\n"
                           "    uses: 2\n"
                           "    expires: 24h\n"
                           "    budget: 5\n"
                           "    approval: {by: [managers], count: 2}\n"
                           "  fire: {waives: '*', by: carol}\n");
  ASSERT_EQ(policy->exemptions.size(), 2U);
  const Exemption& first = policy->exemptions[0];
  EXPECT_EQ(first.label, "skip-eval");
  EXPECT_EQ(first.waives, (Lines{"unconventional-commit", "command.lint"}));
  EXPECT_FALSE(first.break_glass);
  EXPECT_EQ(first.by, (Lines{"carol", "dave", "eve"}));
  EXPECT_EQ(first.by_words, "others, managers");
  EXPECT_TRUE(first.is_for("refs/heads/main"));
  EXPECT_FALSE(first.is_for("refs/heads/x"));
  EXPECT_FALSE(first.needs_reason);
  EXPECT_EQ(first.uses, 2U);
  EXPECT_EQ(first.expires, 24 * 3600);
  EXPECT_EQ(first.budget, 5U);
  ASSERT_TRUE(first.approval);
  EXPECT_EQ(first.approval->by, (Lines{"carol", "dave"}));
  EXPECT_EQ(first.approval->count, 2U);
  const Exemption& second = policy->exemptions[1];
  EXPECT_TRUE(second.break_glass);
  EXPECT_TRUE(second.needs_reason);
  EXPECT_TRUE(second.is_for("refs/tags/v1"));
  EXPECT_FALSE(second.uses || second.budget || second.approval);
  EXPECT_EQ(second.expires, 0);
  EXPECT_EQ(find_exemption(policy->exemptions, "fire"), &second);
  EXPECT_EQ(find_exemption(policy->exemptions, "fir"), nullptr);
}

TEST(Exemptions, HaveLabelsThatAreSafeInNames) {
  for (const char* good : {"a", "skip-full_eval.2", "A1"}) EXPECT_TRUE(is_exemption_label(good));
  for (const char* bad : {"", ".a", "a.", "a..b", "a/b", "a b", "a@b", "x.lock"}) {
    EXPECT_FALSE(is_exemption_label(bad)) << bad;
  }
  EXPECT_TRUE(is_exemption_label(std::string(kMaxLabel, 'a')));
  EXPECT_FALSE(is_exemption_label(std::string(kMaxLabel + 1, 'a')));
}

TEST(Exemptions, AreSetOnce) {
  EXPECT_EQ(mistake("exemptions: {}\n", "version: 1\nexemptions: {}\n"),
            "policy.yaml:2:13: error: 'exemptions' is set in a layer above already");
}

TEST(Exemptions, AreSetAboveALockOnly) {
  const std::string locked =
      "version: 1\n"
      "rulesets: [{name: x, refs: [main], rules: {deleted-ref: {}}}]\n";
  EXPECT_EQ(mistake("exemptions: {a: {waives: '*', by: carol}}\n", locked),
            "policy.yaml:2:13: error: 'exemptions' would loosen the rulesets that a layer above "
            "locks");
  EXPECT_EQ(mistake("", locked + "exemptions: {a: {waives: '*', by: carol}}\n"), "");
}

}  // namespace
}  // namespace trunkgate

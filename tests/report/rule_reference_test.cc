// Documentation made from the catalogue.
#include "report/rule_reference.h"

#include <gtest/gtest.h>

#include <string>

#include "base/file.h"
#include "base/text.h"
#include "policy/always_on.h"
#include "report/policy_schema.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

std::string file(const std::string& name) {
  return read_file(TRUNKGATE_TESTS_DIR "/../config/" + name, std::size_t{16} << 20U).text;
}

TEST(RuleReference, IsWhatStandsInRulesMd) {
  EXPECT_EQ(rules_markdown(), file("RULES.md"))
      << "run: build/release/bin/trunkgate explain --markdown >config/RULES.md";
}

TEST(RuleReference, ListsEveryRuleOnALine) {
  const std::string list = list_rules();
  for (const RuleInfo* rule : all_rules()) {
    EXPECT_NE(("\n" + list).find("\n" + std::string(rule->id) + " "), std::string::npos);
  }
  for (const std::string_view id : always_on_ids()) {
    EXPECT_NE(list.find("\n" + std::string(id) + " "), std::string::npos);
  }
  // With a heading between two empty lines, and the end of the last line.
  EXPECT_EQ(split(list, '\n').size(), all_rules().size() + 3 + always_on_ids().size() + 1);
}

TEST(RuleReference, ExplainsARuleWithEveryOptionInEightyColumns) {
  for (const RuleInfo* rule : all_rules()) {
    const std::string text = explain_rule(*rule);
    EXPECT_TRUE(text.starts_with(std::string(rule->id) + " (about each ")) << text;
    for (const OptionInfo* option : rule->options) {
      EXPECT_NE(text.find("\n  " + std::string(option->name) + ": "), std::string::npos);
    }
  }
}

TEST(PolicySchema, IsWhatStandsInPolicySchemaJson) {
  EXPECT_EQ(policy_schema(), file("policy.schema.json"))
      << "run: build/release/bin/trunkgate schema >config/policy.schema.json";
}

}  // namespace
}  // namespace trunkgate

// Every test file of tests/mistakes/test_file with the whole text that its author reads.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "base/text.h"
#include "policy/policy_files.h"
#include "policy/test/test_reader.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

const std::string kFolder = TRUNKGATE_TESTS_DIR "/mistakes/test_file/";

std::string mistakes_in(const std::string& shown, const std::string& text,
                        const TestLimits& limits = {}) {
  try {
    read_test_file(std::make_shared<const Source>(Source{shown, text}), limits);
    return {};
  } catch (const ConfigError& error) {
    return error.what();
  }
}

std::set<std::string> names(const std::string& extension) {
  std::set<std::string> result;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == extension) result.insert(entry.path().stem().string());
  }
  return result;
}

TEST(TestFileMistakes, AreAllExplainedAsExpected) {
  for (const std::string& name : names(".yaml")) {
    const std::string text = read_policy_file(kFolder + name + ".yaml").text;
    EXPECT_EQ(mistakes_in(name + ".yaml", text),
              read_policy_file(kFolder + name + ".expected").text)
        << name;
  }
}

TEST(TestFileMistakes, HaveAnExpectedTextEach) {
  EXPECT_EQ(names(".yaml"), names(".expected"));
  EXPECT_GE(names(".yaml").size(), 14U);
}

TEST(TestFileMistakes, AreShownInPrintableText) {
  for (const std::string& name : names(".expected")) {
    const std::string text = read_policy_file(kFolder + name + ".expected").text;
    for (const std::string_view line : split(text, '\n')) {
      EXPECT_TRUE(is_printable(line)) << name << ": " << printable(line);
    }
  }
}

constexpr const char* kThreeCases =
    "tests:\n"
    "  - {name: a, push: {ref: x, commits: [{repeat: 3}]}, expect: accept}\n"
    "  - {name: b, push: {ref: x, commits: [{files: {f: {size: 1 KiB}}}]}, expect: accept}\n"
    "  - {name: c, push: {ref: x, commits: [{files: {f: {size: 1 KiB}}}]}, expect: accept}\n";

TEST(TestFileMistakes, SayWhichLimitIsExceededAndWhere) {
  TestLimits limits;
  EXPECT_EQ(mistakes_in("t", kThreeCases, limits), "");
  limits.cases = 2;
  EXPECT_EQ(mistakes_in("t", kThreeCases, limits),
            "t:4:5: error: the tests are too large: here are more than 2 cases\n"
            "    4 |   - {name: c, push: {ref: x, commits: [{files: {f: {size: 1 KiB}}}]}, expect: "
            "accept}\n"
            "      |     ^\n"
            "1 mistake\n");
  limits = {};
  limits.commits = 4;
  EXPECT_EQ(mistakes_in("t", kThreeCases, limits),
            "t:4:40: error: the tests are too large: here are more than 4 commits\n"
            "    4 |   - {name: c, push: {ref: x, commits: [{files: {f: {size: 1 KiB}}}]}, expect: "
            "accept}\n"
            "      |                                        ^\n"
            "1 mistake\n");
  limits = {};
  limits.bytes = 2047;
  EXPECT_EQ(mistakes_in("t", kThreeCases, limits),
            "t:4:59: error: the tests are too large: here are more than 2.0 KiB of contents\n"
            "    4 |   - {name: c, push: {ref: x, commits: [{files: {f: {size: 1 KiB}}}]}, expect: "
            "accept}\n"
            "      |                                                           ^~~~~\n"
            "1 mistake\n");
}

TEST(TestFileNames, AreDerivedFromThePolicys) {
  EXPECT_EQ(test_file_of("policy.yaml"), "policy.test.yaml");
  EXPECT_EQ(test_file_of("a/gate.yaml"), "a/gate.test.yaml");
  EXPECT_EQ(test_file_of("policy"), "policy.test.yaml");
  EXPECT_EQ(policy_of_test_file("a/gate.test.yaml"), "a/gate.yaml");
  EXPECT_EQ(policy_of_test_file("gate.yaml"), "");
}

}  // namespace
}  // namespace trunkgate

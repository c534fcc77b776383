// Every test file of tests/mistakes/test_file with the whole text that its author reads.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "policy/test/test_reader.h"
#include "support/mistake_folder.h"

namespace trunkgate {
namespace {

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

TEST(TestFileMistakes, AreAllExplainedAsExpected) {
  const MistakeFolder folder(kFolder);
  folder.expect_explained([&](const std::string& name) {
    return mistakes_in(name + ".yaml", folder.text(name + ".yaml"));
  });
}

TEST(TestFileMistakes, HaveAnExpectedTextEach) { MistakeFolder(kFolder).expect_complete(14); }

TEST(TestFileMistakes, AreShownInPrintableText) { MistakeFolder(kFolder).expect_printable(); }

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

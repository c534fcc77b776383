// Every policy of tests/mistakes with the whole text that its author reads.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "base/text.h"
#include "policy/policy_loader.h"

namespace trunkgate {
namespace {

namespace fs = std::filesystem;

const std::string kFolder = TRUNKGATE_TESTS_DIR "/mistakes/";

// What the author of `name` reads; "" when there is nothing wrong.
std::string mistakes_of(const std::string& name) {
  try {
    load_policy({{name + ".yaml", name + ".yaml", false}}, [](const std::string& path) {
      return read_policy_file(path.starts_with("preset:") ? path : kFolder + path);
    });
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

TEST(Mistakes, AreAllExplainedAsExpected) {
  for (const std::string& name : names(".yaml")) {
    EXPECT_EQ(mistakes_of(name), read_policy_file(kFolder + name + ".expected").text) << name;
  }
}

TEST(Mistakes, HaveAnExpectedTextEach) {
  EXPECT_EQ(names(".yaml"), names(".expected"));
  EXPECT_GE(names(".yaml").size(), 30U);
}

TEST(Mistakes, AreShownInPrintableText) {
  for (const std::string& name : names(".yaml")) {
    const std::string text = mistakes_of(name);
    for (const std::string_view line : split(text, '\n')) {
      EXPECT_TRUE(is_printable(line)) << name << ": " << printable(line);
    }
  }
}

}  // namespace
}  // namespace trunkgate

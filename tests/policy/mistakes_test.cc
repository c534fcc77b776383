// Every policy of tests/mistakes with the whole text that its author reads.
#include <gtest/gtest.h>

#include <string>

#include "policy/policy_loader.h"
#include "support/mistake_folder.h"

namespace trunkgate {
namespace {

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

TEST(Mistakes, AreAllExplainedAsExpected) { MistakeFolder(kFolder).expect_explained(mistakes_of); }

TEST(Mistakes, HaveAnExpectedTextEach) { MistakeFolder(kFolder).expect_complete(30); }

TEST(Mistakes, AreShownInPrintableText) { MistakeFolder(kFolder).expect_printable(); }

}  // namespace
}  // namespace trunkgate

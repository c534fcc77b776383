// The exact grammar of numbers with a fraction.
#include "config/number_option.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace trunkgate {
namespace {

// The number that "x: YAML" gives, or its mistake as "message; suggestion".
std::string read(const std::string& yaml, double& value) {
  Diagnostics diagnostics;
  const Node root = parse_document(
      std::make_shared<const Source>(Source{"p.yaml", "x: " + yaml + "\n"}), diagnostics);
  const Node* node = root.find("x");
  if (node == nullptr || !diagnostics.empty()) return diagnostics.render();
  if (OptionType<double>::read(*node, diagnostics, value)) return {};
  const Diagnostic& one = diagnostics.list().at(0);
  return one.message + (one.suggestion.empty() ? "" : "; " + one.suggestion);
}

double good(const std::string& yaml) {
  double value = -77;
  EXPECT_EQ(read(yaml, value), "");
  return value;
}

std::string mistake(const std::string& yaml) {
  double value = 0;
  return read(yaml, value);
}

TEST(NumberOption, TakesDigitsWithASignAndAFraction) {
  EXPECT_EQ(good("0"), 0.0);
  EXPECT_EQ(good("0.005"), 0.005);
  EXPECT_EQ(good("-12.50"), -12.5);
  EXPECT_EQ(good("123456789"), 123456789.0);
}

TEST(NumberOption, TakesNothingThatOtherReadersTakeForANumber) {
  for (const char* text :
       {"nan", ".inf", "-.inf", "inf", "1e3", "1e999", "0x1", "1_000", "1.", "00.5", "--1", "1,5",
        "text", "9999999999999999999", "0.1111111111111111111"}) {
    EXPECT_EQ(mistake(text), "expected a number such as 0.005, found '" + std::string(text) + "'");
  }
}

TEST(NumberOption, SaysWhatWasMeant) {
  EXPECT_EQ(mistake("'0.5'"),
            "expected a number such as 0.005, found the quoted text '0.5'; write 0.5 without "
            "quotes");
  EXPECT_EQ(mistake(".5"), "expected a number such as 0.005, found '.5'; write 0.5");
  EXPECT_EQ(mistake("-.5"), "expected a number such as 0.005, found '-.5'; write -0.5");
  EXPECT_EQ(mistake("+1"), "expected a number such as 0.005, found '+1'; write 1");
  EXPECT_EQ(mistake("[1]"), "expected a number such as 0.005, found a list");
}

}  // namespace
}  // namespace trunkgate

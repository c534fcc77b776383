// Judges every message of the case file and compares verdict, first code and parsed parts.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "push/commit_message.h"

namespace trunkgate {
namespace {

using Json = nlohmann::json;

std::string from_base64(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t value = digits.find(c);
    if (value == std::string::npos) break;
    bits = bits << 6U | static_cast<unsigned>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU);
  }
  return out;
}

Json or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }

// What was judged, in the form of the case file.
Json as_case(const CommitMessage& message) {
  Json out;
  out["verdict"] = to_string(message.verdict);
  out["code"] = nullptr;
  if (!message.problems.empty()) out["code"] = message.problems.front().code;
  if (!message.exemption.empty()) out["code"] = message.exemption;
  out["type"] = or_null(message.type);
  out["scope"] = or_null(message.scope);
  out["breaking"] = message.breaking;
  out["description"] = or_null(message.description);
  out["body"] = or_null(message.body);
  out["footers"] = Json::array();
  for (const MessageFooter& footer : message.footers) {
    out["footers"].push_back({{"token", footer.token}, {"value", footer.value}});
  }
  return out;
}

// The case file says what a message is; how many parents go with it follows.
std::size_t parents_of(const Json& expected) {
  if (expected["code"] == "merge-commit") return 2;
  return expected["code"] == "initial-commit" ? 0 : 1;
}

TEST(ConventionalCases, AreAllJudgedAsTheFileSays) {
  std::ifstream file(TRUNKGATE_CASES_FILE);
  ASSERT_TRUE(file) << TRUNKGATE_CASES_FILE;
  std::size_t count = 0;
  for (std::string line; std::getline(file, line); ++count) {
    Json expected = Json::parse(line);
    SCOPED_TRACE(expected["id"].get<std::string>());
    MessageFacts facts;
    facts.parents = parents_of(expected);
    facts.encoding = expected.value("encoding", "");
    const std::string bytes = expected.contains("raw_b64")
                                  ? from_base64(expected["raw_b64"].get<std::string>())
                                  : expected["message"].get<std::string>();
    for (const char* input : {"id", "message", "raw_b64", "encoding"}) expected.erase(input);
    const CommitMessage judged = judge_message(bytes, MessageOptions{}, facts);
    EXPECT_EQ(as_case(judged).dump(1), expected.dump(1));
    for (const MessageProblem& problem : judged.problems) {
      for (const char c : problem.message) EXPECT_TRUE(c >= 0x20 && c < 0x7F) << problem.message;
    }
  }
  EXPECT_GT(count, 200U);
}

}  // namespace
}  // namespace trunkgate

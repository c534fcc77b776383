#include "config/concealed.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace trunkgate {
namespace {

// What the author of `text` reads when the value at `secret` must not be seen and every key is a
// mistake.
std::string shown(const std::string& text) {
  Diagnostics diagnostics;
  const Node root = parse_document(std::make_shared<const Source>(Source{"p", text}), diagnostics);
  EXPECT_TRUE(diagnostics.empty()) << diagnostics.render();
  Concealed concealed;
  for (const Entry& entry : root.entries) {
    if (entry.key == "secret") concealed.add(entry.value);
    diagnostics.error(entry.key_where, "key");
    if (entry.key == "secret") diagnostics.warning(entry.value.where, "value");
    for (const Entry& inner : entry.value.entries) {
      if (inner.key == "secret") concealed.add(inner.value);
      diagnostics.error(inner.key_where, "inner");
    }
  }
  return concealed.hide(diagnostics).render();
}

TEST(Concealed, HidesAValueAndKeepsItsColumns) {
  EXPECT_EQ(shown("secret: hunter2 # x\na: b\n"),
            "p:1:1: error: key\n"
            "    1 | secret: ******* # x\n"
            "      | ^~~~~~\n"
            "p:1:9: warning: value\n"
            "    1 | secret: ******* # x\n"
            "      |         ^~~~~~~\n"
            "p:2:1: error: key\n"
            "    2 | a: b\n"
            "      | ^\n"
            "2 mistakes, 1 warning\n");
}

TEST(Concealed, HidesItFromMistakesAboutTheSameLine) {
  EXPECT_EQ(shown("a: {b: c, secret: hunter2, d: e}\n"),
            "p:1:1: error: key\n"
            "    1 | a: {b: c, secret: *******, d: e}\n"
            "      | ^\n"
            "p:1:5: error: inner\n"
            "    1 | a: {b: c, secret: *******, d: e}\n"
            "      |     ^\n"
            "p:1:11: error: inner\n"
            "    1 | a: {b: c, secret: *******, d: e}\n"
            "      |           ^~~~~~\n"
            "p:1:28: error: inner\n"
            "    1 | a: {b: c, secret: *******, d: e}\n"
            "      |                            ^\n"
            "4 mistakes\n");
}

TEST(Concealed, HidesEveryWayToWriteIt) {
  for (const char* text : {
           "secret: 'hun''ter2'\n",
           "secret: \"hun\\\"ter2\"\n",
           "secret: hun\n  ter2\n",
           "secret: |\n  hun\n  ter2\n",
           "secret: >-\n  hun\n  ter2\n",
           "secret: [hun, ter2]\n",
           "secret: {a: hun, b: ter2}\n",
           "a: {secret: hun\n  ter2, b: c}\n",
           "secret: \xC3\xA9hun\xC3\xA9ter2\n",
       }) {
    const std::string out = shown(text);
    EXPECT_EQ(out.find("hun"), std::string::npos) << out;
    EXPECT_EQ(out.find("ter2"), std::string::npos) << out;
  }
}

TEST(Concealed, ChangesNothingWhereNothingIsHidden) {
  EXPECT_EQ(shown("a: b\n"),
            "p:1:1: error: key\n"
            "    1 | a: b\n"
            "      | ^\n"
            "1 mistake\n");
}

}  // namespace
}  // namespace trunkgate

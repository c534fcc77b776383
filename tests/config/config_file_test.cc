#include "config/config_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "base/text.h"

namespace trunkgate {
namespace {

// "{a: 1, b: ['x', null]}": types show by their form.
std::string show(const ConfigValue& value) {
  std::string text;
  switch (value.kind) {
    case ConfigValue::Kind::null:
      return "null";
    case ConfigValue::Kind::boolean:
      return value.boolean ? "true" : "false";
    case ConfigValue::Kind::integer:
      return std::to_string(value.integer);
    case ConfigValue::Kind::real:
      return std::isinf(value.real)   ? (value.real > 0 ? "+inf" : "-inf")
             : std::isnan(value.real) ? "nan"
                                      : "r" + std::to_string(value.real);
    case ConfigValue::Kind::text:
      return "'" + value.text + "'";
    case ConfigValue::Kind::list:
      for (const ConfigValue& item : value.items) text += (text.empty() ? "" : ", ") + show(item);
      return "[" + text + "]";
    case ConfigValue::Kind::map:
      for (const ConfigEntry& entry : value.entries) {
        text += (text.empty() ? "" : ", ") + entry.key + ": " + show(entry.value);
      }
      return "{" + text + "}";
  }
  return {};
}

// All documents, then mistakes as "LINE:COLUMN MESSAGE".
std::string read(std::string_view text, ConfigFormat format) {
  const ConfigFile file = read_config_file(text, format);
  std::string all;
  for (const ConfigValue& document : file.documents) all += show(document) + "\n";
  for (const ConfigMistake& mistake : file.mistakes) {
    all += std::to_string(mistake.line) + ":" + std::to_string(mistake.column) + " " +
           mistake.message + "\n";
  }
  return all;
}
std::string yaml(std::string_view text) { return read(text, ConfigFormat::yaml); }
std::string json(std::string_view text) { return read(text, ConfigFormat::json); }
std::string toml(std::string_view text) { return read(text, ConfigFormat::toml); }

TEST(ConfigFile, KnowsItsFormatByTheExtension) {
  EXPECT_EQ(config_format("a/b.YAML"), ConfigFormat::yaml);
  EXPECT_EQ(config_format("b.yml"), ConfigFormat::yaml);
  EXPECT_EQ(config_format("b.json"), ConfigFormat::json);
  EXPECT_EQ(config_format("b.toml"), ConfigFormat::toml);
  EXPECT_EQ(config_format("b.yaml/c"), std::nullopt);
  EXPECT_EQ(config_format("yaml"), std::nullopt);
}

TEST(ConfigFile, ReadsTypesOfYaml12) {
  EXPECT_EQ(yaml("[yes, no, on, off, y]"), "['yes', 'no', 'on', 'off', 'y']\n");
  EXPECT_EQ(yaml("[true, False, TRUE, tRUE]"), "[true, false, true, 'tRUE']\n");
  EXPECT_EQ(yaml("[null, Null, ~, '', \"null\"]"), "[null, null, null, '', 'null']\n");
  EXPECT_EQ(yaml("a:\nb: ~\n"), "{a: null, b: null}\n");
  EXPECT_EQ(yaml("[0, -7, +7, 007, 0x10, 0o17, 0xfg, 0o8]"),
            "[0, -7, 7, 7, 16, 15, '0xfg', '0o8']\n");
  EXPECT_EQ(yaml("[1.5, -.5, +1.5, 2., 1e3, 1e-1, .]"),
            "[r1.500000, r-0.500000, r1.500000, r2.000000, r1000.000000, r0.100000, '.']\n");
  EXPECT_EQ(yaml("[.inf, -.inf, +.INF, .nan, inf, .iNF]"),
            "[+inf, -inf, +inf, nan, 'inf', '.iNF']\n");
  EXPECT_EQ(yaml("['1', \"1\", !!str 1, !!int \"1\", 1_000, 1:30, 2024-01-01]"),
            "['1', '1', '1', 1, '1_000', '1:30', '2024-01-01']\n");
  EXPECT_EQ(yaml("[99999999999999999999, 1e999, 1e-999]"),
            "[r100000000000000000000.000000, +inf, r0.000000]\n");
  EXPECT_EQ(yaml("a: |\n  1\nb: >-\n  true\n"), "{a: '1\n', b: 'true'}\n");
}

TEST(ConfigFile, ReadsEveryDocumentOfYaml) {
  EXPECT_EQ(yaml("a: 1\n---\nb: 2\n...\n---\n- 3\n"), "{a: 1}\n{b: 2}\n[3]\n");
  EXPECT_EQ(yaml(""), "");
  EXPECT_EQ(yaml("# nothing\n"), "");
  EXPECT_EQ(yaml("%YAML 1.2\n---\na: 1\n"), "{a: 1}\n");
  EXPECT_EQ(yaml("a: 1\n%b: 2\n"), "2:1 a line that begins with '%' can be '%YAML 1.2' only\n");
}

TEST(ConfigFile, ResolvesAliasesAndMergeKeys) {
  EXPECT_EQ(yaml("a: &x {p: 1}\nb: *x\n"), "{a: {p: 1}, b: {p: 1}}\n");
  EXPECT_EQ(yaml("a: &x {p: 1, q: 2}\nb:\n  p: 3\n  <<: *x\n"),
            "{a: {p: 1, q: 2}, b: {p: 3, q: 2}}\n");
  EXPECT_EQ(yaml("a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  p: 3\n"),
            "{a: {p: 1, q: 2}, b: {p: 3, q: 2}}\n");
  EXPECT_EQ(yaml("- &x {p: 1}\n- &y {p: 2, q: 2}\n- <<: [*x, *y]\n"),
            "[{p: 1}, {p: 2, q: 2}, {p: 1, q: 2}]\n");
  EXPECT_EQ(yaml("'<<': 1\n"), "{<<: 1}\n");
  EXPECT_EQ(yaml("a:\n  <<: 5\n"), "2:0 '<<' can merge maps only\n");
  EXPECT_EQ(yaml("a: &x [1, *x]\n"), "1:11 an alias that stands inside its own value\n");
  EXPECT_EQ(yaml("&k a: 1\nb: *k\n"), "{a: 1, b: 'a'}\n");
}

TEST(ConfigFile, KeepsLines) {
  const ConfigFile file = read_config_file(
      "model:\n  # a comment\n  layers: 12\n  list:\n    - 1\n    - 2\n", ConfigFormat::yaml);
  const ConfigValue& model = *file.documents.at(0).find("model");
  EXPECT_EQ(model.find("layers")->line, 3U);
  EXPECT_EQ(model.entries.at(1).line, 4U);
  EXPECT_EQ(model.find("list")->items.at(1).line, 6U);
  const ConfigFile other =
      read_config_file("{\n \"a\":\n  1\n,\n \"b\": [\n true,\n 2\n]}\n", ConfigFormat::json);
  EXPECT_EQ(other.documents.at(0).entries.at(0).line, 2U);
  EXPECT_EQ(other.documents.at(0).find("a")->line, 3U);
  EXPECT_EQ(other.documents.at(0).entries.at(1).line, 5U);
  EXPECT_EQ(other.documents.at(0).find("b")->items.at(0).line, 6U);
  EXPECT_EQ(other.documents.at(0).find("b")->items.at(1).line, 7U);
  const ConfigFile third = read_config_file("[a]\n\nb = 1\n", ConfigFormat::toml);
  EXPECT_EQ(third.documents.at(0).find("a")->find("b")->line, 3U);
}

TEST(ConfigFile, FindsDuplicateKeysInEveryFormat) {
  EXPECT_EQ(yaml("m:\n  a: 1\n  b: 2\n  a: 3\n"),
            "{m: {a: 1, b: 2}}\n4:0 duplicate key 'm.a'; the first is in line 2\n");
  EXPECT_EQ(yaml("a: 1\n'a': 2\n"), "{a: 1}\n2:0 duplicate key 'a'; the first is in line 1\n");
  EXPECT_EQ(json("{\"l\": [{\"a\": 1,\n\"a\": {\"b\": 2}}]}"),
            "{l: [{a: 1}]}\n2:0 duplicate key 'l[0].a'; the first is in line 1\n");
  EXPECT_EQ(json("{\"a\": 1, \"\\u0061\": 2}"),
            "{a: 1}\n1:0 duplicate key 'a'; the first is in line 1\n");
  EXPECT_EQ(toml("[m]\na = 1\na = 2\n").substr(0, 2), "3:");
  EXPECT_EQ(toml("[m]\na = 1\n[m]\nb = 2\n").substr(0, 2), "3:");
}

TEST(ConfigFile, ReadsJsonStrictly) {
  EXPECT_EQ(json("{\"a\": [1, -2, 1.5, 1.0, true, null, \"\\u00e9\"]}"),
            "{a: [1, -2, r1.500000, r1.000000, true, null, '\xc3\xa9']}\n");
  EXPECT_EQ(json("9223372036854775807"), "9223372036854775807\n");
  EXPECT_EQ(json("18446744073709551615"), "r18446744073709551616.000000\n");
  EXPECT_EQ(json("{\"a\": 1,\n}"), "2:1 unexpected '}'; expected string literal\n");
  EXPECT_EQ(json("{\"a\": NaN}").substr(0, 2), "1:");
  EXPECT_EQ(json("// no\n{}").substr(0, 2), "1:");
  EXPECT_EQ(json("{} {}").substr(0, 2), "1:");
  EXPECT_EQ(json("").substr(0, 2), "1:");
}

TEST(ConfigFile, ReadsToml) {
  EXPECT_EQ(toml("a = 1\nb = [1.5, true, 'x', inf]\n[c.d]\ne = 2024-01-02\n"),
            "{a: 1, b: [r1.500000, true, 'x', +inf], c: {d: {e: '2024-01-02'}}}\n");
  EXPECT_EQ(toml("a = \n").substr(0, 2), "1:");
}

TEST(ConfigFile, SaysWhereYamlBreaks) {
  EXPECT_EQ(yaml("a: [1, 2\nb: 3\n").substr(0, 2), "2:");
  EXPECT_EQ(yaml("a: 'x\n"), "1:0 a quote is not closed\n");
  EXPECT_EQ(yaml("a: 1\nb: &x \"it\\\"s\n"), "2:0 a quote is not closed\n");
  EXPECT_EQ(yaml("a: 'it''s'\nb: &x \"o\nk\"\n"), "{a: 'it's', b: 'o k'}\n");
  EXPECT_EQ(yaml("a: *x\n"), "1:4 the referenced anchor is not defined\n");
  EXPECT_EQ(yaml("? [a]\n: 1\n"), "1:3 a key must be no list and no map\n");
}

TEST(ConfigFile, RefusesBytesThatProgramsReadDifferently) {
  for (const auto format : {ConfigFormat::yaml, ConfigFormat::json, ConfigFormat::toml}) {
    EXPECT_EQ(read("\xEF\xBB\xBF{}", format), "1:1 the file begins with a byte order mark\n");
    EXPECT_EQ(read("a: 1\nb: \xff\n", format), "2:4 this byte is not UTF-8\n");
    EXPECT_EQ(read(std::string_view("a\0b", 3), format), "1:2 a NUL stands here\n");
    EXPECT_EQ(read("a: 1\x04\nb: 2\n", format), "1:5 a control character stands here\n");
    EXPECT_EQ(read("a: 1\rb: 2\n", format), "1:5 a control character stands here\n");
  }
  EXPECT_EQ(yaml("a: 1\r\nb: 2\r\n"), "{a: 1, b: 2}\n");
}

TEST(ConfigFile, BoundsDepth) {
  const std::string deep = "lists and maps are nested more than 64 deep\n";
  EXPECT_EQ(json(std::string(64, '[') + std::string(64, ']')).substr(0, 4), "[[[[");
  EXPECT_EQ(json(std::string(65, '[') + std::string(65, ']')), "1:0 " + deep);
  EXPECT_EQ(json(std::string(1'000'000, '[')), "1:0 " + deep);
  EXPECT_EQ(yaml(std::string(65, '[') + std::string(65, ']')), "1:0 " + deep);
  EXPECT_EQ(yaml(std::string(100'000, '[')).substr(0, 2), "1:");
  EXPECT_EQ(yaml(std::string(100'000, '{')).substr(0, 2), "1:");
  std::string dashes;
  for (int i = 0; i < 100'000; ++i) dashes += "- ";
  EXPECT_EQ(yaml(dashes), "1:0 " + deep);
  EXPECT_NE(toml("a = " + std::string(100'000, '[')), "");
  std::string dotted = "a";
  for (int i = 0; i < 400'000; ++i) dotted += ".a";
  EXPECT_EQ(toml(dotted + " = 1\n"), "1:0 a key has more than 64 parts\n");
  EXPECT_EQ(toml("x = 1\n[" + dotted + "]\n"), "2:0 a key has more than 64 parts\n");
  EXPECT_EQ(
      toml("a = '" + std::string(200, '.') + "' # " + std::string(200, '.') + "\n").substr(0, 1),
      "{");
}

TEST(ConfigFile, BoundsWhatAliasesStandFor) {
  std::string laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c <= 'i'; ++c) {
    const std::string before(1, static_cast<char>(c - 1));
    laughs += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 10; ++i) laughs += (i == 0 ? "*" : ", *") + before;
    laughs += "]\n";
  }
  const std::string many = "the file holds more than 200000 values\n";
  EXPECT_EQ(yaml(laughs).substr(4), many);
  std::string text = "a: &a '" + std::string(100'000, 'x') + "'\nb: [";
  for (int i = 0; i < 10'000; ++i) text += "*a, ";
  EXPECT_EQ(yaml(text + "]\n").substr(4), many);
  std::string values = "[";
  for (int i = 0; i < 200'000; ++i) values += "1,";
  EXPECT_EQ(json(values + "1]"), "1:0 " + many);
}

TEST(ConfigFile, NamesPlaces) {
  EXPECT_EQ(config_path("", "a"), "a");
  EXPECT_EQ(config_path("a", "b\x1b"), "a.b\\x1b");
  EXPECT_EQ(config_path("a", 3), "a[3]");
  EXPECT_LE(config_path(std::string(1000, 'a'), "b").size(), 403U);
}

}  // namespace
}  // namespace trunkgate

#include <algorithm>
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

constexpr const char* kModelSchema = R"({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "additionalProperties": false,
  "required": ["model"],
  "properties": {
    "model": {"$ref": "#/definitions/model"},
    "training": {
      "type": "object",
      "properties": {
        "learning_rate": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
        "seed": {"type": ["integer", "null"]},
        "tags": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+$"},
                 "uniqueItems": true, "maxItems": 3}
      }
    }
  },
  "definitions": {
    "model": {
      "type": "object",
      "additionalProperties": false,
      "required": ["hidden_size", "num_experts", "routing_strategy"],
      "properties": {
        "hidden_size": {"type": "integer", "minimum": 64, "maximum": 16384, "multipleOf": 64},
        "num_experts": {"type": "integer", "minimum": 1, "maximum": 256},
        "routing_strategy": {"enum": ["softmax", "sigmoid"]},
        "capacity_factor": {"type": "number", "minimum": 1}
      }
    }
  }
}
)";

class InvalidConfig : public ContentRuleTest {
 protected:
  InvalidConfig() : ContentRuleTest("invalid-config") {}

  void with_schema(const std::string& schema) {
    write("schema.json", schema);
    with("{schema: schema.json}");
  }
  // The faults of a YAML text, without the hint.
  std::string yaml(const std::string& text) const {
    std::string all = judge("a.yaml", text);
    const std::string hint = "? the schema is 'schema.json'\n";
    for (auto at = all.find(hint); at != std::string::npos; at = all.find(hint)) {
      all.erase(at, hint.size());
    }
    return all;
  }
  // What the loader says of a schema.
  std::string bad_schema(const std::string& schema) {
    write("schema.json", schema);
    return mistakes("{schema: schema.json}");
  }
};

constexpr const char* kGoodModel =
    "model:\n  hidden_size: 4096\n  num_experts: 8\n  routing_strategy: softmax\n"
    "training:\n  learning_rate: 3.0e-4\n  seed: 7\n  tags: [moe, large]\n";

TEST_F(InvalidConfig, AcceptsAModelThatFitsItsSchema) {
  with_schema(kModelSchema);
  EXPECT_EQ(judge("configs/moe.yaml", kGoodModel), kFine);
  EXPECT_EQ(judge("moe.json",
                  R"({"model": {"hidden_size": 64, "num_experts": 1,
                      "routing_strategy": "sigmoid", "capacity_factor": 1}})"),
            kFine);
  EXPECT_EQ(judge("moe.toml",
                  "[model]\nhidden_size = 16384\nnum_experts = 256\n"
                  "routing_strategy = 'softmax'\ncapacity_factor = 1.25\n"),
            kFine);
}

TEST_F(InvalidConfig, SaysEveryFaultOfAModelWithItsLineAndKey) {
  with_schema(kModelSchema);
  EXPECT_EQ(judge("moe.yaml",
                  "model:\n  hiden_size: 4096\n  num_experts: 0\n  routing_strategy: sofmax\n"
                  "training:\n  learning_rate: 0\n  seed: '7'\n  tags: [a, B, a, b]\nextra: 1\n"),
            "1: model lacks the key 'hidden_size'\n"
            "? the schema is 'schema.json'\n"
            "2: unknown key 'model.hiden_size'; did you mean 'hidden_size'?\n"
            "? the schema is 'schema.json'\n"
            "3: model.num_experts is 0; the least is 1\n"
            "? the schema is 'schema.json'\n"
            "4: model.routing_strategy is 'sofmax'; one of: softmax, sigmoid; did you mean "
            "'softmax'?\n"
            "? the schema is 'schema.json'\n"
            "6: training.learning_rate is 0; it must be above 0\n"
            "? the schema is 'schema.json'\n"
            "7: training.seed is the text '7'; it must be a whole number or nothing\n"
            "? the schema is 'schema.json'\n"
            "8: training.tags[1] is 'B'; it must match '^[a-z]+$'\n"
            "? the schema is 'schema.json'\n"
            "8: training.tags has 4 items; the most is 3\n"
            "? the schema is 'schema.json'\n"
            "8: training.tags[2] is the same as item 0\n"
            "? the schema is 'schema.json'\n"
            "9: unknown key 'extra'\n"
            "? the schema is 'schema.json'\n");
}

TEST_F(InvalidConfig, HoldsAtItsBounds) {
  with_schema(R"({"properties": {"n": {"type": "integer", "minimum": 1, "maximum": 4}}})");
  EXPECT_EQ(yaml("n: 1\n"), kFine);
  EXPECT_EQ(yaml("n: 4\n"), kFine);
  EXPECT_EQ(yaml("n: 5\n"), "1: n is 5; the most is 4\n");
  EXPECT_EQ(yaml("n: 0x10\n"), "1: n is 0x10; the most is 4\n");
  EXPECT_EQ(yaml("n: 2.0\n"), "1: n is 2.0; it must be a whole number\n");
  EXPECT_EQ(yaml("n: yes\n"), "1: n is the text 'yes'; it must be a whole number\n");
  EXPECT_EQ(yaml("n: .nan\n"),
            "1: n is .nan; the most is 4\n1: n is .nan; the least is 1\n"
            "1: n is .nan; it must be a whole number\n");
  EXPECT_EQ(yaml("n:\n"), "1: n is nothing; it must be a whole number\n");
}

TEST_F(InvalidConfig, JudgesEveryDocument) {
  with_schema(R"({"type": "object", "properties": {"n": {"maximum": 4}}})");
  EXPECT_EQ(yaml("n: 1\n---\nn: 9\n---\n- 1\n"),
            "3: n is 9; the most is 4\n5: the file is a list; it must be a map\n");
  EXPECT_EQ(yaml(""), kFine);
}

TEST_F(InvalidConfig, KnowsEveryKeyword) {
  with_schema(R"({"properties": {
    "a": {"minLength": 2, "maxLength": 3},
    "b": {"items": [{"type": "integer"}], "additionalItems": false},
    "c": {"contains": {"const": 1}, "minItems": 1},
    "d": {"minProperties": 1, "maxProperties": 2, "propertyNames": {"pattern": "^[a-z]$"}},
    "e": {"not": {"const": "x"}},
    "f": {"const": 3},
    "g": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
    "h": {"oneOf": [{"minimum": 1}, {"maximum": 5}]},
    "i": {"if": {"const": 1}, "then": false, "else": {"maximum": 5}},
    "j": {"dependencies": {"x": ["y"], "z": {"required": ["w"]}}},
    "k": {"patternProperties": {"^s_": {"type": "string"}}, "additionalProperties": false},
    "l": {"additionalProperties": {"type": "boolean"}},
    "m": {"format": "date"},
    "n": {"multipleOf": 0.5},
    "o": {"allOf": [{"minimum": 1}, {"exclusiveMaximum": 5}]},
    "p": {"anyOf": [{"type": "object", "properties": {"q": {"maximum": 1}}}, {"type": "null"}]}
  }})");
  EXPECT_EQ(yaml("a: \xc3\xa9\xc3\xa9\nb: [1]\nc: [0, 1.0]\nd: {a: 1}\ne: y\nf: 3.0\ng:\nh: 7\n"
                 "i: 5\nj: {x: 1, y: 2, z: 3, w: 4}\nk: {s_a: t}\nl: {a: true}\n"
                 "m: 2024-02-29\nn: 1.5\no: 4.9\np: {q: 1}\n"),
            kFine);
  EXPECT_EQ(yaml("a: x\nb: [x]\nc: [0]\nd: {}\ne: x\nf: 4\ng: t\nh: 3\ni: 6\nj: {x: 1, z: 3}\n"
                 "k: {s_a: 1, t: 2}\nl: {a: 1}\nm: 2024-13-01\nn: 1.2\no: 5\np: {q: 2}\n"),
            "1: a is 'x'; the least is 2 characters\n"
            "2: b[0] is the text 'x'; it must be a whole number\n"
            "3: c has no item of the form that one must have\n"
            "4: d has 0 keys; the least is 1\n"
            "5: e is 'x', which is not allowed here\n"
            "6: f is 4; it must be 3\n"
            "7: g is the text 't'; it must be a whole number or nothing\n"
            "8: h fits 2 of the forms of which it must fit exactly one\n"
            "9: i is 6; the most is 5\n"
            "10: j lacks the key 'y', which 'x' needs\n"
            "10: j lacks the key 'w'\n"
            "11: k.s_a is 1; it must be text\n"
            "11: unknown key 'k.t'\n"
            "12: l.a is 1; it must be true or false\n"
            "13: m is '2024-13-01'; it must be a date\n"
            "14: n is 1.2; it must be a multiple of 0.5\n"
            "15: o is 5; it must be below 5\n"
            "16: p.q is 2; the most is 1\n");
  EXPECT_EQ(yaml("a: abcd\nb: [1, 2]\nc: []\nd: {aa: 1, b: 2, c: 3}\ni: 1\n"),
            "1: a has 4 characters; the most is 3\n"
            "2: b has 2 items; the most is 1\n"
            "3: c has no item of the form that one must have\n"
            "3: c has 0 items; the least is 1\n"
            "4: d has 3 keys; the most is 2\n"
            "4: the name of d.aa is 'aa'; it must match '^[a-z]$'\n"
            "5: i must not be there\n");
}

TEST_F(InvalidConfig, ChecksSyntaxAndDuplicatesWithoutASchema) {
  with("{}");
  EXPECT_EQ(judge("a.yaml", "anything: {goes: 1}\n"), kFine);
  EXPECT_EQ(judge("a.yaml", "m:\n  a: 1\n  a: 2\n"),
            "3: duplicate key 'm.a'; the first is in line 2\n");
  EXPECT_EQ(judge("a.json", "{\"a\": 1,\n}"),
            "2: is no valid JSON (column 1): unexpected '}'; expected string literal\n");
  EXPECT_EQ(judge("a.yaml", "a: 1\nb: \x01\n"),
            "2: is no valid YAML (column 4): a control character stands here\n");
  EXPECT_EQ(judge("a.toml", "a = 1\na = 2\n").substr(0, 30), "2: is no valid TOML (column 5)");
}

TEST_F(InvalidConfig, LooksAtTheFilesItIsToldTo) {
  with("{files: ['configs/**/*.yaml']}");
  EXPECT_EQ(judge("configs/a/b.yaml", "["), judge("configs/b.yaml", "["));
  EXPECT_NE(judge("configs/b.yaml", "["), kFine);
  EXPECT_EQ(judge("b.yaml", "["), kNotAsked);
  EXPECT_EQ(judge("configs/b.json", "["), kNotAsked);
  with("{files: ['configs/']}");
  EXPECT_EQ(judge("configs/README.md", "["), kNotAsked);
  EXPECT_NE(judge("configs/b.json", "["), kFine);
}

TEST_F(InvalidConfig, RefusesLargeFilesUnread) {
  with("{limit: 8}");
  EXPECT_EQ(judge("a.yaml", "a: 1234\n"), kFine);
  EXPECT_EQ(judge("a.yaml", "a: 12345\n"),
            "0: has 9 bytes; configuration files above 8 bytes are not read\n");
}

TEST_F(InvalidConfig, SaysSoMuchAndNoMore) {
  with_schema(R"({"additionalProperties": {"type": "integer"}})");
  std::string text;
  for (int i = 0; i < 50; ++i) text += "k" + std::to_string(i) + ": x\n";
  const std::string answer = yaml(text);
  EXPECT_EQ(std::count(answer.begin(), answer.end(), '\n'), 21);
  EXPECT_TRUE(answer.ends_with("0: and 30 more like these\n")) << answer;
}

TEST_F(InvalidConfig, FollowsReferencesWithinTheSchemaWithoutEnd) {
  with_schema(R"({"$defs": {"node": {"type": "object", "additionalProperties": false,
      "properties": {"next": {"$ref": "#/$defs/node"}}}}, "$ref": "#/$defs/node"})");
  EXPECT_EQ(yaml("next: {next: {next: {}}}\n"), kFine);
  EXPECT_EQ(yaml("next: {next: {nxt: {}}}\n"),
            "1: unknown key 'next.next.nxt'; did you mean 'next'?\n");
  with_schema(R"({"properties": {"a": {"$ref": "#"}}, "required": ["b"]})");
  EXPECT_EQ(yaml("b: 1\na: {b: 1}\n"), kFine);
  EXPECT_EQ(yaml("b: 1\na: {c: 1}\n"), "2: a lacks the key 'b'\n");
  with_schema(R"({"allOf": [{"$ref": "#"}]})");
  EXPECT_EQ(yaml("a: 1\n"), "1: the file and its schema are too tangled to be judged\n");
  with_schema(R"({"$defs": {"n": {"anyOf": [
      {"items": {"$ref": "#/$defs/n"}, "type": "array", "minItems": 9},
      {"items": {"$ref": "#/$defs/n"}, "type": "array", "minItems": 8}]}}, "$ref": "#/$defs/n"})");
  EXPECT_EQ(yaml(std::string(60, '[') + std::string(60, ']')),
            "1: the file and its schema are too tangled to be judged\n");
}

TEST_F(InvalidConfig, MatchesPatternsWithoutRecursion) {
  with_schema(R"({"properties": {"a": {"pattern": "^(a|b)*c$"}},
                  "patternProperties": {"^(x|y)*z$": false}})");
  const std::string text(500'000, 'a');
  EXPECT_EQ(yaml("a: " + text + "c\n"), kFine);
  EXPECT_EQ(yaml("a: " + text + "\n").substr(0, 10), "1: a is 'a");
  EXPECT_EQ(yaml("? " + std::string(400'000, 'x') + "\n: 1\n"), kFine);
}

TEST_F(InvalidConfig, SurvivesHostileFiles) {
  with_schema(kModelSchema);
  EXPECT_EQ(judge("a.json", std::string(900'000, '[')),
            "1: is no valid JSON: lists and maps are nested more than 64 deep\n");
  EXPECT_NE(judge("a.yaml", std::string(900'000, '[')), kFine);
  EXPECT_NE(judge("a.yaml", std::string(900'000, '&')), kFine);
  EXPECT_NE(judge("a.toml", "a = " + std::string(900'000, '{')), kFine);
  EXPECT_EQ(judge("a.yaml", std::string("a: \0", 4)),
            "1: is no valid YAML (column 4): a NUL stands here\n");
  EXPECT_EQ(judge("a.yaml", "\xff"), "1: is no valid YAML (column 1): this byte is not UTF-8\n");
}

TEST_F(InvalidConfig, FindsMistakesInTheSchemaWhenThePolicyIsLoaded) {
  EXPECT_EQ(mistakes("{schema: none.json}"),
            "policy.yaml:3:26: error: cannot read the schema 'none.json': No such file or "
            "directory\n    3 | invalid-config: {schema: none.json}}}]\n"
            "      |                          ^~~~~~~~~\n1 mistake\n");
  EXPECT_EQ(bad_schema("{\"type\": \"object\",\n \"minimun\": 3}"),
            "schema.json:2:1: error: unknown keyword 'minimun'; did you mean 'minimum'?\n"
            "    2 |  \"minimun\": 3}\n      | ^\n1 mistake\n");
  const auto fault = [&](const std::string& schema) {
    const std::string text = bad_schema(schema);
    const std::string from = "error: ";
    const auto at = text.find(from);
    return at == std::string::npos ? text
                                   : text.substr(at + from.size(), text.find('\n', at) - at - 7);
  };
  EXPECT_EQ(fault("[]"), "a schema must be a map, true or false");
  EXPECT_EQ(fault("{\"type\": 5}").substr(0, 19), "'type' must be one ");
  EXPECT_EQ(fault("{\"type\": \"strng\"}"),
            "'type' must be one of array, boolean, integer, null, number, object, string; did you "
            "mean 'string'?");
  EXPECT_EQ(fault("{\"minLength\": -1}"), "'minLength' must be a whole number from 0");
  EXPECT_EQ(fault("{\"required\": \"a\"}"), "'required' must be a list of texts");
  EXPECT_EQ(fault("{\"exclusiveMinimum\": true}"), "'exclusiveMinimum' must be a number");
  EXPECT_EQ(fault("{\"pattern\": \"(?=a)\"}").substr(0, 20), "bad pattern '(?=a)':");
  EXPECT_EQ(fault("{\"patternProperties\": {\"(\": {}}}").substr(0, 16), "bad pattern '(':");
  EXPECT_EQ(fault("{\"$ref\": \"http://example.com/a.json\"}"),
            "remote reference 'http://example.com/a.json'; only '#/...' within the schema is "
            "followed");
  EXPECT_EQ(fault("{\"not\": {\"$ref\": \"other.json#/a\"}}").substr(0, 16), "remote reference");
  EXPECT_EQ(fault("{\"not\": {\"$ref\": \"file:///etc/passwd\"}}").substr(0, 16),
            "remote reference");
  EXPECT_EQ(fault("{\"$ref\": \"#/$defs/a\"}"), "'#/$defs/a' refers to nothing in the schema");
  EXPECT_EQ(fault("{\"$ref\": \"#\"}"), "'#' refers to itself");
  EXPECT_EQ(fault("{\"$defs\": {\"a\": {\"$ref\": \"#/$defs/a\"}}, \"not\": {\"$ref\": "
                  "\"#/$defs/a\"}}"),
            "'#/$defs/a' refers to itself");
  EXPECT_EQ(fault("{\"unevaluatedProperties\": false}"),
            "'unevaluatedProperties' is unknown to draft 7 of JSON Schema");
  EXPECT_EQ(fault("{\"$ref\": \"#/$defs/a\", \"minimum\": 1, \"$defs\": {\"a\": {}}}"),
            "'minimum' beside '$ref' means nothing in draft 7; put both into 'allOf'");
  EXPECT_EQ(fault("{\"type\": \"object\", \"type\": \"array\"}"),
            "duplicate key 'type'; the first is in line 1");
  EXPECT_NE(fault("{"), "");
  EXPECT_NE(fault(""), "");
  EXPECT_NE(fault(std::string(100'000, '[')), "");
  EXPECT_EQ(fault("{\"x-mine\": 1, \"$comment\": \"\", \"items\": true}"), "");
  EXPECT_NE(mistakes("{schema-ref: main}").find("'schema-ref' needs 'schema'"), std::string::npos);
  EXPECT_NE(mistakes("{schema: /s.json, schema-ref: main}").find("leave the first"),
            std::string::npos);
  // What a preset's parameter is where nobody has named a schema.
  EXPECT_EQ(mistakes("{schema: '', schema-ref: main}"), "");
}

TEST_F(InvalidConfig, ReadsTheSchemaFromABranchAsItIsBeforeThePush) {
  const ObjectId strict =
      server_.commit("feat: strict", {}, {{"s/m.json", R"({"required": ["a"]})"}});
  const ObjectId loose = server_.commit("feat: loose", {strict}, {{"s/m.json", "true"}});
  server_.set_ref("refs/heads/main", strict);
  with("{schema: s/m.json, schema-ref: main}");
  const std::string fault = "1: the file lacks the key 'a'\n? the schema is 's/m.json' on main\n";
  EXPECT_EQ(judge("a.yaml", "a: 1\n"), kFine);
  EXPECT_EQ(judge("a.yaml", "b: 1\n"), fault);
  // The branch has moved already, but within this very push.
  PushedRef moved;
  moved.name = "refs/heads/main";
  moved.old_id = strict;
  moved.new_id = loose;
  refs_ = {moved};
  server_.set_ref("refs/heads/main", loose);
  EXPECT_EQ(judge("a.yaml", "b: 1\n"), fault);
  refs_.clear();
  EXPECT_EQ(judge("a.yaml", "b: 1\n"), kFine);
}

TEST_F(InvalidConfig, CannotDecideWithoutTheSchemaOfTheBranch) {
  const auto failure = [&](const std::string& options) {
    with(options);
    try {
      return judge("a.yaml", "b: 1\n");
    } catch (const Error& error) {
      return std::string(error.what());
    }
  };
  EXPECT_EQ(failure("{schema: m.json, schema-ref: main}"),
            "there is no refs/heads/main to read the schema from");
  server_.set_ref("refs/heads/main",
                  server_.commit("feat: a", {}, {{"m.json", "{"}, {"d/x", "1"}}));
  EXPECT_EQ(failure("{schema: m.json, schema-ref: main}").substr(0, 33),
            "the schema 'm.json' on main, line");
  EXPECT_EQ(failure("{schema: d, schema-ref: main}"), "there is no schema 'd' on main");
  EXPECT_EQ(failure("{schema: d/y, schema-ref: main}"), "there is no schema 'd/y' on main");
  EXPECT_EQ(failure("{schema: m.json/y, schema-ref: main}"),
            "there is no schema 'm.json/y' on main");
}

TEST_F(InvalidConfig, TakesSchemasWrittenInYaml) {
  write("schema.yaml", "type: object\nrequired: [a]\n");
  with("{schema: schema.yaml}");
  EXPECT_EQ(judge("a.yaml", "b: 1\n"),
            "1: the file lacks the key 'a'\n? the schema is 'schema.yaml'\n");
}

}  // namespace
}  // namespace trunkgate

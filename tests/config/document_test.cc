// The strict YAML tree: positions, and everything that is refused.
#include "config/document.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace trunkgate {
namespace {

struct Parsed {
  Node root;
  std::string mistakes;
};

Parsed parse(std::string text) {
  Diagnostics diagnostics;
  Node root = parse_document(std::make_shared<const Source>(Source{"p.yaml", std::move(text)}),
                             diagnostics);
  return {std::move(root), diagnostics.render()};
}

std::string mistakes(std::string text) { return parse(std::move(text)).mistakes; }

// The only mistake in `text`, as "line:column+length message; suggestion".
std::string mistake(std::string text) {
  Diagnostics diagnostics;
  parse_document(std::make_shared<const Source>(Source{"p.yaml", std::move(text)}), diagnostics);
  if (diagnostics.list().size() != 1) return diagnostics.render();
  const Diagnostic& one = diagnostics.list().front();
  return std::to_string(one.where.line) + ":" + std::to_string(one.where.column) + "+" +
         std::to_string(one.where.length) + " " + one.message +
         (one.suggestion.empty() ? "" : "; " + one.suggestion);
}

// The tree with all positions, on one line.
std::string shown(const Node& node) {
  const std::string where = "@" + std::to_string(node.where.line) + ":" +
                            std::to_string(node.where.column) + "+" +
                            std::to_string(node.where.length);
  std::string out;
  switch (node.kind) {
    case Node::Kind::null:
      return "null" + where;
    case Node::Kind::scalar:
      return (node.quoted ? "'" + node.text + "'" : node.text) + where;
    case Node::Kind::sequence:
      for (const Node& item : node.items) out += (out.empty() ? "" : ", ") + shown(item);
      return "[" + out + "]" + where;
    case Node::Kind::map:
      for (const Entry& entry : node.entries) {
        out += (out.empty() ? "" : ", ") + entry.key + "@" + std::to_string(entry.key_where.line) +
               ":" + std::to_string(entry.key_where.column) + "+" +
               std::to_string(entry.key_where.length) + ": " + shown(entry.value);
      }
      return "{" + out + "}" + where;
  }
  return out;
}

std::string tree(std::string text) {
  const Parsed parsed = parse(std::move(text));
  return parsed.mistakes.empty() ? shown(parsed.root) : parsed.mistakes;
}

TEST(Document, KeepsOrderTextAndPositions) {
  EXPECT_EQ(tree("version: 1\nrefs: [main, 'a/**']\n"),
            "{version@1:1+7: 1@1:10+1, refs@2:1+4: [main@2:8+4, 'a/**'@2:14+6]@2:7+1}@1:1+1");
  EXPECT_EQ(tree("a:\n  - b: x\n    c: {}\n  - d\n"),
            "{a@1:1+1: [{b@2:5+1: x@2:8+1, c@3:5+1: {}@3:8+1}@2:5+1, d@4:5+1]@2:3+1}@1:1+1");
}

TEST(Document, CountsCodePointsAndKnowsCarriageReturns) {
  EXPECT_EQ(tree("größe: \"é日\" # c\r\n\"q k\": x\r\n"),
            "{größe@1:1+5: 'é日'@1:8+4, q k@2:1+5: x@2:8+1}@1:1+1");
}

TEST(Document, ReadsBlocksAsQuotedText) {
  EXPECT_EQ(tree("a: |-\n  true\n  x\nb: >\n  y\n"),
            "{a@1:1+1: 'true\nx'@1:4+2, b@4:1+1: 'y\n'@4:4+1}@1:1+1");
}

TEST(Document, MarksTheKeyOfAnAbsentValue) {
  EXPECT_EQ(tree("a:\nb: ~\nc: null\nnull_key:\nd: [~]\ne:\n  -\n  - - \n"),
            "{a@1:1+1: null@1:1+1, b@2:1+1: null@2:4+1, c@3:1+1: null@3:4+4, "
            "null_key@4:1+8: null@4:1+8, d@5:1+1: [null@5:5+1]@5:4+1, "
            "e@6:1+1: [null@7:3+1, [null@8:5+1]@8:5+1]@7:3+1}@1:1+1");
}

TEST(Document, TakesADocumentMarkerAtEitherEnd) {
  EXPECT_EQ(tree("# c\n---\na: 1\n...\n"), "{a@3:1+1: 1@3:4+1}@3:1+1");
}

TEST(Document, TakesTextOverSeveralLines) {
  EXPECT_EQ(tree("a: one\n  two # c\n"), "{a@1:1+1: one two@1:4+3}@1:1+1");
}

TEST(Document, FindsValuesByKey) {
  const Parsed parsed = parse("a: 1\nb: {c: 2}\n");
  ASSERT_NE(parsed.root.find("b"), nullptr);
  EXPECT_EQ(parsed.root.find("b")->find("c")->text, "2");
  EXPECT_EQ(parsed.root.find("c"), nullptr);
  EXPECT_EQ(parsed.root.find("a")->find("a"), nullptr);
}

TEST(Document, ReportsAllMistakesThatAreNoSyntaxErrors) {
  EXPECT_EQ(mistakes("a: &x 1\nb: *x\na: 2\nc:\n  <<: {d: 1}\n  d: !!str e\n  d: f\n"),
            "p.yaml:1:4: error: anchors are not allowed\n"
            "    1 | a: &x 1\n"
            "      |    ^~ write the value out where it is needed\n"
            "p.yaml:2:4: error: aliases are not allowed\n"
            "    2 | b: *x\n"
            "      |    ^~ write the value out where it is needed\n"
            "p.yaml:3:1: error: key 'a' is given twice; the first is on line 1\n"
            "    3 | a: 2\n"
            "      | ^\n"
            "p.yaml:5:3: error: merge keys are not allowed\n"
            "    5 |   <<: {d: 1}\n"
            "      |   ^~ write the keys out\n"
            "p.yaml:6:6: error: tags are not allowed\n"
            "    6 |   d: !!str e\n"
            "      |      ^~~~~ put text that begins with '!' in quotes\n"
            "p.yaml:7:3: error: key 'd' is given twice; the first is on line 6\n"
            "    7 |   d: f\n"
            "      |   ^\n"
            "6 mistakes\n");
}

TEST(Document, KeepsTheFirstOfDuplicateKeys) {
  const Parsed parsed = parse("a: 1\n\"a\": 2\n");
  ASSERT_EQ(parsed.root.entries.size(), 1U);
  EXPECT_EQ(parsed.root.find("a")->text, "1");
}

TEST(Document, RefusesATopLevelThatIsNoBlockMap) {
  const std::string reason = " the top level must be a map, one `key: value` a line";
  EXPECT_EQ(mistake("[a]\nb: 2\n"), "1:1+1" + reason);
  EXPECT_EQ(mistake("{a: 1}\n"), "1:1+1" + reason);
  EXPECT_EQ(mistake("- a\n"), "1:1+1" + reason);
  EXPECT_EQ(mistake("a\n"), "1:1+1" + reason);
  EXPECT_EQ(mistake("~\n"), "1:1+1" + reason);
  EXPECT_EQ(mistake("---\n---\na: 1\n"), "2:1+1" + reason);
}

TEST(Document, RefusesAnEmptyFile) {
  const std::string reason = " the file is empty; it must hold a map, one `key: value` a line";
  EXPECT_EQ(mistake(""), "1:1+1" + reason);
  EXPECT_EQ(mistake("# only a comment\n"), "1:1+1" + reason);
}

TEST(Document, RefusesASecondDocument) {
  EXPECT_EQ(mistake("a: 1\n---\nb: 2\n"),
            "2:1+3 a second document starts here; only one is allowed");
  EXPECT_EQ(mistake("a: 1\n...\nb: 2\n"),
            "3:1+4 this stands after the end of the document; "
            "do all top-level keys start in the same column?");
  EXPECT_EQ(mistake("  a: 1\nb: 2\n"),
            "2:1+4 this stands after the end of the document; "
            "do all top-level keys start in the same column?");
  EXPECT_EQ(mistake("%TAG ! x\n---\na: 1\n"), "1:1+8 lines that begin with '%' are not allowed");
}

TEST(Document, FindsTheQuoteThatIsNeverClosed) {
  const std::string reason = " this quote is not closed on its line";
  EXPECT_EQ(mistake("a: \"x\nb: 1\n"), "1:4+2" + reason);
  EXPECT_EQ(mistake("a: \"x\nb: \"y\"\n"), "1:4+2" + reason);
  EXPECT_EQ(mistake("a: 'it''s\nb: 'y'\n"), "1:4+6" + reason);
  EXPECT_EQ(mistake("a: [b, \"x]\nc: \"\"\n"), "1:8+3" + reason);
  EXPECT_EQ(mistake("a: \"x\\\"\n"), "1:4+4" + reason);
  EXPECT_EQ(mistake("\"a: 1\nb: 2\n"), "1:1+5" + reason);
  EXPECT_EQ(mistake("a: \"x\n  y\"\n"), "1:4+2" + reason);
}

TEST(Document, FindsTheBracketThatIsNeverClosed) {
  EXPECT_EQ(mistake("a: [1, 2\nb: 3\n"), "1:4+1 this '[' is never closed");
  EXPECT_EQ(mistake("a: {b: [1, 2}\nc: 3\n"), "1:8+1 this '[' is never closed");
  EXPECT_EQ(mistake("a: {b: 1\n"), "1:4+1 this '{' is never closed");
  EXPECT_EQ(mistake("a: [b]]\n"), "1:7+1 this ']' closes nothing");
  EXPECT_EQ(mistake("a: [{b: 2}\n  {c: 3}]\n"), "2:3+1 a ',' or ']' is missing before this");
}

TEST(Document, FindsTheMissingColon) {
  const std::string reason = " a ':' is missing here; write `key: value`";
  EXPECT_EQ(mistake("a 1\nb: 2\n"), "1:1+3" + reason);
  EXPECT_EQ(mistake("a: 1\nfoo\nb: 2\n"), "2:1+3" + reason);
  EXPECT_EQ(mistake("a: 1\nfoo\n"), "2:1+3" + reason);
  EXPECT_EQ(mistake("a: 1\nfoo"), "2:1+3" + reason);
  EXPECT_EQ(mistake("a: {b, c: 1}\n"), "1:5+1" + reason);
  EXPECT_EQ(mistake("a: {b: 1, c}\n"), "1:11+1" + reason);
}

TEST(Document, FindsWrongIndentation) {
  EXPECT_EQ(mistake("a:\n\tb: 1\n"), "2:1+1 a tab cannot indent a line; use spaces");
  EXPECT_EQ(mistake("a:\n\t- 1\n"), "2:1+1 a tab cannot indent a line; use spaces");
  EXPECT_EQ(mistake("a:\n  b: 1\n\tc: 1\n"), "3:1+1 a tab cannot indent a line; use spaces");
  EXPECT_EQ(mistake("a: 1\n  b: 2\n"),
            "2:3+4 indented deeper than the line above, which already has its value");
  EXPECT_EQ(mistake("a:\n    b: 1\n  c: 2\n"),
            "3:3+4 the indentation of this line fits none above it");
  EXPECT_EQ(mistake("a:\n  - b\n   - c\n"),
            "3:4+1 this list item is indented deeper than the text above");
}

TEST(Document, ExplainsOtherSyntaxErrors) {
  EXPECT_EQ(mistake("a: b: c\n"), "1:5+1 a second ': ' on this line; put the value in quotes");
  EXPECT_EQ(mistake("a: \"x\" y\n"),
            "1:8+1 this stands behind a value that has ended; put the whole value in quotes");
  EXPECT_EQ(mistake("a: - b\n"),
            "1:4+1 a list cannot begin here; start it on the next line, or write [a, b]");
  EXPECT_EQ(mistake("a: 1\n- b\n"), "2:1+1 a list item cannot stand among the keys of a map");
  EXPECT_EQ(mistake("a: [b, , c]\n"), "1:8+1 an item is missing before this ','");
  EXPECT_EQ(mistake("a: @b\n"), "1:4+1 plain text cannot begin with '@'; put the text in quotes");
  EXPECT_EQ(mistake("p: [*.pth]\n"),
            "1:5+5 aliases are not allowed; put text that begins with '*' in quotes");
  EXPECT_EQ(mistake("é: \"\\d\"\n"),
            "1:5+2 unknown escape in double quotes; use single quotes, where '\\' means itself");
}

TEST(Document, RefusesKeysThatAreNoPlainText) {
  EXPECT_EQ(mistake("[a]: 1\nb: 2\n"), "1:1+1 a key must be text, not a list");
  EXPECT_EQ(mistake("a:\n  {b: 1}: 2\n"), "2:3+1 a key must be text, not a map");
  EXPECT_EQ(mistake("~: 1\n"), "1:1+1 a key is missing here");
  EXPECT_EQ(mistake(": 1\n"), "1:1+1 a key is missing here");
  EXPECT_EQ(mistake("? a\n: 1\n"), "1:1+1 keys behind '?' are not allowed; write `key: value`");
}

TEST(Document, RefusesBytesThatHideSomething) {
  EXPECT_EQ(mistake("a: \xff\n"), "1:4+1 this byte is not UTF-8; save the file as UTF-8");
  EXPECT_EQ(mistake("\xEF\xBB\xBF"
                    "a: 1\n"),
            "1:1+1 the file begins with a byte order mark; save it as UTF-8 without one");
  EXPECT_EQ(mistake(std::string("a: \0b\n", 6)),
            "1:4+1 control characters such as U+0000 are not allowed");
  EXPECT_EQ(mistake("a: 1\n\x04"
                    "b: 2\n"),
            "2:1+1 control characters such as U+0004 are not allowed");
  EXPECT_EQ(mistake("a: 1 # \rb: 2\n"), "1:8+1 a carriage return must stand before a line feed");
}

TEST(Document, AcceptsTheLimitsAndRefusesMore) {
  const auto nested = [](std::size_t depth) {
    return "a: " + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "\n";
  };
  EXPECT_EQ(mistakes(nested(kMaxDocumentDepth)), "");
  EXPECT_EQ(mistake(nested(kMaxDocumentDepth + 1)), "1:67+1 nested deeper than 64 levels");
  EXPECT_EQ(mistake("a: " + std::string(100'000, '[')), "1:36+1 nested deeper than 64 levels");

  std::string full = "a: 1\n#";
  full.resize(kMaxDocumentBytes, 'x');
  EXPECT_EQ(mistakes(full), "");
  EXPECT_EQ(mistake(full + "x"), "1:1+1 the file is larger than 1048576 bytes");

  std::string many = "a: [";
  for (int i = 0; i < 200'000; ++i) many += "b, ";
  EXPECT_EQ(mistake(many + "]\n"), "1:299996+1 more than 100000 values");
}

TEST(Document, RefusesAliasesThatExplode) {
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string above = "*a" + std::to_string(i - 1);
    bomb +=
        "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + above + ", " + above + "]\n";
  }
  EXPECT_TRUE(mistakes(bomb).ends_with("118 mistakes, the first 100 shown\n"));
  EXPECT_TRUE(mistakes("a: &a [*a]\n").ends_with("2 mistakes\n"));
}

TEST(Document, ReturnsWhatCouldBeRead) {
  EXPECT_EQ(shown(parse("a: 1\nb: [x, \"y\nc: 2\n").root),
            "{a@1:1+1: 1@1:4+1, b@2:1+1: [x@2:5+1, {}@2:8+1]@2:4+1}@1:1+1");
  EXPECT_EQ(parse("[a]").root.kind, Node::Kind::null);
  EXPECT_EQ(parse("\xff").root.kind, Node::Kind::null);
}

TEST(ParseDefault, ReadsAScalarOrAList) {
  EXPECT_EQ(shown(parse_default("10 MiB")), "10 MiB@1:1+6");
  EXPECT_EQ(shown(parse_default("'x: y'")), "'x: y'@1:1+6");
  EXPECT_EQ(shown(parse_default("[main, 'feature/**']")),
            "[main@1:2+4, 'feature/**'@1:8+12]@1:1+1");
  EXPECT_EQ(shown(parse_default("[]")), "[]@1:1+1");
  EXPECT_THROW(parse_default("[a"), Error);
}

}  // namespace
}  // namespace trunkgate

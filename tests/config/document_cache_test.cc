// Documents that were parsed before.
#include "config/document_cache.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace trunkgate {
namespace {

std::shared_ptr<const Source> source_of(const std::string& text,
                                        const std::string& path = "p.yaml") {
  return std::make_shared<const Source>(Source{path, text});
}

Node parsed(const std::shared_ptr<const Source>& source) {
  Diagnostics diagnostics;
  Node root = parse_document(source, diagnostics);
  EXPECT_EQ(diagnostics.render(), "");
  return root;
}

bool same(const Location& a, const Location& b) {
  return a.source == b.source && a.line == b.line && a.column == b.column && a.length == b.length;
}

bool same(const Node& a, const Node& b) {
  if (a.kind != b.kind || !same(a.where, b.where) || a.text != b.text || a.quoted != b.quoted ||
      a.items.size() != b.items.size() || a.entries.size() != b.entries.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!same(a.items[i], b.items[i])) return false;
  }
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    const Entry& one = a.entries[i];
    const Entry& other = b.entries[i];
    if (one.key != other.key || !same(one.key_where, other.key_where) ||
        !same(one.value, other.value)) {
      return false;
    }
  }
  return true;
}

// How many nodes there are, all of which must belong to the source.
std::size_t visited(const Node& node, const std::shared_ptr<const Source>& source) {
  EXPECT_EQ(node.where.source, source);
  std::size_t count = 1;
  for (const Node& item : node.items) count += visited(item, source);
  for (const Entry& entry : node.entries) {
    EXPECT_EQ(entry.key_where.source, source);
    count += visited(entry.value, source);
  }
  return count;
}

// A cache with documents, as it is kept on disk.
std::string kept(const std::vector<std::string>& texts) {
  DocumentCache cache;
  for (const std::string& text : texts) cache.add(text, parsed(source_of(text)));
  return cache.bytes();
}

const std::string kEveryKind =
    "# a comment\n"
    "version: 1\n"
    "größe: \"é ü\" # more\n"
    "nothing:\n"
    "tilde: ~\n"
    "empty: ''\n"
    "list: [a, 'b', [], {}, ~, [c, {d: e}]]\n"
    "block: |\n"
    "  one\n"
    "  two\n"
    "map:\n"
    "  \"k k\": x\n"
    "  items:\n"
    "    - a: 1\n"
    "      b: 2\n"
    "    - - deep\n"
    "    -\n"
    "long: " +
    std::string(300, 'x') + "\n" + std::string(200, '\n') + std::string(1, 'z') + ": far\n";

TEST(DocumentCache, GivesTheTreeOfATextBack) {
  const auto source = source_of(kEveryKind);
  const Node root = parsed(source);
  DocumentCache cache;
  cache.add(kEveryKind, root);
  const auto found = cache.find(source);
  ASSERT_TRUE(found);
  EXPECT_TRUE(same(*found, root));
}

TEST(DocumentCache, GivesItBackFromItsBytes) {
  const DocumentCache cache(kept({kEveryKind, "a: 1\n", "b: [2]\n"}));
  for (const std::string& text : {kEveryKind, std::string("a: 1\n"), std::string("b: [2]\n")}) {
    const auto source = source_of(text);
    const auto found = cache.find(source);
    ASSERT_TRUE(found) << text;
    EXPECT_TRUE(same(*found, parsed(source))) << text;
  }
}

TEST(DocumentCache, PointsIntoTheSourceThatAsks) {
  const DocumentCache cache(kept({kEveryKind}));
  const auto one = source_of(kEveryKind, "one.yaml");
  const auto other = source_of(kEveryKind, "other.yaml");
  EXPECT_GT(visited(*cache.find(one), one), 20U);
  EXPECT_EQ(visited(*cache.find(other), other), visited(*cache.find(one), one));
  EXPECT_EQ(file_and_line(cache.find(other)->entries.back().value.where), "other.yaml:219");
}

TEST(DocumentCache, KeepsTreesThatNoParserMakes) {
  Node root;
  root.kind = Node::Kind::sequence;
  root.quoted = true;
  Node item;
  item.kind = Node::Kind::scalar;
  item.text = std::string("\0\xff\n", 3);
  item.where.line = std::size_t{1} << 40U;
  item.where.column = 0;
  item.where.length = 127;
  root.items.push_back(item);
  item.where.length = 128;
  item.kind = Node::Kind::null;
  item.text.clear();
  root.items.push_back(item);
  const std::string text = std::string("\0\xff", 2);
  DocumentCache cache;
  cache.add(text, root);
  const auto found = DocumentCache(cache.bytes()).find(source_of(text));
  ASSERT_TRUE(found);
  ASSERT_EQ(found->items.size(), 2U);
  EXPECT_TRUE(found->quoted);
  EXPECT_EQ(found->items[0].text, std::string("\0\xff\n", 3));
  EXPECT_EQ(found->items[0].where.line, std::size_t{1} << 40U);
  EXPECT_EQ(found->items[0].where.column, 0U);
  EXPECT_EQ(found->items[0].where.length, 127U);
  EXPECT_EQ(found->items[1].where.length, 128U);
  EXPECT_EQ(found->items[1].kind, Node::Kind::null);
}

TEST(DocumentCache, KeepsTheDeepestDocument) {
  const std::string text = "a: " + std::string(kMaxDocumentDepth - 1, '[') +
                           std::string(kMaxDocumentDepth - 1, ']') + "\n";
  const auto source = source_of(text);
  const auto found = DocumentCache(kept({text})).find(source);
  ASSERT_TRUE(found);
  EXPECT_TRUE(same(*found, parsed(source)));
}

TEST(DocumentCache, GivesNothingForAnotherText) {
  DocumentCache cache;
  EXPECT_FALSE(cache.find(source_of("a: 1\n")));
  cache.add("a: 1\n", parsed(source_of("a: 1\n")));
  for (const std::string text : {"", "a: 1", "a: 1\n\n", "a: 2\n", "A: 1\n"}) {
    EXPECT_FALSE(cache.find(source_of(text))) << text;
    EXPECT_FALSE(DocumentCache(cache.bytes()).find(source_of(text))) << text;
  }
}

TEST(DocumentCache, TakesTheLastTreeOfAText) {
  DocumentCache cache;
  cache.add("a: 1\n", parsed(source_of("b: 2\n")));
  cache.add("a: 1\n", parsed(source_of("a: 1\n")));
  const auto source = source_of("a: 1\n");
  EXPECT_TRUE(same(*cache.find(source), parsed(source)));
  EXPECT_EQ(cache.bytes(), kept({"a: 1\n"}));
}

TEST(DocumentCache, KeepsOnlyWhatWasUsed) {
  const std::string bytes = kept({"a: 1\n", "b: 2\n", "c: 3\n"});
  DocumentCache cache(bytes);
  EXPECT_EQ(cache.bytes(), DocumentCache().bytes());
  EXPECT_FALSE(cache.find(source_of("x: 1\n")));
  EXPECT_EQ(cache.bytes(), DocumentCache().bytes());
  EXPECT_TRUE(cache.find(source_of("b: 2\n")));
  EXPECT_EQ(cache.bytes(), kept({"b: 2\n"}));
  cache.add("d: 4\n", parsed(source_of("d: 4\n")));
  EXPECT_EQ(cache.bytes(), kept({"b: 2\n", "d: 4\n"}));
  const DocumentCache all(bytes);
  for (const std::string text : {"a: 1\n", "b: 2\n", "c: 3\n"}) all.find(source_of(text));
  EXPECT_EQ(all.bytes(), bytes);
}

TEST(DocumentCache, KnowsWhetherSomethingWasAdded) {
  EXPECT_FALSE(DocumentCache().changed());
  DocumentCache cache(kept({"a: 1\n"}));
  EXPECT_FALSE(cache.changed());
  cache.find(source_of("a: 1\n"));
  cache.find(source_of("b: 2\n"));
  EXPECT_FALSE(cache.changed());
  cache.add("b: 2\n", parsed(source_of("b: 2\n")));
  EXPECT_TRUE(cache.changed());
  EXPECT_FALSE(DocumentCache(cache.bytes()).changed());
}

TEST(DocumentCache, IsEmptyForOtherBytes) {
  const std::string bytes = kept({"a: 1\n"});
  const std::string header = DocumentCache().bytes();
  ASSERT_TRUE(bytes.starts_with(header));
  EXPECT_TRUE(DocumentCache(bytes).find(source_of("a: 1\n")));
  for (std::size_t i = 0; i < header.size(); ++i) {
    std::string other = bytes;
    other[i] = static_cast<char>(other[i] + 1);
    EXPECT_FALSE(DocumentCache(other).find(source_of("a: 1\n"))) << i;
  }
  for (const std::string& other : {std::string(), std::string("x"), std::string(1000, '\xff'),
                                   bytes.substr(header.size()), header + bytes, "\n" + bytes}) {
    const DocumentCache cache(other);
    EXPECT_FALSE(cache.find(source_of("a: 1\n")));
    EXPECT_EQ(cache.bytes(), header);
    EXPECT_FALSE(cache.changed());
  }
}

TEST(DocumentCache, GivesAWholeTreeOrNothingWhenItsBytesAreCutOff) {
  const std::string bytes = kept({"a: 1\n", kEveryKind, "z: [2]\n"});
  for (const std::string& text : {std::string("a: 1\n"), kEveryKind, std::string("z: [2]\n")}) {
    const auto source = source_of(text);
    const Node root = parsed(source);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const auto found = DocumentCache(bytes.substr(0, size)).find(source);
      ASSERT_TRUE(!found || same(*found, root)) << size;
    }
  }
}

TEST(DocumentCache, GivesSomeTreeOrNothingWhenItsBytesAreChanged) {
  const std::string bytes = kept({"a: 1\n", kEveryKind});
  const auto source = source_of(kEveryKind);
  std::size_t found_some = 0;
  for (std::size_t position = 0; position < bytes.size(); ++position) {
    for (const unsigned change : {0x01U, 0x02U, 0x10U, 0x40U, 0x80U, 0xffU}) {
      std::string changed = bytes;
      changed[position] = static_cast<char>(static_cast<unsigned char>(bytes[position]) ^ change);
      const DocumentCache cache(changed);
      const auto found = cache.find(source);
      if (!found) continue;
      ++found_some;
      visited(*found, source);
    }
  }
  EXPECT_GT(found_some, 0U);
}

TEST(DocumentCache, TakesATreeForATextThatItsBytesSpoilt) {
  const std::string text = "a: [1, 2]\n";
  std::string bytes = kept({text});
  bytes[DocumentCache().bytes().size() + 1 + text.size() + 1] = '\x7f';  // no kind of node
  const auto source = source_of(text);
  DocumentCache cache(bytes);
  EXPECT_FALSE(cache.find(source));
  cache.add(text, parsed(source));
  EXPECT_TRUE(same(*cache.find(source), parsed(source)));
  EXPECT_EQ(cache.bytes(), kept({text}));
}

// Sizes and counts that cannot be: none of them is reason to take so much memory.
TEST(DocumentCache, GivesNothingForSizesThatCannotBe) {
  const std::string header = DocumentCache().bytes();
  const std::string huge = "\xff\xff\xff\xff\xff\xff\xff\xff\x7f";  // nine bytes, 2^63 - 1
  const std::string text = "a: 1\n";
  const auto with_tree = [&](const std::string& tree) {
    return header + static_cast<char>(text.size()) + text + static_cast<char>(tree.size()) + tree;
  };
  const auto found = [&](const std::string& bytes) {
    return DocumentCache(bytes).find(source_of(text)).has_value();
  };
  const std::string where = "\x01\x01\x01";
  const auto kind = [](Node::Kind node_kind) {
    return std::string(1, static_cast<char>(static_cast<int>(node_kind) * 2));
  };
  EXPECT_TRUE(found(with_tree(kind(Node::Kind::null) + where)));
  EXPECT_TRUE(found(with_tree(kind(Node::Kind::scalar) + where + "\x01x")));
  EXPECT_FALSE(found(with_tree("")));
  EXPECT_FALSE(found(with_tree(kind(Node::Kind::null))));
  EXPECT_FALSE(found(with_tree(kind(Node::Kind::null) + where + "x")));
  EXPECT_FALSE(found(with_tree("\x08" + where)));
  EXPECT_FALSE(found(with_tree(huge + where)));
  EXPECT_FALSE(found(with_tree("\xff" + huge + where)));
  for (const Node::Kind node_kind : {Node::Kind::scalar, Node::Kind::sequence, Node::Kind::map}) {
    EXPECT_FALSE(found(with_tree(kind(node_kind) + where + huge)));
    EXPECT_FALSE(found(with_tree(kind(node_kind) + where + "\x02x")));
    EXPECT_FALSE(found(with_tree(kind(node_kind) + where)));
  }
  EXPECT_FALSE(found(header + huge + text));
  EXPECT_FALSE(found(header + static_cast<char>(text.size()) + text + huge));
}

TEST(DocumentCache, GivesNothingForATreeThatIsTooDeep) {
  const auto tree_of_depth = [](std::size_t depth) {
    Node root;
    for (std::size_t i = 0; i < depth; ++i) {
      Node above;
      above.kind = Node::Kind::sequence;
      above.items.push_back(std::move(root));
      root = std::move(above);
    }
    return root;
  };
  const auto found = [&](std::size_t depth) {
    DocumentCache cache;
    cache.add("x", tree_of_depth(depth));
    return cache.find(source_of("x")).has_value();
  };
  EXPECT_TRUE(found(kMaxDocumentDepth));
  EXPECT_FALSE(found(kMaxDocumentDepth + 1));
  EXPECT_FALSE(found(5000));
}

}  // namespace
}  // namespace trunkgate

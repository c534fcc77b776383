// Commits in flat tables.
#include "push/commit_graph.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace trunkgate {
namespace {

using Added = std::pair<std::uint32_t, bool>;

// With few first bytes, so that many ids want the same place.
ObjectId id(unsigned number) {
  std::uint8_t bytes[ObjectId::kSize] = {};
  bytes[0] = static_cast<std::uint8_t>(number % 3);
  bytes[18] = static_cast<std::uint8_t>(number >> 8U);
  bytes[19] = static_cast<std::uint8_t>(number);
  return ObjectId(bytes);
}

TEST(IdTable, IsEmptyAtFirst) {
  const IdTable table;
  EXPECT_EQ(table.size(), 0U);
  EXPECT_FALSE(table.contains(id(1)));
  EXPECT_EQ(table.find(ObjectId()), std::nullopt);
}

TEST(IdTable, NumbersIdsAsTheyCome) {
  IdTable table;
  for (unsigned i = 0; i < 1000; ++i) EXPECT_EQ(table.add(id(i)), Added(i, true));
  for (unsigned i = 0; i < 1000; ++i) EXPECT_EQ(table.add(id(i)), Added(i, false));
  for (unsigned i = 0; i < 1000; ++i) EXPECT_EQ(table.find(id(i)), i);
  for (unsigned i = 0; i < 1000; ++i) EXPECT_EQ(table.id(i), id(i));
  EXPECT_FALSE(table.contains(id(1000)));
  EXPECT_EQ(table.size(), 1000U);
}

TEST(CommitGraph, PutsChildrenBeforeTheirParents) {
  CommitGraph graph;
  // 4 merges 3 and 2, both on 1; 0 is where it ends, and no commit of the graph.
  const std::map<unsigned, std::vector<ObjectId>> parents = {
      {4, {id(3), id(2)}}, {3, {id(1)}}, {2, {id(1)}}, {1, {id(0)}}};
  for (const auto& [commit, above] : parents) graph.set_parents(graph.add(id(commit)).first, above);
  EXPECT_EQ(graph.commits(), 4U);
  const std::vector<ObjectId> expected = {id(4), id(2), id(3), id(1)};
  EXPECT_EQ(graph.children_first({id(4)}), expected);
  EXPECT_EQ(graph.children_first({id(4), id(3), id(0), id(9)}), expected);
  EXPECT_EQ(graph.children_first({id(2)}), (std::vector<ObjectId>{id(2), id(1)}));
}

TEST(CommitGraph, KeepsTheParentsThatWereSaidFirst) {
  CommitGraph graph;
  const std::uint32_t commit = graph.add(id(2)).first;
  graph.set_parents(commit, {id(1)});
  graph.set_parents(commit, {});
  graph.set_parents(graph.add(id(1)).first, {});
  EXPECT_EQ(graph.commits(), 2U);
  EXPECT_EQ(graph.children_first({id(2)}), (std::vector<ObjectId>{id(2), id(1)}));
}

}  // namespace
}  // namespace trunkgate

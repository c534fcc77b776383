#include "events/lineage/lineage_graph.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "lineage_fixture.h"

namespace trunkgate {
namespace {

using LineageGraphTest = LineageTest;

TEST_F(LineageGraphTest, WhatIsInServiceLeadsToItsCommit) {
  record_all();
  const LineageGraph graph = trace("serving:prod/ranker@rev17", LineageDirection::up);
  EXPECT_EQ(nodes(graph),
            (Lines{"serving serving:prod/ranker@rev1", "commit commit:0123456789abcdef0",
                   "weights sha256:bbbbbbbbbbbbbbbbb", "job job:run-7",
                   "image sha256:aaaaaaaaaaaaaaaaa", "file sha256:ddddddddddddddddd"}));
  Lines sorted = edges(graph);
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, (Lines{"commit:012 > job:run-7 training", "commit:012 > serving:pr deployment",
                           "commit:012 > sha256:aaa image", "job:run-7 > sha256:bbb training",
                           "sha256:aaa > job:run-7 training", "sha256:bbb > serving:pr deployment",
                           "sha256:ddd > job:run-7 training"}));
  EXPECT_FALSE(graph.cut);
}

TEST_F(LineageGraphTest, ACommitLeadsToAllThatWasMadeOfIt) {
  record_all();
  Lines found = nodes(trace("commit:" + commit_, LineageDirection::down));
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (Lines{"commit commit:0123456789abcdef0", "image sha256:aaaaaaaaaaaaaaaaa",
                          "job job:run-7", "model model:ranker@3",
                          "serving serving:prod/ranker@rev1", "weights sha256:bbbbbbbbbbbbbbbbb"}));
}

TEST_F(LineageGraphTest, TellsWhoLeftAStatementAndWhen) {
  record("image", image_statement(commit_, image_));
  const LineageGraph graph = trace("sha256:" + image_, LineageDirection::up);
  ASSERT_EQ(graph.statements.size(), 1U);
  EXPECT_EQ(graph.statements[0].ref, "refs/attest/" + commit_ + "/lineage/image");
  EXPECT_EQ(graph.statements[0].left_by, "ci-bot");
  EXPECT_EQ(graph.statements[0].recorded, time_);
  EXPECT_EQ(graph.statements[0].predicate_type, "https://slsa.dev/provenance/v1");
  EXPECT_EQ(graph.statements[0].sha256.size(), 64U);
}

TEST_F(LineageGraphTest, GathersWhatSeveralStatementsSayOfOneThing) {
  record_all();
  const LineageGraph graph = trace("sha256:" + weights_, LineageDirection::up);
  ASSERT_FALSE(graph.nodes.empty());
  EXPECT_EQ(graph.nodes[0].kind, ArtifactKind::weights);
  EXPECT_EQ(graph.nodes[0].name, "vit.safetensors");
  EXPECT_EQ(graph.nodes[0].notes,
            (Lines{"registered as ranker@3", "test PASSED https://ci.example/9"}));
}

TEST_F(LineageGraphTest, WhatOneStatementKnowsCountsWhateverComesFirst) {
  record("deploy", deployment_statement(commit_, weights_));
  EXPECT_EQ(trace("sha256:" + weights_, LineageDirection::up).nodes[0].kind, ArtifactKind::file);
  record("model", model_statement(commit_, weights_));
  EXPECT_EQ(trace("sha256:" + weights_, LineageDirection::up).nodes[0].kind, ArtifactKind::weights);
}

TEST_F(LineageGraphTest, GoesRoundACircleOnce) {
  const auto made_of = [&](const std::string& made, const std::string& from) {
    return provenance("x", file_resource("i", made),
                      file_resource("i", from) + "," + commit_resource(commit_));
  };
  record("a", made_of(digest_of('1'), digest_of('2')));
  record("b", made_of(digest_of('2'), digest_of('3')));
  record("c", made_of(digest_of('3'), digest_of('1')));
  for (const auto direction : {LineageDirection::up, LineageDirection::down}) {
    const LineageGraph graph = trace("sha256:" + digest_of('1'), direction);
    const std::size_t commits = direction == LineageDirection::up ? 1 : 0;
    EXPECT_EQ(graph.nodes.size(), 3 + commits);
    EXPECT_EQ(graph.edges.size(), 3 + 3 * commits);
  }
}

TEST_F(LineageGraphTest, IsBounded) {
  for (char letter = '1'; letter <= '9'; ++letter) {
    record(std::string("n") + letter, image_statement(commit_, digest_of(letter)));
  }
  const LineageGraph graph = trace("commit:" + commit_, LineageDirection::down, 4);
  EXPECT_EQ(graph.nodes.size(), 4U);
  EXPECT_EQ(graph.edges.size(), 3U);
  EXPECT_TRUE(graph.cut);
  EXPECT_FALSE(trace("commit:" + commit_, LineageDirection::down, 10).cut);
}

TEST_F(LineageGraphTest, FindsByNameUriAndTheBeginningOfADigest) {
  record_all();
  const auto image = node_of_identity(database_, "sha256:" + image_);
  EXPECT_EQ(nodes_of_name(database_, "registry.example/trainer:1"), std::vector{*image});
  EXPECT_EQ(nodes_of_name(database_, "oci://registry.example/trainer"), std::vector{*image});
  EXPECT_EQ(nodes_of_name(database_, "registry.example/trainer"), std::vector{*image});
  EXPECT_TRUE(nodes_of_name(database_, "registry.example").empty());
  EXPECT_EQ(nodes_of_prefix(database_, "sha256:aaa"), std::vector{*image});
  EXPECT_EQ(nodes_of_prefix(database_, "sha256:").size(), 3U);
  EXPECT_TRUE(nodes_of_prefix(database_, "sha256:ab").empty());
}

TEST_F(LineageGraphTest, TheThingSpokenOfLastHasTheName) {
  record("old", image_statement(commit_, digest_of('1'), "registry.example/app:latest"));
  record("new", image_statement(commit_, digest_of('2'), "registry.example/app:latest"));
  const auto found = nodes_of_name(database_, "registry.example/app:latest");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0], node_of_identity(database_, "sha256:" + digest_of('2')));
}

// With TRUNKGATE_MEASURE in the environment there are 20,000, and it says how long it took.
TEST_F(LineageGraphTest, FindsTheCommitOfAnArtifactAmongManyStatements) {
  const auto number = [](int i, std::size_t digits) {
    const std::string text = std::to_string(i);
    return std::string(digits - text.size(), '0') + text;
  };
  const bool measured = std::getenv("TRUNKGATE_MEASURE") != nullptr;
  {
    Transaction transaction(database_);
    for (int i = 0; i < (measured ? 10'000 : 500); ++i) {
      const std::string commit = number(i, 40);
      record("image", image_statement(commit, "a" + number(i, 63)), commit);
      record("train",
             training_statement(commit, "a" + number(i, 63), "b" + number(i, 63),
                                "run-" + std::to_string(i)),
             commit);
    }
    transaction.commit();
  }
  const auto start = std::chrono::steady_clock::now();
  const LineageGraph graph = trace("sha256:b" + number(444, 63), LineageDirection::up);
  const auto named = nodes_of_name(database_, "run-444");
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  if (measured) std::printf("look-up: %.3f ms\n", took.count());
  EXPECT_EQ(graph.nodes.size(), 5U);
  EXPECT_TRUE(std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const TracedNode& node) {
    return node.identity == "commit:" + number(444, 40);
  }));
  EXPECT_EQ(named.size(), 1U);
}

}  // namespace
}  // namespace trunkgate

// A journal with lineage tables, filled with statements as the deliverer does.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/scratch_folder.h"
#include "events/lineage/lineage_graph.h"
#include "events/lineage/lineage_index.h"
#include "evidence/lineage_example.h"

namespace trunkgate {

class LineageTest : public ::testing::Test {
 protected:
  using Lines = std::vector<std::string>;

  void SetUp() override {
    database_.execute("PRAGMA synchronous=OFF");
    EXPECT_TRUE(create_lineage_tables(database_));
  }

  // A statement under a name, left by ci-bot a minute after the one before.
  void record(const std::string& name, const std::string& json, const std::string& commit) {
    const AttestationName attestation{ObjectId::parse(commit).value(), AttestationKind::lineage,
                                      name};
    ReadAttestation read = read_attestation(attestation, json);
    ASSERT_EQ(read.mistakes, Lines{});
    time_ += 60'000'000;
    LineageIndex::index_statement(database_, {.ref = attestation.ref(),
                                              .commit = attestation.commit,
                                              .predicate_type = read.body.predicate_type,
                                              .lineage = read.body.lineage,
                                              .left_by = "ci-bot",
                                              .recorded = time_});
  }
  void record(const std::string& name, const std::string& json) { record(name, json, commit_); }

  // From the commit to what is in service.
  void record_all() {
    record("image", image_statement(commit_, image_));
    record("train", training_statement(commit_, image_, weights_));
    record("test", test_statement(commit_, weights_));
    record("model", model_statement(commit_, weights_));
    record("deploy", deployment_statement(commit_, weights_));
  }

  LineageGraph trace(const std::string& identity, LineageDirection direction,
                     std::size_t limit = kMaxTracedNodes) {
    const auto node = node_of_identity(database_, identity);
    if (!node) return {};
    const std::vector<std::int64_t> start{*node};
    return trace_lineage(database_, start, direction, limit);
  }
  // "KIND IDENTITY", shortened.
  static Lines nodes(const LineageGraph& graph) {
    Lines lines;
    for (const TracedNode& node : graph.nodes) {
      lines.push_back(std::string(to_string(node.kind)) + " " + node.identity.substr(0, 24));
    }
    return lines;
  }
  // "FROM > TO STEP", shortened.
  static Lines edges(const LineageGraph& graph) {
    Lines lines;
    for (const TracedEdge& edge : graph.edges) {
      lines.push_back(graph.nodes[edge.from].identity.substr(0, 10) + " > " +
                      graph.nodes[edge.to].identity.substr(0, 10) + " " +
                      graph.statements[edge.statement].step);
    }
    return lines;
  }
  std::int64_t rows(const std::string& table) {
    return database_.number("SELECT count(*) FROM " + table).value_or(-1);
  }

  const std::string commit_ = "0123456789abcdef0123456789abcdef01234567";
  const std::string image_ = digest_of('a');
  const std::string weights_ = digest_of('b');
  std::int64_t time_ = 1'767'225'600'000'000;  // 2026-01-01T00:00:00Z
  ScratchFolder folder_{std::filesystem::temp_directory_path().string()};
  Database database_{folder_.path() + "/journal.db", Database::Access::write};
};

}  // namespace trunkgate

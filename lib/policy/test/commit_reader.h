// Reads the commits and tags of a test file.
#pragma once

#include <vector>

#include "policy/test/test_file.h"
#include "policy/test/test_values.h"

namespace trunkgate {

class CommitReader {
 public:
  CommitReader(TestBudget& budget, Diagnostics& diagnostics)
      : budget_(budget), diagnostics_(diagnostics) {}

  // Names of commits become known to `names` as they are read.
  TestCommit commit(const Node& node, TestNames& names);
  TestTag tag(const Node& node);

 private:
  void read_files(const Node& node, std::vector<TestFileChange>& files);
  void read_file(const Node& node, TestFileChange& file);
  std::vector<CommitName> names_at(const Node& node, const TestNames& names);

  TestBudget& budget_;
  Diagnostics& diagnostics_;
};

}  // namespace trunkgate

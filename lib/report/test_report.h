// Turns the runs of test files into what an admin, or a program, reads.
#pragma once

#include <string>
#include <vector>

#include "policy/test/test_result.h"

namespace trunkgate {

struct TestedFile {
  std::string file;
  std::string policy;
  TestRun run;
};

struct TestTotals {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t not_run = 0;
};

TestTotals totals_of(const std::vector<TestedFile>& files);

// "PASS name" or "FAIL name (FILE:LINE)" with what was expected and found for each case, then, with
// `coverage`, the rules that found nothing in any test of their policy, then the counts.
std::string test_report_text(const std::vector<TestedFile>& files, bool coverage);

// The same as one document of JSON, ended by LF.
std::string test_report_json(const std::vector<TestedFile>& files, bool coverage);

}  // namespace trunkgate

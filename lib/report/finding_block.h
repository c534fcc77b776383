// A block of a report: what is wrong with one commit or at one place, and what mends it.
#pragma once

#include <string>
#include <vector>

#include "policy/verdict.h"
#include "report/repair.h"
#include "report/report_lines.h"

namespace trunkgate {

// Findings about one commit and path, which stand together. Never empty.
using FindingGroup = std::vector<const Finding*>;

// Whether pushers read of it.
bool shown(const Finding& finding);

// "src/main.cc:12"
std::string place_of(const Finding& finding);

// What is wrong with the push as a whole.
void add_block(const Finding& finding, ReportLines& lines);
// `repair` is the whole ref's; `repairs` says that its steps stand here.
void add_block(const RefVerdict& ref, FindingGroup findings, const Repair& repair, bool repairs,
               ReportLines& lines);

// The steps of a repair, as they stand in a block.
void add_steps(const Repair& repair, ReportLines& lines);

}  // namespace trunkgate

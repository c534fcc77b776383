// Turns a verdict into what the pusher reads.
#pragma once

#include <string>

#include "policy/verdict.h"

namespace trunkgate {

struct ReportContext {
  std::string push_id;        // "push_…"; people see its first digits
  bool checked_only = false;  // push option policy=check: nothing would have been changed anyway
  bool partly = false;        // update hook: other refs of the push may have been let in
};

// Lines for the terminal, at most 72 columns where words allow it, without colour codes and without
// control characters; at most kMaxReportBytes. Empty when there is nothing to say.
std::string text_report(const Verdict& verdict, const ReportContext& context);

// The same for programs (push option policy.format=json): one line of JSON, ended by LF.
std::string json_report(const Verdict& verdict, const ReportContext& context);

inline constexpr std::size_t kReportColumns = 72;
inline constexpr std::size_t kMaxReportBytes = 16 * 1024;

}  // namespace trunkgate

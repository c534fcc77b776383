#include "rules/push/command_text.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "rules/push/command_failure.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxLines = 20;
constexpr std::size_t kMaxLine = 400;  // code points

std::string without(std::string_view text, const std::string& part) {
  std::string rest;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part)) {
    rest += text.substr(0, at);
    text.remove_prefix(at + part.size());
  }
  return rest.append(text);
}

std::string_view without_end(std::string_view line) {
  const auto last = line.find_last_not_of(" \t\r");
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

bool is_finding(const ChildResult& result, const std::vector<int>& codes, std::uint64_t memory) {
  return result.started && !result.timed_out && !result.output_too_large &&
         std::find(codes.begin(), codes.end(), result.exit_status) != codes.end() &&
         !(trim(result.output).empty() && trim(result.errors).empty()) &&
         !ran_out_of_memory(result, memory);
}

Finding text_finding(const ChildResult& result, const std::string& program,
                     const std::string& folder) {
  std::string text = result.output + "\n" + result.errors;
  if (!folder.empty()) text = without(text, folder + "/");
  Finding finding;
  std::size_t left_out = 0;
  for (const std::string_view line : split(text, '\n')) {
    if (trim(line).empty()) continue;
    if (finding.message.empty()) {
      finding.message = "'" + program + "' says: " + printable(trim(line), kMaxLine);
    } else if (finding.details.size() < kMaxLines) {
      // Columns and carets stay where the program has put them.
      finding.details.push_back("  " + printable(without_end(line), kMaxLine));
    } else {
      ++left_out;
    }
  }
  if (left_out != 0)
    finding.details.push_back("and " + count_of(left_out, "more line", "more lines"));
  return finding;
}

}  // namespace trunkgate

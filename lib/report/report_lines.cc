#include "report/report_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/text.h"
#include "report/report.h"

namespace trunkgate {
namespace {

constexpr std::size_t kLabelColumns = 11;  // "    fix    "

}  // namespace

void ReportLines::wrapped(const std::string& start, const std::string& text,
                          const std::string& next) {
  const std::size_t width = kReportColumns - std::max(columns(start), columns(next));
  bool first = true;
  for (const std::string& part : wrap(text, width)) {
    line((first ? start : next) + part);
    first = false;
  }
}

void ReportLines::labelled(std::string_view label, const std::string& text, bool wrap_words) {
  const std::string start = fmt::format("    {:<7}", label);
  const std::string next(kLabelColumns, ' ');
  if (!wrap_words) {
    line(start + text);  // a command stays in one piece
  } else {
    wrapped(start, text, next);
  }
}

std::string ReportLines::finish() {
  if (text_.size() > kMaxReportBytes) {
    const auto end = text_.rfind('\n', kMaxReportBytes - 64);
    text_.resize(end == std::string::npos ? 0 : end + 1);
    text_ += "... the rest is cut\n";
  }
  return std::move(text_);
}

}  // namespace trunkgate

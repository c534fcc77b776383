// Line starts and running counts of code points, made once for a source.
#include "config/source_index.h"

#include <algorithm>
#include <string>

namespace trunkgate {
namespace {

constexpr std::size_t kStride = 256;

bool begins_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

}  // namespace

SourceIndex::SourceIndex(std::shared_ptr<const Source> source) : source_(std::move(source)) {
  line_begins_.push_back(0);
  std::size_t code_points = 0;
  for (std::size_t i = 0; i < text().size(); ++i) {
    if (i % kStride == 0) marks_.push_back(code_points);
    if (begins_code_point(text()[i])) ++code_points;
    if (text()[i] == '\n') line_begins_.push_back(i + 1);
  }
  if (text().size() % kStride == 0) marks_.push_back(code_points);
}

std::size_t SourceIndex::code_points_before(std::size_t offset) const {
  const std::size_t mark = offset / kStride;
  std::size_t count = marks_[mark];
  for (std::size_t i = mark * kStride; i < offset; ++i) {
    if (begins_code_point(text()[i])) ++count;
  }
  return count;
}

std::size_t SourceIndex::line_at(std::size_t offset) const {
  const auto after = std::upper_bound(line_begins_.begin(), line_begins_.end(), offset);
  return static_cast<std::size_t>(after - line_begins_.begin());
}

std::size_t SourceIndex::line_begin(std::size_t offset) const {
  return line_begins_[line_at(offset) - 1];
}

std::size_t SourceIndex::line_end(std::size_t offset) const {
  const std::size_t line = line_at(offset);
  std::size_t end = line < line_begins_.size() ? line_begins_[line] - 1 : text().size();
  if (end > line_begins_[line - 1] && text()[end - 1] == '\r') --end;
  return end;
}

Location SourceIndex::at(std::size_t begin, std::size_t end) const {
  begin = std::min(begin, text().size());
  if (begin == text().size()) {
    const std::size_t last = text().find_last_not_of(" \t\r\n");
    begin = last == std::string::npos ? 0 : last;
    while (begin > 0 && !begins_code_point(text()[begin])) --begin;
  }
  end = std::min(end, line_end(begin));
  Location where;
  where.source = source_;
  where.line = line_at(begin);
  where.column = code_points_before(begin) - code_points_before(line_begin(begin)) + 1;
  where.length = end > begin
                     ? std::max<std::size_t>(1, code_points_before(end) - code_points_before(begin))
                     : 1;
  return where;
}

}  // namespace trunkgate

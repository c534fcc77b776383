// Turns byte offsets of a source into lines and columns.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "config/diagnostics.h"

namespace trunkgate {

// Built once for a source; each look-up takes constant time but for a search among the lines, so
// that a file of a single huge line costs no more than any other.
class SourceIndex {
 public:
  explicit SourceIndex(std::shared_ptr<const Source> source);

  const std::string& text() const { return source_->text; }

  // The place from byte `begin` up to `end`, at most to the end of the line. A place at the end of
  // the file is moved back to the last character that is no blank.
  Location at(std::size_t begin, std::size_t end) const;

  // 1-based; offsets are bytes and may be the size of the text.
  std::size_t line_at(std::size_t offset) const;
  std::size_t line_begin(std::size_t offset) const;
  // Without the line break.
  std::size_t line_end(std::size_t offset) const;

 private:
  std::size_t code_points_before(std::size_t offset) const;

  std::shared_ptr<const Source> source_;
  std::vector<std::size_t> line_begins_;
  std::vector<std::size_t> marks_;  // code points before every kStride-th byte
};

}  // namespace trunkgate

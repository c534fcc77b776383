// The lines of a report for the terminal.
#pragma once

#include <string>
#include <string_view>

namespace trunkgate {

class ReportLines {
 public:
  // As it is: printable already, and not to be wrapped.
  void line(const std::string& text) { text_ += text + "\n"; }

  // Words of `text` on lines of at most kReportColumns: the first starts with `start`, the others
  // with `next`.
  void wrapped(const std::string& start, const std::string& text, const std::string& next);

  // "    hint   ..."; without `wrap_words` in one piece, as commands have to be.
  void labelled(std::string_view label, const std::string& text, bool wrap_words);

  // All of it, cut to kMaxReportBytes.
  std::string finish();

 private:
  std::string text_;
};

}  // namespace trunkgate

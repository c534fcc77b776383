#include "rules/commit/commit_finding.h"

#include <algorithm>
#include <utility>

#include "base/unicode.h"

namespace trunkgate {

Finding finding_about(const Commit& commit, const MessageParts& parts, std::string message) {
  Finding finding;
  finding.message = std::move(message);
  finding.commit = commit.id;
  finding.title = parts.title;
  return finding;
}

Finding finding_about_message(const Commit& commit, const MessageParts& parts,
                              std::string message) {
  Finding finding = finding_about(commit, parts, std::move(message));
  finding.reword = true;
  finding.keeps_body = !parts.body.empty();
  return finding;
}

void mark_title(Finding& finding, const MessageParts& parts, std::size_t offset, std::size_t size) {
  const std::string_view title = parts.title;
  finding.line = parts.title_line;
  finding.title_column = count_code_points(title.substr(0, offset)) + 1;
  finding.title_length = std::max<std::size_t>(1, count_code_points(title.substr(offset, size)));
}

void mark_whole_title(Finding& finding, const MessageParts& parts) {
  if (!parts.title.empty()) mark_title(finding, parts, 0, parts.title.size());
}

std::string rebase_start(const Commit& commit) {
  return commit.parents.empty() ? "--root" : commit.id.brief() + "^";
}

}  // namespace trunkgate

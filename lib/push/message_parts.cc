#include "push/message_parts.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "push/conventional_lines.h"
#include "push/message_encoding.h"

namespace trunkgate {
namespace {

// The lines from the first to the last that is not blank.
std::string joined(std::span<const std::string_view> lines) {
  while (!lines.empty() && is_blank_line(lines.front())) lines = lines.subspan(1);
  while (!lines.empty() && is_blank_line(lines.back())) lines = lines.first(lines.size() - 1);
  std::string text;
  for (const std::string_view line : lines) {
    if (!text.empty()) text += '\n';
    text += line;
  }
  text.resize(trim_right(text).size());
  return text;
}

}  // namespace

MessageParts read_message(const Commit& commit) {
  // Git shows nothing behind a NUL: what stands there, a Signed-off-by say, satisfies no rule.
  const std::string_view message = commit.message;
  const DecodedMessage decoded =
      decode_message(message.substr(0, message.find('\0')), commit.encoding);
  const std::vector<std::string_view> lines = split_lines(decoded.text);
  const auto title = std::find_if_not(lines.begin(), lines.end(), is_blank_line);
  if (title == lines.end()) return {};
  const auto before = static_cast<std::size_t>(title - lines.begin());
  const std::span<const std::string_view> rest = std::span(lines).subspan(before);
  return {.text = joined(rest),
          .title = std::string(trim_right(*title)),
          .body = joined(rest.subspan(1)),
          .title_line = before + 1};
}

}  // namespace trunkgate

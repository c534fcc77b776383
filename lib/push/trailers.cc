// Follows Git's trailer.c and commit.c line by line; the names of its functions are given where
// somebody may want to compare.
#include "push/trailers.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>

#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::string_view kScissors = "# ------------------------ >8 ------------------------\n";

using Lines = std::span<const std::string_view>;  // each with its LF

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

bool is_blank(std::string_view line) { return std::all_of(line.begin(), line.end(), is_space); }
bool is_comment(std::string_view line) { return line.starts_with('#'); }

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

// wt_status_locate_end(): what `git commit --verbose` shows below is no message.
std::string_view before_scissors(std::string_view text) {
  if (text.starts_with(kScissors)) return {};
  for (std::size_t at = text.find(kScissors); at != std::string_view::npos;
       at = text.find(kScissors, at + 1)) {
    if (text[at - 1] == '\n') return text.substr(0, at);
  }
  return text;
}

// ignore_non_trailer(): comments, empty lines and an old conflicts block at the end.
Lines without_remarks(Lines lines) {
  std::size_t end = lines.size();
  bool in_conflicts = false;
  bool in_remarks = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    const bool remark = is_comment(line) || line == "\n";
    if (remark || line == "Conflicts:\n") {
      in_conflicts = in_conflicts || !remark;
      if (!in_remarks) end = i;
      in_remarks = true;
    } else if (!(in_conflicts && line.starts_with('\t'))) {
      in_remarks = in_conflicts = false;
      end = lines.size();
    }
  }
  return lines.first(end);
}

// find_separator(): where the colon behind a token stands.
std::optional<std::size_t> separator_of(std::string_view line) {
  bool space = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == ':') return i > 0 ? std::optional(i) : std::nullopt;
    if (!space && is_token_character(c)) continue;
    if (i == 0 || (c != ' ' && c != '\t')) return std::nullopt;
    space = true;
  }
  return std::nullopt;
}

// How many lines of each kind the last paragraph has.
struct LineCounts {
  std::size_t trailers = 0;
  std::size_t others = 0;
  bool by_git = false;  // one of them is written by Git itself
};

// find_trailer_start(): all lines are trailers, or Git wrote one and a quarter of them are.
Lines trailer_block(Lines lines) {
  std::size_t body = 0;
  while (body < lines.size() && (is_comment(lines[body]) || !is_blank(lines[body]))) ++body;
  LineCounts counts;
  std::size_t continuations = 0;
  bool only_blank = true;
  for (std::size_t i = lines.size(); i-- > body;) {
    const std::string_view line = lines[i];
    if (is_comment(line)) {
      counts.others += continuations;
      continuations = 0;
    } else if (is_blank(line)) {
      if (only_blank) continue;
      counts.others += continuations;
      const bool found = (counts.by_git && counts.trailers * 3 >= counts.others) ||
                         (counts.trailers > 0 && counts.others == 0);
      return found ? lines.subspan(i + 1) : Lines();
    } else {
      only_blank = false;
      const bool by_git =
          line.starts_with("Signed-off-by: ") || line.starts_with("(cherry picked from commit ");
      if (by_git || (separator_of(line) && !is_space(line[0]))) {
        ++counts.trailers;
        counts.by_git = counts.by_git || by_git;
        continuations = 0;
      } else if (is_space(line[0])) {
        ++continuations;
      } else {
        counts.others += 1 + continuations;
        continuations = 0;
      }
    }
  }
  return {};
}

// unfold_value(): a line end and the white space behind it become one space.
std::string unfolded(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\n') {
      text += value[i];
      continue;
    }
    while (i + 1 < value.size() && is_space(value[i + 1])) ++i;
    text += ' ';
  }
  return std::string(trim(text));
}

}  // namespace

std::vector<Trailer> read_trailers(std::string_view text) {
  // Git reads a message as a C string.
  std::string message(before_scissors(text.substr(0, text.find('\0'))));
  if (!message.empty() && message.back() != '\n') message += '\n';
  const std::vector<std::string_view> all = lines_of(message);
  const Lines block = trailer_block(without_remarks(all));
  std::vector<Trailer> trailers;
  for (std::size_t i = 0; i < block.size();) {
    const std::string_view line = block[i++];
    const auto colon = separator_of(line);
    if (!colon) continue;
    const char* end = line.data() + line.size();
    while (i < block.size() && is_space(block[i][0])) {
      end = block[i].data() + block[i].size();
      ++i;
    }
    const char* value = line.data() + *colon + 1;
    trailers.push_back({std::string(trim(line.substr(0, *colon))),
                        unfolded(trim({value, static_cast<std::size_t>(end - value)}))});
  }
  return trailers;
}

bool is_trailer_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool same_token(std::string_view one, std::string_view other) {
  return ascii_lower(one) == ascii_lower(other);
}

}  // namespace trunkgate

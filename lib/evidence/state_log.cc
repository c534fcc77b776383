#include "evidence/state_log.h"

#include <map>
#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{256} << 20U;

std::string file_of(const std::string& state, std::string_view log, const ObjectId& commit) {
  return state + "/" + std::string(log) + "/" + commit.hex().substr(0, 2);
}

// The number of a line that was cut short; nothing when the file is whole. Lines with a record and
// empty ones take turns, so that one behind which another begins at once has lost its end.
std::optional<std::size_t> cut_line(std::string_view text) {
  const std::vector<std::string_view> lines = split(text, '\n');
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const bool is_record = at % 2 == 1;
    if (lines[at].empty() == is_record) return is_record ? at + 1 : at;
  }
  if (lines.size() < 3 || lines.size() % 2 == 0) return lines.size();
  return std::nullopt;
}

[[noreturn]] void fail_cut(const std::string& path, std::size_t line) {
  throw Error(ErrorKind::delivery,
              path + " was cut short: line " + std::to_string(line) + " has lost its end",
              "an admin can restore the file; or remove that line, when nothing else is missing");
}

// Nothing where there is no file.
std::optional<std::string> text_of(const std::string& path) {
  FileText file = read_file(path, kMaxBytes);
  if (file.state == FileState::missing) return std::nullopt;
  if (file.state == FileState::present) return std::move(file.text);
  throw Error(ErrorKind::delivery, "cannot read " + path + ": " + file.reason);
}

std::string whole_text(const std::string& path) {
  std::optional<std::string> text = text_of(path);
  if (text && cut_line(*text)) {
    // Another push may be writing its end at this moment.
    const FileLock lock = FileLock::wait(path, {});
    text = text_of(path);
    if (const auto cut = text ? cut_line(*text) : std::nullopt) fail_cut(path, *cut);
  }
  return std::move(text).value_or("");
}

}  // namespace

void append_lines(const std::string& state, const std::vector<StateLine>& lines,
                  const Sharing& sharing) {
  if (state.empty()) return;
  std::map<std::string, std::string> texts;
  for (const StateLine& line : lines) {
    texts[file_of(state, line.log, line.commit)] += "\n" + line.text + "\n";
    make_folder(state + "/" + line.log, sharing);
  }
  for (const auto& [path, text] : texts) {
    const FileLock lock = FileLock::wait(path, sharing);
    append_file(path, text, sharing);
  }
}

std::vector<std::vector<std::string>> read_lines(const std::string& state, std::string_view log,
                                                 const ObjectId& commit, std::string_view start,
                                                 std::size_t fields) {
  if (state.empty()) return {};
  const std::string path = file_of(state, log, commit);
  const std::string text = whole_text(path);
  std::vector<std::vector<std::string>> found;
  std::size_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    if (line.empty() || !line.starts_with(start)) continue;
    std::vector<std::string> words;
    while (words.size() + 1 < fields) {
      const auto space = line.find(' ');
      if (space == std::string_view::npos) break;
      words.emplace_back(line.substr(0, space));
      line.remove_prefix(space + 1);
    }
    words.emplace_back(line);
    if (words.size() != fields) fail_cut(path, number);
    found.push_back(std::move(words));
  }
  return found;
}

}  // namespace trunkgate

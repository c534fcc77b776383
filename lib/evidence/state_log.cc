#include "evidence/state_log.h"

#include <map>

#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{256} << 20U;

std::string file_of(const std::string& state, std::string_view log, const ObjectId& commit) {
  return state + "/" + std::string(log) + "/" + commit.hex().substr(0, 2);
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
  for (const auto& [path, text] : texts) append_file(path, text, sharing);
}

std::vector<std::vector<std::string>> read_lines(const std::string& state, std::string_view log,
                                                 const ObjectId& commit, std::string_view start,
                                                 std::size_t fields) {
  if (state.empty()) return {};
  const std::string path = file_of(state, log, commit);
  const FileText file = read_file(path, kMaxBytes);
  if (file.state == FileState::missing) return {};
  if (file.state != FileState::present) {
    throw Error(ErrorKind::delivery, "cannot read " + path + ": " + file.reason);
  }
  std::vector<std::vector<std::string>> found;
  for (std::string_view line : split(file.text, '\n')) {
    if (line.empty() || !line.starts_with(start)) continue;
    std::vector<std::string> words;
    while (words.size() + 1 < fields) {
      const auto space = line.find(' ');
      if (space == std::string_view::npos) break;
      words.emplace_back(line.substr(0, space));
      line.remove_prefix(space + 1);
    }
    words.emplace_back(line);
    if (words.size() == fields) found.push_back(std::move(words));
  }
  return found;
}

}  // namespace trunkgate

#include "rules/evidence/requirements/owners.h"

#include <algorithm>

#include "base/text.h"

namespace trunkgate {
namespace {

// The words of a line up to a comment. A backslash keeps what follows it in its word; before
// anything but a space or "#" it stays, for patterns have backslashes of their own.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  bool inside = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == ' ' || c == '\t' || c == '\r') {
      inside = false;
      continue;
    }
    if (c == '#' && !inside) break;
    if (!inside) words.emplace_back();
    inside = true;
    if (c == '\\' && i + 1 < line.size()) {
      const char next = line[++i];
      if (next != ' ' && next != '#') words.back() += c;
      words.back() += next;
    } else {
      words.back() += c;
    }
  }
  return words;
}

std::string mistake_in(const std::vector<std::string>& words) {
  const std::string& pattern = words[0];
  if (pattern.starts_with('!')) return "a pattern here cannot take back: '!' has no meaning";
  // "[Section]" as GitLab has it; read as a pattern it would take owners away unseen.
  if (pattern.starts_with('[') || pattern.starts_with("^[")) {
    return "sections are not read: name the owners on each line";
  }
  if (auto mistake = PathSet::mistake(pattern)) return "bad path pattern: " + *mistake;
  return {};
}

}  // namespace

const OwnersLine* OwnersFile::line_of(std::string_view path) const {
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (line->pattern.matches(path)) return line->owners.empty() ? nullptr : &*line;
  }
  return nullptr;
}

OwnersFile read_owners(std::string_view text) {
  OwnersFile file;
  std::size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    std::vector<std::string> words = words_of(line);
    if (words.empty()) continue;
    std::string mistake = mistake_in(words);
    if (file.lines.size() == kMaxOwnersLines) {
      mistake = "more than " + std::to_string(kMaxOwnersLines) + " lines";
    }
    if (!mistake.empty()) {
      file.mistake = printable(mistake);
      file.mistake_line = number;
      return file;
    }
    OwnersLine owned{number, PathSet({words[0]}), {}};
    owned.owners.assign(words.begin() + 1, words.end());
    file.lines.push_back(std::move(owned));
  }
  return file;
}

std::vector<std::string> users_called(std::string_view owner, const Groups& groups,
                                      const Users& users) {
  const bool handle = owner.starts_with('@');
  if (handle) owner.remove_prefix(1);
  if (handle && owner.find('/') != std::string_view::npos) {
    owner.remove_prefix(owner.rfind('/') + 1);
  }
  std::vector<std::string> names;
  if (const auto group = groups.find(owner); group != groups.end()) {
    names = group->second;
  } else {
    const std::string address = ascii_lower(owner);
    for (const auto& [name, user] : users) {
      if (std::any_of(user.emails.begin(), user.emails.end(),
                      [&](const std::string& email) { return ascii_lower(email) == address; })) {
        names.push_back(name);
      }
    }
    if (names.empty()) names.emplace_back(owner);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace trunkgate

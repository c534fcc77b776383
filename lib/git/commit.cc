#include "git/commit.h"

#include <charconv>
#include <optional>

#include "base/text.h"

namespace trunkgate {
namespace {

[[noreturn]] void malformed(const ObjectId& id, const std::string& why) {
  throw BadCommit(id, "is malformed: " + why);
}

// Takes the bytes up to the next LF off the front.
std::string_view take_line(std::string_view& raw, const ObjectId& id) {
  const auto end = raw.find('\n');
  if (end == std::string_view::npos) malformed(id, "its header has no end");
  const std::string_view line = raw.substr(0, end);
  raw.remove_prefix(end + 1);
  return line;
}

// The value of a line "NAME value", or nothing when the line is another header's.
std::optional<std::string_view> value_of(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line.substr(0, name.size()) != name || line[name.size()] != ' ')
    return std::nullopt;
  return line.substr(name.size() + 1);
}

ObjectId id_of(std::string_view text, const ObjectId& commit, const char* what) {
  const auto id = ObjectId::parse(text);
  if (!id) malformed(commit, std::string("its ") + what + " is no object id");
  return *id;
}

Signature signature_of(std::string_view text, const ObjectId& commit, const char* what) {
  Signature signature;
  if (const char* mistake = read_signature(text, signature); mistake != nullptr) {
    malformed(commit, std::string("its ") + what + " line has " + mistake);
  }
  return signature;
}

}  // namespace

CommitLinks parse_links(const ObjectId& id, std::string_view raw) {
  CommitLinks links;
  if (!value_of(take_line(raw, id), "tree")) malformed(id, "it has no tree");
  while (!raw.empty() && raw[0] != '\n') {
    const std::string_view line = take_line(raw, id);
    if (const auto parent = value_of(line, "parent")) {
      links.parents.push_back(id_of(*parent, id, "parent"));
    } else if (const auto committer = value_of(line, "committer")) {
      const auto close = committer->rfind('>');
      if (close == std::string_view::npos) break;
      const std::string_view date = trim(committer->substr(close + 1));
      std::from_chars(date.data(), date.data() + date.size(), links.time);
      break;
    }
  }
  return links;
}

Commit parse_commit(const ObjectId& id, std::string_view raw) {
  Commit commit;
  commit.id = id;
  if (header_of(raw).find('\0') != std::string_view::npos) {
    malformed(id, "its header has a NUL, behind which Git shows nothing");
  }
  const auto tree = value_of(take_line(raw, id), "tree");
  if (!tree) malformed(id, "it has no tree");
  commit.tree = id_of(*tree, id, "tree");

  std::string_view line = take_line(raw, id);
  for (; const auto parent = value_of(line, "parent"); line = take_line(raw, id)) {
    commit.parents.push_back(id_of(*parent, id, "parent"));
  }
  const auto author = value_of(line, "author");
  if (!author) malformed(id, "it has no author line after its parents");
  commit.author = signature_of(*author, id, "author");
  line = take_line(raw, id);
  const auto committer = value_of(line, "committer");
  if (!committer) malformed(id, "it has no committer line after its author");
  commit.committer = signature_of(*committer, id, "committer");

  while (!raw.empty() && raw[0] != '\n') {
    line = take_line(raw, id);
    if (const auto encoding = value_of(line, "encoding")) {
      if (!commit.encoding.empty()) malformed(id, "it has two encodings");
      commit.encoding = *encoding;
    } else if (line.starts_with("gpgsig")) {
      commit.signed_commit = true;
    } else if (value_of(line, "author") || value_of(line, "committer") || value_of(line, "tree") ||
               value_of(line, "parent")) {
      malformed(id, "a header stands twice or in the wrong place");
    }
  }
  if (!raw.empty()) raw.remove_prefix(1);
  commit.message = raw;
  return commit;
}

std::string_view title_of(std::string_view message) {
  while (!message.empty()) {
    const auto end = message.find('\n');
    const std::string_view line = message.substr(0, end);
    const std::string_view text = trim(line);
    if (!text.empty()) {
      // White space at the front is part of the title; only the end is trimmed.
      return line.substr(0, static_cast<std::size_t>(text.data() + text.size() - line.data()));
    }
    if (end == std::string_view::npos) break;
    message.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace trunkgate

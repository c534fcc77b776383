#include "policy/test/commit_reader.h"

#include <algorithm>

#include "base/text.h"
#include "git/object_id.h"
#include "policy/test/test_keys.h"
#include "push/pusher.h"

namespace trunkgate {
namespace {

using namespace test_keys;

constexpr std::int64_t kMaxRepeat = 20'000;
constexpr std::int64_t kMaxCopies = 20'000;
constexpr std::size_t kMaxPath = 4096;

bool is_commit_id(std::string_view text) {
  return is_user_name(text) && text.find('~') == std::string_view::npos;
}

std::optional<TestTime> time_at(const OptionReader& reader, std::string_view key) {
  const Node* node = reader.find(key);
  return node == nullptr ? std::nullopt : read_test_time(*node, reader.diagnostics());
}

std::optional<std::string> person_at(const OptionReader& reader, std::string_view key) {
  const Node* node = reader.find(key);
  return node == nullptr ? std::nullopt : read_person(*node, reader.diagnostics());
}

std::optional<std::string> signer_at(const OptionReader& reader) {
  const Node* node = reader.find(kSigned.info.name);
  if (node == nullptr) return std::nullopt;
  std::string name = reader.get(kSigned);
  if (is_user_name(name)) return name;
  reader.diagnostics().error(node->where, "expected the name of a user of the policy");
  return std::nullopt;
}

std::string one_line(const OptionReader& reader, const Option<std::string>& option) {
  std::string text = reader.get(option);
  if (text.find_first_of(std::string_view("\n\0", 2)) == std::string::npos) return text;
  reader.diagnostics().error(reader.find(option.info.name)->where, "expected a single line");
  return {};
}

}  // namespace

std::vector<CommitName> CommitReader::names_at(const Node& node, const TestNames& names) {
  std::vector<CommitName> result;
  const bool list = node.kind == Node::Kind::sequence;
  const std::span<const Node> items =
      list ? std::span<const Node>(node.items) : std::span<const Node>(&node, 1);
  for (const Node& item : items) {
    if (auto name = read_commit_name(item, names, diagnostics_)) result.push_back(*name);
  }
  return result;
}

TestCommit CommitReader::commit(const Node& node, TestNames& names) {
  const OptionReader reader(node, kCommitKeys, diagnostics_, "a commit");
  TestCommit commit;
  commit.where = node.where;
  commit.message = read_message(reader.find("message"), budget_, diagnostics_);
  if (commit.message.find('\0') != std::string::npos) {
    diagnostics_.error(reader.find("message")->where, "Git stores no message with a NUL in it");
  }
  commit.encoding = one_line(reader, kEncoding);
  commit.author = person_at(reader, "author");
  commit.committer = person_at(reader, "committer");
  commit.authored = time_at(reader, "authored");
  commit.committed = time_at(reader, "committed");
  commit.signer = signer_at(reader);
  commit.repeat = read_count(reader, kRepeat, kMaxRepeat);
  budget_.spend_commits(commit.repeat, node.where);
  if (const Node* files = reader.find("files"); files != nullptr) read_files(*files, commit.files);
  if (const Node* parents = reader.find("parents"); parents != nullptr) {
    commit.parents = names_at(*parents, names);
  }
  if (const Node* merged = reader.find("merge"); merged != nullptr) {
    commit.merged = names_at(*merged, names);
    if (commit.parents && commit.parents->size() != 1) {
      diagnostics_.error(merged->where,
                         "'merge' adds to one parent; 'parents' alone makes a merge whose files "
                         "are the first parent's");
    }
  }
  if (const Node* id = reader.find("id"); id != nullptr) {
    commit.id = reader.get(kId);
    if (!is_commit_id(commit.id)) {
      diagnostics_.error(id->where, "expected a name of letters, digits, '.', '_' and '-'");
    } else if (!names.add_commit(commit.id)) {
      diagnostics_.error(id->where, "there is a commit '" + commit.id + "' already");
    }
  }
  return commit;
}

TestTag CommitReader::tag(const Node& node) {
  const OptionReader reader(node, kTagKeys, diagnostics_, "a tag");
  TestTag tag;
  tag.message = read_message(reader.find("message"), budget_, diagnostics_);
  tag.tagger = person_at(reader, "tagger");
  tag.tagged = time_at(reader, "tagged");
  tag.signer = signer_at(reader);
  return tag;
}

void CommitReader::read_files(const Node& node, std::vector<TestFileChange>& files) {
  if (node.kind != Node::Kind::map) {
    diagnostics_.error(node.where, "'files' must be a map of paths to contents, not " +
                                       std::string(to_string(node.kind)));
    return;
  }
  for (const Entry& entry : node.entries) {
    TestFileChange file;
    file.path = entry.key;
    file.where = entry.key_where;
    const std::vector<std::string_view> parts = split(file.path, '/');
    // Names such as ".." are the gate's to refuse; these could not even be stored.
    if (std::any_of(parts.begin(), parts.end(), [](auto part) { return part.empty(); }) ||
        file.path.find('\0') != std::string::npos || file.path.size() > kMaxPath) {
      diagnostics_.error(file.where, "'" + printable(file.path, 60) + "' is no path of a file");
    }
    read_file(entry.value, file);
    files.push_back(std::move(file));
  }
}

void CommitReader::read_file(const Node& node, TestFileChange& file) {
  using Kind = TestFileChange::Kind;
  if (node.kind != Node::Kind::map) {
    OptionType<std::string>::read(node, diagnostics_, file.content.bytes);
    budget_.spend_bytes(file.content.bytes.size(), node.where);
    return;
  }
  const OptionReader keys(node, kContentKeys, diagnostics_, "a file");
  if (keys.get(kExecutable)) file.kind = Kind::executable;
  if (keys.get(kDelete)) file.kind = Kind::removed;
  if (keys.has("symlink")) file.kind = Kind::symlink;
  if (keys.has("submodule")) file.kind = Kind::submodule;
  file.copies = read_count(keys, kCopies, kMaxCopies);
  if (file.kind == Kind::plain || file.kind == Kind::executable) {
    file.content = read_content(keys, budget_);
    return;
  }
  for (const Entry& entry : node.entries) {
    const bool allowed = (file.kind == Kind::removed && entry.key == "delete") ||
                         (file.kind == Kind::symlink && entry.key == "symlink") ||
                         (file.kind == Kind::submodule && entry.key == "submodule") ||
                         entry.key == "copies";
    if (allowed) continue;
    diagnostics_.error(entry.key_where, "'" + printable(entry.key, 60) +
                                            "' says nothing of a file that is deleted, a link or "
                                            "a submodule");
    return;
  }
  if (file.kind == Kind::symlink) file.content.bytes = keys.get(kSymlink);
  if (file.kind != Kind::submodule) return;
  file.content.bytes = keys.get(kSubmodule);
  if (!ObjectId::parse(file.content.bytes)) {
    diagnostics_.error(keys.find("submodule")->where,
                       "expected the id of a commit, 40 hexadecimal digits");
  }
}

}  // namespace trunkgate

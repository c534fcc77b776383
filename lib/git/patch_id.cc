#include "git/patch_id.h"

#include <string_view>

#include "base/digest.h"
#include "git/diff.h"
#include "git/handle.h"

namespace trunkgate {
namespace {

// Larger files are compared as they are.
constexpr std::size_t kMaxTextBytes = std::size_t{1} << 20U;

// Lengths before texts: no two lists of texts look the same.
void append(std::string& to, std::string_view text) {
  to += std::to_string(text.size()) + ":";
  to += text;
}

// The text of one side, unless it has to be compared as a whole.
bool read_text(const Repository& repository, const ObjectId& id, std::string& text) {
  if (id.is_zero()) return true;
  const ObjectHeader header = repository.header(id);
  if (header.type != ObjectType::blob || header.size > kMaxTextBytes) return false;
  text = repository.blob(id, kMaxTextBytes);
  return !is_binary(text);
}

void append_hunks(std::string& to, const std::string& before, const std::string& after) {
  git::start_libgit2();
  git_diff_options options;
  git::check(git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION), "diff options");
  options.context_lines = 3;
  options.flags |= GIT_DIFF_FORCE_TEXT;
  git_patch* raw = nullptr;
  git::check(git_patch_from_buffers(&raw, before.data(), before.size(), nullptr, after.data(),
                                    after.size(), nullptr, &options),
             "cannot compare two files");
  const git::Handle<git_patch> patch(raw);
  for (std::size_t h = 0; h < git_patch_num_hunks(patch.get()); ++h) {
    const int lines = git_patch_num_lines_in_hunk(patch.get(), h);
    git::check(lines, "cannot compare two files");
    to += "@";
    for (std::size_t l = 0; l < static_cast<std::size_t>(lines); ++l) {
      const git_diff_line* line = nullptr;
      git::check(git_patch_get_line_in_hunk(&line, patch.get(), h, l), "cannot compare two files");
      to += line->origin;
      append(to, {line->content, line->content_len});
    }
  }
}

}  // namespace

std::string patch_id(const Repository& repository, const ObjectId& before, const ObjectId& after) {
  std::string all;
  for (const FileChange& change : diff_trees(repository, before, after)) {
    std::string one;
    append(one, change.path);
    one += std::to_string(change.before_mode) + ">" + std::to_string(change.after_mode);
    std::string texts[2];
    if (read_text(repository, change.before, texts[0]) &&
        read_text(repository, change.after, texts[1])) {
      append_hunks(one, texts[0], texts[1]);
    } else {
      one += "=" + change.before.hex() + change.after.hex();
    }
    all += sha256(one);
  }
  return sha256(all);
}

}  // namespace trunkgate

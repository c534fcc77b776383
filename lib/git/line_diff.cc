#include "git/line_diff.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/common_ends.h"
#include "git/handle.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMaxDiffBytes = std::size_t{1} << 20U;
// More lines than that added and removed are libgit2's work: ours is quadratic in them.
constexpr std::size_t kMaxEdits = 128;

struct Texts {
  std::string_view before;
  std::string_view after;
};

bool starts_line(std::string_view text, std::size_t at) { return at == 0 || text[at - 1] == '\n'; }

// Without the lines that both begin with and those that both end with. Most changes touch few lines
// of a file, and libgit2 hashes both texts of a comparison (SHA-1), lines and all.
Texts differing_part(std::string_view before, std::string_view after) {
  const std::size_t prefix = common_prefix(before, after);
  const auto feed = prefix == 0 ? std::string_view::npos : before.rfind('\n', prefix - 1);
  if (prefix == before.size() && prefix == after.size()) return {};
  if (feed != std::string_view::npos) {
    before.remove_prefix(feed + 1);
    after.remove_prefix(feed + 1);
  }
  std::size_t suffix = common_suffix(before, after);
  const std::size_t at = before.size() - suffix;
  if (!starts_line(before, at) || !starts_line(after, after.size() - suffix)) {
    const auto next = before.find('\n', at);
    suffix = next == std::string_view::npos ? 0 : before.size() - next - 1;
  }
  before.remove_suffix(suffix);
  after.remove_suffix(suffix);
  return {before, after};
}

// The patch points into both texts.
git::Handle<git_patch> patch_of(std::string_view before, std::string_view after) {
  git::start_libgit2();
  git_diff_options options;
  git::check(git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION), "diff options");
  options.context_lines = 0;
  options.flags |= GIT_DIFF_FORCE_TEXT;
  git_patch* raw = nullptr;
  git::check(git_patch_from_buffers(&raw, before.data(), before.size(), nullptr, after.data(),
                                    after.size(), nullptr, &options),
             "cannot compare two files");
  return git::Handle<git_patch>(raw);
}

// Calls `visit` for each line of each hunk.
template <typename Visit>
void visit_lines(git_patch* patch, const Visit& visit) {
  for (std::size_t h = 0; h < git_patch_num_hunks(patch); ++h) {
    const int lines = git_patch_num_lines_in_hunk(patch, h);
    git::check(lines, "cannot compare two files");
    for (std::size_t l = 0; l < static_cast<std::size_t>(lines); ++l) {
      const git_diff_line* line = nullptr;
      git::check(git_patch_get_line_in_hunk(&line, patch, h, l), "cannot compare two files");
      visit(h, *line);
    }
  }
}

// The greedy algorithm of E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986, on
// lines that are never told apart before they have to be: what is equal is passed over by its
// bytes. A hundred times as fast as libgit2 for the few changed lines of a file.
class FewEdits {
 public:
  explicit FewEdits(const Texts& texts) : texts_(texts) {}

  // Nothing when more than kMaxEdits lines were added and removed.
  std::optional<std::vector<std::string_view>> added_lines() {
    std::vector<Point> reached{pass_equal({0, 0})};
    if (at_end(reached[0])) return std::vector<std::string_view>();
    for (std::size_t edits = 1; edits <= kMaxEdits; ++edits) {
      history_.push_back(std::move(reached));
      reached = go_on(history_.back(), edits);
      for (std::size_t i = 0; i <= 2 * edits; i += 2) {
        if (at_end(reached[i])) return trace_back(edits, i);
      }
    }
    return std::nullopt;
  }

 private:
  // Offsets of lines in both texts.
  struct Point {
    std::size_t before = 0;
    std::size_t after = 0;
    bool dead = false;  // the diagonal leaves the texts
  };
  enum class Step { none, add, remove };
  // Points by diagonal: as many lines more of `before` than of `after` are behind a point as its
  // index exceeds the number of edits.
  using Points = std::vector<Point>;

  bool at_end(const Point& point) const {
    return point.before == texts_.before.size() && point.after == texts_.after.size();
  }

  Point pass_equal(Point point) const {
    const std::string_view before = texts_.before.substr(point.before);
    const std::string_view after = texts_.after.substr(point.after);
    std::size_t equal = common_prefix(before, after);
    if (equal != before.size() || equal != after.size()) {
      const auto feed = equal == 0 ? std::string_view::npos : before.rfind('\n', equal - 1);
      equal = feed + 1;  // npos + 1 is 0
    }
    return {point.before + equal, point.after + equal};
  }

  static std::size_t next_line(std::string_view text, std::size_t at) {
    const auto feed = text.find('\n', at);
    return feed == std::string_view::npos ? text.size() : feed + 1;
  }
  Point remove_line(const Point& from) const {
    return pass_equal({next_line(texts_.before, from.before), from.after});
  }
  Point add_line(const Point& from) const {
    return pass_equal({from.before, next_line(texts_.after, from.after)});
  }

  // How the diagonal `i` is reached: by a line added to that above or by one removed from that
  // below.
  Step step_to(const Points& last, std::size_t edits, std::size_t i) const {
    const bool add = i != 2 * edits && !last[i].dead && last[i].after != texts_.after.size();
    const bool remove = i != 0 && !last[i - 2].dead && last[i - 2].before != texts_.before.size();
    if (add && remove) return last[i - 2].before < last[i].before ? Step::add : Step::remove;
    return add ? Step::add : remove ? Step::remove : Step::none;
  }

  Points go_on(const Points& last, std::size_t edits) const {
    Points reached(2 * edits + 1);
    for (std::size_t i = 0; i <= 2 * edits; i += 2) {
      switch (step_to(last, edits, i)) {
        case Step::add:
          reached[i] = add_line(last[i]);
          break;
        case Step::remove:
          reached[i] = remove_line(last[i - 2]);
          break;
        case Step::none:
          reached[i].dead = true;
      }
    }
    return reached;
  }

  std::vector<std::string_view> trace_back(std::size_t edits, std::size_t i) const {
    std::vector<std::string_view> lines;
    for (; edits > 0; --edits) {
      const Points& last = history_[edits - 1];
      if (step_to(last, edits, i) == Step::remove) {
        i -= 2;
        continue;
      }
      std::string_view line = texts_.after.substr(last[i].after);
      line = line.substr(0, next_line(line, 0));
      if (line.ends_with('\n')) line.remove_suffix(1);
      lines.push_back(line);
    }
    std::reverse(lines.begin(), lines.end());
    return lines;
  }

  Texts texts_;
  std::vector<Points> history_;  // by the number of edits
};

std::vector<std::string_view> more_than_before(const Texts& texts) {
  std::unordered_map<std::string_view, std::size_t> had;
  for (const std::string_view line : lines_of(texts.before)) ++had[line];
  std::vector<std::string_view> lines = lines_of(texts.after);
  std::erase_if(lines, [&](std::string_view line) {
    const auto found = had.find(line);
    if (found == had.end() || found->second == 0) return false;
    --found->second;
    return true;
  });
  return lines;
}

}  // namespace

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<Hunk> hunks_between(std::string_view before, std::string_view after) {
  const auto patch = patch_of(before, after);
  std::vector<Hunk> hunks(git_patch_num_hunks(patch.get()));
  visit_lines(patch.get(), [&](std::size_t hunk, const git_diff_line& line) {
    const std::string_view text(line.content, line.content_len);
    if (line.origin == GIT_DIFF_LINE_DELETION) hunks[hunk].removed += text;
    if (line.origin == GIT_DIFF_LINE_ADDITION) hunks[hunk].added += text;
  });
  return hunks;
}

std::vector<std::string_view> added_lines(std::string_view before, std::string_view after) {
  const Texts texts = differing_part(before, after);
  if (texts.before.empty() || texts.after.empty()) return lines_of(texts.after);
  if (texts.before.size() > kMaxDiffBytes || texts.after.size() > kMaxDiffBytes) {
    return more_than_before(texts);
  }
  if (auto few = FewEdits(texts).added_lines()) return std::move(*few);
  std::vector<std::string_view> lines;
  const auto patch = patch_of(texts.before, texts.after);
  visit_lines(patch.get(), [&](std::size_t, const git_diff_line& line) {
    if (line.origin != GIT_DIFF_LINE_ADDITION) return;
    std::string_view text(line.content, line.content_len);
    if (text.ends_with('\n')) text.remove_suffix(1);
    lines.push_back(text);
  });
  return lines;
}

std::size_t count_changed_lines(std::string_view before, std::string_view after) {
  const Texts texts = differing_part(before, after);
  if (texts.before.empty() || texts.after.empty()) {
    return lines_of(texts.before).size() + lines_of(texts.after).size();
  }
  if (texts.before.size() > kMaxDiffBytes || texts.after.size() > kMaxDiffBytes) {
    return more_than_before(texts).size() + more_than_before({texts.after, texts.before}).size();
  }
  const auto patch = patch_of(texts.before, texts.after);
  std::size_t lines = 0;
  visit_lines(patch.get(), [&](std::size_t, const git_diff_line& line) {
    lines += line.origin == GIT_DIFF_LINE_ADDITION || line.origin == GIT_DIFF_LINE_DELETION ? 1 : 0;
  });
  return lines;
}

}  // namespace trunkgate

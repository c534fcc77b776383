#include "push/rewritten_branch.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "git/merge_tree.h"

namespace trunkgate {
namespace {

using Fault = NearLanding::Fault;

// How far the history of the old tip is known: branches that left it earlier are not found.
constexpr std::size_t kMaxHistory = 5'000;
constexpr std::size_t kMaxLine = 256;

bool same_author(const Commit& a, const Commit& b) {
  return a.author.name == b.author.name && a.author.email == b.author.email &&
         a.author.time == b.author.time && a.author.offset_minutes == b.author.offset_minutes;
}

// Git may put a line feed at the end that was missing.
std::string_view without_end(std::string_view message) {
  const auto last = message.find_last_not_of(" \t\r\n");
  return message.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

bool same_message(const Commit& a, const Commit& b) {
  return without_end(a.message) == without_end(b.message) && a.encoding == b.encoding;
}

// How many of `commits` have the title of one of `others`.
std::size_t shared_titles(const std::vector<Commit>& commits, const std::vector<Commit>& others) {
  std::unordered_set<std::string_view> titles;
  for (const Commit& other : others) titles.insert(title_of(other.message));
  return static_cast<std::size_t>(std::count_if(
      commits.begin(), commits.end(),
      [&](const Commit& commit) { return titles.contains(title_of(commit.message)); }));
}

// The first is told: it is about the likeliest branch.
void tell(Landing& landing, NearLanding near) {
  if (!landing.near) landing.near = std::move(near);
}

}  // namespace

RewrittenSearch::RewrittenSearch(const Push& push, const std::vector<SourceBranch>& branches,
                                 const FirstParentChain& chain, const PushedRef& ref)
    : repository_(push.repository),
      branches_(branches),
      chain_(chain),
      ref_(ref),
      merger_(push.repository, push.scratch),
      history_(recent_history(push.repository, ref.old_commit, kMaxHistory)),
      end_(std::chrono::steady_clock::now() + kMaxTime) {}

LandedSource RewrittenSearch::source(const ObjectId& tip, const ObjectId& by) const {
  return {tip, by, branches_with(repository_, branches_, tip), {}};
}

std::vector<LikelyBranch> RewrittenSearch::candidates(const Commit& pushed, const Commit& parent,
                                                      Landing& landing) const {
  std::vector<LikelyBranch> likely =
      likely_branches(repository_, branches_, history_, pushed, parent);
  const auto told = static_cast<std::size_t>(
      std::find_if(likely.begin(), likely.end(),
                   [](const LikelyBranch& branch) { return branch.likeness == 0; }) -
      likely.begin());
  const std::size_t all = likely.size();
  likely.resize(std::min({all, kMaxBranches, told + kMaxUnlikely}));
  landing.branches_passed_over = std::max(landing.branches_passed_over, all - likely.size());
  return likely;
}

RewrittenSearch::Line RewrittenSearch::line_of(const ObjectId& tip) const {
  Line line;
  ObjectId at = tip;
  while (!history_.contains(at)) {
    if (line.commits.size() == kMaxLine) return line;
    try {
      line.commits.push_back(repository_.commit(at));
    } catch (const BadCommit&) {
      return line;  // an old one of the server's, which nobody can have rebased
    }
    const Commit& commit = line.commits.back();
    if (commit.parents.size() > 1 && !line.merge) line.merge = commit.id;
    if (commit.parents.empty()) break;
    at = commit.parents[0];
  }
  line.complete = true;
  std::reverse(line.commits.begin(), line.commits.end());
  return line;
}

bool RewrittenSearch::find_rebase(Landing& landing) {
  if (chain_.commits.size() > kMaxRewrittenCommits) return false;
  const Commit& newest = chain_.commits.front();
  for (const LikelyBranch& likely :
       candidates(newest, repository_.commit(newest.parents.at(0)), landing)) {
    if (landing.kind == LandingKind::rebase && likely.likeness == 0) break;
    if (!rebases(likely, landing)) continue;
    LandedSource found = source(likely.tip.id, ref_.new_commit);
    if (landing.kind == LandingKind::rebase) {
      landing.sources.front().others.push_back(std::move(found));
    } else {
      landing.kind = LandingKind::rebase;
      landing.sources = {std::move(found)};
    }
  }
  return landing.kind == LandingKind::rebase;
}

// Goes along the commits of the branch; each must come out as the next one pushed, or as nothing
// where the target has its change already.
bool RewrittenSearch::rebases(const LikelyBranch& likely, Landing& landing) {
  const Line line = line_of(likely.tip.id);
  // A rebase keeps the titles, and a branch with most of them is the one that was meant.
  const std::size_t shared = shared_titles(chain_.commits, line.commits);
  if (!line.complete || shared * 2 < chain_.commits.size()) return false;
  NearLanding near{.kind = LandingKind::rebase,
                   .fault = Fault::content,
                   .by = ref_.new_commit,
                   .commit = likely.tip.id,
                   .branch = likely.branch};
  if (line.merge) {
    near.fault = Fault::merges;
    near.commit = *line.merge;
    tell(landing, std::move(near));
    return false;
  }
  ObjectId onto = ref_.old_commit;
  ObjectId onto_tree = repository_.commit(onto).tree;
  auto next = chain_.commits.rbegin();  // oldest first
  for (const Commit& commit : line.commits) {
    if (++replays_ > kMaxReplays || !in_time()) {
      ++landing.branches_passed_over;
      return false;
    }
    const AutomaticMerge replayed = merger_.replay(onto, commit);
    const bool left = next != chain_.commits.rend();
    const bool same_tree = left && replayed.clean && replayed.tree == next->tree;
    const bool same_name = left && same_author(*next, commit) && same_message(*next, commit);
    if (same_tree && same_name) {
      onto = next->id;
      onto_tree = next->tree;
      ++next;
      continue;
    }
    if (replayed.clean && replayed.tree == onto_tree) continue;  // its change is there already
    near.commit = commit.id;
    near.by = left ? next->id : ref_.new_commit;
    if (same_name || (left && title_of(next->message) == title_of(commit.message) && !same_tree)) {
      near.fault = Fault::content;
      near.found = compare(merger_, replayed, next->tree);
    } else if (same_tree) {
      near.fault = same_message(*next, commit) ? Fault::author : Fault::message;
    } else {
      near.fault = Fault::missing;
    }
    tell(landing, std::move(near));
    return false;
  }
  if (next == chain_.commits.rend()) return true;
  near.fault = Fault::extra;
  near.by = next->id;
  tell(landing, std::move(near));
  return false;
}

bool RewrittenSearch::find_squashes(Landing& landing) {
  if (chain_.commits.size() > kMaxSquashes) return false;
  std::vector<LandedSource> sources;
  for (const Commit& commit : chain_.commits) {
    std::optional<LandedSource> found = squashed_into(commit, landing);
    if (!found) return false;
    sources.push_back(std::move(*found));
  }
  landing.kind = LandingKind::squash;
  landing.sources = std::move(sources);
  return true;
}

std::optional<LandedSource> RewrittenSearch::squashed_into(const Commit& commit, Landing& landing) {
  const Commit parent = repository_.commit(commit.parents.at(0));
  if (parent.tree == commit.tree) return std::nullopt;  // brings nothing
  std::optional<LandedSource> found;
  for (const LikelyBranch& likely : candidates(commit, parent, landing)) {
    if (found && likely.likeness == 0) break;
    if (++merges_ > kMaxMerges || !in_time()) {
      ++landing.branches_passed_over;
      break;
    }
    const AutomaticMerge merged = merger_.merge(parent.id, likely.tip.id);
    if (!merged.clean || merged.tree != commit.tree) {
      if (!found && !landing.near && likely.same_work && !merged.unrelated) {
        tell(landing, {.kind = LandingKind::squash,
                       .fault = Fault::content,
                       .by = commit.id,
                       .commit = likely.tip.id,
                       .branch = likely.branch,
                       .found = compare(merger_, merged, commit.tree)});
      }
    } else if (found) {
      found->others.push_back(source(likely.tip.id, commit.id));
    } else {
      found = source(likely.tip.id, commit.id);
    }
  }
  return found;
}

}  // namespace trunkgate

#include "base/ref_patterns.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace trunkgate {
namespace {

constexpr std::string_view kBranches = "refs/heads/";

}  // namespace

RefPatterns::RefPatterns(const GlobSet& globs) {
  for (const Glob& glob : globs.globs()) add(glob);
}

void RefPatterns::add(const Glob& glob) {
  std::vector<Glob> globs = globs_.globs();
  globs.emplace_back(glob.text().starts_with("refs/") ? glob.text()
                                                      : std::string(kBranches) + glob.text());
  globs_ = GlobSet(std::move(globs));
}

void RefPatterns::add(const Pattern& pattern) {
  const std::string_view text = pattern.text();
  const bool full = text.starts_with("refs/") || text.starts_with("^refs/");
  patterns_.push_back({pattern, !full});
}

bool RefPatterns::matches(std::string_view ref) const {
  if (head_ && !head_ref_) {
    throw Error(ErrorKind::internal, "nobody has said which branch HEAD of the policy is");
  }
  if (globs_.matches(ref) || (head_ && ref == *head_ref_)) return true;
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const Expression& expression) {
    if (!expression.branches) return expression.pattern.matches_all(ref);
    return ref.starts_with(kBranches) &&
           expression.pattern.matches_all(ref.substr(kBranches.size()));
  });
}

bool RefPatterns::may_match_below(std::string_view prefix) const {
  if (head_ && prefix == kBranches) return true;
  return std::any_of(globs_.globs().begin(), globs_.globs().end(),
                     [&](const Glob& glob) { return glob.may_match_below(prefix); }) ||
         std::any_of(patterns_.begin(), patterns_.end(), [&](const Expression& expression) {
           return !expression.branches || prefix == kBranches;
         });
}

std::vector<std::string> RefPatterns::literals() const {
  std::vector<std::string> names;
  for (const Glob& glob : globs_.globs()) {
    if (glob.literal()) names.push_back(glob.name());
  }
  if (head_ && head_ref_) names.push_back(*head_ref_);
  return names;
}

std::string RefPatterns::text() const {
  std::vector<std::string> texts;
  for (const Glob& glob : globs_.globs()) texts.push_back(glob.text());
  if (head_) texts.push_back(head_ref_.value_or("HEAD"));
  // No glob over references starts with a tilde, so these cannot be taken for one.
  for (const Expression& expression : patterns_) {
    texts.push_back((expression.branches ? "~branch " : "~ref ") + expression.pattern.text());
  }
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return join(texts, "\n");
}

}  // namespace trunkgate

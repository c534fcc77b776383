#include "rules/ref/name_check.h"

#include <algorithm>
#include <utility>

#include "base/nearest.h"
#include "base/text.h"

namespace trunkgate {
namespace {

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._/-+=@#").find(c) != std::string_view::npos;
}

std::string texts_of(const std::vector<Pattern>& patterns) {
  std::vector<std::string> texts;
  for (const Pattern& pattern : patterns) texts.push_back(printable(pattern.text()));
  return join(texts, " or ");
}

bool any_matches(const std::vector<Pattern>& patterns, std::string_view name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const Pattern& pattern) { return pattern.matches_all(name); });
}

}  // namespace

NameCheck::NameCheck(const OptionReader& options, std::string_view what)
    : what_(what),
      allow_(options.get(kNameAllow)),
      deny_(options.get(kNameDeny)),
      match_(options.get(kNameMatch)),
      deny_match_(options.get(kNameDenyMatch)),
      unicode_(options.get(kNameUnicode)),
      max_length_(static_cast<std::size_t>(options.get(kNameMaxLength))) {}

bool NameCheck::refuses(std::string_view name, Finding& finding) const {
  finding.message = mistake(name);
  if (finding.message.empty()) return false;
  std::vector<std::string> allowed;
  for (const Glob& glob : allow_.globs()) allowed.push_back(glob.text());
  // That every name is fine, but for other options, tells nobody anything.
  const bool any = allowed == std::vector<std::string>{"**"};
  if (!allowed.empty() && !any) finding.details = {"allowed: " + join(allowed, ", ")};
  if (!match_.empty()) finding.details.push_back("must match: " + texts_of(match_));
  if (!deny_match_.empty()) finding.details.push_back("must not match: " + texts_of(deny_match_));
  return true;
}

std::string NameCheck::mistake(std::string_view name) const {
  if (max_length_ != 0 && name.size() > max_length_) {
    return "the " + what_ + " name has " + std::to_string(name.size()) + " bytes; the limit is " +
           std::to_string(max_length_);
  }
  if (name.front() == '-') return "the " + what_ + " name starts with '-'";
  if (!std::all_of(name.begin(), name.end(), plain)) {
    if (!unicode_) {
      return "the " + what_ + " name has characters other than A-Z a-z 0-9 . _ / - + = @ #";
    }
    if (!is_utf8(name)) return "the " + what_ + " name is not valid UTF-8";
    if (!is_printable(name)) return "the " + what_ + " name has invisible or control characters";
  }
  if (!allowed(name)) {
    return what_ + " name '" + printable(name) + "' is not allowed";
  }
  return {};
}

bool NameCheck::allowed(std::string_view name) const {
  return allow_.matches(name) && !deny_.matches(name) && !any_matches(deny_match_, name) &&
         (match_.empty() || any_matches(match_, name));
}

bool NameCheck::fits(std::string_view better, std::string_view name) const {
  return !better.empty() && better != name && mistake(better).empty();
}

std::string NameCheck::suggestion(std::string_view name) const {
  if (!is_printable(name)) return {};
  std::vector<std::string> candidates{with_known_prefix(name)};
  if (what_ == "tag") {
    const std::string lower = ascii_lower(name);
    candidates.push_back(lower);
    if (lower[0] >= '0' && lower[0] <= '9') candidates.push_back("v" + lower);
    if (lower[0] == 'v') candidates.push_back(lower.substr(1));
  }
  for (std::string& better : candidates) {
    if (fits(better, name)) return std::move(better);
  }
  return {};
}

// The name with its prefix replaced by the nearest allowed one: "feat/x" for "feature/x".
std::string NameCheck::with_known_prefix(std::string_view name) const {
  const auto slash = name.find('/');
  if (slash == std::string_view::npos) return {};
  std::vector<std::string> prefixes;
  for (const Glob& glob : allow_.globs()) {
    const auto end = glob.text().find("/**");
    if (end == std::string::npos || !Glob(glob.text().substr(0, end)).literal()) continue;
    prefixes.push_back(glob.text().substr(0, end));
  }
  const std::vector<std::string_view> known(prefixes.begin(), prefixes.end());
  std::string_view head = name.substr(0, slash);
  static constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
      {"feat", "feature"}, {"features", "feature"}, {"fix", "bugfix"},     {"bug", "bugfix"},
      {"patch", "hotfix"}, {"rel", "release"},      {"experiment", "exp"}, {"exp", "experiment"}};
  for (const auto& [from, to] : kAliases) {
    if (head == from && std::find(known.begin(), known.end(), to) != known.end()) head = to;
  }
  const auto prefix = nearest(head, known);
  if (!prefix) return {};
  return *prefix + std::string(name.substr(slash));
}

}  // namespace trunkgate

#include "report/faulty_commit.h"

#include <algorithm>

#include "base/text.h"

namespace trunkgate {
namespace {

bool rewrites(const Finding& finding) {
  if (!finding.commit) return false;
  return finding.amendment.wanted || finding.reword ||
         (finding.drop_path && is_printable(finding.path));
}

void add_new(std::vector<std::string>& list, const std::vector<std::string>& more) {
  for (const std::string& text : more) {
    if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
  }
}

void add(FaultyCommit& commit, const Finding& finding) {
  const Amendment& more = finding.amendment;
  Amendment& wanted = commit.wanted;
  wanted.wanted = wanted.wanted || more.wanted;
  wanted.sign = wanted.sign || more.sign;
  wanted.sign_off = wanted.sign_off || more.sign_off;
  wanted.reset_author = wanted.reset_author || more.reset_author;
  wanted.reset_date = wanted.reset_date || more.reset_date;
  add_new(wanted.trailers, more.trailers);
  add_new(wanted.settings, more.settings);
  add_new(wanted.changes, more.changes);
  if (finding.drop_path && is_printable(finding.path)) add_new(commit.dropped, {finding.path});
  if (!finding.reword) return;
  // A title given with -m would throw the body away; and two findings that want different ones
  // leave it to the editor.
  const bool certain =
      finding.corrected_title && !finding.keeps_body && is_printable(*finding.corrected_title);
  const bool agreed = !commit.reword || commit.title == finding.corrected_title;
  commit.title = certain && agreed ? finding.corrected_title : std::nullopt;
  commit.reword = true;
}

std::string flags_of(const Amendment& wanted) {
  std::string flags;
  if (wanted.reset_author) flags += " --reset-author";
  if (wanted.reset_date && !wanted.reset_author) flags += " --date=now";
  for (const std::string& trailer : wanted.trailers) flags += " --trailer " + shell_quote(trailer);
  if (wanted.sign_off) flags += " -s";
  if (wanted.sign) flags += " -S";
  return flags;
}

}  // namespace

std::vector<std::string> FaultyCommit::changes() const {
  std::vector<std::string> commands = wanted.changes;
  for (const std::string& path : dropped) {
    commands.push_back("git rm --cached -- " + shell_quote(path));
  }
  return commands;
}

Amendment FaultyCommit::wanted_beside(const Amendment& everywhere) const {
  Amendment rest = wanted;
  rest.sign = rest.sign && !everywhere.sign;
  rest.sign_off = rest.sign_off && !everywhere.sign_off;
  rest.reset_author = rest.reset_author && !everywhere.reset_author;
  // A new author gets a new date.
  rest.reset_date = rest.reset_date && !everywhere.reset_date && !everywhere.reset_author;
  return rest;
}

bool FaultyCommit::needs_stop(const Amendment& everywhere) const {
  const Amendment rest = wanted_beside(everywhere);
  return rest.sign || rest.sign_off || rest.reset_author || rest.reset_date ||
         !rest.trailers.empty() || !rest.changes.empty() || !dropped.empty();
}

std::string FaultyCommit::amend_command(const Amendment& flags) const {
  if (!reword) return "git commit --amend --no-edit" + flags_of(flags);
  return "git commit --amend" + (title ? " -m " + shell_quote(*title) : "") + flags_of(flags);
}

std::string amend_command(const Amendment& wanted) {
  return "git commit --amend --no-edit" + flags_of(wanted);
}

std::vector<FaultyCommit> faulty_commits(const std::vector<const Finding*>& findings) {
  std::vector<FaultyCommit> commits;
  for (const Finding* finding : findings) {
    if (!rewrites(*finding)) continue;
    const auto known = std::find_if(commits.begin(), commits.end(), [&](const FaultyCommit& c) {
      return c.id == *finding->commit;
    });
    if (known != commits.end()) {
      add(*known, *finding);
      continue;
    }
    FaultyCommit commit{.id = *finding->commit, .root = finding->root, .newer = finding->newer};
    add(commit, *finding);
    commits.push_back(std::move(commit));
  }
  return commits;
}

}  // namespace trunkgate

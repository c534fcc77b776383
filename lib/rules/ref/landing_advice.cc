#include "rules/ref/landing_advice.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "git/ref_name.h"
#include "push/commit_message.h"

namespace trunkgate {
namespace {

using Fault = NearLanding::Fault;

std::string name_of(const PushedRef& ref) { return printable(short_name(ref.name)); }

std::string quoted_name(std::string_view name) {
  return is_printable(name) ? shell_quote(name) : "BRANCH";
}

std::string quoted_name(const PushedRef& ref) { return quoted_name(short_name(ref.name)); }

// "origin/feature/x"
std::string on_origin(std::string_view branch) {
  return is_printable(branch) ? shell_quote("origin/" + std::string(branch)) : "BRANCH";
}

Finding about(const Commit& commit) {
  Finding finding;
  finding.commit = commit.id;
  finding.title = title_of(commit.message);
  return finding;
}

void list_paths(Finding& finding, const MergeComparison& found) {
  for (const std::string& path : found.paths) finding.details.push_back(printable(path));
  if (found.paths_total > found.paths.size()) {
    finding.details.push_back("and " + std::to_string(found.paths_total - found.paths.size()) +
                              " more");
  }
}

}  // namespace

Finding LandingAdvice::creation(const PushedRef& ref) const {
  Finding finding;
  finding.message = "'" + name_of(ref) + "' does not exist yet and cannot be pushed directly";
  if (!may(LandingKind::fast_forward)) {
    finding.hint = "ask an admin to create it on the server with git update-ref";
    return finding;
  }
  finding.hint =
      "push the commits as a branch that may land, then push the same commit again; "
      "or ask an admin to create '" +
      name_of(ref) + "' on the server";
  finding.commands = {"git push origin " + ref.new_commit.brief() + ":refs/heads/" + example(),
                      "git push origin " + ref.new_commit.brief() + ":" + quoted_name(ref.name)};
  return finding;
}

Finding LandingAdvice::direct(const PushedRef& ref, std::size_t passed_over) const {
  Finding finding;
  finding.message = "no direct push to '" + name_of(ref) + "'";
  if (ways_.empty()) {
    finding.hint = "nothing lands here by push; ask an admin";
    return finding;
  }
  if (passed_over > 0) {
    finding.details = {"there are more branches than could be compared (" +
                       count_of(passed_over, "was", "were") +
                       " not); one that the commit's message names comes first"};
  }
  finding.hint =
      "push your commits as a branch, then land that branch here (" + allowed_sources() + ")";
  finding.commands = {"git push origin " + ref.new_commit.brief() + ":refs/heads/" + example()};
  if (ways_.front() == LandingKind::fast_forward) {
    finding.commands.push_back("git push origin " + ref.new_commit.brief() + ":" +
                               quoted_name(ref));
    return finding;
  }
  const std::vector<std::string> more = commands(ref, ways_.front(), example());
  finding.commands.insert(finding.commands.end(), more.begin(), more.end());
  return finding;
}

Finding LandingAdvice::off_the_line(const PushedRef& ref, bool holds_old) const {
  Finding finding;
  if (holds_old) {
    finding.message = "'" + name_of(ref) + "' would become the second parent of a merge";
    finding.details = {"its first-parent line must go on from " + ref.old_id.brief()};
  } else {
    finding.message =
        "the push does not build on what '" + name_of(ref) + "' holds (" + ref.old_id.brief() + ")";
  }
  finding.hint = "merge your branch into '" + name_of(ref) + "', not the other way round";
  finding.commands = {"git fetch origin", "git switch --detach origin/" + quoted_name(ref),
                      "git merge --no-ff " + ref.new_commit.brief(),
                      "git push origin HEAD:" + quoted_name(ref)};
  return finding;
}

Finding LandingAdvice::octopus(const Commit& merge) const {
  Finding finding = about(merge);
  finding.message = "a merge of " + std::to_string(merge.parents.size()) +
                    " parents cannot land; land one branch at a time";
  return finding;
}

Finding LandingAdvice::unknown_source(const PushedRef& ref, const Commit& merge,
                                      const ObjectId& brought) const {
  Finding finding = about(merge);
  finding.message = "the merge brings in " + brought.brief() +
                    ", which is on no branch of the server that may land here";
  finding.details = {"may land: " + allowed_sources()};
  finding.hint = "push that branch first, in a push of its own";
  finding.commands = {"git push origin " + brought.brief() + ":refs/heads/" + example(),
                      "git push origin " + ref.new_commit.brief() + ":" + quoted_name(ref.name)};
  return finding;
}

Finding LandingAdvice::evil_merge(const PushedRef& ref, const Commit& merge,
                                  const MergeComparison& found, bool may_be_approved) const {
  Finding finding = about(merge);
  finding.rule = "direct-push.evil-merge";
  list_paths(finding, found);
  if (found.unrelated) {
    finding.message =
        "the merge brings in a history that has nothing in common with '" + name_of(ref) + "'";
    finding.hint = "begin the branch from '" + name_of(ref) + "'";
  } else if (found.conflict) {
    finding.message = "the merge settles a conflict, which nobody has reviewed";
    finding.hint =
        "settle it on the branch: merge '" + name_of(ref) + "' into it, push it, then land it";
    finding.commands = {"git switch --detach " + merge.parents[1].brief(),
                        "git merge " + merge.parents[0].brief(), "git push origin HEAD:BRANCH"};
  } else {
    finding.message = "the merge holds changes that are on neither side";
    finding.hint = "merge again and change nothing in the merge commit";
    finding.commands = {"git reset --keep " + merge.parents[0].brief(),
                        "git merge --no-ff " + merge.parents[1].brief(),
                        "git push origin HEAD:" + quoted_name(ref)};
  }
  if (may_be_approved) {
    finding.hint += ". Or push the merge as a branch and have it approved, then push it here again";
  }
  return finding;
}

Finding LandingAdvice::near(const PushedRef& ref, const NearLanding& near, const Commit& by) const {
  Finding finding = about(by);
  const std::string_view short_branch = short_name(near.branch.name);
  const std::string branch = "'" + printable(short_branch) + "'";
  const std::string theirs = near.commit.brief() + " of " + branch;
  const bool squash = near.kind == LandingKind::squash;
  finding.commands = commands(ref, near.kind, std::string(short_branch));
  finding.hint = squash ? "squash again and change nothing before the commit"
                        : "rebase again and change nothing on the way";
  switch (near.fault) {
    case Fault::content:
      list_paths(finding, near.found);
      finding.message = squash ? "the commit is not what squashing " + branch + " gives"
                               : "the commit is not what rebasing " + theirs + " gives";
      if (!near.found.conflict) break;
      finding.message = (squash ? "squashing " + branch : "rebasing " + theirs) +
                        " settles a conflict, which nobody has reviewed";
      finding.hint = "settle it on the branch, push it, have it looked at, then land it";
      finding.commands = {
          "git fetch origin", "git switch --detach " + on_origin(short_branch),
          (squash ? "git merge " : "git rebase ") + on_origin(short_name(ref.name)),
          (squash ? "git push origin HEAD:" : "git push --force-with-lease origin HEAD:") +
              quoted_name(short_branch)};
      break;
    case Fault::author:
      finding.message = "the commit has another author than " + theirs;
      break;
    case Fault::message:
      finding.message = "the commit has another message than " + theirs;
      finding.hint = "rebase again and reword nothing, or reword it on the branch first";
      break;
    case Fault::merges:
      finding.message = branch + " holds merges, which a rebase leaves out: " + near.commit.brief();
      finding.hint = "rebase the branch itself, push it, have it looked at, then land it";
      finding.commands = {"git fetch origin", "git switch --detach " + on_origin(short_branch),
                          "git rebase " + on_origin(short_name(ref.name)),
                          "git push --force-with-lease origin HEAD:" + quoted_name(short_branch)};
      break;
    case Fault::missing:
      finding.message = "the push leaves out " + theirs;
      break;
    case Fault::extra:
      finding.message = "the commit is none of " + branch;
      finding.hint = "push it to the branch first, or land the branch without it";
      break;
  }
  return finding;
}

Finding LandingAdvice::branch_may_not(const PushedRef& ref, const LandedSource& source,
                                      LandingKind kind) const {
  Finding finding;
  const std::string branch = source.branches.empty()
                                 ? source.commit.brief()
                                 : "'" + printable(short_name(source.branches[0].name)) + "'";
  finding.message = branch + ", which was " +
                    (kind == LandingKind::squash ? "squashed" : "rebased") + ", may not land on '" +
                    name_of(ref) + "'";
  finding.details = {"may land: " + allowed_sources()};
  finding.hint = "push it under a name that may land, then push again";
  finding.commands = {"git push origin " + source.commit.hex() + ":refs/heads/" + example(),
                      "git push origin " + ref.new_commit.brief() + ":" + quoted_name(ref.name)};
  return finding;
}

Finding LandingAdvice::unconventional(const PushedRef& ref, const Commit& squash) const {
  // Which types there are and how long a title may be is for unconventional-commit to say.
  MessageOptions options;
  options.types.clear();
  options.title_length = 0;
  const CommitMessage message = judge_message(
      squash.message, options, {.parents = squash.parents.size(), .encoding = squash.encoding});
  if (message.verdict != MessageVerdict::reject) return {};
  Finding finding = about(squash);
  finding.message = "the message of a squash on '" + name_of(ref) + "' must be conventional";
  for (const MessageProblem& problem : message.problems) {
    if (problem.severity == MessageSeverity::reject) finding.details.push_back(problem.message);
  }
  finding.hint = "give it a title such as \"feat: add login\"";
  finding.reword = true;
  finding.corrected_title = message.corrected_title;
  finding.keeps_body = message.has_body;
  return finding;
}

bool LandingAdvice::may(LandingKind way) const {
  return std::find(ways_.begin(), ways_.end(), way) != ways_.end();
}

std::string LandingAdvice::allowed_sources() const {
  std::vector<std::string> texts;
  for (const Glob& glob : from_.globs()) texts.push_back(glob.text());
  return join(texts, ", ");
}

// A branch name that may land, for commands: "feature/NAME".
std::string LandingAdvice::example() const {
  for (const Glob& glob : from_.globs()) {
    const auto star = glob.text().find('*');
    if (star == std::string::npos || star == 0) continue;
    std::string name = glob.text().substr(0, star) + "NAME";
    if (is_printable(name) && glob.matches(name)) return name;
  }
  return "BRANCH";
}

// How a branch of the server lands in this way.
std::vector<std::string> LandingAdvice::commands(const PushedRef& ref, LandingKind way,
                                                 const std::string& branch) const {
  const std::string target = on_origin(short_name(ref.name));
  const std::string source = on_origin(branch);
  const std::string push = "git push origin HEAD:" + quoted_name(ref);
  const std::string fetch = "git fetch origin";
  const std::string start = "git switch --detach ";
  switch (way) {
    case LandingKind::squash:
      return {fetch, start + target, "git merge --squash " + source, "git commit", push};
    case LandingKind::rebase:
      return {fetch, start + source, "git rebase " + target, push};
    case LandingKind::fast_forward:
      return {fetch, start + source, push};
    default:
      return {fetch, start + target, "git merge --no-ff " + source, push};
  }
}

}  // namespace trunkgate

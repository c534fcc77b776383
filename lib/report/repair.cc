#include "report/repair.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "report/faulty_commit.h"

namespace trunkgate {
namespace {

// So many commits are told apart by their ids; nobody follows a longer list.
constexpr std::size_t kMaxNamed = 10;

// "9a8b7c6d", "9a8b7c6d and 5d6e7f81", "the 25 commits"
std::string names_of(const std::vector<const FaultyCommit*>& commits) {
  if (commits.size() > kMaxNamed) return fmt::format("the {} commits", commits.size());
  std::vector<std::string> names;
  for (const FaultyCommit* commit : commits) names.push_back(commit->id.brief());
  const std::string last = names.back();
  names.pop_back();
  return names.empty() ? last : join(names, ", ") + " and " + last;
}

// A rebase that a rule itself asks for, onto another base or with another list of commits.
bool rebases(const Finding& finding) {
  return finding.commit && !finding.commands.empty() &&
         finding.commands.front().starts_with("git rebase ");
}

std::vector<const Finding*> findings_to_repair(const RefVerdict& ref) {
  std::vector<const Finding*> found;
  for (const Finding& finding : ref.findings) {
    if (refuses(finding)) found.push_back(&finding);
  }
  if (!found.empty()) return found;
  for (const Finding& finding : ref.findings) {
    if (finding.mode != Mode::audit && finding.waived_by.empty()) found.push_back(&finding);
  }
  return found;
}

class Rewriting {
 public:
  Rewriting(const RefVerdict& ref, const std::vector<FaultyCommit>& commits)
      : ref_(ref), commits_(commits) {}

  std::vector<RepairStep> steps() && {
    for (const FaultyCommit& commit : commits_) {
      for (const std::string& setting : commit.wanted.settings) set_up(setting);
    }
    if (commits_.size() == 1 && commits_[0].id == ref_.new_commit) {
      Amendment wanted = commits_[0].wanted;
      wanted.sign = wanted.sign || ref_.stays_signed;
      mend(commits_[0], wanted, "");
    } else {
      rebase();
    }
    return std::move(steps_);
  }

 private:
  void set_up(const std::string& setting) {
    const RepairStep step{setting};
    if (std::find(steps_.begin(), steps_.end(), step) == steps_.end()) steps_.push_back(step);
  }

  // With the commit checked out.
  void mend(const FaultyCommit& commit, const Amendment& wanted, const std::string& then) {
    for (const std::string& change : commit.changes()) steps_.push_back({change});
    steps_.push_back({commit.amend_command(wanted) + then});
  }

  void rebase() {
    const FaultyCommit& oldest =
        *std::max_element(commits_.begin(), commits_.end(),
                          [](const auto& a, const auto& b) { return a.newer < b.newer; });
    const Amendment all = wanted_of_all(oldest);
    std::vector<const FaultyCommit*> edited;
    std::vector<const FaultyCommit*> reworded;
    for (const FaultyCommit& commit : commits_) {
      if (commit.needs_stop(all)) {
        edited.push_back(&commit);
      } else if (commit.reword) {
        reworded.push_back(&commit);
      }
    }
    const std::size_t marked = edited.size() + reworded.size();
    std::string command = "git rebase ";
    if (marked > 0) command += "-i ";
    if (ref_.has_merges) command += "--rebase-merges ";
    if (marked < commits_.size() || all != Amendment()) {
      command += "--exec " + shell_quote(amend_command(all)) + " ";
    }
    steps_.push_back({command + (oldest.root ? "--root" : oldest.id.brief() + "^")});
    mark(reworded, edited);
    for (std::size_t i = 0; i < edited.size() && i < kMaxNamed; ++i) {
      if (edited.size() > 1) steps_.push_back({"at " + edited[i]->id.brief() + ":", false});
      mend(*edited[i], edited[i]->wanted_beside(all), " && git rebase --continue");
    }
    if (edited.size() > kMaxNamed) {
      steps_.push_back(
          {fmt::format("and so on for {} more commits", edited.size() - kMaxNamed), false});
    }
  }

  // What the rebase does to every commit it makes anew: a signature is gone otherwise. Another
  // author's commit keeps its author, unless all that is rewritten is at fault.
  Amendment wanted_of_all(const FaultyCommit& oldest) const {
    const auto one = [&](bool Amendment::*flag) {
      return std::any_of(commits_.begin(), commits_.end(),
                         [&](const FaultyCommit& commit) { return commit.wanted.*flag; });
    };
    const auto every = [&](bool Amendment::*flag) {
      return !ref_.has_merges && commits_.size() == oldest.newer + 1 &&
             std::all_of(commits_.begin(), commits_.end(),
                         [&](const FaultyCommit& commit) { return commit.wanted.*flag; });
    };
    return {.sign = ref_.stays_signed || one(&Amendment::sign),
            .sign_off = one(&Amendment::sign_off),
            .reset_author = every(&Amendment::reset_author),
            .reset_date = every(&Amendment::reset_date)};
  }

  void mark(const std::vector<const FaultyCommit*>& reworded,
            const std::vector<const FaultyCommit*>& edited) {
    std::string text;
    if (reworded.size() > 1 && reworded.size() == commits_.size()) {
      text = fmt::format("and mark the {} commits with 'reword'", reworded.size());
    } else if (!reworded.empty()) {
      text = "and mark " + names_of(reworded) + " with 'reword'";
    }
    if (!edited.empty()) {
      text += (text.empty() ? "mark " : ", ") + names_of(edited) + " with 'edit', then";
    }
    if (!text.empty()) steps_.push_back({text, false});
  }

  const RefVerdict& ref_;
  const std::vector<FaultyCommit>& commits_;
  std::vector<RepairStep> steps_;
};

}  // namespace

Repair repair_of(const RefVerdict& ref) {
  // What a tag or a note holds is not rewritten in place.
  if (ref.kind == RefKind::tag || ref.kind == RefKind::note) return {};
  const std::vector<const Finding*> findings = findings_to_repair(ref);
  const std::vector<FaultyCommit> commits = faulty_commits(findings);
  if (commits.empty()) return {};
  Repair repair;
  for (const FaultyCommit& commit : commits) repair.commits.push_back(commit.id);
  if (std::any_of(findings.begin(), findings.end(), [](const auto* f) { return rebases(*f); })) {
    repair.steps = {
        {"after that rebase push again: the commits have new ids, and what is left to "
         "mend is told anew",
         false}};
  } else {
    repair.steps = Rewriting(ref, commits).steps();
  }
  return repair;
}

std::vector<std::string> commands_of(const RefVerdict& ref, const Finding& finding,
                                     const Repair& repair) {
  std::vector<std::string> commands = finding.commands;
  if (repair.steps.empty() || finding.commit || ref.new_commit.is_zero()) return commands;
  const std::string tip = " " + ref.new_commit.brief() + ":";
  for (std::string& command : commands) {
    const auto at = command.find(tip);
    if (at != std::string::npos) command.replace(at, tip.size(), " HEAD:");
  }
  return commands;
}

}  // namespace trunkgate

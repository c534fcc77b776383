#include "report/repair.h"

#include "base/text.h"

namespace trunkgate {

std::string reword_command(const RefVerdict& ref, const Finding& oldest) {
  std::string command = "git rebase -i ";
  if (ref.has_merges) command += "--rebase-merges ";
  return command + (oldest.root ? "--root" : oldest.commit->brief() + "^");
}

namespace {

// Takes a path out of the commit and leaves the file in the work tree.
std::vector<std::string> drop_commands(const RefVerdict& ref, const Finding& finding) {
  if (!is_printable(finding.path) || !finding.commit) return {};
  const std::string path = shell_quote(finding.path);
  if (*finding.commit == ref.new_commit) {
    return {"git rm --cached -- " + path, "git commit --amend --no-edit"};
  }
  return {reword_command(ref, finding), "git rm --cached -- " + path,
          "git commit --amend --no-edit && git rebase --continue"};
}

}  // namespace

std::vector<std::string> repair_commands(const RefVerdict& ref, const Finding& finding,
                                         bool alone) {
  if (!finding.commands.empty()) return finding.commands;
  if (finding.drop_path && ref.kind == RefKind::branch) return drop_commands(ref, finding);
  // What a tag or a note holds is not reworded in place.
  if (!finding.reword || !alone || !finding.commit || ref.kind != RefKind::branch) return {};
  if (*finding.commit != ref.new_commit) return {reword_command(ref, finding)};
  // The editor opens when there is a body: a title given with -m would throw it away.
  if (!finding.corrected_title || finding.keeps_body || !is_printable(*finding.corrected_title)) {
    return {"git commit --amend"};
  }
  return {"git commit --amend -m " + shell_quote(*finding.corrected_title)};
}

}  // namespace trunkgate

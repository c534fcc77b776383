// What a rule is: metadata, options, checks. One rule is one file below rules/.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "config/option.h"
#include "config/option_reader.h"
#include "git/commit.h"
#include "push/people.h"
#include "push/push.h"
#include "push/pushed_file.h"
#include "rules/finding.h"
#include "rules/requirement.h"

namespace trunkgate {

// What a rule looks at; the evaluator gathers nothing that no active rule asks for.
enum class Subject { ref, commit, file, push };
std::string_view to_string(Subject subject);

// Which references a rule has anything to say about. A ruleset without such a one would never
// refuse anything by it.
enum class JudgedRefs { all, branches, tags };

// What a rule's constructor reads. Valid during construction only.
struct RuleSetup {
  const OptionReader& options;
  const Groups& groups;
  const Users& users;
  // Where relative paths of programs start: a folder of the server, ending with a slash, or empty.
  // Nothing for a policy in Git: whoever may push it need not be allowed to run programs here.
  std::optional<std::string> folder;
  // Reads a file that the rule's options name; what it holds becomes part of the policy's digest
  // and of its last good copy. A relative name starts at the policy's folder, on disk or in Git.
  std::function<FileText(const std::string& name)> read_file;
};

// What a check answers.
class Answer {
 public:
  void add(Finding finding) { findings.push_back(std::move(finding)); }
  // The verdict holds only while `ref` keeps the value `id`; `update` looks again.
  void rely_on(std::string ref, const ObjectId& id) { relied.emplace_back(std::move(ref), id); }

  // Where refs are let in one by one: `otherwise` holds when `ref`, of the same push, is refused.
  void need(std::string ref, Finding otherwise) {
    needed.emplace_back(std::move(ref), std::move(otherwise));
  }

  // What the rule asks of evidence and how it stands, whether anything is wrong or not.
  void state(Requirement requirement) { requirements.push_back(std::move(requirement)); }

  std::vector<Finding> findings;
  std::vector<Requirement> requirements;
  std::vector<std::pair<std::string, ObjectId>> relied;
  std::vector<std::pair<std::string, Finding>> needed;
};

// A ref update in a rule's scope with the commits that are new to the rule, oldest first. A commit
// that several updates of the push bring stands with the first of them only.
struct PushPart {
  const PushedRef* ref = nullptr;
  std::vector<ObjectId> commits;
};

// What is said about a push as a whole: `parts` about each part, `whole` about none in particular.
struct PushAnswer {
  std::vector<Answer> parts;  // as many as there are parts
  Answer whole;
};

// Some lines of a file, whole ones; the last may lack its line feed.
struct Passage {
  std::string_view lines;
  bool ends_file = false;       // the file's last line is among them; only an empty file has none
  std::uint64_t file_size = 0;  // in bytes
};

class Rule {
 public:
  Rule() = default;
  Rule(const Rule&) = delete;
  Rule& operator=(const Rule&) = delete;
  virtual ~Rule() = default;

  // Called once for each ref update in the rule's scope. Subject::ref only.
  virtual void check_ref(const Push& push, const PushedRef& ref, Answer& out) const;
  // Called once for each commit that is new to the rule. Subject::commit only.
  virtual void check_commit(const Push& push, const Commit& commit, Answer& out) const;
  // Called once for each push with every ref update in the rule's scope, deletions too; never with
  // none. Subject::push only.
  virtual void check_push(const Push& push, const std::vector<PushPart>& parts,
                          PushAnswer& out) const;
  // Whether check_file() has anything to say about a file with this path and mode; asked for every
  // file that a new commit changes, so it looks at nothing else. Default: every file that is there,
  // but no links, submodules and deletions. Subject::file only.
  virtual bool looks_at(const ChangedFile& file) const;
  // Called once for each such file, in the order of commits and paths unless the rule is
  // RuleInfo::concurrent. Rules that read contents (RuleInfo::content) are asked once for each path
  // and content.
  // Subject::file only.
  virtual void check_file(const Push& push, const PushedFile& file, Answer& out) const;
  // Whether check_file() might have anything to say about a file that holds such lines. False is a
  // promise: where it holds for passages that make up a whole file, check_file() has nothing to say
  // about that file, whatever it replaces. So a file of which most lines are known need not be
  // read. Asked by several threads at once. RuleInfo::passages only.
  virtual bool may_find(const Passage& passage) const;
  // Whether that promise covers a file with this path and mode.
  virtual bool judges_passages(const ChangedFile& file) const;
  // What it asks of evidence, each as it is told where the rule does not apply; only `rule` (of a
  // part) and `what` are filled. RuleInfo::evidence only.
  virtual std::vector<Requirement> requirements() const;
  // Whether the rule is content with an example of the policy (`valid:`, `invalid:`): a name of a
  // branch or a tag, a message, a path or a line, whatever it judges. Nothing, by default, when a
  // text alone cannot be judged.
  virtual std::optional<bool> accepts(std::string_view example) const;
};

// An example that documentation shows and the tests run.
struct Example {
  // Options as they would stand in the policy, a flow map: "{allow: ['feature/**']}". Empty: none.
  std::string_view options;
  // Subject::commit: a commit message. Header lines and an empty line may stand before it:
  // "author: NAME <ADDRESS>", "committer: NAME <ADDRESS>", "authored: -2h" and "committed: +10m"
  // (against the time of the push; a minute before it when left out), "parents: 2" (of the age of
  // a day), "branch: NAME" (what is pushed), "pusher: NAME", "encoding: NAME", "files: 3" (adds
  // f0, f1 and f2, of one line each).
  // Subject::ref: one of "create REF", "update REF", "rewind REF", "delete REF",
  // "merge SOURCE into REF", "fast-forward REF to SOURCE";
  //   "create REF on BRANCH"        BRANCH of the server holds the same commit
  //   "create REF beside OTHER"     the server has the reference OTHER
  //   "annotate REF"                REF is a new tag object: "Release", blank, "Acc@1: 76.1%"
  //   "fork REF from BRANCH"        one new commit on top of the server's main or develop, which
  //                                 is one commit ahead of main
  //   "leave REF behind BRANCH"     REF gets a commit; BRANCH has one, no older, that REF lacks
  // "at 2026-01-05T09:30Z" or "after 80h" (since the last commit) before it sets the clock;
  // evidence may come first, with commas between: "approve SOURCE by USER", "veto SOURCE by USER"
  // and "check SOURCE NAME by USER STATUS METRIC=VALUE...", about a branch that the update lands or
  // about main, which is what REF holds before a merge. bo, cy and ci may leave it.
  // Subject::file: a first line of "add PATH", "add -x PATH", "link PATH", "submodule PATH",
  // "delete PATH" or "change PATH", then the content; for "change" the old content, a line "=====",
  // and the new one. Or "folder PATH PATH..." for a commit that adds all of these.
  // Subject::push: parts with commas between: "REFS refs" comes first. "COMMITS commits" stand on
  // the first ref and change a file of a line each, "BYTES bytes" lie in the quarantine, "STRAY
  // strays" are blobs there that no ref reaches, "lock PATH by USER" is a lock of the server.
  std::string_view subject;
  bool accepted = false;
};

struct RuleInfo {
  std::string_view id;  // names the fault and reads as "allow X": "moved-tag"
  Subject subject;
  std::string_view summary;    // what a finding means, in one line
  std::string_view rationale;  // why anybody wants it
  std::string_view remedy;     // what a pusher does about it
  std::span<const OptionInfo* const> options;
  std::span<const Example> examples;
  std::unique_ptr<Rule> (*make)(const RuleSetup&);
  bool content = false;  // Subject::file: check_file() reads contents
  // Subject::file: check_file() asks nothing but the file, its reader and who pushes it, and
  // changes nothing that others see, so that several threads may call it at once.
  bool concurrent = false;
  bool passages = false;     // with `content`: may_find() says which files need not be looked at
  bool folds_names = false;  // Subject::file: is helped by ChangedFile::names_apart
  // Subject::file: the rule says who may change what. It is asked, too, about files of which a
  // merge throws one side's work away (push/overridden_files.h).
  bool guards = false;
  bool deletions = false;  // Subject::file: wants to see deleted files
  // Subject::ref: the rule asks for evidence about what lands (Answer::state). Where `only` or
  // `except` keep it from a ref update, the requirement is told as not applicable.
  bool evidence = false;
  // References that mean something to this rule only: "refs/locks/". A ruleset that has the rule
  // must have them among its refs, and the policy in its namespaces; else nobody would judge them.
  std::string_view own_refs = {};
  JudgedRefs refs = JudgedRefs::all;
};

template <typename T>
std::unique_ptr<Rule> make_rule(const RuleSetup& setup) {
  return std::make_unique<T>(setup);
}

// Users named in a `by:` list: users themselves and the members of groups. Names of neither kind
// are users nobody has put in a group; that is no mistake.
std::vector<std::string> users_of(const std::vector<std::string>& names, const Groups& groups);
// The same for what stands at `list` of a policy. A name of neither kind that is nearly a group's
// is most likely meant for it: a warning.
std::vector<std::string> users_of(const Node& list, const std::vector<std::string>& names,
                                  const Groups& groups, Diagnostics& diagnostics);
// The same for an option of a rule.
std::vector<std::string> users_of(const RuleSetup& setup,
                                  const Option<std::vector<std::string>>& option);

}  // namespace trunkgate

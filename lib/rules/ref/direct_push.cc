// direct-push: commits reach a protected branch in another way than by landing a reviewed branch.
#include <algorithm>

#include "base/text.h"
#include "git/merge_tree.h"
#include "git/ref_name.h"
#include "push/landing.h"
#include "push/new_commits.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<std::vector<std::string>> kLand{"land", "[merge, fast-forward]",
                                                 "ways to land: merge, fast-forward; [] for none"};
constexpr Option<GlobSet> kFrom{
    "from", "['**']", "branches that may land, without refs/heads/; they must be on the server"};
constexpr Option<std::vector<std::string>> kBy{
    "by", "", "groups and users who may land; everybody when left out"};
constexpr const OptionInfo* kOptions[] = {&kLand.info, &kFrom.info, &kBy.info};

// One merge costs one run of git merge-tree.
constexpr std::size_t kMaxMerges = 64;

class DirectPush final : public Rule {
 public:
  explicit DirectPush(const RuleSetup& setup)
      : from_(setup.options.get(kFrom)),
        by_(users_of(setup, kBy)),
        anybody_(!setup.options.has(kBy.info.name)) {
    for (const std::string& way : setup.options.get(kLand)) {
      if (way == "merge") {
        merge_ = true;
      } else if (way == "fast-forward") {
        fast_forward_ = true;
      } else {
        setup.options.diagnostics().error(
            item_location(*setup.options.find(kLand.info.name), way),
            "'" + printable(way) + "' is no way to land; there are merge and fast-forward");
      }
    }
  }

  // Deleting is another rule's business: deleted-ref.
  void check_ref(const Push& push, const PushedRef& ref, Answer& out) const override {
    if (ref.deletes() || ref.new_id == ref.old_id) return;
    if (ref.new_commit.is_zero()) {
      out.add({.message = "what is pushed to '" + name_of(ref) + "' is no commit"});
      return;
    }
    Finding finding = ref.creates() ? check_creation(push, ref, out) : check_update(push, ref, out);
    if (!finding.message.empty()) {
      out.add(std::move(finding));
    } else if (!anybody_ && !std::binary_search(by_.begin(), by_.end(), push.pusher.name)) {
      out.add({.message = "'" + push.pusher.name + "' may not land on '" + name_of(ref) + "'",
               .details = {"may land: " + join(by_, ", ")},
               .hint = "ask one of them to land it"});
    }
  }

 private:
  static std::string name_of(const PushedRef& ref) { return printable(short_name(ref.name)); }

  // A branch of the server that may land and holds `commit`; nullptr when there is none.
  const SourceBranch* source_of(const Push& push, const std::vector<SourceBranch>& sources,
                                const ObjectId& commit, Answer& out) const {
    const std::vector<SourceBranch> found = branches_with(push.repository, sources, commit);
    if (found.empty()) return nullptr;
    // A branch that this very push deletes or moves has been looked at with the push; `update`
    // would find it gone ("land it and delete the branch").
    const bool in_this_push =
        std::any_of(push.refs.begin(), push.refs.end(),
                    [&](const PushedRef& r) { return r.name == found[0].name; });
    if (!in_this_push) out.rely_on(found[0].name, found[0].tip);
    return &*std::find_if(sources.begin(), sources.end(),
                          [&](const SourceBranch& s) { return s.name == found[0].name; });
  }

  std::vector<SourceBranch> landing_branches(const Push& push, const PushedRef& ref) const {
    std::vector<SourceBranch> branches = other_branches(push, ref);
    std::erase_if(branches, [&](const SourceBranch& branch) {
      return !from_.matches(short_name(branch.name));
    });
    return branches;
  }

  Finding check_creation(const Push& push, const PushedRef& ref, Answer& out) const {
    if (fast_forward_ &&
        source_of(push, landing_branches(push, ref), ref.new_commit, out) != nullptr) {
      return {};
    }
    Finding finding;
    finding.message = "'" + name_of(ref) + "' does not exist yet and cannot be pushed directly";
    if (fast_forward_) {
      finding.hint =
          "push the commits as a branch that may land, then push the same commit again; "
          "or ask an admin to create '" +
          name_of(ref) + "' on the server";
      finding.commands = {"git push origin " + ref.new_commit.brief() + ":refs/heads/" + example(),
                          "git push origin " + ref.new_commit.brief() + ":" + quoted(ref.name)};
    } else {
      finding.hint = "ask an admin to create it on the server with git update-ref";
    }
    return finding;
  }

  Finding check_update(const Push& push, const PushedRef& ref, Answer& out) const {
    const FirstParentChain chain = first_parent_chain(push, ref);
    if (chain.too_long) {
      return {.message = "the push adds more than " + std::to_string(kMaxLandingSteps) +
                         " commits to '" + name_of(ref) + "' at once",
              .hint = "land in smaller steps"};
    }
    if (!chain.reaches_old) return off_the_line(push, ref);
    const std::vector<SourceBranch> sources = landing_branches(push, ref);
    const bool merges =
        std::all_of(chain.commits.begin(), chain.commits.end(),
                    [](const Commit& commit) { return commit.parents.size() >= 2; });
    if (merge_ && merges) {
      Finding finding = check_merges(push, ref, chain, sources, out);
      if (finding.message.empty()) return {};
      // The same commits may still be a branch of the server whose own commits are merges.
      if (!fast_forward_ || source_of(push, sources, ref.new_commit, out) == nullptr)
        return finding;
      return {};
    }
    if (fast_forward_ && source_of(push, sources, ref.new_commit, out) != nullptr) return {};
    return direct(ref);
  }

  // Every commit on the line is a merge: each must bring in a branch of the server and nothing
  // else.
  Finding check_merges(const Push& push, const PushedRef& ref, const FirstParentChain& chain,
                       const std::vector<SourceBranch>& sources, Answer& out) const {
    if (chain.commits.size() > kMaxMerges) {
      return {
          .message = "the push lands more than " + std::to_string(kMaxMerges) + " merges at once",
          .hint = "land in smaller steps"};
    }
    for (const Commit& commit : chain.commits) {
      Finding finding;
      finding.commit = commit.id;
      finding.title = title_of(commit.message);
      if (commit.parents.size() > 2) {
        finding.message = "a merge of " + std::to_string(commit.parents.size()) +
                          " parents cannot land; land one branch at a time";
        return finding;
      }
      const ObjectId& brought = commit.parents[1];
      if (source_of(push, sources, brought, out) == nullptr) {
        finding.message = "the merge brings in " + brought.brief() +
                          ", which is on no branch of the server that may land here";
        finding.details = {"may land: " + allowed_sources()};
        finding.hint = "push that branch first, in a push of its own";
        finding.commands = {"git push origin " + brought.brief() + ":refs/heads/" + example(),
                            "git push origin " + ref.new_commit.brief() + ":" + quoted(ref.name)};
        return finding;
      }
      const MergeComparison merged =
          compare_with_automatic_merge(push.repository, push.scratch, commit);
      if (!merged.equal) return evil_merge(std::move(finding), merged, commit, ref);
    }
    return {};
  }

  static Finding evil_merge(Finding finding, const MergeComparison& merged, const Commit& commit,
                            const PushedRef& ref) {
    for (const std::string& path : merged.paths) finding.details.push_back(printable(path));
    if (merged.paths_total > merged.paths.size()) {
      finding.details.push_back("and " + std::to_string(merged.paths_total - merged.paths.size()) +
                                " more");
    }
    const std::string branch = quoted(short_name(ref.name));
    if (merged.conflict) {
      finding.message = "the merge settles a conflict, which nobody has reviewed";
      finding.hint =
          "settle it on the branch: merge '" + name_of(ref) + "' into it, push it, then land it";
      finding.commands = {"git switch --detach " + commit.parents[1].brief(),
                          "git merge " + commit.parents[0].brief(), "git push origin HEAD:BRANCH"};
      return finding;
    }
    finding.message = "the merge holds changes that are on neither side";
    finding.hint = "merge again and change nothing in the merge commit";
    finding.commands = {"git reset --keep " + commit.parents[0].brief(),
                        "git merge --no-ff " + commit.parents[1].brief(),
                        "git push origin HEAD:" + branch};
    return finding;
  }

  // The new tip's first parents do not lead back to what the branch holds.
  Finding off_the_line(const Push& push, const PushedRef& ref) const {
    Finding finding;
    const std::string branch = quoted(short_name(ref.name));
    if (reaches(push.repository, ref.new_commit, ref.old_commit)) {
      finding.message = "'" + name_of(ref) + "' would become the second parent of a merge";
      finding.details = {"its first-parent line must go on from " + ref.old_id.brief()};
    } else {
      finding.message = "the push does not build on what '" + name_of(ref) + "' holds (" +
                        ref.old_id.brief() + ")";
    }
    finding.hint = "merge your branch into '" + name_of(ref) + "', not the other way round";
    finding.commands = {"git fetch origin", "git switch --detach origin/" + branch,
                        "git merge --no-ff " + ref.new_commit.brief(),
                        "git push origin HEAD:" + branch};
    return finding;
  }

  Finding direct(const PushedRef& ref) const {
    Finding finding;
    finding.message = "no direct push to '" + name_of(ref) + "'";
    if (!merge_ && !fast_forward_) {
      finding.hint = "nothing lands here by push; ask an admin";
      return finding;
    }
    const std::string branch = quoted(short_name(ref.name));
    finding.hint =
        "push your commits as a branch, then land that branch here (" + allowed_sources() + ")";
    finding.commands = {"git push origin " + ref.new_commit.brief() + ":refs/heads/" + example()};
    if (merge_) {
      finding.commands.insert(
          finding.commands.end(),
          {"git fetch origin", "git switch --detach origin/" + branch,
           "git merge --no-ff origin/" + example(), "git push origin HEAD:" + branch});
    } else {
      finding.commands.push_back("git push origin " + ref.new_commit.brief() + ":" + branch);
    }
    return finding;
  }

  static std::string quoted(std::string_view name) {
    return is_printable(name) ? shell_quote(name) : "BRANCH";
  }

  std::string allowed_sources() const {
    std::vector<std::string> texts;
    for (const Glob& glob : from_.globs()) texts.push_back(glob.text());
    return join(texts, ", ");
  }

  // A branch name that may land, for commands: "feature/NAME".
  std::string example() const {
    for (const Glob& glob : from_.globs()) {
      const auto star = glob.text().find('*');
      if (star == std::string::npos || star == 0) continue;
      std::string name = glob.text().substr(0, star) + "NAME";
      if (is_printable(name) && glob.matches(name)) return name;
    }
    return "BRANCH";
  }

  GlobSet from_;
  std::vector<std::string> by_;
  bool anybody_;
  bool merge_ = false;
  bool fast_forward_ = false;
};

constexpr Example kExamples[] = {
    {"", "update refs/heads/main", false},
    {"", "create refs/heads/main", false},
    {"", "delete refs/heads/main", true},
    {"", "merge feature/x into refs/heads/main", true},
    {"", "fast-forward refs/heads/main to feature/x", true},
    {"{land: [merge]}", "fast-forward refs/heads/main to feature/x", false},
    {"{land: [fast-forward]}", "merge feature/x into refs/heads/main", false},
    {"{land: []}", "merge feature/x into refs/heads/main", false},
    {"{from: ['release/**']}", "merge feature/x into refs/heads/main", false},
    {"{from: ['release/**']}", "merge release/1 into refs/heads/main", true},
    {"{by: [nobody-in-particular]}", "merge feature/x into refs/heads/main", false},
};

}  // namespace

constinit const RuleInfo direct_push{
    .id = "direct-push",
    .subject = Subject::ref,
    .summary = "commits reach a protected branch other than by landing a branch of the server",
    .rationale = "What is on the trunk has been seen by others and by CI first.",
    .remedy = "Push a branch, have it looked at, then merge it and push the merge.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<DirectPush>,
    .refs = JudgedRefs::branches,
};

}  // namespace trunkgate

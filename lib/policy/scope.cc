#include "policy/scope.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "config/option_reader.h"
#include "git/diff.h"
#include "push/landing.h"
#include "push/new_commits.h"
#include "push/revert.h"

namespace trunkgate {
namespace {

constexpr Option<RefPatterns> kRefs{"refs", "", "references; a bare name is a branch"};
constexpr Option<GlobSet> kSource{"source", "", "branches being landed"};
constexpr Option<std::vector<std::string>> kPushers{"pushers", "", "users and groups"};
constexpr Option<PathSet> kPaths{"paths", "", "changed files"};
constexpr Option<std::vector<std::string>> kCommits{"commits", "", "merge, non-merge, revert"};
constexpr Option<std::vector<std::string>> kRepositories{"repositories", "", "their folders"};
constexpr const OptionInfo* kConditions[] = {&kRefs.info,  &kSource.info,  &kPushers.info,
                                             &kPaths.info, &kCommits.info, &kRepositories.info};
constexpr std::string_view kCommitWords[] = {"merge", "non-merge", "revert"};

bool is_pusher(const std::vector<std::string>& names, const Pusher& pusher) {
  return std::binary_search(names.begin(), names.end(), pusher.name);
}

bool any_path(const PathSet& paths, const std::vector<FileChange>& changes) {
  return std::any_of(changes.begin(), changes.end(),
                     [&](const FileChange& change) { return paths.matches(change.path); });
}

// An exception by path holds only when nothing else changes.
bool every_path(const PathSet& paths, const std::vector<FileChange>& changes) {
  return !changes.empty() &&
         std::all_of(changes.begin(), changes.end(),
                     [&](const FileChange& change) { return paths.matches(change.path); });
}

// An exception by source holds only when every branch with that tip is excepted: pushing a commit
// again under an excepted name must not waive anything.
bool every_source(const GlobSet& globs, const std::vector<std::string>& sources) {
  return !sources.empty() &&
         std::all_of(sources.begin(), sources.end(),
                     [&](const std::string& source) { return globs.matches(source); });
}

bool any_source(const GlobSet& globs, const std::vector<std::string>& sources) {
  return std::any_of(sources.begin(), sources.end(),
                     [&](const std::string& source) { return globs.matches(source); });
}

// Commits that `to` reaches and `from` does not. Nothing when they are more than anybody would make
// for one push.
std::optional<std::vector<ObjectId>> commits_between(const Push& push, const ObjectId& from,
                                                     const ObjectId& to) {
  constexpr std::size_t kMost = 2000;
  if (to.is_zero()) return std::vector<ObjectId>();
  NewCommitsQuery query;
  query.tips = {to};
  if (from.is_zero()) {
    for (const Ref& ref : *server_refs(push)) {
      const Peeled peeled = push.repository.peel(ref.id);
      if (peeled.type == ObjectType::commit) query.hidden.push_back(peeled.id);
    }
  } else {
    query.hidden = {from};
  }
  query.more_hidden = [] { return std::vector<ObjectId>(); };
  NewCommits found = find_new_commits(push.repository, query, kMost);
  if (found.too_many) return std::nullopt;
  return std::move(found.ids);
}

// All that a ref update touches: what is different afterwards, and what its commits change on the
// way, or those that it takes away. A commit that a later one takes back is in the branch's history
// all the same, where a tag can be put on it. Nothing when there are too many to tell.
std::optional<std::vector<FileChange>> touched(const Push& push, const PushedRef& ref) {
  const auto tree = [&](const ObjectId& commit) {
    return commit.is_zero() ? ObjectId() : push.repository.commit(commit).tree;
  };
  std::vector<FileChange> changes =
      diff_trees(push.repository, tree(ref.old_commit), tree(ref.new_commit));
  for (const bool back : {false, true}) {
    if (back && ref.creates()) break;
    const auto commits = back ? commits_between(push, ref.new_commit, ref.old_commit)
                              : commits_between(push, ref.old_commit, ref.new_commit);
    if (!commits) return std::nullopt;
    for (const ObjectId& id : *commits) {
      std::vector<FileChange> more = changes_of(push.repository, push.repository.commit(id));
      changes.insert(changes.end(), std::make_move_iterator(more.begin()),
                     std::make_move_iterator(more.end()));
    }
  }
  return changes;
}

// What one ref update is known to satisfy of a set of conditions: all that are given.
bool update_meets(const Conditions& c, const Push& push, const PushedRef& ref, Subject subject,
                  bool exception) {
  if (c.refs && !c.refs->matches(ref.name)) return false;
  if (c.pushers && !is_pusher(*c.pushers, push.pusher)) return false;
  if (c.source) {
    if (!(exception ? every_source(*c.source, landed_sources(push, ref))
                    : any_source(*c.source, claimed_sources(push, ref)))) {
      return false;
    }
  }
  // Nobody has said which repository it is, so there is no telling that it is excepted.
  if (c.repositories && exception) return false;
  // A ref update is no commit: words about commits neither choose nor except it.
  if (c.commits && subject == Subject::ref && exception) return false;
  if (c.paths && subject == Subject::ref) {
    const auto changes = touched(push, ref);
    if (!changes) return !exception;
    if (!(exception ? every_path(*c.paths, *changes) : any_path(*c.paths, *changes))) return false;
  }
  return true;
}

bool commit_meets(const Conditions& c, const Push& push, const Commit& commit, bool exception) {
  if (c.paths) {
    const std::vector<FileChange> changes = changes_of(push.repository, commit);
    if (!(exception ? every_path(*c.paths, changes) : any_path(*c.paths, changes))) return false;
  }
  return !c.commits || c.commits->hold(push, commit);
}

bool about_commits(const Conditions& c) { return c.commits || c.paths; }

CommitKinds read_commits(const Node& node, Diagnostics& diagnostics) {
  CommitKinds kinds;
  const std::span<const Node> items = node.kind == Node::Kind::sequence
                                          ? std::span<const Node>(node.items)
                                          : std::span<const Node>(&node, 1);
  for (const Node& item : items) {
    const std::size_t word = read_word(item, kCommitWords, 0, diagnostics);
    kinds.merge = kinds.merge || word == 0;
    kinds.non_merge = kinds.non_merge || word == 1;
    kinds.revert = kinds.revert || word == 2;
  }
  return kinds;
}

}  // namespace

bool CommitKinds::hold(const Push& push, const Commit& commit) const {
  const bool merges = commit.parents.size() >= 2;
  return (merge && merges) || (non_merge && !merges) || (revert && is_revert(push, commit));
}

bool Scope::settle(const PolicyPlace& place) {
  if (repositories && !repositories->matches(place.repository)) return false;
  repositories.reset();
  if (only.repositories && !only.repositories->matches(place.repository)) return false;
  only.repositories.reset();
  if (except.repositories) {
    if (except.repositories->matches(place.repository)) {
      except.repositories.reset();
      if (except.empty()) return false;
    } else {
      except = {};
    }
  }
  refs.set_head(place.default_branch);
  if (only.refs) only.refs->set_head(place.default_branch);
  if (except.refs) except.refs->set_head(place.default_branch);
  return true;
}

bool Scope::names_head() const {
  return refs.names_head() || (only.refs && only.refs->names_head()) ||
         (except.refs && except.refs->names_head());
}

const RefPatterns* Scope::excepted_refs() const {
  // An exception for some refs and some pushers (say) leaves the rule in force on those refs.
  const bool alone = except.refs && !except.source && !except.pushers && !except.repositories &&
                     !about_commits(except);
  return alone ? &*except.refs : nullptr;
}

bool Scope::covers(std::string_view ref) const {
  if (!refs.matches(ref)) return false;
  if (only.refs && !only.refs->matches(ref)) return false;
  const RefPatterns* excepted = excepted_refs();
  return excepted == nullptr || !excepted->matches(ref);
}

bool Scope::applies_to(const Push& push, const PushedRef& ref, Subject subject) const {
  if (!refs.matches(ref.name) || !update_meets(only, push, ref, subject, false)) return false;
  if (except.empty()) return true;
  // For commits the exception is decided commit by commit when it speaks of commits.
  if (subject != Subject::ref && about_commits(except)) return true;
  return !update_meets(except, push, ref, subject, true);
}

bool Scope::applies_to(const Push& push, std::span<const PushedRef* const> updates,
                       const Commit& commit) const {
  if (!commit_meets(only, push, commit, false)) return false;
  if (!about_commits(except) || !commit_meets(except, push, commit, true)) return true;
  return !std::all_of(updates.begin(), updates.end(), [&](const PushedRef* ref) {
    return update_meets(except, push, *ref, Subject::commit, true);
  });
}

bool Scope::applies_to(const Push& push, std::span<const PushedRef* const> updates,
                       const Commit& commit, std::string_view path) const {
  const auto meets = [&](const Conditions& c) {
    return (!c.paths || c.paths->matches(path)) && (!c.commits || c.commits->hold(push, commit));
  };
  if (!meets(only)) return false;
  if (!about_commits(except) || !meets(except)) return true;
  return !std::all_of(updates.begin(), updates.end(), [&](const PushedRef* ref) {
    return update_meets(except, push, *ref, Subject::file, true);
  });
}

bool Scope::asks_for_reverts() const {
  return (only.commits && only.commits->revert) || (except.commits && except.commits->revert);
}

// Which branch a ref update lands is looked up, and only where an exception speaks of files, too.
bool Scope::judges_files_by_themselves() const { return !about_commits(except) || !except.source; }

std::string Scope::refs_text() const {
  const RefPatterns* excepted = excepted_refs();
  return refs.text() + "\n+" + (only.refs ? only.refs->text() : "") + "\n-" +
         (excepted != nullptr ? excepted->text() : "");
}

Conditions read_conditions(const Node& node, const Groups& groups, Diagnostics& diagnostics) {
  const OptionReader reader(node, kConditions, diagnostics, "'only' and 'except'");
  Conditions conditions;
  if (reader.has("refs")) conditions.refs = reader.get(kRefs);
  if (reader.has("source")) conditions.source = reader.get(kSource);
  if (reader.has("pushers")) {
    conditions.pushers =
        users_of(*reader.find("pushers"), reader.get(kPushers), groups, diagnostics);
  }
  if (reader.has("paths")) conditions.paths = reader.get(kPaths);
  if (const Node* commits = reader.find("commits"); commits != nullptr) {
    conditions.commits = read_commits(*commits, diagnostics);
  }
  if (const Node* repositories = reader.find("repositories"); repositories != nullptr) {
    conditions.repositories = read_repositories(*repositories, diagnostics);
  }
  return conditions;
}

}  // namespace trunkgate

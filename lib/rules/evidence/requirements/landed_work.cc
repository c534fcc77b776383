#include "rules/evidence/requirements/landed_work.h"

#include <algorithm>

#include "base/text.h"
#include "git/diff.h"
#include "git/ref_name.h"
#include "push/new_commits.h"

namespace trunkgate {
namespace {

std::vector<ObjectId> known_to(const Push& push, const PushedRef& ref) {
  if (!ref.old_commit.is_zero()) return {ref.old_commit};
  const std::string head = push.repository.head();
  if (head.empty() || head == ref.name) return {};
  const RefValue value = push.repository.ref(head);
  return value.kind == RefValue::Kind::direct ? std::vector{value.id} : std::vector<ObjectId>();
}

}  // namespace

const std::vector<std::string>& LandingView::paths() const {
  if (!paths_) {
    const auto tree_of = [&](const ObjectId& commit) {
      return commit.is_zero() ? ObjectId() : push.repository.commit(commit).tree;
    };
    paths_.emplace();
    for (FileChange& change :
         diff_trees(push.repository, tree_of(ref.old_commit), tree_of(ref.new_commit))) {
      paths_->push_back(std::move(change.path));
    }
    std::sort(paths_->begin(), paths_->end());
    paths_->erase(std::unique(paths_->begin(), paths_->end()), paths_->end());
  }
  return *paths_;
}

std::string LandedWork::name() const {
  for (const SourceBranch& branch : source.branches) {
    if (branch.tip == source.commit) return printable(short_name(branch.name), 80);
  }
  return source.commit.brief();
}

std::vector<ObjectId> LandedWork::commits() const {
  std::vector<ObjectId> ids{source.by};
  const auto add = [&](const ObjectId& id) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  };
  add(source.commit);
  for (const LandedSource& other : source.others) add(other.commit);
  return ids;
}

std::vector<ObjectId> LandedWork::known_before() const { return known_to(view.push, view.ref); }

const std::optional<std::vector<ObjectId>>& LandedWork::new_commits() const {
  if (!new_commits_) {
    NewCommitsQuery query;
    query.tips = {source.commit};
    query.hidden = known_before();
    NewCommits found = find_new_commits(view.push.repository, query, kMaxLandedCommits);
    new_commits_.emplace();
    if (!found.too_many) *new_commits_ = std::move(found.ids);
  }
  return *new_commits_;
}

std::vector<std::string> LandedWork::commands(AttestationKind kind, std::string_view object,
                                              std::string_view name) const {
  const std::string id = source.commit.hex();
  std::vector<std::string> lines;
  if (!on_server()) lines.push_back("git push origin " + id + ":refs/heads/BRANCH");
  lines.push_back("git push origin " + std::string(object.empty() ? id : object) + ":" +
                  std::string(kAttestationPrefix) + id + "/" + std::string(to_string(kind)) + "/" +
                  std::string(name));
  return lines;
}

}  // namespace trunkgate

#include "rules/evidence/requirements/owned_paths.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "git/tree_path.h"

namespace trunkgate {
namespace {

// The file in a commit; the mistake that keeps it from being used, with its line.
OwnersFile file_in(const Repository& repository, const ObjectId& commit, const std::string& path,
                   std::string& mistake) {
  const std::string name = printable(path, 100);
  const auto entry = find_in_tree(repository, repository.commit(commit).tree, path);
  if (!entry || !entry->plain_file()) {
    mistake = name + (entry ? " is no plain file" : " is not there");
    return {};
  }
  if (repository.header(entry->id).size > kMaxOwnersBytes) {
    mistake = name + " is larger than " + size_text(kMaxOwnersBytes);
    return {};
  }
  OwnersFile file = read_owners(repository.blob(entry->id, kMaxOwnersBytes));
  if (!file.mistake.empty()) {
    mistake = name + ":" + std::to_string(file.mistake_line) + ": " + file.mistake;
  }
  return file;
}

// Where the file is read: the branch before the push or, of a new reference, the default branch.
ObjectId commit_before(const LandingView& view) {
  if (!view.ref.old_commit.is_zero()) return view.ref.old_commit;
  const RefValue value = view.push.repository.ref(view.push.repository.head());
  return value.kind == RefValue::Kind::direct ? value.id : ObjectId();
}

}  // namespace

Ownership ownership_of(const LandingView& view, const std::string& path, const Groups& groups,
                       const Users& users) {
  const Repository& repository = view.push.repository;
  Ownership ownership;
  const ObjectId before = commit_before(view);
  if (before.is_zero()) {
    ownership.mistake = "there is no branch yet to read " + printable(path, 100) + " from";
    return ownership;
  }
  const OwnersFile file = file_in(repository, before, path, ownership.mistake);
  if (!ownership.mistake.empty()) return ownership;
  const std::vector<std::string>& paths = view.paths();
  if (std::binary_search(paths.begin(), paths.end(), path)) {
    file_in(repository, view.ref.new_commit, path, ownership.mistake);
    if (!ownership.mistake.empty()) {
      ownership.mistake = "after this push, " + ownership.mistake;
      return ownership;
    }
  }
  std::map<std::size_t, std::size_t> places;  // by line, into `owned`
  for (const std::string& changed : paths) {
    const OwnersLine* line = file.line_of(changed);
    if (line == nullptr) continue;
    const auto [place, added] = places.emplace(line->number, ownership.owned.size());
    if (added) {
      OwnedPaths owned{line->number, {}, changed, 0};
      for (const std::string& owner : line->owners) {
        for (std::string& user : users_called(owner, groups, users)) {
          owned.owners.push_back(std::move(user));
        }
      }
      std::sort(owned.owners.begin(), owned.owners.end());
      owned.owners.erase(std::unique(owned.owners.begin(), owned.owners.end()), owned.owners.end());
      ownership.owned.push_back(std::move(owned));
    }
    ++ownership.owned[place->second].count;
  }
  return ownership;
}

}  // namespace trunkgate

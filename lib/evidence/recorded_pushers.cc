#include "evidence/recorded_pushers.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <unordered_set>

#include "base/text.h"
#include "evidence/evidence_cache.h"
#include "push/new_commits.h"

namespace trunkgate {
namespace {

constexpr std::string_view kLog = "pushers";
// Commits between one that was never a tip and the branches that hold it.
constexpr std::size_t kMaxBetween = 2000;

std::int64_t seconds(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool any_held(const Repository& repository, const ObjectId& tip,
              const std::vector<ObjectId>& commits) {
  return std::any_of(commits.begin(), commits.end(),
                     [&](const ObjectId& id) { return reaches(repository, tip, id); });
}

using Ids = std::unordered_set<ObjectId, ObjectIdHash>;

// The commits among `within` that `tip` reaches through others of them, in no order.
NewCommits reachable_within(const Repository& repository, const ObjectId& tip, const Ids& within,
                            std::size_t limit) {
  NewCommits found;
  Ids seen;
  std::vector<ObjectId> stack{tip};
  while (!stack.empty()) {
    const ObjectId id = stack.back();
    stack.pop_back();
    if (!within.contains(id) || !seen.insert(id).second) continue;
    if (found.ids.size() == limit) {
      found.too_many = true;
      return found;
    }
    found.ids.push_back(id);
    for (const ObjectId& parent : repository.links(id).parents) stack.push_back(parent);
  }
  return found;
}

// Whether an identity in a commit is that user's: by the addresses and names the policy lists, and
// by the look of it where it lists none.
bool is_person(const Users& users, const std::string& user, const Signature& signature) {
  const std::string name = ascii_lower(user);
  const std::string address = ascii_lower(signature.email);
  if (const auto known = users.find(user); known != users.end()) {
    for (const std::string& email : known->second.emails) {
      if (ascii_lower(email) == address) return true;
    }
    for (const std::string& listed : known->second.names) {
      if (listed == signature.name) return true;
    }
  }
  return address == name || address.substr(0, address.find('@')) == name ||
         ascii_lower(signature.name) == name;
}

}  // namespace

StateLine pusher_line(const ObjectId& tip, const std::string& pusher, std::int64_t time,
                      const std::string& ref) {
  return {std::string(kLog), tip,
          tip.hex() + " " + pusher + " " + std::to_string(time) + " " + ref};
}

std::vector<RecordedPush> recorded_pushes(const Push& push, const ObjectId& commit) {
  std::vector<RecordedPush> pushes;
  for (auto& words : read_lines(push.state, kLog, commit, commit.hex() + " ", 4)) {
    pushes.push_back({std::move(words[1]), seconds(words[2]), std::move(words[3])});
  }
  return pushes;
}

namespace {

std::optional<std::vector<std::string>> find_pushers(const Push& push, const ObjectId& commit) {
  std::set<std::string> names;
  for (RecordedPush& known : recorded_pushes(push, commit)) names.insert(std::move(known.pusher));
  if (!names.empty()) return std::vector<std::string>(names.begin(), names.end());
  NewCommitsQuery query;
  for (const Ref& branch : push.repository.refs("refs/heads/")) {
    if (reaches(push.repository, branch.id, commit)) query.tips.push_back(branch.id);
  }
  query.hidden = {commit};
  const NewCommits between = find_new_commits(push.repository, query, kMaxBetween);
  if (between.too_many) return std::nullopt;
  for (const ObjectId& id : between.ids) {
    for (RecordedPush& known : recorded_pushes(push, id)) names.insert(std::move(known.pusher));
  }
  return std::vector<std::string>(names.begin(), names.end());
}

}  // namespace

std::optional<std::vector<std::string>> pushers_of(const Push& push, const ObjectId& commit) {
  auto& all = evidence_cache(push).pushers;
  if (const auto known = all.find(commit); known != all.end()) return known->second;
  return all.emplace(commit, find_pushers(push, commit)).first->second;
}

std::optional<std::vector<std::string>> pushers_of_any(const Push& push,
                                                       const std::vector<ObjectId>& commits,
                                                       const std::vector<ObjectId>& hidden) {
  Ids looked_at;
  std::set<std::string> names;
  const auto look_at = [&](const ObjectId& id) {
    if (!looked_at.insert(id).second) return;
    for (RecordedPush& known : recorded_pushes(push, id)) names.insert(std::move(known.pusher));
  };
  const Ids wanted(commits.begin(), commits.end());
  for (const ObjectId& id : commits) look_at(id);
  const std::vector<Ref> branches = push.repository.refs("refs/heads/");
  // One walk for all branches: a branch at a time costs hundreds of walks through history.
  NewCommitsQuery query;
  for (const Ref& branch : branches) query.tips.push_back(branch.id);
  query.hidden = hidden;
  const NewCommits all = find_new_commits(push.repository, query);
  if (all.too_many) return std::nullopt;
  const Ids unhidden(all.ids.begin(), all.ids.end());
  for (const Ref& branch : branches) {
    const NewCommits own = reachable_within(push.repository, branch.id, unhidden, kMaxBetween);
    const bool holds = std::any_of(own.ids.begin(), own.ids.end(),
                                   [&](const ObjectId& id) { return wanted.contains(id); });
    if (own.too_many) {
      // What was cut may be what is looked for.
      if (holds || any_held(push.repository, branch.id, commits)) return std::nullopt;
      continue;
    }
    if (!holds) continue;
    for (const ObjectId& id : own.ids) look_at(id);
  }
  return std::vector<std::string>(names.begin(), names.end());
}

std::optional<std::string> own_part(const Push& push, const AttestationRules& rules,
                                    const Users& users, const std::string& user,
                                    const Commit& commit) {
  if (rules.not_author && is_person(users, user, commit.author)) return "is its author";
  if (rules.not_committer && is_person(users, user, commit.committer)) return "is its committer";
  if (!rules.not_pusher) return std::nullopt;
  const auto pushers = pushers_of(push, commit.id);
  if (!pushers) {
    return "may be who pushed it, which nobody can tell of a commit so far behind its branch";
  }
  if (std::binary_search(pushers->begin(), pushers->end(), user)) return "pushed it";
  return std::nullopt;
}

}  // namespace trunkgate

#include "events/git_facts.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "git/ref_name.h"

namespace trunkgate {
namespace {

// What these reach is not part of any branch yet (see "Which commits a rule sees").
constexpr std::array<std::string_view, 5> kOwnNamespaces{"refs/attest/", "refs/for/", "refs/meta/",
                                                         "refs/archive/", "refs/trunkgate/"};

bool counts(std::string_view ref) {
  const std::string_view name = parts_of(ref).name;
  return std::none_of(kOwnNamespaces.begin(), kOwnNamespaces.end(),
                      [&](std::string_view prefix) { return name.starts_with(prefix); });
}

std::optional<Commit> read_commit(const Repository& repository, const ObjectId& id) {
  try {
    return repository.commit(id);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::optional<Tag> read_tag(const Repository& repository, const ObjectId& id) {
  try {
    return repository.tag(id);
  } catch (const Error&) {
    return std::nullopt;
  }
}

ObjectType type_of(const Repository& repository, const ObjectId& id) {
  try {
    return repository.header(id).type;
  } catch (const Error&) {
    return ObjectType::missing;
  }
}

}  // namespace

std::vector<Trailer> trailers_of(const Commit& commit) {
  const std::string_view message = commit.message;
  const auto title = message.find_first_not_of(" \t\r\n");
  if (title == std::string_view::npos) return {};
  return read_trailers(message.substr(title));
}

GitFacts::GitFacts(const Repository& repository, RefPatterns releases, SignatureSource signatures)
    : GitFacts(repository, Limits{}, std::move(releases), std::move(signatures)) {}

GitFacts::GitFacts(const Repository& repository, const Limits& limits, RefPatterns releases,
                   SignatureSource signatures)
    : repository_(&repository),
      limits_(limits),
      releases_(std::move(releases)),
      signatures_(std::move(signatures)),
      walk_(repository),
      files_(repository, limits.files) {
  const std::vector<Ref> refs = repository.refs();
  tags_.emplace(repository, refs);
  for (const Ref& ref : refs) {
    if (counts(ref.name)) tips_.emplace(ref.name, ref.peeled.value_or(ref.id));
  }
}

void GitFacts::rewind(const SpooledUpdate& update) {
  if (!counts(update.ref)) return;
  if (update.before.is_zero()) {
    tips_.erase(update.ref);
  } else {
    tips_[update.ref] = update.before;
  }
}

void GitFacts::apply(const SpooledUpdate& update) {
  if (!counts(update.ref)) return;
  if (hidden_) {
    if (update.after.is_zero()) return;
    if (const auto commit = commit_behind(*repository_, update.after)) walk_.hide(*commit);
  } else if (update.after.is_zero()) {
    tips_.erase(update.ref);
  } else {
    tips_[update.ref] = update.after;
  }
}

CommitRange GitFacts::new_commits(const SpooledUpdate& update, const ObjectId& commit) {
  if (!update.before.is_zero()) {
    const auto before = commit_behind(*repository_, update.before);
    if (before) return walk_.between(*before, commit);
  }
  if (!hidden_) {
    hidden_ = true;
    for (const auto& [name, tip] : tips_) {
      if (const auto found = commit_behind(*repository_, tip)) walk_.hide(*found);
    }
    tips_.clear();
  }
  return walk_.unhidden(commit);
}

std::vector<Commit> GitFacts::listed(const std::vector<ObjectId>& newest_first) const {
  std::vector<Commit> commits;
  for (const ObjectId& id : newest_first) {
    if (commits.size() == limits_.commits) break;
    if (auto commit = read_commit(*repository_, id)) commits.push_back(std::move(*commit));
  }
  std::reverse(commits.begin(), commits.end());
  return commits;
}

// Of a commit that cannot be read an empty one, which shows no more than what is there.
ObjectId GitFacts::tree_of(const ObjectId& commit) const {
  const auto found = read_commit(*repository_, commit);
  return found ? found->tree : ObjectId();
}

void GitFacts::add_files(const SpooledUpdate& update, const CommitRange& range, RefFacts& facts) {
  if (update.before.is_zero() && range.complete && range.commits.empty()) return;
  if (!facts.head) return;
  // What differs in all comes first, in case that not everything can be looked at.
  if (!update.before.is_zero()) {
    const auto before = commit_behind(*repository_, update.before);
    if (before) facts.files = files_.between(tree_of(*before), facts.head->tree);
  } else if (range.complete) {
    const auto start = walk_.start_of(range);
    facts.files = files_.between(start ? tree_of(*start) : ObjectId(), facts.head->tree);
  }
  if (!facts.files) facts.files.emplace().complete = false;
  facts.commit_files.resize(facts.commits.size());
  for (std::size_t i = facts.commits.size(); i-- > 0;) {
    const Commit& commit = facts.commits[i];
    const ObjectId parent = commit.parents.empty() ? ObjectId() : tree_of(commit.parents.front());
    facts.commit_files[i] = first_of(files_.between(parent, commit.tree), limits_.files_each);
  }
}

void GitFacts::add_notes(RefFacts& facts) const {
  const auto add = [&](const Commit& commit) {
    const auto [notes, fresh] = facts.notes.try_emplace(commit.id);
    if (!fresh) return;
    notes->second.trailers = trailers_of(commit);
    notes->second.good_signature =
        commit.signed_commit && signatures_.known.find(commit.id, signatures_.now).has_value();
  };
  for (const Commit& commit : facts.commits) add(commit);
  if (facts.head) add(*facts.head);
}

void GitFacts::remember_tips() {
  if (held_) return;
  held_.emplace();
  for (const auto& [name, tip] : tips_) held_->insert(tip);
}

RefFacts GitFacts::tell(const SpooledUpdate& update, std::unordered_set<ObjectId>& counted) {
  RefFacts facts;
  const bool deleted = update.after.is_zero();
  const ObjectId& value = deleted ? update.before : update.after;
  const auto commit = commit_behind(*repository_, value);
  facts.version = commit ? tags_->of_commit(update.ref, *commit) : untagged(value);
  if (deleted) return facts;
  if (!commit) {
    facts.forced = forced(update);
    return facts;
  }
  const CommitRange range = new_commits(update, *commit);
  // Git moves a tag only by force, wherever it moves to.
  facts.forced =
      !update.before.is_zero() && (!range.fast_forward || parts_of(update.ref).kind == "tag");
  facts.commits = listed(range.commits);
  facts.commits_total = range.commits.size();
  facts.commits_complete = range.complete;
  facts.head = read_commit(*repository_, *commit);
  add_files(update, range, facts);
  add_notes(facts);
  counted.insert(range.commits.begin(), range.commits.end());
  return facts;
}

PushFacts GitFacts::tell(std::span<const SpooledUpdate> updates) {
  PushFacts facts;
  std::unordered_set<ObjectId> counted;
  files_.refill();
  remember_tips();
  for (const SpooledUpdate& update : updates) {
    facts.refs.push_back(tell(update, counted));
    apply(update);
  }
  for (std::size_t i = 0; i < updates.size(); ++i) {
    const ObjectId& commit = facts.refs[i].version.commit;
    facts.refs[i].known_before = held_->contains(commit) || !counted.contains(commit);
  }
  for (const RefFacts& ref : facts.refs) held_->insert(ref.version.commit);
  facts.commits_total = counted.size();
  return facts;
}

bool GitFacts::forced(const SpooledUpdate& update) {
  if (update.before.is_zero() || update.after.is_zero()) return false;
  try {
    if (repository_->header(update.after).type == ObjectType::missing) return false;
  } catch (const Error&) {
    return false;
  }
  if (parts_of(update.ref).kind == "tag") return true;
  const auto before = commit_behind(*repository_, update.before);
  const auto after = commit_behind(*repository_, update.after);
  return !before || !after || !walk_.between(*before, *after).fast_forward;
}

bool GitFacts::is_release(std::string_view ref) const {
  const RefParts parts = parts_of(ref);
  return parts.kind == "tag" && releases_.matches(parts.name);
}

TagFacts GitFacts::tag(const SpooledUpdate& update) const {
  TagFacts facts;
  facts.ref = update.ref;
  facts.object = update.after.is_zero() ? update.before : update.after;
  facts.target_type = type_of(*repository_, facts.object);
  if (facts.target_type == ObjectType::tag) {
    facts.tag = read_tag(*repository_, facts.object);
    if (facts.tag) facts.target_type = facts.tag->type;
    facts.good_signature = facts.tag && facts.tag->signed_tag &&
                           signatures_.known.find(facts.object, signatures_.now).has_value();
  }
  const auto commit = commit_behind(*repository_, facts.object);
  facts.version = commit ? tags_->of_commit(update.ref, *commit) : untagged(facts.object);
  // The commit may have a higher tag, too, or this one may be gone again.
  facts.version.name = short_name(parts_of(update.ref).name);
  facts.version.tagged = true;
  return facts;
}

ReleaseFacts GitFacts::release(const SpooledUpdate& update) {
  ReleaseFacts facts{.tag = tag(update), .previous = std::nullopt};
  const auto commit = commit_behind(*repository_, update.after);
  if (!commit) return facts;

  const std::string git_namespace(parts_of(update.ref).git_namespace);
  const auto [released, fresh] = released_.try_emplace(git_namespace);
  if (fresh) released->second = tags_->commits_with(git_namespace, releases_);
  const auto previous = walk_.nearest_ancestor(*commit, released->second);
  if (!previous) return facts;
  facts.previous = tags_->of_commit(update.ref, *previous, releases_);
  facts.commits_since = walk_.between(*previous, *commit).commits.size();
  return facts;
}

std::optional<ObjectId> GitFacts::tip(std::string_view ref) const {
  const auto found = tips_.find(ref);
  return found == tips_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace trunkgate

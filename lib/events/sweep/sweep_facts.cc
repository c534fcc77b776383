#include "events/sweep/sweep_facts.h"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/microseconds.h"
#include "base/text.h"
#include "events/event.h"
#include "events/event_view.h"
#include "events/journal.h"
#include "events/lineage/lineage_graph.h"
#include "events/lineage/lineage_index.h"
#include "events/spool.h"
#include "events/sweep/git_refs.h"
#include "evidence/state_log.h"
#include "push/new_commits.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr std::string_view kBranches = "refs/heads/";
constexpr std::size_t kMostOwners = 20;
constexpr std::size_t kOwnCommits = 500;  // that owners are looked for in

// A moment counts as over only when its second is.
std::int64_t seconds_of(std::int64_t microseconds) {
  return (microseconds + kSecond - 1) / kSecond;
}

void add(std::vector<std::string>& names, const std::string& name) {
  if (name.empty() || names.size() == kMostOwners) return;
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

SweepFacts::SweepFacts(const Repository& repository, const std::string& folder,
                       const Policy& policy)
    : repository_(repository),
      policy_(policy),
      state_(folder + "/state"),
      used_(used_branches(repository.path())),
      head_(repository.head()),
      heads_(repository.refs(kBranches)) {
  // The journal knows what the spool lost while it was read, not the other way round.
  read_spool(folder);
  if (exists(Journal::path_in(folder))) journal_ = std::make_unique<JournalReader>(folder);
}

void SweepFacts::read_spool(const std::string& folder) {
  const Spool spool(folder + "/spool", Sharing{});
  for (const std::string& name : spool.names()) {
    const auto record = spool.read(name);
    if (!record || record->kind == SpoolRecord::Kind::reject) continue;
    for (const SpooledUpdate& update : record->updates) {
      std::int64_t& time = spooled_[update.ref];
      time = std::max(time, seconds_of(record->time));
    }
  }
}

bool SweepFacts::never_goes(const std::string& ref) const {
  if (ref == head_ || used_.contains(ref)) return true;
  const auto is_target = [&](const SweepEntry& entry) { return entry.merged_into.matches(ref); };
  return std::any_of(policy_.sweep.begin(), policy_.sweep.end(), is_target) ||
         // Whatever its mode: somebody is about to protect it.
         std::any_of(policy_.rules.begin(), policy_.rules.end(), [&](const ActiveRule& rule) {
           return rule.info == &direct_push && rule.scope.covers(ref);
         });
}

std::int64_t SweepFacts::moved(const std::string& ref) const {
  std::int64_t time = 0;
  if (const auto spooled = spooled_.find(ref); spooled != spooled_.end()) time = spooled->second;
  if (journal_ == nullptr) return time;
  Query query = journal_->database().prepare("SELECT not_after FROM refs WHERE name = ?");
  if (query.bind_blob(1, ref).step()) time = std::max(time, seconds_of(query.integer(0)));
  return time;
}

std::vector<SweptBranch> SweepFacts::branches() const {
  std::vector<SweptBranch> branches;
  for (const Ref& ref : heads_) {
    const bool wanted =
        std::any_of(policy_.sweep.begin(), policy_.sweep.end(), [&](const SweepEntry& entry) {
          return entry.refs.matches(ref.name) && !entry.except.matches(ref.name);
        });
    if (!wanted || never_goes(ref.name)) continue;
    if (repository_.header(ref.id).type != ObjectType::commit) continue;
    branches.push_back({.ref = ref.name,
                        .tip = ref.id,
                        .last_commit = repository_.links(ref.id).time,
                        .moved = moved(ref.name)});
  }
  return branches;
}

std::optional<std::int64_t> SweepFacts::merged_into(const Ref& target, const SweptBranch& branch,
                                                    std::int64_t long_ago) const {
  if (!reaches(repository_, target.id, branch.tip)) return std::nullopt;
  if (journal_ == nullptr) return 0;
  // Back to the event that brought it.
  Query query = journal_->database().prepare(
      "SELECT time, json FROM events WHERE ref = ? AND type IN (?, ?) ORDER BY sequence DESC");
  query.bind_blob(1, target.name)
      .bind(2, std::string_view(event_type("ref.created")))
      .bind(3, std::string_view(event_type("ref.updated")));
  while (query.step()) {
    const std::int64_t time = seconds_of(query.integer(0));
    if (time <= long_ago) return 0;
    const EventJson event = EventJson::parse(query.bytes(1), nullptr, false);
    const auto before = ObjectId::parse(text(at(at(at(event, "data"), "change"), "before")));
    if (!before || repository_.header(*before).type != ObjectType::commit ||
        !reaches(repository_, *before, branch.tip)) {
      return time;
    }
  }
  return 0;
}

std::optional<std::int64_t> SweepFacts::merged_since(const SweepEntry& entry,
                                                     const SweptBranch& branch,
                                                     std::int64_t now) const {
  std::optional<std::int64_t> first;
  for (const Ref& target : heads_) {
    if (!entry.merged_into.matches(target.name)) continue;
    const auto since = merged_into(target, branch, now - entry.after);
    if (since) first = std::min(first.value_or(*since), *since);
  }
  return first;
}

std::string SweepFacts::serving(const ObjectId& tip) const {
  if (journal_ == nullptr || !has_lineage_tables(journal_->database())) return {};
  const Database& database = journal_->database();
  const auto node = node_of_identity(database, "commit:" + tip.hex());
  if (!node) return {};
  const std::vector<std::int64_t> start{*node};
  for (const TracedNode& made : trace_lineage(database, start, LineageDirection::down).nodes) {
    constexpr std::string_view kServing = "serving:";
    if (made.kind != ArtifactKind::serving) continue;
    const std::string_view name = made.identity;
    return printable(name.starts_with(kServing) ? name.substr(kServing.size()) : name);
  }
  return {};
}

std::vector<std::string> SweepFacts::owners(const SweptBranch& branch,
                                            const SweepEntry& entry) const {
  std::vector<std::string> owners;
  NewCommitsQuery own{.tips = {branch.tip}, .hidden = {}, .more_hidden = {}};
  for (const Ref& other : heads_) {
    if (never_goes(other.name) || entry.merged_into.matches(other.name)) {
      own.hidden.push_back(other.id);
    }
  }
  std::vector<ObjectId> commits = find_new_commits(repository_, own, kOwnCommits).ids;
  if (commits.empty()) commits.push_back(branch.tip);
  for (const ObjectId& id : commits) {
    try {
      add(owners, repository_.commit(id).author.email);
    } catch (const Error&) {
      // One that no Git makes: the notice must not wait for it.
    }
  }
  try {
    const std::string start = branch.tip.hex() + " ";
    for (const auto& words : read_lines(state_, "pushers", branch.tip, start, 4)) {
      add(owners, words[1]);
    }
  } catch (const Error&) {
    // Nor for a damaged file.
  }
  return owners;
}

bool SweepFacts::has_told(const std::string& push_id) const {
  if (journal_ == nullptr) return false;
  Query query = journal_->database().prepare("SELECT 1 FROM events WHERE push_id = ? LIMIT 1");
  return query.bind(1, std::string_view(push_id)).step();
}

void SweepFacts::finish() const {
  if (journal_ != nullptr) journal_->finish();
}

}  // namespace trunkgate

#include "events/lineage/commit_story.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "events/bytes_json.h"
#include "events/event.h"
#include "events/version.h"
#include "push/new_commits.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxSteps = 50;        // pushes that brought one commit somewhere
constexpr std::size_t kMaxLongPushes = 200;  // looked at with the help of history

const Json& at(const Json& json, std::initializer_list<const char*> keys) {
  static const Json kNothing;
  const Json* value = &json;
  for (const char* key : keys) {
    const auto found = value->find(key);
    if (!value->is_object() || found == value->end()) return kNothing;
    value = &*found;
  }
  return *value;
}

std::string text_at(const Json& json, std::initializer_list<const char*> keys) {
  return printable(bytes_from_json(at(json, keys)).value_or(""));
}

std::optional<ObjectId> id_at(const Json& json, std::initializer_list<const char*> keys) {
  const Json& value = at(json, keys);
  return value.is_string() ? ObjectId::parse(value.get<std::string>()) : std::nullopt;
}

std::vector<std::string> approvals_in(const Json& list) {
  std::vector<std::string> names;
  for (const Json& approval : list) {
    if (text_at(approval, {"state"}) == "approved") names.push_back(text_at(approval, {"by"}));
  }
  return names;
}

std::string check_words(const Json& check) {
  std::string metrics;
  const Json& values = at(check, {"metrics"});
  for (auto metric = values.begin(); metric != values.end() && metrics.size() < 100; ++metric) {
    metrics +=
        (metrics.empty() ? "" : ", ") + printable(metric.key(), 40) + " " + metric.value().dump();
  }
  return text_at(check, {"context"}) + " " + text_at(check, {"state"}) +
         (metrics.empty() ? "" : " (" + metrics + ")");
}

std::vector<std::string> checks_in(const Json& list) {
  std::vector<std::string> checks;
  for (const Json& check : list) checks.push_back(check_words(check));
  return checks;
}

class Teller {
 public:
  Teller(const Database& journal, const Repository& repository, CommitStory& story)
      : journal_(journal), repository_(repository), story_(story), hex_(story.commit.hex()) {}

  void tell() {
    if (!journal_.number("SELECT 1 FROM sqlite_master WHERE name = 'events'")) return;
    find_pushes();
    if (story_.landings.empty()) find_evidence();
  }

 private:
  // In the order they happened, those that an event of a reference tells.
  void find_pushes() {
    Query query = journal_.prepare(
        "SELECT time, json, instr(json, ?1) > 0 FROM events WHERE type IN (?2, ?3) AND "
        "(instr(json, ?1) > 0 OR instr(json, '\"/commits\"') > 0) ORDER BY sequence");
    query.bind(1, std::string_view(hex_))
        .bind(2, std::string_view(event_type("ref.created")))
        .bind(3, std::string_view(event_type("ref.updated")));
    std::size_t steps = 0;
    std::size_t long_pushes = 0;
    while (steps < kMaxSteps && query.step()) {
      const Json event = Json::parse(query.bytes(1), nullptr, false);
      const bool lists = query.integer(2) != 0 && brings(event);
      if (!lists && (long_pushes++ >= kMaxLongPushes || !reaches_first(event))) continue;
      ++steps;
      StoryStep step = step_of(event, query.integer(0));
      find_landings(event);
      if (!story_.pushed) story_.pushed = std::move(step);
    }
  }

  bool brings(const Json& event) const {
    const Json& commits = at(event, {"data", "commits"});
    if (id_at(event, {"data", "change", "after"}) == story_.commit) return true;
    return std::any_of(commits.begin(), commits.end(),
                       [&](const Json& commit) { return id_at(commit, {"id"}) == story_.commit; });
  }

  // Of a push that brought more than its event lists.
  bool reaches_first(const Json& event) const {
    const auto before = id_at(event, {"data", "change", "before"});
    const auto after = id_at(event, {"data", "change", "after"});
    try {
      return after && reaches(repository_, *after, story_.commit) &&
             (!before || !reaches(repository_, *before, story_.commit));
    } catch (const Error&) {
      return false;  // its commits are gone
    }
  }

  static StoryStep step_of(const Json& event, std::int64_t time) {
    return {.ref = text_at(event, {"data", "change", "ref", "name"}),
            .by = text_at(event, {"data", "actor", "id"}),
            .time = time,
            .push_id = text_at(event, {"data", "push_id"}),
            .policy_sha256 = text_at(event, {"data", "policy", "sha256"})};
  }

  void find_landings(const Json& ref_event) {
    const std::string push = text_at(ref_event, {"data", "push_id"});
    const std::string id = text_at(ref_event, {"id"});
    Query query = journal_.prepare(
        "SELECT time, json FROM events WHERE push_id = ? AND type = ? ORDER BY sequence");
    query.bind(1, std::string_view(push)).bind(2, std::string_view(event_type("change.landed")));
    while (query.step()) {
      const Json event = Json::parse(query.bytes(1), nullptr, false);
      if (text_at(event, {"causationid"}) != id) continue;
      story_.landings.push_back({.step = step_of(event, query.integer(0)),
                                 .kind = text_at(event, {"data", "landing", "kind"}),
                                 .approvals = approvals_in(at(event, {"data", "approvals"})),
                                 .checks = checks_in(at(event, {"data", "checks"}))});
    }
  }

  // What was left about the commit itself: the last word of each.
  void find_evidence() {
    Query query = journal_.prepare(
        "SELECT json FROM events WHERE type IN (?1, ?2) AND instr(json, ?3) > 0 ORDER BY sequence");
    query.bind(1, std::string_view(event_type("approval.recorded")))
        .bind(2, std::string_view(event_type("check.recorded")))
        .bind(3, std::string_view(hex_));
    std::map<std::string, Json> approvals;
    std::map<std::string, Json> checks;
    while (query.step()) {
      const Json event = Json::parse(query.bytes(0), nullptr, false);
      const Json& approval = at(event, {"data", "approval"});
      const Json& check = at(event, {"data", "check"});
      if (id_at(approval, {"commit"}) == story_.commit) {
        approvals[text_at(approval, {"by"})] = approval;
      }
      if (id_at(check, {"commit"}) == story_.commit) checks[text_at(check, {"context"})] = check;
    }
    for (const auto& [by, approval] : approvals) {
      if (text_at(approval, {"state"}) == "approved") story_.approvals.push_back(by);
    }
    for (const auto& [context, check] : checks) story_.checks.push_back(check_words(check));
  }

  const Database& journal_;
  const Repository& repository_;
  CommitStory& story_;
  std::string hex_;
};

}  // namespace

CommitStory tell_commit(const Database* journal, const Repository& repository,
                        const ObjectId& commit) {
  CommitStory story;
  story.commit = commit;
  story.present = repository.header(commit).type == ObjectType::commit;
  if (!story.present) return story;
  try {
    story.title = printable(title_of(repository.commit(commit).message));
  } catch (const BadCommit&) {
    // Older than the gate; who pushed it may be known all the same.
  }
  const Version version =
      TagIndex(repository, repository.refs("refs/tags/")).of_commit("refs/heads/x", commit);
  story.version = printable(version.name);
  for (const std::string& tag : version.tags) story.tags.push_back(printable(tag));
  if (journal != nullptr) Teller(*journal, repository, story).tell();
  return story;
}

}  // namespace trunkgate

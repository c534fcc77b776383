#include "events/full_event.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/microseconds.h"
#include "base/text.h"
#include "events/bytes_json.h"
#include "events/event.h"
#include "events/event_body.h"
#include "events/event_view.h"
#include "events/git_facts.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kNamedObjects = 10;

ObjectId id_or_zero(const EventJson& value) {
  if (!value.is_string()) return {};
  return ObjectId::parse(value.get_ref<const std::string&>()).value_or(ObjectId());
}

// What the event of a ref says about it. Names come from the column: they may be cut in the text.
Change change_of(const RecordedEvent& event, const EventJson& json) {
  const EventJson& change = at(at(json, "data"), "change");
  return {.update = {.ref = event.ref.value_or(""),
                     .before = id_or_zero(at(change, "before")),
                     .after = id_or_zero(at(change, "after")),
                     .protected_ref = is_true(at(at(change, "ref"), "protected"))},
          .forced = is_true(at(change, "forced"))};
}

bool is_of_ref(const RecordedEvent& event) {
  return event.ref &&
         (event.type == event_type("ref.created") || event.type == event_type("ref.updated") ||
          event.type == event_type("ref.deleted"));
}

std::string first_part(const std::string& pointer) {
  return pointer.empty() ? pointer : pointer.substr(1, pointer.find('/', 1) - 1);
}

class Retelling {
 public:
  Retelling(const JournalReader& journal, const Repository& repository, const std::string& state,
            const RecordedEvent& event)
      : journal_(journal),
        repository_(repository),
        state_(state),
        event_(event),
        read_(EventJson::parse(event.json, nullptr, false)),
        json_(Json::parse(event.json, nullptr, false)) {
    if (!json_.is_object() || !json_.contains("data") || !json_["data"].is_object()) {
      throw Error(ErrorKind::delivery,
                  fmt::format("event {} in the journal is no JSON object", event.sequence),
                  "see what is wrong with: trunkgate events verify");
    }
    const EventJson& cut = at(at(read_, "data"), "truncated");
    if (!cut.is_array()) return;
    for (const EventJson& pointer : cut) {
      if (pointer.is_string()) cut_.push_back(pointer.get<std::string>());
    }
  }

  FullEvent tell() {
    const EventJson& branch = at(at(at(read_, "data"), "repository"), "default_branch");
    if (branch.is_string()) facts_.default_branch = branch.get<std::string>();
    body_.repository = &facts_;
    body_.actor = &actor_;
    if (wants({"commits", "commits_total", "head_commit", "files"}) || cut_files_of_commit()) {
      retell_ref();
    }
    if (wants({"tag"})) retell_tag();
    if (wants({"change"}) && event_.ref) {
      const Change change = change_of(event_, read_);
      body_.change = &change;
      take({"change"});
    }
    if (wants({"changes"}) && event_.type == event_type("push.accepted")) retell_changes();
    return finish();
  }

 private:
  bool wants(const std::set<std::string>& parts) const {
    return std::any_of(cut_.begin(), cut_.end(), [&](const std::string& pointer) {
      return parts.contains(first_part(pointer));
    });
  }

  // Which `truncated` does not say.
  bool cut_files_of_commit() const {
    const EventJson& data = at(read_, "data");
    if (is_true(at(at(data, "head_commit"), "files_truncated"))) return true;
    const EventJson& commits = at(data, "commits");
    return std::any_of(commits.begin(), commits.end(), [](const EventJson& commit) {
      return is_true(at(commit, "files_truncated"));
    });
  }

  // Puts members of the body, told in full, in the place of those that were sent.
  void take(const std::set<std::string>& parts) {
    Json whole = Json::parse(whole_body_text(body_).json);
    for (const std::string& part : parts) {
      if (whole.contains(part)) json_["data"][part] = std::move(whole[part]);
    }
    std::erase_if(cut_,
                  [&](const std::string& pointer) { return parts.contains(first_part(pointer)); });
    if (!whole.contains("truncated")) return;
    for (const Json& pointer : whole["truncated"]) {
      std::string cut = pointer.get<std::string>();
      if (parts.contains(first_part(cut))) cut_.push_back(std::move(cut));
    }
  }

  void require(const std::vector<ObjectId>& objects) {
    for (const ObjectId& id : objects) {
      if (id.is_zero()) continue;
      if (repository_.header(id).type == ObjectType::missing) gone_.insert(id.hex());
    }
  }

  void fail_for_gone() const {
    if (gone_.empty()) return;
    std::vector<std::string> names;
    for (const std::string& id : gone_) {
      if (names.size() < kNamedObjects) names.push_back(id);
    }
    const std::string more = gone_.size() > names.size()
                                 ? fmt::format(", and {} more", gone_.size() - names.size())
                                 : "";
    throw Error(ErrorKind::repository,
                fmt::format("event {} cannot be told in full: {} it tells of {} gone: {}{}",
                            event_.sequence, count_of(gone_.size(), "object", "objects"),
                            gone_.size() == 1 ? "is" : "are", join(names, ", "), more),
                "as it was sent: trunkgate events show " + std::to_string(event_.sequence));
  }

  // Takes the refs back to what they held before the event.
  void rewind(GitFacts& facts) const {
    std::set<std::string> known;
    std::vector<SpooledUpdate> values;
    Query refs = journal_.database().prepare("SELECT name, value FROM refs");
    while (refs.step()) {
      known.insert(refs.text(0));
      values.push_back({refs.text(0), ObjectId::parse(refs.text(1)).value_or(ObjectId()), {}});
    }
    // What the journal does not know yet came later.
    for (const Ref& ref : repository_.refs()) {
      if (!known.contains(ref.name)) values.push_back({ref.name, {}, {}});
    }
    for (const SpooledUpdate& value : values) facts.rewind(value);
    std::vector<SpooledUpdate> later;
    EventQuery query;
    query.range.first = event_.sequence;
    journal_.each(query, [&](const RecordedEvent& each) {
      if (is_of_ref(each)) {
        later.push_back(change_of(each, EventJson::parse(each.json, nullptr, false)).update);
      }
      return true;
    });
    for (auto each = later.rbegin(); each != later.rend(); ++each) facts.rewind(*each);
  }

  void retell_ref() {
    const Change change = change_of(event_, read_);
    require({change.update.before, change.update.after});
    fail_for_gone();
    GitFacts facts(repository_,
                   {.commits = kAll,
                    .files_each = kAll,
                    .files = {.listed = kAll, .trees = kAll, .bytes = kAll}},
                   {}, {.known = KnownSignatures(state_), .now = microseconds_now() / kSecond});
    if (change.update.before.is_zero()) rewind(facts);
    const std::vector<SpooledUpdate> updates{change.update};
    const RefFacts told = facts.tell(updates).refs[0];
    for (const Commit& commit : told.commits) require(commit.parents);
    if (told.head) require(told.head->parents);
    for (const ObjectId& tree : facts.unreadable_trees()) gone_.insert(tree.hex());
    fail_for_gone();
    check_count(told);
    body_.change = &change;
    body_.facts = &told;
    take({"commits", "commits_total", "head_commit", "files"});
    keep_signatures();
  }

  // The same commits as then, or it is another event.
  void check_count(const RefFacts& told) const {
    const bool exact = std::find(cut_.begin(), cut_.end(), "/commits_total") == cut_.end();
    const std::size_t then = number(at(at(read_, "data"), "commits_total"));
    if (told.commits.size() == told.commits_total && (!exact || told.commits_total == then)) return;
    throw Error(
        ErrorKind::delivery,
        fmt::format("event {} cannot be told in full: it told of {}, and {} can be found",
                    event_.sequence, count_of(then, "commit", "commits"), told.commits.size()),
        "as it was sent: trunkgate events show " + std::to_string(event_.sequence));
  }

  // What was known of a signature then may be forgotten by now.
  void keep_signatures() {
    std::map<std::string, EventJson> then;
    const EventJson& data = at(read_, "data");
    for (const EventJson& commit : at(data, "commits")) {
      then[text(at(commit, "id"))] = at(commit, "signature");
    }
    const EventJson& head = at(data, "head_commit");
    then[text(at(head, "id"))] = at(head, "signature");
    const auto keep = [&](Json& commit) {
      const auto found = then.find(commit["id"].get<std::string>());
      if (found != then.end() && found->second.is_string()) {
        commit["signature"] = found->second.get<std::string>();
      }
    };
    for (Json& commit : json_["data"]["commits"]) keep(commit);
    if (json_["data"].contains("head_commit")) keep(json_["data"]["head_commit"]);
  }

  void retell_tag() {
    // A release's event has no change.
    const ObjectId object = id_or_zero(at(at(at(read_, "data"), "tag"), "object"));
    const Change change{.update = {event_.ref.value_or(""), {}, object}, .forced = false};
    require({object});
    fail_for_gone();
    const GitFacts facts(repository_);
    RefFacts told;
    ToldTag tag{.tag = facts.tag(change.update), .previous = {}};
    const EventJson& signature = at(at(at(read_, "data"), "tag"), "signature");
    tag.tag.good_signature = signature == "good";
    told.version = tag.tag.version;
    const DerivedPart part = tag;
    body_.change = &change;
    body_.facts = &told;
    body_.part = &part;
    take({"tag"});
    body_.part = nullptr;
    body_.facts = nullptr;
  }

  // Each of them has an event of its own.
  void retell_changes() {
    EventQuery query;
    query.push = event_.push_id;
    std::vector<Change> changes;
    journal_.each(query, [&](const RecordedEvent& each) {
      if (is_of_ref(each)) {
        changes.push_back(change_of(each, EventJson::parse(each.json, nullptr, false)));
      }
      return true;
    });
    // Some may be pruned, though not those alone.
    if (changes.size() != number(at(at(at(read_, "data"), "counts"), "refs"))) return;
    body_.changes = changes;
    take({"changes"});
  }

  FullEvent finish() {
    Json& data = json_["data"];
    data.erase("truncated");
    if (cut_.empty()) {
      json_.erase("dataref");
    } else {
      data["truncated"] = cut_;
    }
    return {dump(json_), cut_};
  }

  const JournalReader& journal_;
  const Repository& repository_;
  const std::string& state_;
  const RecordedEvent& event_;
  const EventJson read_;
  Json json_;
  std::vector<std::string> cut_;
  std::set<std::string> gone_;
  RepositoryFacts facts_;
  Actor actor_;
  EventBody body_;
};

}  // namespace

FullEvent full_event(const JournalReader& journal, const Repository& repository,
                     const std::string& state, const RecordedEvent& event) {
  return Retelling(journal, repository, state, event).tell();
}

}  // namespace trunkgate

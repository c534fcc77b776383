#include "events/journal_check.h"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "events/event_fit.h"
#include "events/journal.h"
#include "events/journal_reader.h"

namespace trunkgate {
namespace {

constexpr std::size_t kMostProblems = 100;

std::string these(std::uint64_t first, std::uint64_t last) {
  return first == last ? fmt::format("event {} was", first)
                       : fmt::format("events {} to {} were", first, last);
}

class Check {
 public:
  explicit Check(const std::string& folder) : folder_(folder), journal_(folder) {}

  JournalCheck run() {
    // Everything from here on is as of one moment.
    journal_.database().execute("BEGIN");
    check_file();
    read_bounds();
    check_events();
    check_ids();
    check_end();
    check_refs();
    check_deliveries();
    journal_.database().execute("COMMIT");
    journal_.finish();
    return std::move(result_);
  }

 private:
  struct LastStep {
    RefStep step;
    std::string id;
    std::uint64_t sequence = 0;
  };

  void problem(const std::string& text) {
    if (++result_.problems_total <= kMostProblems)
      result_.problems.push_back(printable(text, 2000));
  }

  void check_file() {
    Query query =
        journal_.database().prepare(fmt::format("PRAGMA integrity_check({})", kMostProblems));
    while (query.step()) {
      if (query.bytes(0) != "ok") problem("the file is damaged: " + query.text(0));
    }
  }

  void read_bounds() {
    result_.pruned = std::stoull("0" + number_text(journal_.meta("first")));
    chain_ = journal_.meta("anchor");
    result_.last = result_.pruned;
  }

  static std::string number_text(const std::string& text) {
    const bool digits =
        text.size() < 19 && text.find_first_not_of("0123456789") == std::string::npos;
    return digits ? text : std::string();
  }

  void check_events() {
    journal_.each({}, [&](const RecordedEvent& event) {
      ++result_.events;
      if (event.sequence <= result_.pruned) {
        problem(fmt::format("event {} was inserted: the journal begins after event {}",
                            event.sequence, result_.pruned));
        return true;
      }
      if (result_.first == 0) result_.first = event.sequence;
      if (event.sequence == result_.last + 1) {
        check_link(event);
      } else {
        tell_edited();
        problem(these(result_.last + 1, event.sequence - 1) + " removed");
        gaps_.emplace_back(result_.last + 1, event.sequence - 1);
        made_ = event.chain;  // from what is gone; nobody can say more
      }
      check_event(event);
      chain_ = event.chain;
      result_.last = event.sequence;
      return true;
    });
  }

  // Which of two events was edited, the next one tells: it is linked to what the first one was.
  void check_link(const RecordedEvent& event) {
    const bool linked = chained_hash(chain_, event.json) == event.chain;
    if (broken_ && !linked && chained_hash(made_, event.json) == event.chain) {
      problem(fmt::format("the hash of event {} was edited", *broken_));
      broken_.reset();
    } else {
      tell_edited();
      if (!linked) broken_ = event.sequence;
    }
    made_ = linked ? event.chain : chained_hash(chain_, event.json);
  }

  void tell_edited() {
    if (!broken_) return;
    problem(
        fmt::format("event {} was edited, or the one before it and its hash: the two are not "
                    "linked any more",
                    *broken_));
    broken_.reset();
  }

  void check_event(const RecordedEvent& event) {
    const EventFit fit = fit_of(event);
    if (!fit.mistake.empty()) {
      problem(fmt::format("event {} was edited: {}", event.sequence, fit.mistake));
    }
    if (!fit.step || !event.ref) return;
    const auto [place, first] = steps_.try_emplace(*event.ref);
    LastStep& last = place->second;
    const std::string name = *event.ref;
    if (first) {
      // Older ones may have been pruned, or removed, which was told then.
      if (result_.pruned == 0 && gaps_.empty() &&
          (fit.step->count != 1 || !fit.step->previous.empty())) {
        problem(fmt::format("event {} is not the first one of {}: it follows {}", event.sequence,
                            name, fit.step->previous));
      }
    } else if (fit.step->count != last.step.count + 1) {
      problem(fmt::format("event {} is number {} of {}, and event {} number {}", event.sequence,
                          fit.step->count, name, last.sequence, last.step.count));
    } else if (fit.step->previous != last.id) {
      problem(fmt::format("event {} follows {}, but the one of {} before it is {}", event.sequence,
                          fit.step->previous, name, last.id));
    }
    last = {.step = *fit.step, .id = event.id, .sequence = event.sequence};
  }

  void check_ids() {
    Query query = journal_.database().prepare(
        "SELECT max(sequence), id FROM events GROUP BY id HAVING count(*) > 1");
    while (query.step()) {
      problem(fmt::format("event {} was inserted: another one has its id {}", query.integer(0),
                          query.text(1)));
    }
  }

  // The marker is written after the events, a moment later; a deliverer may be between the two.
  JournalMarker marker() const {
    JournalMarker marker = read_journal_marker(folder_);
    for (int i = 0; i < 20 && marker.last < result_.last; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      marker = read_journal_marker(folder_);
    }
    return marker;
  }

  void check_end() {
    const std::string epoch = journal_.meta("epoch");
    const JournalMarker marker = this->marker();
    if (broken_ && marker.epoch != 0 && *broken_ > marker.last) {
      problem(fmt::format("event {} was inserted: it is not linked to the one before", *broken_));
      return;
    }
    tell_edited();
    if (marker.epoch == 0) {
      if (result_.events > 0) {
        problem("state/journal.json was removed: events may be missing after event " +
                std::to_string(result_.last));
      }
      return;
    }
    if (std::to_string(marker.epoch) != epoch) {
      problem(
          fmt::format("the journal is of epoch {}, state/journal.json of epoch {}: another "
                      "journal was put in its place",
                      epoch, marker.epoch));
    } else if (marker.last > result_.last && !recorded_since(marker.last)) {
      problem(fmt::format("{} removed: state/journal.json counts {}",
                          these(result_.last + 1, marker.last), marker.last));
      gaps_.emplace_back(result_.last + 1, marker.last);
    } else if (marker.last < result_.last) {
      problem(
          fmt::format("{} inserted, or the deliverer was killed while it recorded: "
                      "state/journal.json counts {}",
                      these(marker.last + 1, result_.last), marker.last));
    }
  }

  // What is read here is as of the moment when it began; the marker may be of a later one.
  bool recorded_since(std::uint64_t last) const { return JournalReader(folder_).last() >= last; }

  void check_refs() {
    Query query = journal_.database().prepare(
        "SELECT name, count, last_event, value FROM refs ORDER BY name");
    while (query.step()) {
      const std::string name = query.text(0);
      const auto found = steps_.find(name);
      const std::uint64_t count = static_cast<std::uint64_t>(query.integer(1));
      if (found == steps_.end()) {
        if (count > 0 && result_.pruned == 0 && gaps_.empty()) {
          problem(
              fmt::format("{} has had {}, and none is there: removed, or the table 'refs' was "
                          "edited",
                          name, count_of(count, "event", "events")));
        }
        continue;
      }
      const LastStep last = std::move(found->second);
      steps_.erase(found);
      std::string_view value = query.bytes(3);
      if (value.find_first_not_of('0') == std::string_view::npos) value = {};
      const bool same =
          count == last.step.count && query.bytes(2) == last.id && value == last.step.after;
      // The last events of the ref may be among those that were removed, which was told then.
      if (same || (count > last.step.count && !gaps_.empty())) continue;
      problem(
          fmt::format("the table 'refs' says otherwise about {} than event {}: number {}, {}, "
                      "at {}",
                      name, last.sequence, count, query.text(2),
                      value.empty() ? "nothing" : value.substr(0, 8)));
    }
    for (const auto& [name, last] : steps_) {
      problem(fmt::format("the table 'refs' has lost {}, of which event {} tells", name,
                          last.sequence));
    }
  }

  void check_deliveries() {
    Query query = journal_.database().prepare(
        "SELECT sink, sequence FROM deliveries d WHERE NOT EXISTS "
        "(SELECT 1 FROM events e WHERE e.sequence = d.sequence) ORDER BY sequence, sink");
    while (query.step()) {
      const auto sequence = static_cast<std::uint64_t>(query.integer(1));
      bool told = false;
      for (const auto& [first, last] : gaps_)
        told = told || (first <= sequence && sequence <= last);
      if (!told) {
        problem(fmt::format("sink {} has a delivery of event {}, which is not there", query.text(0),
                            sequence));
      }
    }
  }

  std::string folder_;
  JournalReader journal_;
  JournalCheck result_;
  std::string chain_;
  std::string made_;                     // the hash that the event before should have
  std::optional<std::uint64_t> broken_;  // the event before is not linked to the one before that
  std::vector<std::pair<std::uint64_t, std::uint64_t>> gaps_;
  std::map<std::string, LastStep, std::less<>> steps_;  // the last one of each ref
};

}  // namespace

JournalCheck check_journal(const std::string& folder) {
  try {
    return Check(folder).run();
  } catch (const DamagedDatabase& damage) {
    JournalCheck check;
    check.problems.emplace_back(damage.what());
    check.problems_total = 1;
    return check;
  }
}

}  // namespace trunkgate

#include "policy/events_reader.h"

#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/text.h"
#include "config/option_reader.h"
#include "git/ref_name.h"
#include "policy/policy_keys.h"

namespace trunkgate {
namespace {

using namespace keys;

constexpr std::string_view kTags = "refs/tags/";
constexpr std::string_view kBranches = "refs/heads/";

// Patterns that can match nothing below `prefix` would leave the events out without a word. HEAD is
// no name that the deliverer knows.
bool fits(const RefPatterns& patterns, std::string_view prefix) {
  return !patterns.names_head() && (patterns.empty() || patterns.may_match_below(prefix));
}

}  // namespace

void EventsReader::read_sink(const Node& node, const std::string& folder, Policy& policy) {
  SinkSettings sink = sinks_.read(node, folder);
  if (!sink.name.empty() && !names_.insert(sink.name).second) {
    diagnostics_.error(node.find("name")->where, "there is a sink '" + sink.name + "' already");
  }
  if (const auto* file = std::get_if<FileSinkSettings>(&sink.receiver);
      file != nullptr && !file->path.empty() && !sink.name.empty()) {
    // An event that stands in the file already is not written again, so filters would mix.
    const auto [known, added] = files_.emplace(file->path, sink.name);
    if (!added) {
      diagnostics_.error(node.find("file")->where,
                         "the sink '" + known->second + "' writes into this file already");
    }
  }
  policy.sinks.push_back(std::move(sink));
}

void EventsReader::check(const Policy& policy) const {
  std::vector<std::string> labels;
  for (const Exemption& exemption : policy.exemptions) labels.push_back(exemption.label);
  sinks_.check_labels(labels);
}

void EventsReader::read_hotfixes(const Node& node, EventsPolicy& events) {
  const OptionReader reader(node, kHotfixKeys, diagnostics_, "'hotfixes'");
  events.hotfixes = reader.get(kHotfixBranches);
  if (!fits(events.hotfixes, kBranches)) {
    diagnostics_.error(reader.find("branches")->where,
                       "'branches' are names of branches, such as 'hotfix/**'");
  }
  const Node* into = reader.find("into");
  events.hotfixes_into.clear();
  for (const std::string& written : reader.get(kHotfixInto)) {
    std::string name = written.starts_with("refs/") ? written : std::string(kBranches) + written;
    if (into != nullptr && (!name.starts_with(kBranches) || ref_name_mistake(name))) {
      diagnostics_.error(item_location(*into, written),
                         "'" + printable(written, 200) +
                             "' is no branch: 'into' takes whole names, such as develop");
    }
    events.hotfixes_into.push_back(std::move(name));
  }
}

void EventsReader::read_journal(const Node& node, JournalPolicy& journal) {
  const OptionReader reader(node, kJournalKeys, diagnostics_, "'journal'");
  if (const Node* keep = reader.find("keep-for"); keep != nullptr) {
    journal.keep_for = reader.get(kKeepFor);
    if (journal.keep_for < std::chrono::hours(24)) {
      diagnostics_.error(keep->where, "events are kept for a day at least");
    }
  }
  if (const Node* size = reader.find("max-size"); size != nullptr) {
    journal.max_bytes = reader.get(kJournalSize).bytes;
    if (journal.max_bytes < std::uint64_t{1} << 20U) {
      diagnostics_.error(size->where, "a journal has 1 MiB at least");
    }
  }
}

void EventsReader::read(const Node& node, const std::string& folder, Policy& policy) {
  const OptionReader reader(node, kEventsKeys, diagnostics_, "'events'");
  if (const Node* sinks = list_at(reader, "sinks"); sinks != nullptr) {
    for (const Node& sink : sinks->items) read_sink(sink, folder, policy);
  }
  if (reader.has("received")) policy.events.received = reader.get(kReceived);
  if (const Node* releases = reader.find("releases"); releases != nullptr) {
    policy.events.releases = reader.get(kReleases);
    if (!fits(policy.events.releases, kTags)) {
      diagnostics_.error(releases->where,
                         "'releases' are tags with their full names, such as "
                         "'refs/tags/v*'");
    }
  }
  if (const Node* hotfixes = reader.find("hotfixes"); hotfixes != nullptr) {
    read_hotfixes(*hotfixes, policy.events);
  }
  if (const Node* journal = reader.find("journal"); journal != nullptr) {
    read_journal(*journal, policy.events.journal);
  }
  if (const Node* durability = reader.find("durability"); durability != nullptr) {
    constexpr std::string_view kWords[] = {"required", "best-effort"};
    policy.events.best_effort = read_word(*durability, kWords, 0, diagnostics_) == 1;
  }
  if (const Node* overflow = reader.find("overflow"); overflow != nullptr) {
    constexpr std::string_view kWords[] = {"degrade", "block"};
    policy.events.blocks_when_full = read_word(*overflow, kWords, 0, diagnostics_) == 1;
  }
}

}  // namespace trunkgate

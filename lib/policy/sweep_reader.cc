#include "policy/sweep_reader.h"

#include <span>
#include <string_view>

#include "base/text.h"
#include "policy/policy_keys.h"

namespace trunkgate {
namespace {

using namespace keys;

constexpr std::string_view kBranches = "refs/heads/";
constexpr std::string_view kEntry = "an entry of 'sweep'";

}  // namespace

// What is among them and no branch would stay without a word.
RefPatterns SweepReader::read_branches(const OptionReader& reader,
                                       const Option<RefPatterns>& option) {
  const Node* node = reader.find(option.info.name);
  if (node == nullptr) return {};
  RefPatterns patterns = reader.get(option);
  const std::span<const Node> items = node->kind == Node::Kind::sequence
                                          ? std::span<const Node>(node->items)
                                          : std::span<const Node>(node, 1);
  for (const Node& item : items) {
    Diagnostics reported;
    RefPatterns one;
    if (!OptionType<RefPatterns>::read(item, reported, one)) continue;
    if (one.names_head() && &option != &kSweepMergedInto) {
      diagnostics_.error(item.where, "the branch that HEAD names is never swept");
    } else if (!one.may_match_below(kBranches)) {
      diagnostics_.error(item.where, "'" + std::string(option.info.name) +
                                         "' are names of branches, such as 'feature/**'");
    }
  }
  return patterns;
}

void SweepReader::read_times(const OptionReader& reader, SweepEntry& entry) {
  entry.after = reader.get(kSweepAfter).count();
  entry.notice = reader.get(kSweepNotice).count();
  const Node* after = reader.find("after");
  if (after == nullptr) {
    diagnostics_.error(reader.where(), "'after' is missing: how long nothing new has come",
                       "after: 30d");
    return;
  }
  const Node* notice = reader.find("notice");
  if (entry.after == 0) {
    // Anything else that gives nothing has been said to be wrong.
    if (after->text.starts_with('0')) {
      diagnostics_.error(after->where, "'after' is more than nothing");
    }
  } else if (entry.notice > entry.after) {
    diagnostics_.error(notice == nullptr ? after->where : notice->where,
                       "'notice' is longer than 'after': nobody could be told in time",
                       notice == nullptr
                           ? "without 'notice' it is " + std::string(kSweepNotice.info.fallback)
                           : "");
  }
}

SweepEntry SweepReader::read_entry(const Node& node) {
  const OptionReader reader(node, kSweepKeys, diagnostics_, kEntry);
  SweepEntry entry;
  if (node.kind != Node::Kind::map) {
    // Of a null node nothing has been said yet.
    if (node.kind == Node::Kind::null) diagnostics_.error(node.where, "this entry is empty");
    return entry;
  }
  entry.name = printable(reader.get(kSweepName));
  if (!entry.name.empty() && !names_.insert(entry.name).second) {
    diagnostics_.error(reader.find("name")->where,
                       "there is an entry '" + entry.name + "' in 'sweep' already");
  }
  entry.refs = read_branches(reader, kSweepRefs);
  if (const Node* refs = reader.find("refs"); refs == nullptr) {
    diagnostics_.error(node.where, "'refs' is missing: the branches that go");
  } else if (refs->kind == Node::Kind::sequence && refs->items.empty()) {
    diagnostics_.error(refs->where, "'refs' is empty: it would be for nothing");
  }
  entry.except = read_branches(reader, kSweepExcept);
  if (const Node* into = reader.find("merged-into"); into != nullptr) {
    entry.merged_into = read_branches(reader, kSweepMergedInto);
    if (into->kind == Node::Kind::sequence && into->items.empty()) {
      diagnostics_.error(into->where,
                         "'merged-into' is empty; leave it out where that does not matter");
    }
  }
  read_times(reader, entry);
  entry.archive = reader.get(kSweepArchive);
  return entry;
}

void SweepReader::read(const Node& list, Policy& policy) {
  for (const Node& node : list.items) policy.sweep.push_back(read_entry(node));
}

}  // namespace trunkgate

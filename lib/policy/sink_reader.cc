#include "policy/sink_reader.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "base/nearest.h"
#include "base/text.h"
#include "policy/event_types.h"
#include "policy/named_items.h"
#include "policy/receiver_reader.h"
#include "policy/sink_keys.h"

namespace trunkgate {
namespace {

using namespace keys;

std::string did_you_mean(std::string_view text, std::span<const std::string_view> known) {
  const std::optional<std::string> best = nearest(text, known);
  return best ? "did you mean '" + *best + "'?" : std::string();
}

// The nearest type; of a glob, the nearest "ref.*".
std::string meant_type(std::string_view text) {
  const std::span<const std::string_view> types = event_types();
  if (text.find('*') == std::string_view::npos) return did_you_mean(plain_event_type(text), types);
  std::vector<std::string> families;
  for (const std::string_view type : types) {
    families.push_back(std::string(type.substr(0, type.find('.'))) + ".*");
  }
  const std::vector<std::string_view> known(families.begin(), families.end());
  return did_you_mean(text, known);
}

}  // namespace

void SinkReader::read_types(const OptionReader& keys, SinkFilter& filter) {
  const Node* node = keys.find(kSinkTypes.info.name);
  if (node == nullptr) return;
  for (const std::string& text : keys.get(kSinkTypes)) {
    const Location& where = item_location(*node, text);
    if (const auto mistake = Glob::mistake(text)) {
      diagnostics_.error(where, "bad glob: " + *mistake);
      continue;
    }
    const Glob glob(text);
    const auto types = event_types();
    if (std::any_of(types.begin(), types.end(), [&](auto type) { return glob.matches(type); })) {
      filter.types.push_back(glob);
    } else {
      diagnostics_.error(where, "there is no type of event '" + printable(text, 60) + "'",
                         meant_type(text));
    }
  }
}

void SinkReader::read_filter(const OptionReader& keys, SinkFilter& filter) {
  for (const OptionInfo* list :
       {&kSinkTypes.info, &kSinkRefs.info, &kSinkPaths.info, &kSinkLabels.info}) {
    if (const Node* node = keys.find(list->name); node != nullptr && is_empty_list(*node)) {
      diagnostics_.error(node->where,
                         "'" + std::string(list->name) + "' is empty: the sink would take nothing");
    }
  }
  read_types(keys, filter);
  filter.refs = keys.get(kSinkRefs);
  if (filter.refs.names_head()) {
    diagnostics_.error(keys.find(kSinkRefs.info.name)->where,
                       "HEAD is no name in events; name the branch");
  }
  filter.paths = keys.get(kSinkPaths);
  filter.labels = keys.get(kSinkLabels);
  for (const std::string& label : filter.labels) {
    labels_.emplace_back(label, item_location(*keys.find(kSinkLabels.info.name), label));
  }
  filter.drafts = keys.get(kSinkDrafts);
}

void SinkReader::check_labels(const std::vector<std::string>& known) const {
  const std::vector<std::string_view> names(known.begin(), known.end());
  for (const auto& [label, where] : labels_) {
    if (std::find(names.begin(), names.end(), label) != names.end()) continue;
    diagnostics_.error(where, "there is no exemption '" + printable(label, 60) + "'",
                       did_you_mean(label, names));
  }
}

void SinkReader::read_receiver(const OptionReader& keys, const Node& node,
                               const std::string& folder, SinkSettings& sink) {
  const Entry* first = nullptr;
  for (const Entry& entry : node.entries) {
    const bool receiver =
        std::any_of(std::begin(kReceivers), std::end(kReceivers),
                    [&](const OptionInfo* option) { return option->name == entry.key; });
    if (!receiver) continue;
    if (first != nullptr) {
      diagnostics_.error(entry.key_where,
                         "a sink has one receiver; this one has '" + first->key + "' already",
                         "write a sink for each");
    } else {
      first = &entry;
    }
  }
  if (first == nullptr) {
    diagnostics_.error(keys.where(),
                       "a sink needs a receiver: file, webhook, nats, smtp or command",
                       "'file: events.jsonl'");
    return;
  }
  ReceiverReader reader(folder, diagnostics_, secrets_);
  if (first->key == kSinkFile.info.name) sink.receiver = reader.read_file(first->value);
  if (first->key == kSinkWebhook.info.name) sink.receiver = reader.read_webhook(first->value);
  if (first->key == kSinkNats.info.name) sink.receiver = reader.read_nats(first->value);
  if (first->key == kSinkSmtp.info.name) sink.receiver = reader.read_smtp(first->value);
  if (first->key == kSinkCommand.info.name) sink.receiver = reader.read_command(first->value);
}

SinkSettings SinkReader::read(const Node& node, const std::string& folder) {
  SinkSettings sink;
  const OptionReader keys(node, kSinkKeys, diagnostics_, "a sink");
  if (node.kind != Node::Kind::map) return sink;
  sink.name = keys.get(kSinkName);
  if (!keys.has("name") || !is_plain_name(sink.name)) {
    diagnostics_.error(keys.has("name") ? node.find("name")->where : node.where,
                       "a sink needs a 'name' of letters, digits, '.', '_' and '-'");
    sink.name.clear();
  }
  read_filter(keys, sink.filter);
  sink.ordered = keys.get(kSinkOrdered);
  read_receiver(keys, node, folder, sink);
  return sink;
}

}  // namespace trunkgate

#include "events/event_line.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "events/event.h"
#include "events/event_view.h"
#include "policy/event_types.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kPushDigits = 13;                   // "push_" and what the pusher was told
constexpr std::size_t kMaxLine = std::size_t{16} << 20U;  // an event in full has long messages
constexpr const char* kNoObject = "00000000";

std::string name_of(const EventJson& change) { return text(at(at(change, "ref"), "name"), 400); }

std::string short_or_none(const EventJson& id) {
  const std::string digits = short_id(id);
  return digits.empty() ? kNoObject : digits;
}

std::string about(const RecordedEvent& event, const EventJson& json) {
  if (event.ref) return printable(*event.ref, 400);
  const EventJson& changes = at(at(json, "data"), "changes");
  if (!changes.is_array()) return text(at(json, "subject"), 400);
  const std::string push = printable(event.push_id.substr(0, kPushDigits));
  if (changes.size() == 1) return push + " " + name_of(changes.front());
  return push + " " + count_of(changes.size(), "ref", "refs");
}

// The single change that an event tells of; null where there are more or none.
const EventJson& change_of(const EventJson& data) {
  const EventJson& changes = at(data, "changes");
  return changes.is_array() && changes.size() == 1 ? changes.front() : at(data, "change");
}

std::string who(const EventJson& json) {
  const EventJson& actor = at(at(json, "data"), "actor");
  std::string id = text(at(actor, "id"));
  if (!id.empty()) return id;
  const std::string kind = text(at(actor, "kind"));
  return kind.empty() ? "-" : "(" + kind + ")";
}

Json ordered(const RecordedEvent& event) {
  Json json = Json::parse(event.json, nullptr, false);
  if (!json.is_object()) {
    throw Error(ErrorKind::delivery,
                fmt::format("event {} in the journal is no JSON object", event.sequence),
                "see what is wrong with: trunkgate events verify");
  }
  return json;
}

// Ordered as it was written. ASCII holds nothing that a terminal obeys.
std::string ascii(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Json delivery_json(const DeliveryRow& row) {
  Json json{{"sink", printable(row.sink)},
            {"state", to_string(row.state)},
            {"attempts", row.attempts},
            {"changed", rfc3339(row.changed)}};
  if (row.due != 0) json["due"] = rfc3339(row.due);
  if (!row.reason.empty()) json["reason"] = printable(row.reason, 1000);
  return json;
}

}  // namespace

std::string second_text(std::int64_t microseconds) {
  return rfc3339(microseconds).substr(0, 19) + "Z";
}

std::string about_text(const RecordedEvent& event) {
  return about(event, EventJson::parse(event.json, nullptr, false));
}

std::string event_line(const RecordedEvent& event) {
  const EventJson json = EventJson::parse(event.json, nullptr, false);
  const EventJson& data = at(json, "data");
  std::string line =
      fmt::format("{:>6}  {}  {:<17}  {}  {}", event.sequence, second_text(event.time),
                  printable(plain_event_type(event.type)), about(event, json), who(json));
  if (const EventJson& change = change_of(data); change.is_object()) {
    line += fmt::format("  {}..{}", short_or_none(at(change, "before")),
                        short_or_none(at(change, "after")));
  }
  const std::string cause = text(at(data, "cause"));
  if (json.is_discarded()) return line + "  (cannot be read)";
  return cause.empty() || cause == "push" ? line : line + "  (" + cause + ")";
}

std::string event_json(const RecordedEvent& event) { return ascii(ordered(event)); }

std::string event_page(const RecordedEvent& event, std::span<const DeliveryRow> deliveries) {
  const std::string pretty = ordered(event).dump(2, ' ', false, Json::error_handler_t::replace);
  std::string page;
  for (const std::string_view line : split(pretty, '\n')) page += printable(line, kMaxLine) + "\n";
  page += deliveries.empty() ? "no sink takes it\n" : "deliveries:\n";
  for (const DeliveryRow& row : deliveries) {
    page += fmt::format("  {}: {}\n", printable(row.sink), state_text(row));
  }
  return page;
}

std::string event_page_json(const RecordedEvent& event, std::span<const DeliveryRow> deliveries) {
  Json json{{"event", ordered(event)}, {"deliveries", Json::array()}};
  for (const DeliveryRow& row : deliveries) json["deliveries"].push_back(delivery_json(row));
  return ascii(json);
}

}  // namespace trunkgate

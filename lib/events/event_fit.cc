#include "events/event_fit.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>

#include "events/event.h"
#include "events/event_builder.h"
#include "events/event_view.h"

namespace trunkgate {
namespace {

std::string_view raw(const EventJson& value) {
  return value.is_string() ? std::string_view(value.get_ref<const std::string&>())
                           : std::string_view();
}

std::uint64_t counter(const EventJson& value) {
  const std::string_view digits = raw(value);
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// What events of a ref are partitioned by, after the repository's id.
std::string_view partition_of(const EventJson& json) {
  const std::string_view key = raw(at(json, "partitionkey"));
  const auto colon = key.find(':');
  return colon == std::string_view::npos ? key : key.substr(colon + 1);
}

// Whether it has the id that is made of what it tells. Later epochs than the first are part of it;
// they stand at the end of the source, where an admin may have written something like it.
bool has_made_id(const RecordedEvent& event, const EventJson& json, const RefStep& step) {
  const EventJson& data = at(json, "data");
  const std::string repository(raw(at(at(data, "repository"), "id")));
  const auto made = [&](const std::string& identity) {
    return event_id({.repository_id = identity,
                     .type = event.type,
                     .about = event.ref ? std::string_view(*event.ref) : std::string_view(),
                     .count = step.count,
                     .before = std::string(raw(at(at(data, "change"), "before"))),
                     .after = step.after});
  };
  if (made(repository) == event.id) return true;
  const std::string_view source = raw(at(json, "source"));
  const auto epoch = source.rfind("epoch=");
  return epoch != std::string_view::npos &&
         made(repository + "#" + std::string(source.substr(epoch + 6))) == event.id;
}

std::string column_mistake(const RecordedEvent& event, const EventJson& json) {
  const auto differs = [](const char* what) {
    return fmt::format("its {} is another one in its text", what);
  };
  if (raw(at(json, "id")) != event.id) return differs("id");
  if (raw(at(json, "type")) != event.type) return differs("type");
  if (counter(at(json, "sequence")) != event.sequence) return differs("sequence");
  if (raw(at(json, "correlationid")) != event.push_id) return differs("push");
  if (raw(at(json, "time")) != rfc3339(event.time)) return differs("time");
  if (raw(at(json, "recordedtime")) != rfc3339(event.recorded)) return differs("recorded time");
  const std::string_view partition = partition_of(json);
  const bool fits =
      event.ref ? partition == partition_of_ref(*event.ref) : !partition.starts_with("refs/");
  return fits ? std::string() : differs("ref");
}

}  // namespace

EventFit fit_of(const RecordedEvent& event) {
  const EventJson json = EventJson::parse(event.json, nullptr, false);
  if (!json.is_object()) return {.mistake = "its text is no JSON object", .step = std::nullopt};
  EventFit fit{.mistake = column_mistake(event, json), .step = std::nullopt};
  if (!at(json, "refsequence").is_string()) return fit;
  RefStep step{.count = counter(at(json, "refsequence")),
               .previous = std::string(raw(at(json, "refprevious"))),
               .after = std::string(raw(at(at(at(json, "data"), "change"), "after")))};
  if (fit.mistake.empty() && !has_made_id(event, json, step)) {
    fit.mistake = "its id was not made of what it tells";
  }
  fit.step = std::move(step);
  return fit;
}

}  // namespace trunkgate

// One event as a CloudEvents 1.0 value, and its JSON form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "git/object_id.h"

namespace trunkgate {

// A larger event would not be passed on by every intermediary (CloudEvents promises 64 KB).
inline constexpr std::size_t kMaxEventBytes = 60 * 1024;

struct Event {
  std::string id;  // "evt_" and 32 hexadecimal digits
  std::string source;
  std::string type;                // "dev.trunkgate.ref.updated.v1"
  std::string subject;             // a ref's name or the push id
  std::int64_t time = 0;           // when it happened, microseconds since 1970
  std::int64_t recorded_time = 0;  // when the deliverer saw it
  std::uint64_t sequence = 0;      // of the repository, contiguous
  std::uint64_t ref_sequence = 0;  // of the ref, contiguous; 0 when the event is not about a ref
  std::string ref_previous;        // id of the ref's previous event; empty for its first
  std::string correlation_id;      // the push id
  std::string causation_id;        // id of the event that this one follows from; may be empty
  std::string partition_key;
  std::string auth_type;
  std::string auth_id;   // may be empty
  std::string data_ref;  // data_ref_of() when something was cut from the body; else empty
  std::string ref;       // full name on disk, raw bytes; empty when the event is about no ref
  std::string body;      // the JSON object `data`, valid UTF-8
};

// Structured mode, one line without LF, `id` before every other free text.
std::string to_json(const Event& event);

// Where all of an event is told: "trunkgate+SOURCE#ID". No program fetches that (nothing keeps what
// was cut), but it names the repository and the event for `trunkgate events show ID --full`.
std::string data_ref_of(const Event& event);

// "dev.trunkgate.NAME.v1".
std::string event_type(std::string_view name);

// What makes an event's id: the same happening has the same id however often it is told.
struct EventIdentity {
  std::string_view repository_id;
  std::string_view type;
  std::string_view about;   // the ref's raw name, or the push id and what tells its events apart
  std::uint64_t count = 0;  // the ref's counter; 0 for a push
  std::string before;       // hexadecimal or empty
  std::string after;
};
std::string event_id(const EventIdentity& identity);

// "2026-01-02T03:04:05.678901Z"; times outside the years 1 to 9999 become the nearest one inside.
std::string rfc3339(std::int64_t microseconds);

// An attribute's value: valid UTF-8 of at most 1 KiB without control characters.
std::string attribute_text(std::string_view bytes);

}  // namespace trunkgate

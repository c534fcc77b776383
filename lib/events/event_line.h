// Events of the journal as an operator reads them. Everything that is returned is printable,
// whoever wrote the journal.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "events/delivery_rows.h"
#include "events/journal_reader.h"

namespace trunkgate {

// "2026-01-02T03:04:05Z".
std::string second_text(std::int64_t microseconds);

// What an event is about: a ref, a push with what it changes, or else its subject.
std::string about_text(const RecordedEvent& event);

// One line: sequence, time, type, what it is about, who did it, old and new value, and how that
// came about where it was no push.
std::string event_line(const RecordedEvent& event);

// The event as it was sent, in one line of ASCII. Throws Error(delivery) for what is no JSON.
std::string event_json(const RecordedEvent& event);

// All of an event in several lines, and below it where it went.
std::string event_page(const RecordedEvent& event, std::span<const DeliveryRow> deliveries);
// The same as one JSON object: "event" and "deliveries".
std::string event_page_json(const RecordedEvent& event, std::span<const DeliveryRow> deliveries);

}  // namespace trunkgate

// Reads what stands in an event's JSON, whatever it is, as printable text. Included by
// lib/events/*.cc only.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

// None of these throws for what an event holds: what is missing or of another kind is null, empty,
// zero or false.
using EventJson = nlohmann::json;

const EventJson& at(const EventJson& json, std::string_view key);
// Of a string, of bytes that are no UTF-8 ({"lossy", "b64"}), of a number or a truth value;
// printable().
std::string text(const EventJson& value, std::size_t limit = 200);
// The lines of a message, without those at its end that are empty; each printable().
std::vector<std::string> text_lines(const EventJson& value);
std::size_t number(const EventJson& value);
bool is_true(const EventJson& value);
std::size_t size_of(const EventJson& list);
// The first digits of an object's id.
std::string short_id(const EventJson& id);
// "alice, bob".
std::string joined(const EventJson& list);
// "2026-01-02 03:04:05 UTC".
std::string time_text(const EventJson& time);

}  // namespace trunkgate

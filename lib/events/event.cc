#include "events/event.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/microseconds.h"
#include "base/text.h"
#include "events/bytes_json.h"

namespace trunkgate {
namespace {

constexpr std::string_view kSchema = "https://trunkgate.invalid/schemas/events/1.json";
constexpr std::size_t kMaxAttributeBytes = 1024;
constexpr std::int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01
constexpr std::int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59

// Twenty digits sort as text the way the numbers do.
std::string counter_text(std::uint64_t value) { return fmt::format("{:020}", value); }

}  // namespace

std::string to_json(const Event& event) {
  nlohmann::ordered_json json{{"specversion", "1.0"},
                              {"id", event.id},
                              {"source", event.source},
                              {"type", event.type},
                              {"subject", event.subject},
                              {"time", rfc3339(event.time)},
                              {"recordedtime", rfc3339(event.recorded_time)},
                              {"datacontenttype", "application/json"},
                              {"dataschema", kSchema},
                              {"sequence", counter_text(event.sequence)}};
  if (event.ref_sequence != 0) json["refsequence"] = counter_text(event.ref_sequence);
  if (!event.ref_previous.empty()) json["refprevious"] = event.ref_previous;
  if (!event.correlation_id.empty()) json["correlationid"] = event.correlation_id;
  if (!event.causation_id.empty()) json["causationid"] = event.causation_id;
  json["partitionkey"] = event.partition_key;
  json["authtype"] = event.auth_type;
  if (!event.auth_id.empty()) json["authid"] = event.auth_id;
  if (!event.data_ref.empty()) json["dataref"] = event.data_ref;
  std::string text = dump(json);
  text.pop_back();
  return text + ",\"data\":" + event.body + "}";
}

std::string data_ref_of(const Event& event) {
  // A reference has one fragment only, and this is it.
  return "trunkgate+" + event.source.substr(0, event.source.find('#')) + "#" + event.id;
}

std::string event_type(std::string_view name) { return fmt::format("dev.trunkgate.{}.v1", name); }

std::string event_id(const EventIdentity& identity) {
  const std::string text =
      fmt::format("{}|{}|{}|{}|{}|{}", identity.repository_id, identity.type, identity.about,
                  identity.count, identity.before, identity.after);
  return "evt_" + sha256(text).substr(0, 32);
}

std::string rfc3339(std::int64_t microseconds) {
  std::int64_t seconds = microseconds / kSecond;
  std::int64_t rest = microseconds % kSecond;
  if (rest < 0) {
    --seconds;
    rest += kSecond;
  }
  const auto clock = static_cast<std::time_t>(std::clamp(seconds, kFirstSecond, kLastSecond));
  std::tm utc{};
  gmtime_r(&clock, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", utc.tm_year + 1900,
                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, rest);
}

std::string attribute_text(std::string_view bytes) {
  std::string text;
  const std::string utf8 = lossy_utf8(bytes);
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto c = static_cast<unsigned char>(utf8[i]);
    // C0 controls and DEL; C1 controls are C2 80 to C2 9F.
    if (c < 0x20 || c == 0x7F) continue;
    if (c == 0xC2 && static_cast<unsigned char>(utf8[i + 1]) < 0xA0) {
      ++i;
      continue;
    }
    text.push_back(utf8[i]);
  }
  return std::string(cut_bytes(text, kMaxAttributeBytes));
}

}  // namespace trunkgate

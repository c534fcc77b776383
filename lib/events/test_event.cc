#include "events/test_event.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "events/body_writer.h"
#include "events/event.h"

namespace trunkgate {
namespace {

constexpr const char* kWho = "trunkgate sink test";
constexpr const char* kRef = "refs/trunkgate/test";

}  // namespace

Delivery test_event(const RepositoryFacts& repository, const std::string& source,
                    std::int64_t now) {
  using Json = nlohmann::ordered_json;
  Event event;
  event.type = event_type("push.received");
  event.correlation_id =
      "push_" + sha256(fmt::format("{}|test|{}", repository.id, now)).substr(0, 32);
  event.id = event_id({.repository_id = repository.id,
                       .type = event.type,
                       .about = event.correlation_id,
                       .count = 0,
                       .before = {},
                       .after = {}});
  event.source = source;
  event.subject = event.correlation_id;
  event.time = event.recorded_time = now;
  event.partition_key = repository.id + ":" + event.correlation_id;
  event.auth_type = "system";
  event.auth_id = kWho;
  const BodyLimits limits;
  BodyWriter writer(limits);
  const Json body{
      {"schema_version", 1},
      {"schema_minor", kSchemaMinor},
      {"repository", writer.repository(repository)},
      {"actor", {{"kind", "system"}, {"id", kWho}, {"transport", "local"}}},
      {"cause", "admin"},
      {"test", true},
      {"push_id", event.correlation_id},
      {"changes", Json::array({{{"ref", {{"name", kRef}, {"kind", "other"}, {"short", kRef}}},
                                {"before", nullptr},
                                {"after", nullptr},
                                {"forced", false}}})},
      {"push_options", Json::array()}};
  event.body = dump(body);
  return {.sequence = 0,
          .id = event.id,
          .type = event.type,
          .partition = event.partition_key,
          .time = now,
          .attempt = 1,
          .json = to_json(event)};
}

}  // namespace trunkgate

#include "policy/event_types.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/file.h"

namespace trunkgate {
namespace {

TEST(EventTypes, AreThoseOfTheSchema) {
  const std::string text =
      read_file(TRUNKGATE_TESTS_DIR "/../config/events.schema.json", std::size_t{1} << 20U).text;
  std::vector<std::string> schema;
  const nlohmann::json json = nlohmann::json::parse(text);
  for (const auto& type : json["properties"]["type"]["enum"]) {
    schema.push_back(type.get<std::string>());
  }
  std::vector<std::string> ours;
  for (const std::string_view type : event_types()) {
    ours.push_back("dev.trunkgate." + std::string(type) + ".v1");
  }
  std::sort(schema.begin(), schema.end());
  std::sort(ours.begin(), ours.end());
  EXPECT_EQ(ours, schema);
}

TEST(EventTypes, EachHasWhatItsDataMustHoldInTheSchema) {
  const std::string text =
      read_file(TRUNKGATE_TESTS_DIR "/../config/events.schema.json", std::size_t{1} << 20U).text;
  const nlohmann::json json = nlohmann::json::parse(text);
  std::vector<std::string> described;
  for (const auto& part : json["allOf"]) {
    const std::string type = part["if"]["properties"]["type"]["const"].get<std::string>();
    described.emplace_back(plain_event_type(type));
    EXPECT_FALSE(part["then"]["properties"]["data"]["allOf"][1]["required"].empty()) << type;
  }
  std::vector<std::string> ours(event_types().begin(), event_types().end());
  std::sort(described.begin(), described.end());
  std::sort(ours.begin(), ours.end());
  EXPECT_EQ(ours, described);
}

TEST(EventTypes, AreTakenOutOfTheirWholeNames) {
  for (const std::string_view type : event_types()) {
    EXPECT_EQ(plain_event_type("dev.trunkgate." + std::string(type) + ".v1"), type);
  }
  EXPECT_EQ(plain_event_type("dev.trunkgate.ref.updated.v12"), "ref.updated");
  for (const char* other : {"ref.updated", "dev.trunkgate.v1", "dev.trunkgate.ref.updated",
                            "dev.trunkgate.ref.updated.v", "dev.trunkgate.ref.updated.vx",
                            "dev.other.ref.updated.v1", ""}) {
    EXPECT_EQ(plain_event_type(other), other);
  }
}

}  // namespace
}  // namespace trunkgate

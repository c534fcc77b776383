#include "events/test_event.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace trunkgate {
namespace {

TEST(TestEvent, IsAPushReceivedThatNobodyCanMistakeForAPush) {
  const RepositoryFacts facts{.id = "6f1c2b1e-3a52-4f0e-9d8a-0c7b1d2e3f40",
                              .name = "trainer",
                              .path = "/srv/trainer.git",
                              .default_branch = "refs/heads/main"};
  const Delivery event = test_event(facts, "file:///srv/trainer.git", 1'767'323'045'678'901);
  const nlohmann::json json = nlohmann::json::parse(event.json);
  EXPECT_EQ(event.id, json["id"]);
  EXPECT_EQ(event.type, json["type"]);
  EXPECT_EQ(event.partition, json["partitionkey"]);
  const std::string push = json["correlationid"];
  EXPECT_EQ(json["sequence"], "00000000000000000000");
  EXPECT_EQ(
      json["data"].dump(),
      "{\"actor\":{\"id\":\"trunkgate sink test\",\"kind\":\"system\",\"transport\":\"local\"},"
      "\"cause\":\"admin\",\"changes\":[{\"after\":null,\"before\":null,\"forced\":false,"
      "\"ref\":{\"kind\":\"other\",\"name\":\"refs/trunkgate/test\","
      "\"short\":\"refs/trunkgate/test\"}}],\"push_id\":\"" +
          push + "\",\"push_options\":[],\"repository\":" + json["data"]["repository"].dump() +
          ",\"schema_minor\":4,\"schema_version\":1,\"test\":true}");
  EXPECT_NE(test_event(facts, "file:///srv/trainer.git", 1'767'323'045'678'902).id, event.id);
}

}  // namespace
}  // namespace trunkgate

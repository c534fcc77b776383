// Reads back what a deliverer wrote.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "delivery_fixture.h"

namespace trunkgate {

using Json = nlohmann::json;
using Story = std::vector<std::string>;

class DelivererTest : public DeliveryFixture {
 protected:
  std::vector<Json> events() const {
    std::vector<Json> result;
    for (const std::string& line : lines()) result.push_back(Json::parse(line));
    return result;
  }
  // "push.accepted", "ref.created refs/heads/main", ... one word or two each.
  std::vector<std::string> story() const {
    std::vector<std::string> result;
    for (const Json& event : events()) {
      const std::string type = event["type"].get<std::string>();
      std::string text = type.substr(14, type.size() - 17);
      if (event["data"].contains("change")) text += " " + event["subject"].get<std::string>();
      if (event["data"].contains("stage")) text += " " + event["data"]["stage"].get<std::string>();
      if (event["data"]["cause"] != "push") text += " " + event["data"]["cause"].get<std::string>();
      result.push_back(text);
    }
    return result;
  }
  std::vector<std::string> ids() const {
    std::vector<std::string> result;
    for (const Json& event : events()) result.push_back(event["id"]);
    return result;
  }
  // Numbers without a gap, and each ref's events linked.
  void expect_linked() const {
    std::uint64_t n = 0;
    std::map<std::string, std::string> last;
    std::set<std::string> seen;
    for (const Json& event : events()) {
      EXPECT_EQ(std::stoull(event["sequence"].get<std::string>()), ++n);
      EXPECT_TRUE(seen.insert(event["id"]).second) << event["id"];
      if (!event.contains("refsequence")) continue;
      std::string& previous = last[event["subject"]];
      EXPECT_EQ(event.value("refprevious", ""), previous);
      previous = event["id"];
    }
  }
  const ObjectId none_{};
};

}  // namespace trunkgate

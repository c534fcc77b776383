// Events for sinks to send, and a place for sinks to be in.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/scratch_folder.h"
#include "events/event.h"
#include "events/short_memory.h"
#include "events/sink_place.h"
#include "policy/sink_settings.h"

namespace trunkgate {

class SinkExample : public ::testing::Test {
 protected:
  static constexpr std::int64_t kNow = 1'767'323'045'678'901;  // 2026-01-02T03:04:05.678901Z

  // Number `n`, of a partition of its own unless said otherwise.
  static Delivery event(std::uint64_t n, const std::string& type = "ref.updated",
                        const std::string& body = "{}", const std::string& partition = {}) {
    Event event;
    event.id = fmt::format("evt_{:032x}", n);
    event.source = "https://git.example.com/trainer.git";
    event.type = event_type(type);
    event.subject = "refs/heads/main";
    event.time = event.recorded_time = kNow;
    event.sequence = n;
    event.correlation_id = "push_0123456789abcdef0123456789abcdef";
    event.partition_key = partition.empty() ? fmt::format("uuid:{}", n) : partition;
    event.auth_type = "user";
    event.body = body;
    return {.sequence = n,
            .id = event.id,
            .type = event.type,
            .partition = event.partition_key,
            .time = event.time,
            .json = to_json(event)};
  }
  static std::string line(std::uint64_t n) { return event(n).json + "\n"; }
  static std::string lines(std::uint64_t first, std::uint64_t last) {
    std::string text;
    for (std::uint64_t n = first; n <= last; ++n) text += line(n);
    return text;
  }
  static std::vector<Delivery> events(std::uint64_t first, std::uint64_t last) {
    std::vector<Delivery> made;
    for (std::uint64_t n = first; n <= last; ++n) made.push_back(event(n));
    return made;
  }

  SinkPlace place() {
    return {
        .sharing = {}, .memory = memory_, .host = "git.example.com", .now = [] { return kNow; }};
  }

  // "delivered", "failed: why" or "skipped", each.
  static std::vector<std::string> told(const std::vector<DeliveryOutcome>& outcomes) {
    std::vector<std::string> words;
    for (const DeliveryOutcome& outcome : outcomes) {
      switch (outcome.state) {
        case DeliveryOutcome::State::delivered:
          words.emplace_back("delivered");
          break;
        case DeliveryOutcome::State::failed:
          words.push_back("failed: " + outcome.reason);
          break;
        case DeliveryOutcome::State::skipped:
          words.emplace_back("skipped");
          break;
      }
    }
    return words;
  }

  ShortMemory memory_;
  ScratchFolder folder_{std::filesystem::temp_directory_path().string()};
};

using Told = std::vector<std::string>;

}  // namespace trunkgate

// Sinks that publish to the servers of a test, and the events that they are given.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "events/event.h"
#include "events/nats_sink.h"
#include "nats_relay.h"
#include "nats_server.h"

namespace trunkgate {

class KeptMemory final : public SinkMemory {
 public:
  std::string get(std::string_view key) override { return values[std::string(key)]; }
  void set(std::string_view key, std::string_view value) override {
    values[std::string(key)] = value;
  }
  std::map<std::string, std::string> values;
};

class NatsFixture : public ::testing::Test {
 protected:
  using State = DeliveryOutcome::State;
  using Lost = std::optional<std::uint64_t>;

  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "nats-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override {
    servers_.clear();
    std::filesystem::remove_all(root_);
  }

  NatsServer& start_server(const std::string& more = "") {
    servers_.push_back(std::make_unique<NatsServer>(root_ + "/" + std::to_string(servers_.size()),
                                                    free_ports(1).front(), more));
    servers_.back()->start();
    return *servers_.back();
  }

  std::vector<std::string> urls() const {
    std::vector<std::string> result;
    for (const auto& server : servers_) result.push_back(server->url());
    return result;
  }
  // Waits until the servers answer.
  NatsReader reader() const { return NatsReader(urls()); }

  SinkSettings settings() const {
    NatsSettings nats;
    nats.servers = urls();
    nats.stream = "GIT";
    SinkSettings settings;
    settings.name = "bus";
    settings.receiver = nats;
    return settings;
  }
  std::unique_ptr<Sink> sink(const SinkSettings& settings) {
    return make_nats_sink(settings,
                          {.sharing = {}, .memory = memory_, .host = "h1.example", .now = [] {
                             return std::int64_t{0};
                           }});
  }
  std::unique_ptr<Sink> sink() { return sink(settings()); }
  std::unique_ptr<Sink> sink_behind(const NatsRelay& relay) {
    SinkSettings settings = this->settings();
    std::get<NatsSettings>(settings.receiver).servers = relay.urls();
    return sink(settings);
  }

  // Event n of the journal; those with the same ref are one partition.
  static Delivery event(std::uint64_t n, const std::string& ref = "refs/heads/main") {
    Event event;
    event.id = event_id(
        {.repository_id = "r", .type = "t", .about = "a", .count = n, .before = {}, .after = {}});
    event.source = "https://git.example.com/trainer.git";
    event.type = event_type("ref.updated");
    event.subject = ref;
    event.sequence = n;
    event.partition_key = ref;
    event.body = R"({"repository":{"name":"ml/trainer"}})";
    return {.sequence = n,
            .id = event.id,
            .type = event.type,
            .partition = ref,
            .json = to_json(event)};
  }
  static std::vector<Delivery> events(std::uint64_t from, std::uint64_t to,
                                      std::uint64_t refs = 1) {
    std::vector<Delivery> result;
    for (std::uint64_t n = from; n <= to; ++n)
      result.push_back(event(n, "refs/heads/b" + std::to_string(n % refs)));
    return result;
  }
  static std::vector<std::string> bodies(const std::vector<Delivery>& events) {
    std::vector<std::string> result;
    for (const Delivery& each : events) result.push_back(each.json);
    return result;
  }
  // "d" for each that was delivered, "f" for failed, "s" for skipped.
  static std::string states(const std::vector<DeliveryOutcome>& outcomes) {
    std::string text;
    for (const DeliveryOutcome& each : outcomes) text += "dfs"[static_cast<int>(each.state)];
    return text;
  }
  static std::vector<Delivery> left_of(const std::vector<Delivery>& events,
                                       const std::vector<DeliveryOutcome>& outcomes) {
    std::vector<Delivery> left;
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (outcomes[i].state != State::delivered) left.push_back(events[i]);
    }
    return left;
  }
  // As a dispatcher does: passes with what is not delivered yet, until all is. Gives how often
  // something failed.
  static int deliver_all(std::vector<Delivery> events, Sink& sink, int passes) {
    int failures = 0;
    while (!events.empty() && passes-- > 0) {
      EXPECT_EQ(sink.lost_since(), Lost());
      const auto outcomes = sink.deliver(events);
      for (const DeliveryOutcome& each : outcomes) failures += each.state == State::failed ? 1 : 0;
      events = left_of(events, outcomes);
      if (!events.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    EXPECT_TRUE(events.empty()) << events.size() << " left";
    return failures;
  }
  // In the order of each partition.
  void expect_each_once(const std::vector<Delivery>& events) const {
    std::map<std::string, std::vector<std::string>> sent;
    std::map<std::string, std::vector<std::string>> arrived;
    for (const Delivery& each : events) sent[each.partition].push_back(each.json);
    for (auto& message : reader().messages("GIT")) {
      arrived[message.headers["ce-subject"]].push_back(message.body);
    }
    EXPECT_EQ(arrived, sent);
  }

  std::string root_;
  KeptMemory memory_;
  std::vector<std::unique_ptr<NatsServer>> servers_;
};

}  // namespace trunkgate

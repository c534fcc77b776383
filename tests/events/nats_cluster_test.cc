// Three servers that share a stream, some of which are killed.
#include <fmt/format.h>

#include "events/nats_sink.h"
#include "nats_fixture.h"

namespace trunkgate {
namespace {

class NatsClusterTest : public NatsFixture {
 protected:
  void SetUp() override {
    NatsFixture::SetUp();
    const std::vector<int> ports = free_ports(6);
    const std::string routes = fmt::format(
        R"(["nats-route://127.0.0.1:{}", "nats-route://127.0.0.1:{}", "nats-route://127.0.0.1:{}"])",
        ports[3], ports[4], ports[5]);
    for (std::size_t i = 0; i < 3; ++i) {
      servers_.push_back(std::make_unique<NatsServer>(
          root_ + "/" + std::to_string(i), ports[i],
          fmt::format(
              "server_name: n{}\ncluster {{ name: c, listen: \"127.0.0.1:{}\", routes: {} }}\n", i,
              ports[i + 3], routes)));
      servers_.back()->start();
    }
  }

  // The number of the server that leads the stream; waits for one for 60 s at most.
  std::size_t leader() const {
    const NatsReader reader = this->reader();
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    std::string name;
    while (name.empty() && std::chrono::steady_clock::now() < end) {
      jsStreamInfo* info = nullptr;
      if (js_GetStreamInfo(&info, reader.context(), "GIT", nullptr, nullptr) == NATS_OK) {
        if (info->Cluster->Leader != nullptr) name = info->Cluster->Leader;
        replicas_ = info->Config->Replicas;
      }
      jsStreamInfo_Destroy(info);
    }
    return static_cast<std::size_t>(name.at(1) - '0');  // "n0"
  }

  mutable std::int64_t replicas_ = 0;
};

TEST_F(NatsClusterTest, DeliversEverythingOnceThoughTheLeaderIsKilled) {
  NatsRelay relay({servers_[0]->port(), servers_[1]->port(), servers_[2]->port()});
  const auto sink = sink_behind(relay);
  const auto all = events(1, 4000, 300);
  // The cluster may need some seconds before it can make the stream.
  deliver_all({all.begin(), all.begin() + 300}, *sink, 60);

  // One of each partition is under way: 200 are stored and not answered, 100 did not arrive.
  relay.cut_at({.messages = 600, .answers = 400, .sent = 700, .kill = [this] {
                  servers_[leader()]->kill();
                }});
  const int failures = deliver_all({all.begin() + 300, all.end()}, *sink, 60);
  EXPECT_TRUE(relay.was_cut());
  EXPECT_EQ(replicas_, 3);
  EXPECT_GE(failures, 200);
  expect_each_once(all);
}

TEST_F(NatsClusterTest, ClaimsNothingWhenTwoOfThreeServersAreDown) {
  const auto sink = this->sink();
  deliver_all(events(1, 10), *sink, 60);
  const std::size_t leader = this->leader();
  servers_[(leader + 1) % 3]->kill();
  servers_[(leader + 2) % 3]->kill();

  // On a connection of before and on new ones.
  auto outcomes = sink->deliver(events(11, 20, 2));
  EXPECT_EQ(states(outcomes).find('d'), std::string::npos);
  EXPECT_EQ(outcomes[0].state, State::failed);
  EXPECT_NE(outcomes[0].reason, "");
  EXPECT_EQ(this->sink()->lost_since(), Lost());
  outcomes = this->sink()->deliver(events(11, 20, 2));
  EXPECT_EQ(states(outcomes).find('d'), std::string::npos);
  EXPECT_EQ(outcomes[0].state, State::failed);
  EXPECT_NE(outcomes[0].reason, "");

  servers_[(leader + 1) % 3]->start();
  servers_[(leader + 2) % 3]->start();
  deliver_all(events(11, 20, 2), *sink, 60);
  auto arrived = reader().bodies("GIT");
  std::sort(arrived.begin(), arrived.end());
  auto sent = bodies(events(1, 10));
  for (const std::string& each : bodies(events(11, 20, 2))) sent.push_back(each);
  std::sort(sent.begin(), sent.end());
  EXPECT_EQ(arrived, sent);
}

}  // namespace
}  // namespace trunkgate

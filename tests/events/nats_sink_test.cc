#include "events/nats_sink.h"

#include "nats_fixture.h"

namespace trunkgate {
namespace {

class NatsSinkTest : public NatsFixture {
 protected:
  void SetUp() override {
    NatsFixture::SetUp();
    server_ = &start_server();
    reader();
  }
  void delete_stream() const {
    ASSERT_EQ(js_DeleteStream(reader().context(), "GIT", nullptr, nullptr), NATS_OK);
  }
  void restart() const {
    server_->start();
    reader();
  }

  // The server is killed in the midst of it; until restart() there is nobody to connect to.
  std::vector<DeliveryOutcome> deliver_until_killed(Sink& sink, NatsRelay& relay,
                                                    NatsRelay::Cut cut,
                                                    const std::vector<Delivery>& events) {
    cut.kill = [this] { server_->kill(); };
    relay.cut_at(std::move(cut));
    auto outcomes = sink.deliver(events);
    EXPECT_TRUE(relay.was_cut());
    relay.stop();
    return outcomes;
  }
  void restart(NatsRelay& relay) const {
    restart();
    relay.start();
  }

  // One partition: what has arrived is always a beginning of it. Of 200 events that were sent, the
  // server got so many, and the answer to the last one was lost.
  void expect_delivery_through_a_killed_server(std::size_t arrived) {
    const auto all = events(1, 4000);
    NatsRelay relay({server_->port()});
    const auto sink = sink_behind(relay);
    const auto outcomes = deliver_until_killed(
        *sink, relay, {.messages = arrived, .answers = 199, .sent = 200, .kill = {}}, all);
    EXPECT_EQ(states(outcomes), std::string(199, 'd') + "f" + std::string(3800, 's'));
    EXPECT_EQ(outcomes[199].reason, "the connection broke: Connection Closed");

    const std::vector<Delivery> rest(all.begin() + 199, all.end());
    const auto refused = sink->deliver(rest);
    EXPECT_EQ(states(refused), "f" + std::string(3800, 's'));
    EXPECT_EQ(refused[0].reason, "cannot connect to " + relay.urls()[0].substr(7) +
                                     ": No server available for connection");
    restart(relay);
    EXPECT_EQ(reader().messages("GIT").size(), arrived);
    EXPECT_EQ(sink->lost_since(), Lost());
    EXPECT_EQ(states(sink->deliver(rest)), std::string(3801, 'd'));
    EXPECT_EQ(reader().bodies("GIT"), bodies(all));
  }

  NatsServer* server_ = nullptr;
};

TEST_F(NatsSinkTest, SaysItsName) { EXPECT_EQ(sink()->name(), "nats bus"); }

TEST_F(NatsSinkTest, PublishesEachEventWithItsHeaders) {
  const Delivery one = event(1);
  EXPECT_EQ(states(sink()->deliver(std::vector{one})), "d");
  const auto messages = reader().messages("GIT");
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].subject, "git.h1%2Eexample.ml/trainer.ref%2Eupdated");
  EXPECT_EQ(messages[0].body, one.json);
  EXPECT_EQ(messages[0].headers,
            (std::map<std::string, std::string>{{"Nats-Msg-Id", one.id},
                                                {"Nats-Expected-Stream", "GIT"},
                                                {"Content-Type", "application/cloudevents+json"},
                                                {"ce-type", "dev.trunkgate.ref.updated.v1"},
                                                {"ce-subject", "refs/heads/main"}}));
}

TEST_F(NatsSinkTest, MakesTheStream) {
  sink()->deliver(events(1, 1));
  const NatsReader reader = this->reader();
  jsStreamInfo* made = nullptr;
  ASSERT_EQ(js_GetStreamInfo(&made, reader.context(), "GIT", nullptr, nullptr), NATS_OK);
  const std::unique_ptr<jsStreamInfo, void (*)(jsStreamInfo*)> info(made, jsStreamInfo_Destroy);
  ASSERT_EQ(info->Config->SubjectsLen, 1);
  EXPECT_STREQ(info->Config->Subjects[0], "git.>");
  EXPECT_EQ(info->Config->Storage, js_FileStorage);
  EXPECT_EQ(info->Config->Retention, js_LimitsPolicy);
  EXPECT_EQ(info->Config->Discard, js_DiscardOld);
  EXPECT_EQ(info->Config->Duplicates, 600'000'000'000);
  EXPECT_EQ(info->Config->MaxAge, 2'592'000'000'000'000);
  EXPECT_EQ(info->Config->Replicas, 1);
  EXPECT_TRUE(info->Config->AllowDirect);
}

TEST_F(NatsSinkTest, MakesOneReplicaOnASingleServerWithThreeNames) {
  SinkSettings three = settings();
  auto& servers = std::get<NatsSettings>(three.receiver).servers;
  const std::string port = servers[0].substr(servers[0].rfind(':'));
  servers = {"nats://127.0.0.1" + port, "nats://localhost" + port, "nats://127.0.0.2" + port};
  EXPECT_EQ(states(sink(three)->deliver(events(1, 1))), "d");
}

TEST_F(NatsSinkTest, UsesAStreamAsItIs) {
  const NatsReader reader = this->reader();
  const char* subject = "git.>";
  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  config.Name = "GIT";
  config.Subjects = &subject;
  config.SubjectsLen = 1;
  config.Storage = js_MemoryStorage;
  ASSERT_EQ(js_AddStream(nullptr, reader.context(), &config, nullptr, nullptr), NATS_OK);
  EXPECT_EQ(states(sink()->deliver(events(1, 2))), "dd");
  jsStreamInfo* info = nullptr;
  ASSERT_EQ(js_GetStreamInfo(&info, reader.context(), "GIT", nullptr, nullptr), NATS_OK);
  EXPECT_EQ(info->Config->Storage, js_MemoryStorage);
  jsStreamInfo_Destroy(info);
}

TEST_F(NatsSinkTest, KeepsTheOrderOfEachPartition) {
  const auto all = events(1, 3000, 7);
  EXPECT_EQ(states(sink()->deliver(all)), std::string(3000, 'd'));
  expect_each_once(all);
}

TEST_F(NatsSinkTest, PublishesRepeatsOnce) {
  EXPECT_EQ(states(sink()->deliver(events(1, 100, 3))), std::string(100, 'd'));
  memory_.values.clear();  // a pass that was killed before it could remember
  EXPECT_EQ(states(sink()->deliver(events(1, 110, 3))), std::string(110, 'd'));
  expect_each_once(events(1, 110, 3));
}

TEST_F(NatsSinkTest, DeliversWhatAKilledServerDidNotGet) {
  expect_delivery_through_a_killed_server(199);
}

TEST_F(NatsSinkTest, DeliversOnceWhatAKilledServerGotAndGaveNoAnswerTo) {
  expect_delivery_through_a_killed_server(200);
}

TEST_F(NatsSinkTest, DeliversAllPartitionsThroughAKilledServer) {
  const auto all = events(1, 5000, 500);
  NatsRelay relay({server_->port()});
  const auto sink = sink_behind(relay);
  // One of each partition is under way: 400 are stored and not answered, 100 did not arrive.
  const auto outcomes = deliver_until_killed(
      *sink, relay, {.messages = 1000, .answers = 600, .sent = 1100, .kill = {}}, all);
  EXPECT_EQ(states(outcomes),
            std::string(600, 'd') + std::string(500, 'f') + std::string(3900, 's'));
  restart(relay);
  EXPECT_EQ(reader().bodies("GIT"), bodies(events(1, 1000, 500)));
  // What was delivered is there, and nothing else is sent again.
  EXPECT_EQ(sink->lost_since(), Lost());
  deliver_all(left_of(all, outcomes), *sink, 1);
  expect_each_once(all);
}

TEST_F(NatsSinkTest, TellsThatAStreamWasDeleted) {
  sink()->deliver(events(4, 6));
  EXPECT_EQ(sink()->lost_since(), Lost());
  delete_stream();
  const auto sink = this->sink();
  EXPECT_EQ(sink->lost_since(), Lost(4));
  EXPECT_EQ(this->sink()->lost_since(), Lost(4)) << "nothing was sent again yet";
  EXPECT_EQ(states(sink->deliver(events(4, 5))), "dd");
  EXPECT_EQ(sink->lost_since(), Lost());
  EXPECT_EQ(this->sink()->lost_since(), Lost());
  EXPECT_EQ(reader().bodies("GIT"), bodies(events(4, 5)));
}

TEST_F(NatsSinkTest, TellsThatAStreamWasDeletedWhileItWasConnected) {
  const auto sink = this->sink();
  sink->deliver(events(4, 6));
  delete_stream();
  EXPECT_EQ(sink->lost_since(), Lost(4));
}

TEST_F(NatsSinkTest, SendsNothingToANewStreamBeforeTheLossWasTold) {
  const auto sink = this->sink();
  sink->deliver(events(4, 6));
  delete_stream();
  auto outcomes = sink->deliver(events(7, 8));
  EXPECT_EQ(states(outcomes), "fs");
  EXPECT_EQ(outcomes[0].reason,
            "stream GIT does not listen: it has no leader, was deleted, or takes other subjects "
            "than git.>");
  outcomes = sink->deliver(events(7, 8));
  EXPECT_EQ(states(outcomes), "fs");
  EXPECT_EQ(outcomes[0].reason, "stream GIT has lost what it had acknowledged since event 4");
  EXPECT_EQ(sink->lost_since(), Lost(4));
  EXPECT_EQ(states(sink->deliver(events(4, 8))), "ddddd");
  EXPECT_EQ(reader().bodies("GIT"), bodies(events(4, 8)));
}

TEST_F(NatsSinkTest, NoticesAStreamThatIsMadeAnewBetweenTwoBatches) {
  const auto sink = this->sink();
  sink->deliver(events(1, 5));
  delete_stream();
  this->sink()->lost_since();  // another sink makes it
  const auto outcomes = sink->deliver(events(6, 7));
  EXPECT_EQ(states(outcomes), "fs");
  EXPECT_EQ(outcomes[0].reason, "the stream was made anew or went back meanwhile");
  EXPECT_EQ(sink->lost_since(), Lost(1));
}

TEST_F(NatsSinkTest, TellsThatAStoreWasWiped) {
  sink()->deliver(events(1, 50));
  server_->kill();
  server_->wipe();
  restart();
  const auto sink = this->sink();
  EXPECT_EQ(sink->lost_since(), Lost(1));
  EXPECT_EQ(states(sink->deliver(events(1, 50))), std::string(50, 'd'));
  EXPECT_EQ(reader().bodies("GIT"), bodies(events(1, 50)));
}

// As after a power loss: the disk has an older state.
TEST_F(NatsSinkTest, TellsFromWhereOnAStreamWentBack) {
  const std::string store = root_ + "/0/store";
  const std::string older = root_ + "/older";
  sink()->deliver(events(1, 10));
  server_->kill();
  std::filesystem::copy(store, older, std::filesystem::copy_options::recursive);
  restart();
  sink()->deliver(events(11, 20));
  sink()->deliver(events(21, 30));
  server_->kill();
  server_->wipe();
  std::filesystem::copy(older, store, std::filesystem::copy_options::recursive);
  restart();
  EXPECT_EQ(sink()->lost_since(), Lost(11));

  // Another repository's sink fills the gap with its own events.
  KeptMemory mine = std::move(memory_);
  memory_ = {};
  EXPECT_EQ(states(sink()->deliver(events(1001, 1030))), std::string(30, 'd'));
  memory_ = std::move(mine);
  const auto sink = this->sink();
  EXPECT_EQ(sink->lost_since(), Lost(11));
  EXPECT_EQ(states(sink->deliver(events(11, 30))), std::string(20, 'd'));
  EXPECT_EQ(this->sink()->lost_since(), Lost());
}

TEST_F(NatsSinkTest, TakesAPurgeForWhatItIs) {
  sink()->deliver(events(1, 10));
  ASSERT_EQ(js_PurgeStream(reader().context(), "GIT", nullptr, nullptr), NATS_OK);
  EXPECT_EQ(sink()->lost_since(), Lost());
}

TEST_F(NatsSinkTest, FailsForAnEventThatIsTooLargeAndDeliversOtherPartitions) {
  Delivery large = event(2, "refs/heads/large");
  large.json = "\"" + std::string(2'000'000, 'x') + "\"";
  const auto outcomes =
      sink()->deliver(std::vector{event(1), large, event(3, "refs/heads/large"), event(4)});
  EXPECT_EQ(states(outcomes), "dfsd");
  EXPECT_EQ(outcomes[1].reason, "larger than what the servers take");
  EXPECT_EQ(reader().bodies("GIT"), bodies({event(1), event(4)}));
}

TEST_F(NatsSinkTest, DoesNotHoldBackAnythingWhenItNeedNotBeInOrder) {
  SinkSettings free = settings();
  free.ordered = false;
  Delivery large = event(2);
  large.json = "\"" + std::string(2'000'000, 'x') + "\"";
  EXPECT_EQ(states(sink(free)->deliver(std::vector{event(1), large, event(3)})), "dfd");
}

TEST_F(NatsSinkTest, SaysThatTheSubjectsBelongToAnotherStream) {
  sink()->deliver(events(1, 1));
  SinkSettings other = settings();
  std::get<NatsSettings>(other.receiver).stream = "OTHER";
  const auto outcomes = sink(other)->deliver(events(2, 3));
  EXPECT_EQ(states(outcomes), "fs");
  EXPECT_EQ(outcomes[0].reason,
            "cannot make stream OTHER: subjects overlap with an existing stream (error 10065)");
}

TEST_F(NatsSinkTest, GivesUpOnAServerThatDoesNotAnswer) {
  const auto sink = this->sink();
  sink->deliver(events(1, 1));
  server_->pause();
  const auto start = std::chrono::steady_clock::now();
  const auto outcomes = sink->deliver(events(2, 9, 2));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  server_->go_on();
  EXPECT_EQ(states(outcomes), "ffssssss");
  EXPECT_EQ(outcomes[0].reason, "stream GIT gave no answer in 5 s");
  EXPECT_EQ(states(sink->deliver(events(2, 9, 2))), "dddddddd");
  EXPECT_EQ(reader().messages("GIT").size(), 9U);
}

}  // namespace
}  // namespace trunkgate

// How fast the sink is; run on request, with --gtest_also_run_disabled_tests.
#include <iostream>

#include "nats_fixture.h"

namespace trunkgate {
namespace {

using NatsSpeed = NatsFixture;

// In batches of a thousand, as the dispatcher hands them over.
void measure(Sink& sink, const std::vector<Delivery>& events, const char* what) {
  constexpr std::size_t kBatch = 1000;
  sink.lost_since();
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t at = 0; at < events.size(); at += kBatch) {
    for (const DeliveryOutcome& each : sink.deliver(std::span(events).subspan(at, kBatch))) {
      ASSERT_EQ(each.state, DeliveryOutcome::State::delivered) << each.reason;
    }
  }
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  std::cout << what << ": " << static_cast<double>(events.size()) / time.count()
            << " events a second\n";
}

TEST_F(NatsSpeed, DISABLED_Takes100000Events) {
  start_server();
  reader();
  const auto sink = this->sink();
  measure(*sink, events(1, 100'000, 1000), "1000 refs");
  measure(*sink, events(100'001, 200'000, 10), "10 refs");
  measure(*sink, events(200'001, 300'000, 1), "1 ref");
}

}  // namespace
}  // namespace trunkgate

// Work in many pieces, shared by several threads.
#include "base/together.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace trunkgate {
namespace {

TEST(RunTogether, DoesEveryPieceOnce) {
  for (const std::size_t pieces :
       {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{999}}) {
    std::vector<std::atomic<int>> done(pieces);
    run_together(pieces, [&](std::size_t) { return [&](std::size_t piece) { ++done[piece]; }; });
    for (const std::atomic<int>& times : done) EXPECT_EQ(times, 1);
  }
}

TEST(RunTogether, GivesEachThreadAWorkerAndTheCallerTheFirst) {
  std::mutex mutex;
  std::set<std::size_t> numbers;
  const auto caller = std::this_thread::get_id();
  run_together(64, [&](std::size_t number) {
    const std::lock_guard<std::mutex> lock(mutex);
    EXPECT_TRUE(numbers.insert(number).second);
    EXPECT_EQ(number == 0, std::this_thread::get_id() == caller);
    return [](std::size_t) {};
  });
  EXPECT_TRUE(numbers.contains(0));
  EXPECT_LE(numbers.size(), kMaxThreads);
}

TEST(RunTogether, DoesTheRestAndThrowsWhatTheFirstFailingPieceThrew) {
  std::atomic<int> done = 0;
  try {
    run_together(100, [&](std::size_t) {
      return [&](std::size_t piece) {
        if (piece % 30 == 7) throw std::runtime_error("piece " + std::to_string(piece));
        ++done;
      };
    });
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "piece 7");
  }
  EXPECT_EQ(done, 96);
}

}  // namespace
}  // namespace trunkgate

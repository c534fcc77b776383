#include "events/stream_marks.h"

#include <gtest/gtest.h>

#include <set>

namespace trunkgate {
namespace {

constexpr StreamState kState{.created = 7, .first = 1, .last = 1000};
using Lost = std::optional<std::uint64_t>;

// Event n of the journal at `place` of the stream.
AcknowledgedEvent event(std::uint64_t n, std::uint64_t place) {
  return {.journal_sequence = n, .stream_sequence = place, .id = "evt_" + std::to_string(n)};
}

bool has_all(std::uint64_t, const std::string&) { return true; }

class StreamMarksTest : public ::testing::Test {
 protected:
  StreamMarksTest() { marks_.compare(kState, has_all); }
  void acknowledge(const std::vector<AcknowledgedEvent>& events) { marks_.acknowledged(events); }
  // What a later pass says.
  Lost lost(const StreamState& state, const StreamMarks::Holds& holds = has_all) const {
    return StreamMarks("GIT", marks_.text()).compare(state, holds);
  }
  Lost lost_behind(std::uint64_t last) const {
    return lost({.created = 7, .first = 1, .last = last});
  }

  StreamMarks marks_{"GIT"};
};

TEST_F(StreamMarksTest, ExpectsNothingOfAStreamToWhichNothingWasSent) {
  EXPECT_EQ(lost({.created = 8, .first = 1, .last = 0}), Lost());
}

TEST_F(StreamMarksTest, IsContentWithAStreamThatHasWhatItAcknowledged) {
  acknowledge({event(5, 10), event(6, 11)});
  EXPECT_EQ(lost_behind(11), Lost());
  EXPECT_EQ(lost_behind(500), Lost());
}

TEST_F(StreamMarksTest, SendsEverythingAgainToAStreamThatWasMadeAnew) {
  acknowledge({event(5, 10), event(6, 11)});
  acknowledge({event(7, 12)});
  EXPECT_EQ(lost({.created = 8, .first = 1, .last = 500}), Lost(5));
}

TEST_F(StreamMarksTest, SendsAgainWhatCameAfterTheLastMarkThatStands) {
  acknowledge({event(5, 10), event(6, 11)});
  acknowledge({event(7, 12), event(8, 13)});
  acknowledge({event(9, 20)});
  EXPECT_EQ(lost_behind(19), Lost(9));
  EXPECT_EQ(lost_behind(12), Lost(7));
  EXPECT_EQ(lost_behind(10), Lost(5));
}

TEST_F(StreamMarksTest, SeesThatOthersFilledTheGapUpAgain) {
  acknowledge({event(5, 10)});
  acknowledge({event(6, 11)});
  const auto holds = [](std::uint64_t place, const std::string& id) {
    return place == 10 && id == "evt_5";
  };
  EXPECT_EQ(lost(kState, holds), Lost(6));
}

TEST_F(StreamMarksTest, AsksNothingOfWhatWasAgedAway) {
  acknowledge({event(5, 10)});
  const auto holds = [](std::uint64_t, const std::string&) { return false; };
  EXPECT_EQ(lost({.created = 7, .first = 11, .last = 10}, holds), Lost());
  EXPECT_EQ(lost({.created = 7, .first = 10, .last = 10}, holds), Lost(5));
}

TEST_F(StreamMarksTest, ForgetsNoEventThatWasSentAfterLaterOnes) {
  acknowledge({event(1, 10), event(2, 11)});
  acknowledge({event(4, 12), event(5, 13)});
  acknowledge({event(6, 14)});
  acknowledge({event(3, 20)});
  EXPECT_EQ(lost_behind(19), Lost(3));
  EXPECT_EQ(lost_behind(11), Lost(3));
  EXPECT_EQ(lost_behind(10), Lost(1));
  EXPECT_EQ(lost_behind(20), Lost());
}

TEST_F(StreamMarksTest, TakesRepeatsForWhatTheyAre) {
  acknowledge({event(1, 10), event(2, 11)});
  acknowledge({event(1, 10), event(2, 11)});
  EXPECT_EQ(lost_behind(11), Lost());
  acknowledge({event(2, 11), event(3, 12)});
  EXPECT_EQ(lost_behind(11), Lost(2));
}

TEST_F(StreamMarksTest, KnowsNothingOfAnotherStreamNorFromDamagedText) {
  acknowledge({event(5, 10)});
  const StreamState anew{.created = 8, .first = 1, .last = 0};
  EXPECT_EQ(StreamMarks("OTHER", marks_.text()).compare(anew, has_all), Lost());
  const std::string text = marks_.text();
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(StreamMarks("GIT", text.substr(0, size)).compare(anew, has_all), Lost()) << size;
  }
  EXPECT_EQ(StreamMarks("GIT", R"({"stream":"GIT","created":1,"first":1,"marks":[[1]]})")
                .compare(anew, has_all),
            Lost());
}

TEST_F(StreamMarksTest, StaysSmallAndNeverSendsLessAgainThanWasLost) {
  for (std::uint64_t n = 1; n <= 1000; ++n) acknowledge({event(n, n)});
  EXPECT_LT(marks_.text().size(), StreamMarks::kMost * 40);
  std::set<std::uint64_t> answers;
  for (std::uint64_t last = 1; last < 1000; ++last) {
    const Lost since = lost_behind(last);
    ASSERT_TRUE(since);
    EXPECT_LE(*since, last + 1);
    answers.insert(*since);
  }
  EXPECT_GT(answers.size(), StreamMarks::kMost / 4);
  EXPECT_EQ(lost_behind(990), Lost(991));
}

TEST_F(StreamMarksTest, StartsAnewAfterALoss) {
  acknowledge({event(5, 10)});
  acknowledge({event(6, 11)});
  const StreamState back{.created = 7, .first = 1, .last = 10};
  EXPECT_EQ(marks_.compare(back, has_all), Lost(6));
  EXPECT_EQ(marks_.compare(back, has_all), Lost());
  acknowledge({event(6, 11)});
  EXPECT_EQ(lost_behind(11), Lost());
  EXPECT_EQ(lost_behind(10), Lost(6));
}

}  // namespace
}  // namespace trunkgate

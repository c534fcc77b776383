#include "events/file_sink.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "delivery_fixture.h"

namespace trunkgate {
namespace {

class FileSinkTest : public DeliveryFixture {
 protected:
  static Delivery event(int n) {
    Event event;
    event.id = event_id({.repository_id = kUuid,
                         .type = "t",
                         .about = "r",
                         .count = static_cast<std::uint64_t>(n),
                         .before = {},
                         .after = {}});
    event.sequence = static_cast<std::uint64_t>(n);
    event.body = R"({"text":"\"id\":\"evt_"})";
    return {.sequence = event.sequence,
            .id = event.id,
            .type = {},
            .partition = {},
            .json = to_json(event)};
  }
  static std::string line(int n) { return event(n).json + "\n"; }
  std::string text() const {
    std::ostringstream out;
    out << std::ifstream(events_file()).rdbuf();
    return out.str();
  }
  void put(const std::string& bytes) const { std::ofstream(events_file()) << bytes; }
  void deliver_anew(const std::vector<Delivery>& events) const {
    FileSink(events_file(), Sharing{}).deliver(events);
  }
};

TEST_F(FileSinkTest, WritesOneLineForEachEvent) {
  FileSink sink(events_file(), Sharing{});
  sink.deliver(std::vector{event(1), event(2)});
  sink.deliver(std::vector{event(3)});
  EXPECT_EQ(text(), line(1) + line(2) + line(3));
  EXPECT_EQ(sink.name(), "file " + events_file());
}

TEST_F(FileSinkTest, LeavesOutWhatAKilledPassHasWritten) {
  put(line(1) + line(2));
  deliver_anew({event(1), event(2), event(3)});
  EXPECT_EQ(text(), line(1) + line(2) + line(3));
}

TEST_F(FileSinkTest, EndsATornLineAndWritesItsEventAgain) {
  const std::string torn = line(2).substr(0, 100);
  put(line(1) + torn);
  deliver_anew({event(1), event(2)});
  EXPECT_EQ(text(), line(1) + torn + "\n" + line(2));
}

TEST_F(FileSinkTest, EndsALineThatLacksOnlyItsLineFeed) {
  put(line(1) + event(2).json);
  deliver_anew({event(2), event(3)});
  EXPECT_EQ(text(), line(1) + line(2) + line(3));
}

TEST_F(FileSinkTest, FindsARepeatOfAnyLengthAndIgnoresWhatStandsFarBefore) {
  std::vector<Delivery> events;
  std::string written;
  for (int n = 0; n < 6000; ++n) {
    events.push_back(event(n));
    written += line(n);
  }
  ASSERT_GT(written.size(), 2'000'000U);
  put(written);
  deliver_anew(events);
  EXPECT_EQ(text().size(), written.size());
}

TEST_F(FileSinkTest, FailsOnAFileThatCannotBeWritten) {
  std::filesystem::create_directories(events_file());
  EXPECT_THROW(deliver_anew({event(1)}), Error);
}

TEST_F(FileSinkTest, FollowsARotatedFile) {
  FileSink sink(events_file(), Sharing{});
  sink.deliver(std::vector{event(1)});
  std::filesystem::rename(events_file(), events_file() + ".1");
  sink.deliver(std::vector{event(2)});
  EXPECT_EQ(text(), line(2));
}

}  // namespace
}  // namespace trunkgate

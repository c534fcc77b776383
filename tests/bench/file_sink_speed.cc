// How fast the file sink takes events: `ninja file_sink_speed && tests/file_sink_speed [FOLDER]`.
// Prints numbers; nothing is asserted about time.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/scratch_folder.h"
#include "events/file_sink.h"

namespace trunkgate {
namespace {

constexpr std::uint64_t kEvents = 100'000;
constexpr std::size_t kBytes = 1500;  // of an ordinary event

std::vector<Delivery> make_events() {
  std::vector<Delivery> events;
  events.reserve(kEvents);
  for (std::uint64_t n = 1; n <= kEvents; ++n) {
    const std::string id = fmt::format("evt_{:032x}", n);
    std::string json = fmt::format(R"({{"specversion":"1.0","id":"{}","data":{{"text":")", id);
    json.append(kBytes - json.size() - 3, 'x').append("\"}}");
    events.push_back(
        {.sequence = n, .id = id, .type = {}, .partition = {}, .json = std::move(json)});
  }
  return events;
}

void measure(const std::string& parent, std::span<const Delivery> events, std::size_t batch,
             std::uint64_t max_size) {
  const ScratchFolder folder(parent, "file-sink-speed");
  FileSink sink("speed", {.path = folder.path() + "/events.jsonl", .max_size = max_size},
                Sharing{});
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < events.size(); i += batch) {
    sink.deliver(events.subspan(i, std::min(batch, events.size() - i)));
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  fmt::print("{} events of {} bytes, {} a call, {}: {:.2f} s, {:.0f} a second\n", events.size(),
             kBytes, batch,
             max_size == 0 ? "one file" : fmt::format("files of {} MB", max_size / 1'000'000),
             took.count(), static_cast<double>(events.size()) / took.count());
}

}  // namespace
}  // namespace trunkgate

int main(int argc, char** argv) {
  const std::string parent = argc > 1 ? argv[1] : std::filesystem::temp_directory_path().string();
  const std::vector<trunkgate::Delivery> events = trunkgate::make_events();
  for (const std::size_t batch : {std::size_t{100}, std::size_t{1000}}) {
    trunkgate::measure(parent, events, batch, 0);
    trunkgate::measure(parent, events, batch, 10'000'000);
  }
  return 0;
}

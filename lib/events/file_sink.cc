#include "events/file_sink.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <variant>

#include "events/event_file.h"

namespace trunkgate {
namespace {

// Enough for what a killed pass may have written; larger repeats look back further.
constexpr std::size_t kEndBytes = 1024 * 1024;
// A service that runs for years must not remember all that it wrote.
constexpr std::size_t kMostKnown = 100'000;

// to_json(Event) writes the id before any text that a pusher can choose.
std::string_view id_of(std::string_view line) {
  constexpr std::string_view kKey = "\"id\":\"";
  constexpr std::size_t kIdSize = 36;
  const auto start = line.find(kKey);
  if (start == std::string_view::npos) return {};
  return line.substr(start + kKey.size(), kIdSize);
}

}  // namespace

FileSink::FileSink(std::string path, Sharing sharing)
    : name_(path), settings_{.path = std::move(path)}, sharing_(sharing) {}

FileSink::FileSink(std::string name, FileSinkSettings settings, Sharing sharing)
    : name_(std::move(name)), settings_(std::move(settings)), sharing_(sharing) {}

void FileSink::learn(const EventFile& file, std::size_t bytes) {
  known_.emplace();
  const std::string text = file.last_lines(bytes);
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::string_view id = id_of(line);
    // A line that was torn has its event's id, too, but not the event; one that only lacks its LF
    // has all.
    if (!id.empty() && nlohmann::json::accept(line)) known_->emplace(id);
  }
}

void FileSink::write(std::span<const Delivery> events) {
  EventFile file(settings_, sharing_);
  std::size_t bytes = 0;
  for (const Delivery& event : events) bytes += event.json.size() + 1;
  if (!known_) learn(file, std::max(kEndBytes, 2 * bytes));

  std::string fresh = file.torn() ? "\n" : "";
  for (const Delivery& event : events) {
    if (!known_->insert(event.id).second) continue;
    const std::size_t line = event.json.size() + 1;
    const auto full = [&] {
      const std::uint64_t before = file.size() + fresh.size();
      return settings_.max_size > 0 && before > 0 && before + line > settings_.max_size;
    };
    while (full()) {
      if (!fresh.empty()) file.append(fresh);
      file.move_away();
      fresh = file.torn() ? "\n" : "";
    }
    fresh.append(event.json).push_back('\n');
  }
  if (!fresh.empty()) file.append(fresh);
  if (known_->size() > kMostKnown) known_.reset();
}

std::vector<DeliveryOutcome> FileSink::deliver(std::span<const Delivery> events) {
  try {
    write(events);
  } catch (...) {
    known_.reset();  // how much was written stands in the file only
    throw;
  }
  return std::vector<DeliveryOutcome>(events.size(), {.state = DeliveryOutcome::State::delivered});
}

std::unique_ptr<Sink> make_file_sink(const SinkSettings& settings, const SinkPlace& place) {
  return std::make_unique<FileSink>(settings.name, std::get<FileSinkSettings>(settings.receiver),
                                    place.sharing);
}

}  // namespace trunkgate

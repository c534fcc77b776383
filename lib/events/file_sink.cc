#include "events/file_sink.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace trunkgate {
namespace {

// Enough for what a killed pass may have written; larger repeats look back further.
constexpr std::size_t kEndBytes = 1024 * 1024;

// to_json(Event) writes the id before any text that a pusher can choose.
std::string_view id_of(std::string_view line) {
  constexpr std::string_view kKey = "\"id\":\"";
  constexpr std::size_t kIdSize = 36;
  const auto start = line.find(kKey);
  if (start == std::string_view::npos) return {};
  return line.substr(start + kKey.size(), kIdSize);
}

}  // namespace

FileSink::FileSink(std::string path, Sharing sharing) : path_(std::move(path)), sharing_(sharing) {}

void FileSink::read_end(std::size_t bytes) {
  std::ifstream file(path_, std::ios::binary | std::ios::ate);
  if (!file) throw Error(ErrorKind::delivery, "cannot read " + path_ + ": " + std::strerror(errno));
  const auto size = static_cast<std::size_t>(file.tellg());
  std::string text(std::min(size, bytes), '\0');
  file.seekg(static_cast<std::streamoff>(size - text.size()));
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file) throw Error(ErrorKind::delivery, "cannot read " + path_);

  torn_ = !text.empty() && text.back() != '\n';
  if (known_) return;
  known_.emplace();
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    // A torn line counts only when nothing but its LF is missing.
    if (end == std::string_view::npos && !nlohmann::json::accept(line)) break;
    if (const std::string_view id = id_of(line); !id.empty()) known_->emplace(id);
  }
}

std::vector<DeliveryOutcome> FileSink::deliver(std::span<const Delivery> events) {
  const std::vector<DeliveryOutcome> outcomes(events.size(),
                                              {.state = DeliveryOutcome::State::delivered});
  // A file that is made here must not vanish with its folder's entry after a power loss.
  if (!exists(path_)) create_file(path_, "", sharing_, Durability::synced);
  const FileLock lock = FileLock::wait(path_, sharing_);
  std::string lines;
  for (const Delivery& event : events) lines += event.json + "\n";
  read_end(known_ ? 1 : std::max(kEndBytes, 2 * lines.size()));

  std::string fresh;
  std::string_view rest = lines;
  for (const Delivery& event : events) {
    const auto size = rest.find('\n') + 1;
    if (!known_->contains(event.id)) fresh += rest.substr(0, size);
    rest.remove_prefix(size);
  }
  if (fresh.empty() && !torn_) return outcomes;
  append_file(path_, (torn_ ? "\n" : "") + fresh, sharing_);
  for (const Delivery& event : events) known_->insert(event.id);
  return outcomes;
}

}  // namespace trunkgate

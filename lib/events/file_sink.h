// Appends events to a file, one JSON line each.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/file.h"
#include "events/sink.h"
#include "events/sink_place.h"
#include "policy/sink_settings.h"

namespace trunkgate {

class EventFile;

// Several deliverers may write to one file: each call holds a lock on it. Events whose ids stand in
// the file's end already (a pass that was killed after writing), or in the end of the one that was
// moved away last, are not written again. Delivered means on disk.
class FileSink final : public Sink {
 public:
  // One that never moves its file away.
  FileSink(std::string path, Sharing sharing);
  FileSink(std::string name, FileSinkSettings settings, Sharing sharing);

  std::string name() const override { return "file " + name_; }
  std::vector<DeliveryOutcome> deliver(std::span<const Delivery> events) override;

 private:
  void write(std::span<const Delivery> events);
  void learn(const EventFile& file, std::size_t bytes);

  std::string name_;
  FileSinkSettings settings_;
  Sharing sharing_;
  // Ids that stand in the file's end; nothing before the first call and after a failure.
  std::optional<std::unordered_set<std::string>> known_;
};

std::unique_ptr<Sink> make_file_sink(const SinkSettings& settings, const SinkPlace& place);

}  // namespace trunkgate

// Appends events to a file, one JSON line each.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "events/sink.h"

namespace trunkgate {

// Several deliverers may write to one file: each call holds a lock on it. Events whose ids stand in
// the file's end already (a pass that was killed after writing) are not written again.
class FileSink final : public Sink {
 public:
  FileSink(std::string path, Sharing sharing);

  std::string name() const override { return "file " + path_; }
  std::vector<DeliveryOutcome> deliver(std::span<const Delivery> events) override;

 private:
  void read_end(std::size_t bytes);

  std::string path_;
  Sharing sharing_;
  std::optional<std::set<std::string, std::less<>>> known_;  // ids; nothing before the first call
  bool torn_ = false;                                        // the last line has no LF
};

}  // namespace trunkgate

// What a stream has acknowledged, in few words: enough to tell from where on it has lost events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

struct StreamState {
  std::int64_t created = 0;  // nanoseconds since 1970
  std::uint64_t first = 0;   // what stands before was aged or purged away
  std::uint64_t last = 0;
};

struct AcknowledgedEvent {
  std::uint64_t journal_sequence = 0;
  std::uint64_t stream_sequence = 0;
  std::string id;
};

// Every event of the journal up to `journal_sequence` that was acknowledged stands in the stream at
// or before `stream_sequence`, where the event `id` is.
struct StreamMark {
  std::uint64_t stream_sequence = 0;
  std::uint64_t journal_sequence = 0;
  std::string id;
};

class StreamMarks {
 public:
  // More are thinned out, the oldest most: a loss that old sends more again than was lost.
  static constexpr std::size_t kMost = 64;

  // Nothing is known about a stream to which nothing was sent.
  explicit StreamMarks(std::string stream) : stream_(std::move(stream)) {}
  // What text() gave, as sinks remember it; nothing is known when it is another stream's.
  StreamMarks(std::string stream, std::string_view text);
  std::string text() const;

  void acknowledged(std::span<const AcknowledgedEvent> events);

  // True when the stream has the event at the sequence, or cannot tell.
  using Holds = std::function<bool(std::uint64_t stream_sequence, const std::string& id)>;
  // Takes the stream as it is now, with the marks that still hold. The first sequence of the
  // journal that was acknowledged and is lost; nothing for the normal case.
  std::optional<std::uint64_t> compare(const StreamState& state, const Holds& holds);

  // Of all that was acknowledged.
  std::uint64_t highest() const { return marks_.empty() ? 0 : marks_.back().stream_sequence; }

 private:
  void thin_out();

  std::string stream_;
  std::int64_t created_ = 0;
  std::uint64_t first_ = 0;        // the lowest sequence of the journal that was ever acknowledged
  std::vector<StreamMark> marks_;  // both sequences rise
};

}  // namespace trunkgate

#include "events/stream_marks.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

StreamMarks::StreamMarks(std::string stream, std::string_view text) : stream_(std::move(stream)) {
  const Json json = Json::parse(text, nullptr, false);
  try {
    if (!json.is_object() || json.at("stream") != stream_) return;
    std::vector<StreamMark> marks;
    for (const Json& mark : json.at("marks")) {
      marks.push_back({mark.at(0).get<std::uint64_t>(), mark.at(1).get<std::uint64_t>(),
                       mark.at(2).get<std::string>()});
    }
    created_ = json.at("created").get<std::int64_t>();
    first_ = json.at("first").get<std::uint64_t>();
    marks_ = std::move(marks);
  } catch (const Json::exception&) {
    created_ = 0;  // damaged: as if nothing was known
    first_ = 0;
  }
}

std::string StreamMarks::text() const {
  Json marks = Json::array();
  for (const StreamMark& mark : marks_) {
    marks.push_back({mark.stream_sequence, mark.journal_sequence, mark.id});
  }
  return Json{{"stream", stream_}, {"created", created_}, {"first", first_}, {"marks", marks}}
      .dump();
}

void StreamMarks::acknowledged(std::span<const AcknowledgedEvent> events) {
  if (events.empty()) return;
  std::uint64_t lowest = events.front().journal_sequence;
  StreamMark newest;
  for (const AcknowledgedEvent& event : events) {
    lowest = std::min(lowest, event.journal_sequence);
    newest.journal_sequence = std::max(newest.journal_sequence, event.journal_sequence);
    if (event.stream_sequence < newest.stream_sequence) continue;
    newest.stream_sequence = event.stream_sequence;
    newest.id = event.id;
  }
  first_ = first_ == 0 ? lowest : std::min(first_, lowest);
  if (!marks_.empty()) {
    newest.journal_sequence = std::max(newest.journal_sequence, marks_.back().journal_sequence);
    if (newest.stream_sequence <= marks_.back().stream_sequence) {  // repeats
      newest.stream_sequence = marks_.back().stream_sequence;
      newest.id = marks_.back().id;
      marks_.pop_back();
    }
  }
  // An event that was sent after later ones stands behind them in the stream: marks that are older
  // say nothing of it.
  while (!marks_.empty() && marks_.back().journal_sequence >= lowest) {
    StreamMark& mark = marks_.back();
    mark.journal_sequence = lowest - 1;
    const bool useless =
        mark.journal_sequence < first_ ||
        (marks_.size() > 1 && marks_[marks_.size() - 2].journal_sequence >= mark.journal_sequence);
    if (!useless) break;
    marks_.pop_back();
  }
  marks_.push_back(std::move(newest));
  if (marks_.size() > kMost) thin_out();
}

std::optional<std::uint64_t> StreamMarks::compare(const StreamState& state, const Holds& holds) {
  const auto stands = [&](const StreamMark& mark) {
    if (mark.stream_sequence > state.last) return false;
    return mark.stream_sequence < state.first || holds(mark.stream_sequence, mark.id);
  };
  const std::size_t before = marks_.size();
  if (created_ != state.created) marks_.clear();
  while (!marks_.empty() && !stands(marks_.back())) marks_.pop_back();
  created_ = state.created;
  if (marks_.size() == before) return std::nullopt;
  return marks_.empty() ? first_ : marks_.back().journal_sequence + 1;
}

// Every second one of the older half goes.
void StreamMarks::thin_out() {
  std::vector<StreamMark> kept;
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    if (i >= marks_.size() / 2 || i % 2 == 0) kept.push_back(std::move(marks_[i]));
  }
  marks_ = std::move(kept);
}

}  // namespace trunkgate

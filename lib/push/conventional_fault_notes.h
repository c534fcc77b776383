// Faults of a title's prefix that count only when a colon follows: without one it is just prose.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trunkgate {

struct FaultNote {
  std::string_view code;  // a literal
  std::size_t at = 0;     // 0-based, in code points
  std::size_t length = 1;
  std::string message;
};

class FaultNotes {
 public:
  // Of each code the first two are kept; a title may hold a million.
  void add(FaultNote note) {
    const auto same = [&](const FaultNote& other) { return other.code == note.code; };
    if (std::count_if(notes_.begin(), notes_.end(), same) < 2) notes_.push_back(std::move(note));
  }
  void forget(std::string_view code) {
    std::erase_if(notes_, [&](const FaultNote& note) { return note.code == code; });
  }
  const std::vector<FaultNote>& all() const { return notes_; }

 private:
  std::vector<FaultNote> notes_;
};

}  // namespace trunkgate

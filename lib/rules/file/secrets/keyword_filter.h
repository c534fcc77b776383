// Finds many keywords in one pass over a text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace trunkgate {

// An Aho-Corasick automaton as one table: a step for each byte, whatever the keywords are. Letter
// case counts as nothing. Building it takes half a millisecond for a thousand bytes of keywords.
class KeywordFilter {
 public:
  // Keywords are known by their index. None may be empty; the same one may stand there twice.
  explicit KeywordFilter(std::span<const std::string_view> keywords);

  // Calls `found(keyword, end)` for each place at which a keyword ends, in the order of places;
  // `end` is the offset behind it.
  template <typename Found>
  void scan(std::string_view text, Found&& found) const {
    std::uint32_t row = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      row = next_[row + class_of_[static_cast<unsigned char>(text[at])]];
      if (row < first_ending_) continue;
      for (const std::uint32_t keyword : endings_[(row - first_ending_) / classes_]) {
        found(keyword, at + 1);
      }
    }
  }

 private:
  struct Trie;
  // Rows of states in which no keyword ends come first, so that one comparison tells them.
  void lay_out(const Trie& trie);

  std::array<std::uint8_t, 256> class_of_{};  // bytes of no keyword share class 0
  std::uint32_t classes_ = 1;
  std::uint32_t first_ending_ = 0;
  std::vector<std::uint32_t> next_;  // [row + class] is the row of the next state
  std::vector<std::vector<std::uint32_t>> endings_;
};

}  // namespace trunkgate

#include "rules/file/secrets/keyword_filter.h"

#include "base/text.h"

namespace trunkgate {

// States in breadth-first order once fail links are made; children of a state by class, 0 for none.
struct KeywordFilter::Trie {
  Trie(std::size_t width, std::size_t most_states) : classes(width) {
    children.reserve(width * most_states);
    endings.reserve(most_states);
    grow();
  }

  std::uint32_t grow() {
    children.resize(children.size() + classes, 0);
    endings.emplace_back();
    return static_cast<std::uint32_t>(endings.size() - 1);
  }

  // Turns missing children into those of the longest suffix that is a state, too.
  void link() {
    std::vector<std::uint32_t> fail(endings.size(), 0);
    std::vector<std::uint32_t> order;
    for (std::size_t c = 0; c < classes; ++c) {
      if (children[c] != 0) order.push_back(children[c]);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::uint32_t state = order[i];
      const auto& inherited = endings[fail[state]];
      endings[state].insert(endings[state].end(), inherited.begin(), inherited.end());
      for (std::size_t c = 0; c < classes; ++c) {
        std::uint32_t& child = children[state * classes + c];
        const std::uint32_t shorter = children[fail[state] * classes + c];
        if (child != 0) {
          fail[child] = shorter;
          order.push_back(child);
        } else {
          child = shorter;
        }
      }
    }
  }

  std::size_t classes;
  std::vector<std::uint32_t> children;
  std::vector<std::vector<std::uint32_t>> endings;
};

KeywordFilter::KeywordFilter(std::span<const std::string_view> keywords) {
  std::size_t bytes = 0;
  for (const std::string_view keyword : keywords) {
    bytes += keyword.size();
    for (const char c : ascii_lower(keyword)) {
      std::uint8_t& known = class_of_[static_cast<unsigned char>(c)];
      if (known == 0) known = static_cast<std::uint8_t>(classes_++);
    }
  }
  for (unsigned char c = 'A'; c <= 'Z'; ++c) class_of_[c] = class_of_[c - 'A' + 'a'];

  Trie trie(classes_, bytes + 1);
  for (std::uint32_t i = 0; i < keywords.size(); ++i) {
    std::uint32_t state = 0;
    for (const char c : keywords[i]) {
      const std::size_t edge = state * classes_ + class_of_[static_cast<unsigned char>(c)];
      if (trie.children[edge] == 0) {
        const std::uint32_t grown = trie.grow();
        trie.children[edge] = grown;
      }
      state = trie.children[edge];
    }
    trie.endings[state].push_back(i);
  }
  trie.link();
  lay_out(trie);
}

void KeywordFilter::lay_out(const Trie& trie) {
  std::vector<std::uint32_t> row_of(trie.endings.size());
  std::uint32_t row = 0;
  for (std::size_t state = 0; state < row_of.size(); ++state) {
    if (!trie.endings[state].empty()) continue;
    row_of[state] = row;
    row += classes_;
  }
  first_ending_ = row;
  for (std::size_t state = 0; state < row_of.size(); ++state) {
    if (trie.endings[state].empty()) continue;
    row_of[state] = row;
    row += classes_;
    endings_.push_back(trie.endings[state]);
  }
  next_.resize(row);
  for (std::size_t state = 0; state < row_of.size(); ++state) {
    for (std::size_t c = 0; c < classes_; ++c) {
      next_[row_of[state] + c] = row_of[trie.children[state * classes_ + c]];
    }
  }
}

}  // namespace trunkgate

#include "policy/content_sieve.h"

#include <algorithm>
#include <bit>
#include <string_view>

namespace trunkgate {
namespace {

constexpr std::size_t kMaxRules = 32;

// Where the line with the byte at `at` begins; a line feed belongs to the line it ends. Looks no
// further back than `floor`.
std::size_t line_begin(std::string_view text, std::size_t at, std::size_t floor) {
  while (at > floor && text[at - 1] != '\n') --at;
  return at;
}

// Behind the line feed that comes at `at` or later.
std::size_t line_end(std::string_view text, std::size_t at) {
  const auto feed = text.find('\n', at);
  return feed == std::string_view::npos ? text.size() : feed + 1;
}

// The lines that are not, as they are, lines of the base: those with a byte of a fresh part or on
// both sides of one. What follows a part to the end of its line may be a line's rest in the base.
template <typename Found>
void find_passages(std::string_view text, const std::vector<FreshPart>& fresh, const Found& found) {
  for (std::size_t i = 0; i < fresh.size();) {
    std::size_t begin = line_begin(text, fresh[i].begin, 0);
    std::size_t end = line_end(text, fresh[i].end);
    for (++i; i < fresh.size(); ++i) {
      const FreshPart& next = fresh[i];
      if (next.begin > end && line_begin(text, next.begin, end) > end) break;
      if (next.end >= end) end = line_end(text, next.end);
    }
    // At the very end: the line before has become the last one.
    if (begin == text.size() && begin > 0) begin = line_begin(text, begin - 1, 0);
    found(Passage{text.substr(begin, end - begin), end == text.size(), text.size()});
  }
}

}  // namespace

ContentSieve::ContentSieve(const Repository& repository,
                           const std::vector<const ActiveRule*>& rules)
    : repository_(repository) {
  for (const ActiveRule* rule : rules) {
    if (rule->info->passages && rules_.size() < kMaxRules) rules_.push_back(rule);
  }
  if (rules_.empty()) return;
  for (const std::size_t count : repository.pushed_counts()) {
    may_find_.emplace_back(count, ~Rules{0});
  }
}

// Those of `rules` that might find something there.
ContentSieve::Rules ContentSieve::asked(Rules rules, const Passage& passage) const {
  Rules answer = 0;
  for (Rules left = rules; left != 0; left &= left - 1) {
    const int i = std::countr_zero(left);
    if (rules_[static_cast<std::size_t>(i)]->rule->may_find(passage)) answer |= Rules{1} << i;
  }
  return answer;
}

void ContentSieve::look(std::size_t pack, const PackedObject& blob, const PackedObject* base,
                        const std::vector<FreshPart>& fresh) {
  if (!blob.bytes) return;
  const std::string_view text = *blob.bytes;
  const Rules all = ~Rules{0} >> (kMaxRules - rules_.size());
  // What may find something in the base may find it here, too, unless that line is gone.
  const Rules of_base = base == nullptr ? all : may_find_[pack][base->number] & all;
  Rules answer = asked(of_base, {text, true, text.size()});
  find_passages(text, fresh, [&](const Passage& passage) {
    answer |= asked(all & ~of_base & ~answer, passage);
  });
  may_find_[pack][blob.number] = answer;
}

ContentSieve::Rules ContentSieve::bit(const ActiveRule& rule) const {
  const auto known = std::find(rules_.begin(), rules_.end(), &rule);
  return known == rules_.end() ? 0 : Rules{1} << (known - rules_.begin());
}

ContentSieve::Rules ContentSieve::may_find(const ObjectId& file) const {
  const auto place = rules_.empty() ? std::nullopt : repository_.pushed_place(file);
  return place ? may_find_[place->pack][place->number] : ~Rules{0};
}

}  // namespace trunkgate

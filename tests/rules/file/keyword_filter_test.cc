#include "rules/file/secrets/keyword_filter.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

namespace trunkgate {
namespace {

using Places = std::multiset<std::pair<std::size_t, std::size_t>>;  // end, keyword

Places scanned(const std::vector<std::string_view>& keywords, std::string_view text) {
  Places places;
  KeywordFilter(keywords).scan(text, [&](std::size_t keyword, std::size_t end) {
    places.insert({end, keyword});
  });
  return places;
}

Places searched(const std::vector<std::string_view>& keywords, std::string_view text) {
  Places places;
  const std::string lower = ascii_lower(text);
  for (std::size_t i = 0; i < keywords.size(); ++i) {
    const std::string keyword = ascii_lower(keywords[i]);
    for (auto at = lower.find(keyword); at != std::string::npos; at = lower.find(keyword, at + 1)) {
      places.insert({at + keyword.size(), i});
    }
  }
  return places;
}

TEST(KeywordFilter, AgreesWithASearchForEachKeyword) {
  std::minstd_rand random(7);
  const auto word = [&](std::size_t most, std::string_view alphabet) {
    std::string text(1 + random() % most, ' ');
    for (char& c : text) c = alphabet[random() / 7 % alphabet.size()];
    return text;
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> words;
    const std::size_t count = 1 + random() % 12;
    while (words.size() < count) words.push_back(word(5, "abAB-"));
    const std::vector<std::string_view> keywords(words.begin(), words.end());
    const std::string text = word(300, std::string_view("aabbAB-\0\xff\n", 10));
    EXPECT_EQ(scanned(keywords, text), searched(keywords, text));
  }
}

TEST(KeywordFilter, FindsKeywordsWithinAndBehindEachOther) {
  EXPECT_EQ(scanned({"she", "he", "hers", "HE"}, "uSHErs"),
            (Places{{4, 0}, {4, 1}, {4, 3}, {6, 2}}));
  EXPECT_EQ(scanned({"aa"}, "aaa"), (Places{{2, 0}, {3, 0}}));
  EXPECT_EQ(scanned({"a"}, ""), Places());
  EXPECT_EQ(scanned({}, "abc"), Places());
}

}  // namespace
}  // namespace trunkgate

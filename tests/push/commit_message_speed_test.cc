// Hostile messages must cost time that grows with their length only, and bounded memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <limits>
#include <string>
#include <vector>

#include "push/commit_message.h"

namespace trunkgate {
namespace {

std::string repeated(const std::string& part, std::size_t size) {
  std::string out;
  while (out.size() + part.size() <= size) out += part;
  return out;
}

struct Attack {
  std::string before;
  std::string part;
  std::string after;

  std::string of_size(std::size_t size) const {
    return before + repeated(part, size - before.size() - after.size()) + after;
  }
};

const std::vector<Attack>& attacks() {
  static const std::vector<Attack> all = {
      {"", "a", ""},
      {"", " ", ""},
      {"feat:", " ", ""},
      {"feat: x\n\n", "Refs: #1\n", ""},
      {"feat: x\n\n", "Refs: #1\n", "text"},
      {"feat: x\n\n", "\n", "text"},
      {"feat(", "(", ""},
      {"feat", "()", ""},
      {"feat", "(a)", ": x"},
      {"feat", "(\uFF09", ""},
      {"feat", " ! ", ": x"},
      {"feat", "\uFF1A", ""},
      {"", "\u2728", "feat: x"},
      {"feat: ", "\u200B", ""},
      {"feat: x\n\n", "BREAKING CHANGE: y\n", ""},
      {"feat: x\n\n", "BREAKING CHANGE:y\n", ""},
      {"feat: x\n\n", "breaking chang: y\n", ""},
      {"feat: x\n\n", "foo(a(b\n", ""},
      {"feat: x\n\n", "a(", ""},
      {"feat: x\n\n", "-", ": BREAKING CHANGE"},
      {"feat: x\n\nSigned-off-by: A\n\n", "text\n\n", "end"},
      {"feat: x\n\n", "Reviewed by:Z\n", ""},
      {"feat: x\n", "This reverts commit 0\n", ""},
      {"feat: ", "\xFF", ""},
      {"feat(", "api,", "api): x"},
  };
  return all;
}

// Processor time of one judgement, the least of several.
double cost(const std::string& message) {
  MessageOptions options;
  options.title_length = 0;
  options.scopes = {"a*", "b*", "c*"};
  double least = std::numeric_limits<double>::max();
  for (int run = 0; run < 2; ++run) {
    const std::clock_t start = std::clock();
    const CommitMessage judged = judge_message(message, options, MessageFacts{});
    least = std::min(least, static_cast<double>(std::clock() - start));
    EXPECT_LT(judged.problems.size(), 200U);
  }
  return least;
}

TEST(CommitMessageSpeed, GrowsNoFasterThanTheMessage) {
  constexpr std::size_t kSmall = std::size_t{1} << 16U;
  constexpr double kTimes = 16;
  for (const Attack& attack : attacks()) {
    const double small = std::max(cost(attack.of_size(kSmall)), 1000.0);
    const double large = cost(attack.of_size(kSmall * static_cast<std::size_t>(kTimes)));
    // A quadratic step would cost 256 times as much.
    EXPECT_LT(large, small * kTimes * 5) << attack.before << "..." << attack.part << "...";
  }
}

}  // namespace
}  // namespace trunkgate

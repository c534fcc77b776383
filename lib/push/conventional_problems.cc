// Order and limits of the problems of one message.
#include "push/conventional_problems.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace trunkgate {
namespace {

constexpr std::array<std::string_view, 4> kForbiddenCharacter = {
    "nul-byte", "control-character", "bidi-control", "invalid-encoding"};

// What such a character causes by standing where it stands.
constexpr std::array<std::string_view, 9> kCausedByCharacter = {"type-charset",
                                                                "bad-whitespace-after-colon",
                                                                "missing-space-after-colon",
                                                                "leading-whitespace",
                                                                "header-trailing-whitespace",
                                                                "extra-space-after-colon",
                                                                "scope-whitespace",
                                                                "tab-in-header",
                                                                "footer-missing-space"};

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

int rank(const MessageProblem& problem) {
  if (contains(kForbiddenCharacter, problem.code)) return 0;
  return problem.severity == MessageSeverity::reject ? 1 : 2;
}

bool same_place(const MessageProblem& a, const MessageProblem& b) {
  return a.line == b.line && a.column == b.column;
}

// `first` stands before `second` at the same place.
bool hides(const MessageProblem& first, const MessageProblem& second) {
  if (second.code == "invisible-character") return true;
  return rank(first) == 0 && contains(kCausedByCharacter, second.code);
}

}  // namespace

void ProblemList::reject(std::string_view code, MessagePlace place, std::string message) {
  add(code, MessageSeverity::reject, place, std::move(message));
}

void ProblemList::warn(std::string_view code, MessagePlace place, std::string message) {
  add(code, MessageSeverity::warn, place, std::move(message));
}

void ProblemList::add(std::string_view code, MessageSeverity severity, MessagePlace place,
                      std::string message) {
  auto& counts = severity == MessageSeverity::reject ? rejections_ : warnings_;
  auto known = counts.find(code);
  if (known == counts.end()) known = counts.emplace(std::string(code), 0).first;
  if (++known->second > kMostPerCode) return;
  problems_.push_back({std::string(code), severity, place.line, place.column,
                       std::max<std::size_t>(place.length, 1), std::move(message)});
}

std::vector<MessageProblem> ProblemList::finish() {
  std::stable_sort(
      problems_.begin(), problems_.end(), [](const MessageProblem& a, const MessageProblem& b) {
        return std::tuple(a.line, a.column, rank(a)) < std::tuple(b.line, b.column, rank(b));
      });
  std::vector<MessageProblem> out;
  std::size_t first_here = 0;  // index in `out` of the first problem at this place
  for (MessageProblem& problem : problems_) {
    if (first_here >= out.size() || !same_place(out[first_here], problem)) {
      first_here = out.size();
    } else if (hides(out[first_here], problem)) {
      continue;
    }
    out.push_back(std::move(problem));
  }
  problems_.clear();
  return out;
}

MessageVerdict verdict_of(const std::vector<MessageProblem>& problems) {
  if (problems.empty()) return MessageVerdict::accept;
  const bool rejected = std::any_of(problems.begin(), problems.end(), [](const auto& problem) {
    return problem.severity == MessageSeverity::reject;
  });
  return rejected ? MessageVerdict::reject : MessageVerdict::warn;
}

std::string quoted(std::u32string_view text) {
  constexpr std::size_t kLongest = 40;
  const std::u32string_view shown = text.substr(0, kLongest);
  if (shown.empty()) return {};
  std::string out = "'";
  for (const char32_t c : shown) {
    if (c < 0x20 || c > 0x7E) return {};
    out += static_cast<char>(c);
  }
  if (text.size() > kLongest) out += "...";
  return out + "'";
}

}  // namespace trunkgate

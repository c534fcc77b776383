#include "policy/test/test_values.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/text.h"
#include "git/signature.h"
#include "policy/test/test_keys.h"

namespace trunkgate {
namespace {

using namespace test_keys;

constexpr std::size_t kShown = 60;
constexpr std::size_t kMaxBack = 10'000;
constexpr const char* kTimeForms = "expected a time such as 2026-01-05T09:30Z, -80h or +10m";

std::optional<int> digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text[0] == '-') {
    return std::nullopt;
  }
  return value;
}

// "2026-01-05", and "T09:30Z" or "T09:30:00Z" behind it.
std::optional<std::int64_t> point_in_time(std::string_view text) {
  namespace chrono = std::chrono;
  const bool with_clock = text.size() > 10;
  const bool with_seconds = text.size() == 20;
  if (text.size() != 10 && text.size() != 17 && !with_seconds) return std::nullopt;
  if (text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const chrono::year_month_day date{chrono::year(*year), chrono::month(unsigned(*month)),
                                    chrono::day(unsigned(*day))};
  if (!date.ok() || *year < 1970) return std::nullopt;
  const std::int64_t midnight =
      chrono::sys_days(date).time_since_epoch().count() * std::int64_t{86'400};
  if (!with_clock) return midnight;
  if (text[10] != 'T' || text[13] != ':' || text.back() != 'Z') return std::nullopt;
  if (with_seconds && text[16] != ':') return std::nullopt;
  const auto hour = digits(text.substr(11, 2));
  const auto minute = digits(text.substr(14, 2));
  const auto second = with_seconds ? digits(text.substr(17, 2)) : std::optional<int>(0);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  return midnight + *hour * 3600 + *minute * 60 + *second;
}

}  // namespace

void TestBudget::say(bool& said, const Location& where, const std::string& limit) {
  if (!said) diagnostics_.error(where, "the tests are too large: here are more than " + limit);
  said = true;
}

bool TestBudget::spend_case(const Location& where) {
  if (++cases_ <= limits_.cases) return true;
  say(said_cases_, where, std::to_string(limits_.cases) + " cases");
  return false;
}

void TestBudget::spend_commits(std::uint64_t count, const Location& where) {
  commits_ += count;
  if (commits_ > limits_.commits) {
    say(said_commits_, where, std::to_string(limits_.commits) + " commits");
  }
}

void TestBudget::spend_bytes(std::uint64_t size, const Location& where) {
  if (size > limits_.largest_file) {
    diagnostics_.error(where, "this is " + size_above(size, limits_.largest_file));
    return;
  }
  bytes_ += size;
  if (bytes_ > limits_.bytes) say(said_bytes_, where, size_text(limits_.bytes) + " of contents");
}

std::optional<TestTime> read_test_time(const Node& node, Diagnostics& diagnostics) {
  const std::string_view text = node.text;
  const bool scalar = node.kind == Node::Kind::scalar && !text.empty();
  if (scalar && (text[0] == '-' || text[0] == '+')) {
    Node without_sign = node;
    without_sign.text.erase(0, 1);
    std::chrono::seconds distance{};
    if (!OptionType<std::chrono::seconds>::read(without_sign, diagnostics, distance)) {
      return std::nullopt;
    }
    return TestTime{true, text[0] == '-' ? -distance.count() : distance.count()};
  }
  if (const auto seconds = scalar ? point_in_time(text) : std::nullopt) {
    return TestTime{false, *seconds};
  }
  diagnostics.error(node.where, kTimeForms);
  return std::nullopt;
}

std::optional<std::string> read_person(const Node& node, Diagnostics& diagnostics) {
  std::string text;
  if (!OptionType<std::string>::read(node, diagnostics, text)) return std::nullopt;
  Signature signature;
  if (text.find('\n') == std::string::npos &&
      read_signature(text + " 0 +0000", signature) == nullptr) {
    return text;
  }
  diagnostics.error(node.where, "expected NAME <ADDRESS>, found '" + printable(text, kShown) + "'");
  return std::nullopt;
}

std::optional<CommitName> read_commit_name(const Node& node, const TestNames& names,
                                           Diagnostics& diagnostics) {
  CommitName result;
  result.where = node.where;
  if (!OptionType<std::string>::read(node, diagnostics, result.name)) return std::nullopt;
  if (const auto tilde = result.name.rfind('~'); tilde != std::string::npos) {
    const std::string_view count = std::string_view(result.name).substr(tilde + 1);
    const auto back = count.empty() ? std::optional<int>(1) : digits(count);
    if (!back || static_cast<std::size_t>(*back) > kMaxBack) {
      diagnostics.error(node.where, "expected a number of parents after '~'");
      return std::nullopt;
    }
    result.back = static_cast<std::size_t>(*back);
    result.name.resize(tilde);
  }
  if (names.knows(result.name)) return result;
  const auto near = names.nearest_to(result.name);
  diagnostics.error(
      node.where,
      "there is no branch, tag or commit '" + printable(result.name, kShown) + "' at this point",
      near ? "did you mean '" + printable(*near, kShown) + "'?" : "");
  return std::nullopt;
}

TestContent read_content(const OptionReader& keys, TestBudget& budget) {
  TestContent content{.bytes = keys.get(kContent), .size = keys.get(kSize).bytes};
  if (const Node* encoded = keys.find("base64"); encoded != nullptr) {
    if (keys.has("content")) {
      keys.diagnostics().error(encoded->where, "'content' and 'base64' exclude each other");
    }
    if (auto bytes = unbase64(keys.get(kBase64))) {
      content.bytes = std::move(*bytes);
    } else {
      keys.diagnostics().error(encoded->where, "this is no base64");
    }
  }
  if (content.size > content.bytes.size() && content.bytes.empty()) {
    content.bytes = "The quick brown fox jumps over the lazy dog again and again.\n";
  }
  budget.spend_bytes(std::max<std::uint64_t>(content.size, content.bytes.size()),
                     keys.has("size") ? keys.find("size")->where : keys.where());
  return content;
}

std::string read_message(const Node* node, TestBudget& budget, Diagnostics& diagnostics) {
  if (node == nullptr) return std::string(kMessage.info.fallback);
  std::string text;
  if (node->kind != Node::Kind::map) {
    OptionType<std::string>::read(*node, diagnostics, text);
    budget.spend_bytes(text.size(), node->where);
    return text;
  }
  const OptionReader keys(*node, kMessageKeys, diagnostics, "a message");
  const TestContent content = read_content(keys, budget);
  text = content.bytes;
  while (diagnostics.empty() && text.size() < content.size) text += content.bytes;
  return text;
}

std::size_t read_count(const OptionReader& reader, const Option<std::int64_t>& option,
                       std::int64_t limit) {
  const std::int64_t count = reader.get(option);
  if (count >= 1 && count <= limit) return static_cast<std::size_t>(count);
  reader.diagnostics().error(reader.find(option.info.name)->where,
                             "expected a number from 1 to " + std::to_string(limit));
  return 1;
}

const Node* list_of(const OptionReader& reader, std::string_view key) {
  const Node* node = reader.find(key);
  if (node == nullptr || node->kind == Node::Kind::sequence) return node;
  reader.diagnostics().error(node->where, "'" + std::string(key) + "' must be a list, not " +
                                              std::string(to_string(node->kind)));
  return nullptr;
}

}  // namespace trunkgate

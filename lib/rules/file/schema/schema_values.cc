// type, enum, const and what is asked of numbers and texts.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/nearest.h"
#include "base/text.h"
#include "rules/file/schema/schema_walk.h"
#include "rules/file/schema/schema_words.h"
#include "rules/file/schema/value_constraint.h"

namespace trunkgate {
namespace {

constexpr std::size_t kListedWords = 12;

}  // namespace

bool Judge::visit(const ConstConstraint&) { return true; }

bool Judge::visit(const EnumConstraint&) { return true; }

bool Judge::visit(const PolyConstraint& constraint) {
  const auto& values = static_cast<const ValueConstraint&>(constraint).values();
  count(weight(value_));
  const std::string mine = fingerprint(value_);
  std::vector<std::string> words;
  for (const ValueConstraint::Value& value : values) {
    if (value.fingerprint == mine) return true;
    if (words.size() < kListedWords) words.push_back(value.text);
  }
  if (words.size() < values.size()) words.emplace_back("...");
  if (values.size() == 1) return fault("is " + shown(value_) + "; it must be " + words.front());
  std::string suggestion;
  if (value_.kind == Kind::text) {
    const std::vector<std::string_view> known(words.begin(), words.end());
    if (const auto meant = nearest(value_.text, known)) {
      suggestion = "; did you mean '" + *meant + "'?";
    }
  }
  return fault("is " + shown(value_) + "; one of: " + join(words, ", ") + suggestion);
}

bool Judge::visit(const TypeConstraint& constraint) {
  bool good = false;
  std::vector<std::string> names;
  constraint.applyToNamedTypes([&](TypeConstraint::JsonType type) {
    good = good || is_of(type);
    names.emplace_back(name_of(type));
    return true;
  });
  if (good) return true;
  const std::string wanted = join(names, " or ");
  fault("is " + shown_with_type(value_) + "; it must be " + wanted);
  note_wanted(wanted);
  return false;
}

bool Judge::visit(const MinimumConstraint& least) {
  if (!value_.number()) return true;
  const double bound = least.getMinimum();
  // Not a number is not in any range.
  if (least.getExclusiveMinimum() ? value_.real > bound : value_.real >= bound) return true;
  return fault(least.getExclusiveMinimum()
                   ? fmt::format("is {}; it must be above {}", shown(value_), number_text(bound))
                   : fmt::format("is {}; the least is {}", shown(value_), number_text(bound)));
}

bool Judge::visit(const MaximumConstraint& most) {
  if (!value_.number()) return true;
  const double bound = most.getMaximum();
  if (most.getExclusiveMaximum() ? value_.real < bound : value_.real <= bound) return true;
  return fault(most.getExclusiveMaximum()
                   ? fmt::format("is {}; it must be below {}", shown(value_), number_text(bound))
                   : fmt::format("is {}; the most is {}", shown(value_), number_text(bound)));
}

bool Judge::visit(const MultipleOfIntConstraint& constraint) {
  const std::int64_t divisor = constraint.getDivisor();
  if (value_.kind == Kind::integer && divisor != 0) {
    return value_.integer % divisor == 0 || no_multiple(std::to_string(divisor));
  }
  return multiple_of(static_cast<double>(divisor));
}

bool Judge::visit(const MultipleOfDoubleConstraint& constraint) {
  return multiple_of(constraint.getDivisor());
}

bool Judge::visit(const MinLengthConstraint& least) {
  return value_.kind != Kind::text || length() >= least.getMinLength() ||
         fault(fmt::format("is {}; the least is {}", shown(value_),
                           count_of(least.getMinLength(), "character", "characters")));
}

bool Judge::visit(const MaxLengthConstraint& most) {
  return value_.kind != Kind::text || length() <= most.getMaxLength() ||
         fault(fmt::format("has {}; the most is {}", count_of(length(), "character", "characters"),
                           most.getMaxLength()));
}

bool Judge::visit(const PatternConstraint& constraint) {
  if (value_.kind != Kind::text) return true;
  const std::string text = constraint.getPattern<std::allocator<char>>();
  return matches(text, value_.text) ||
         fault("is " + shown(value_) + "; it must match '" + printable(text, 60) + "'");
}

std::size_t Judge::length() const {
  std::size_t points = 0;
  for (std::string_view rest = value_.text; !rest.empty(); ++points) {
    rest.remove_prefix(next_code_point(rest).size);
  }
  return points;
}

bool Judge::matches(const std::string& pattern, std::string_view text) {
  count(1 + text.size() / 64);
  if (pattern.empty()) return true;
  auto known = walk_.patterns.find(pattern);
  if (known == walk_.patterns.end()) {
    known = walk_.patterns.emplace(pattern, Pattern(pattern)).first;
  }
  return known->second.matches_anywhere(text);
}

bool Judge::no_multiple(const std::string& divisor) {
  return fault("is " + shown(value_) + "; it must be a multiple of " + divisor);
}

bool Judge::multiple_of(double divisor) {
  if (!value_.number()) return true;
  const double times = value_.real / divisor;
  const double off = std::abs(times - std::round(times));
  return off <= 1e-9 * std::max(1.0, std::abs(times)) || no_multiple(number_text(divisor));
}

bool Judge::is_of(TypeConstraint::JsonType type) const {
  switch (type) {
    case TypeConstraint::kAny:
      return true;
    case TypeConstraint::kArray:
      return value_.kind == Kind::list;
    case TypeConstraint::kBoolean:
      return value_.kind == Kind::boolean;
    case TypeConstraint::kInteger:
      // 768.0 is one by the specification, but not to the programs that read it.
      return value_.kind == Kind::integer;
    case TypeConstraint::kNull:
      return value_.kind == Kind::null;
    case TypeConstraint::kNumber:
      return value_.number();
    case TypeConstraint::kObject:
      return value_.kind == Kind::map;
    case TypeConstraint::kString:
      return value_.kind == Kind::text;
  }
  return false;
}

std::string_view Judge::name_of(TypeConstraint::JsonType type) {
  switch (type) {
    case TypeConstraint::kAny:
      return "anything";
    case TypeConstraint::kArray:
      return "a list";
    case TypeConstraint::kBoolean:
      return "true or false";
    case TypeConstraint::kInteger:
      return "a whole number";
    case TypeConstraint::kNull:
      return "nothing";
    case TypeConstraint::kNumber:
      return "a number";
    case TypeConstraint::kObject:
      return "a map";
    case TypeConstraint::kString:
      return "text";
  }
  return "anything";
}

bool Judge::visit(const FormatConstraint& constraint) {
  struct Format {
    std::string_view name;
    std::string_view pattern;
  };
#define TRUNKGATE_DATE "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
#define TRUNKGATE_TIME                                                                             \
  "([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-" \
  "9])"
  static constexpr Format kFormats[] = {
      {"date", "^" TRUNKGATE_DATE "$"},
      {"time", "^" TRUNKGATE_TIME "$"},
      {"date-time", "^" TRUNKGATE_DATE "[Tt]" TRUNKGATE_TIME "$"},
  };
#undef TRUNKGATE_DATE
#undef TRUNKGATE_TIME
  if (value_.kind != Kind::text) return true;
  for (const Format& format : kFormats) {
    if (format.name != constraint.getFormat()) continue;
    return matches(std::string(format.pattern), value_.text) ||
           fault(fmt::format("is {}; it must be a {}", shown(value_), format.name));
  }
  return true;
}

}  // namespace trunkgate

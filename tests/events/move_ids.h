// Values of refs and moves between them for tests: they can be told apart at a glance.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "events/ref_path.h"
#include "git/object_id.h"

namespace trunkgate {

// Of one digit only; '0' gives the zero id.
inline ObjectId move_id(char digit) { return *ObjectId::parse(std::string(40, digit)); }

// They differ in their first bytes, as real ones do: maps look at those.
inline ObjectId numbered_id(std::size_t n) {
  std::string digits = std::to_string(n) + "a";
  std::reverse(digits.begin(), digits.end());
  return *ObjectId::parse(digits + std::string(40 - digits.size(), 'a'));
}

// "1 a>b" for each step with its move, "- a>b" without one; of values from move_id().
inline std::vector<std::string> step_texts(std::span<const RefPath::Step> steps) {
  std::vector<std::string> texts;
  for (const RefPath::Step& step : steps) {
    texts.push_back((step.move ? std::to_string(*step.move) : "-") + " " + step.before.hex()[0] +
                    ">" + step.after.hex()[0]);
  }
  return texts;
}

}  // namespace trunkgate

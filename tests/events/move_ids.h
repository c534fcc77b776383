// Object ids for tests about moves of a ref that can be told apart at a glance.
#pragma once

#include <cstddef>
#include <string>

#include "git/object_id.h"

namespace trunkgate {

// Of one digit only; '0' gives the zero id.
inline ObjectId move_id(char digit) { return *ObjectId::parse(std::string(40, digit)); }

inline ObjectId numbered_id(std::size_t n) {
  const std::string digits = std::to_string(n);
  return *ObjectId::parse(std::string(40 - digits.size(), 'a') + digits);
}

}  // namespace trunkgate

// Objects by the beginnings of their names.
#pragma once

#include <optional>
#include <string_view>

#include "git/object_id.h"
#include "git/repository.h"

namespace trunkgate {

struct Abbreviation {
  std::optional<ObjectId> object;
  bool several = false;  // objects have names that begin so
};

// `digits` are 4 to 40 hexadecimal ones; anything else stands for no object.
Abbreviation object_of_prefix(const Repository& repository, std::string_view digits);

}  // namespace trunkgate

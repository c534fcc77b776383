// The JSON Schema of policies, for editors.
#pragma once

#include <string>

namespace trunkgate {

// config/policy.schema.json: draft 7, which yaml-language-server reads. It knows every key, every
// rule and every option with its type, its default and a sentence about it. Looser than the loader
// in what only the loader can tell (globs, expressions, names that refer to each other).
std::string policy_schema();

}  // namespace trunkgate

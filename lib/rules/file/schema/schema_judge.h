// Holds a value against what valijson made of a schema. Private to rules/file/schema.
#pragma once

#include <map>
#include <string>

#include "base/match.h"
#include "rules/file/schema/json_schema.h"

namespace valijson {
class Subschema;
}

namespace trunkgate {

// Compiled once for a schema.
using PatternCache = std::map<std::string, Pattern, std::less<>>;

// Our own walk instead of valijson's: that one matches with std::regex, which overflows the stack
// on long texts, follows references without end, and says neither where nor what in words.
SchemaFaults judge_value(const valijson::Subschema& schema, const ConfigValue& value,
                         PatternCache& patterns);

}  // namespace trunkgate

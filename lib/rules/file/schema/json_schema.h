// A JSON Schema of draft 7, read by valijson, and what it says of configuration files.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_file.h"

namespace trunkgate {

// Where a value is not what the schema asks for; line and message only.
using SchemaFaults = std::vector<ConfigMistake>;

class JsonSchema {
 public:
  // Reads a schema written in JSON or YAML. Nothing, with what is wrong in `mistakes`, when it is
  // no such file or no schema: bad values of keywords, patterns that RE2 does not know, references
  // to anywhere but the schema itself, keywords that draft 7 would pass over without a word.
  // Nothing is ever loaded from elsewhere.
  static std::unique_ptr<JsonSchema> read(std::string_view text, ConfigFormat format,
                                          std::vector<ConfigMistake>& mistakes);
  ~JsonSchema();

  // All faults of one document, in the order of its lines, each once. Time and stack are bounded:
  // beyond the bounds stands a fault that says so.
  SchemaFaults judge(const ConfigValue& document) const;

 private:
  struct Parsed;
  explicit JsonSchema(std::unique_ptr<Parsed> parsed);
  std::unique_ptr<Parsed> parsed_;
};

}  // namespace trunkgate

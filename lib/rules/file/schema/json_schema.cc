#include "rules/file/schema/json_schema.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "rules/file/schema/schema_check.h"
#include "rules/file/schema/schema_judge.h"
#include "rules/file/schema/schema_words.h"
#include "rules/file/schema/valijson.h"
#include "rules/file/schema/value_constraint.h"

namespace trunkgate {
namespace {

using Kind = ConfigValue::Kind;

nlohmann::json to_json(const ConfigValue& value) {
  switch (value.kind) {
    case Kind::null:
      return nullptr;
    case Kind::boolean:
      return value.boolean;
    case Kind::integer:
      return value.integer;
    case Kind::real:
      return value.real;
    case Kind::text:
      return value.text;
    case Kind::list: {
      nlohmann::json list = nlohmann::json::array();
      for (const ConfigValue& item : value.items) list.push_back(to_json(item));
      return list;
    }
    case Kind::map: {
      nlohmann::json map = nlohmann::json::object();
      for (const ConfigEntry& entry : value.entries) map[entry.key] = to_json(entry.value);
      return map;
    }
  }
  return nullptr;
}

// Back from a value of the schema.
ConfigValue from_adapter(const valijson::adapters::Adapter& adapter) {
  ConfigValue value;
  if (adapter.isBool()) {
    value.kind = Kind::boolean;
    value.boolean = adapter.getBool();
  } else if (adapter.isInteger()) {
    value.kind = Kind::integer;
    value.integer = adapter.getInteger();
    value.real = static_cast<double>(value.integer);
    value.text = std::to_string(value.integer);
  } else if (adapter.isDouble()) {
    value.kind = Kind::real;
    value.real = adapter.getDouble();
    value.text = number_text(value.real);
  } else if (adapter.isString()) {
    value.kind = Kind::text;
    value.text = adapter.getString();
  } else if (adapter.isArray()) {
    value.kind = Kind::list;
    adapter.applyToArray([&](const valijson::adapters::Adapter& item) {
      value.items.push_back(from_adapter(item));
      return true;
    });
  } else if (adapter.isObject()) {
    value.kind = Kind::map;
    adapter.applyToObject([&](const std::string& key, const valijson::adapters::Adapter& below) {
      value.entries.push_back({key, 0, from_adapter(below)});
      return true;
    });
  }
  return value;
}

class ValueConstraintBuilder final : public valijson::ConstraintBuilder {
 public:
  explicit ValueConstraintBuilder(bool many) : many_(many) {}

  valijson::constraints::Constraint* make(
      const valijson::adapters::Adapter& adapter) const override {
    std::vector<ConfigValue> values;
    ConfigValue value = from_adapter(adapter);
    if (many_) {
      values = std::move(value.items);
    } else {
      values.push_back(std::move(value));
    }
    std::vector<ValueConstraint::Value> kept;
    for (const ConfigValue& each : values) {
      const bool text = each.kind == Kind::text && !each.text.empty();
      kept.push_back({text && many_ ? printable(each.text, 60) : shown(each), fingerprint(each)});
    }
    return new ValueConstraint(std::move(kept));
  }

 private:
  bool many_;
};

}  // namespace

struct JsonSchema::Parsed {
  valijson::Schema schema;
  PatternCache patterns;
};

JsonSchema::JsonSchema(std::unique_ptr<Parsed> parsed) : parsed_(std::move(parsed)) {}
JsonSchema::~JsonSchema() = default;

std::unique_ptr<JsonSchema> JsonSchema::read(std::string_view text, ConfigFormat format,
                                             std::vector<ConfigMistake>& mistakes) {
  ConfigFile file = read_config_file(text, format);
  mistakes = std::move(file.mistakes);
  if (!mistakes.empty()) return nullptr;
  if (file.documents.size() != 1) {
    mistakes.push_back({0, 0, "a schema must be one document"});
    return nullptr;
  }
  check_schema(file.documents.front(), mistakes);
  if (!mistakes.empty()) return nullptr;
  auto parsed = std::make_unique<Parsed>();
  try {
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.addConstraintBuilder("enum", new ValueConstraintBuilder(true));
    parser.addConstraintBuilder("const", new ValueConstraintBuilder(false));
    const nlohmann::json json = to_json(file.documents.front());
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(json), parsed->schema);
  } catch (const std::exception& error) {
    // What the check above does not know; valijson's own words.
    mistakes.push_back({0, 0, "no schema of draft 7: " + printable(error.what())});
    return nullptr;
  }
  return std::unique_ptr<JsonSchema>(new JsonSchema(std::move(parsed)));
}

SchemaFaults JsonSchema::judge(const ConfigValue& document) const {
  return judge_value(parsed_->schema, document, parsed_->patterns);
}

}  // namespace trunkgate

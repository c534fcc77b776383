#include "rules/file/schema/schema_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/match.h"
#include "base/nearest.h"
#include "base/text.h"

namespace trunkgate {
namespace {

using Kind = ConfigValue::Kind;

// What the value of a keyword must be.
enum class Shape {
  anything,
  schema,
  schemas,       // a list of them
  items,         // a schema or a list of them
  named,         // a map of schemas
  patterns,      // a map of schemas with patterns as keys
  dependencies,  // a map of schemas and lists of keys
  number,
  positive,
  count,
  boolean,
  text,
  texts,
  list,
  pattern,
  types,
  newer,  // of a later draft
};

struct Keyword {
  std::string_view name;
  Shape shape;
  bool judges = true;  // false: an annotation
};

constexpr std::array kKeywords = {
    Keyword{"$comment", Shape::anything, false},
    Keyword{"$defs", Shape::named, false},
    Keyword{"$id", Shape::text, false},
    Keyword{"$ref", Shape::text, false},
    Keyword{"$schema", Shape::text, false},
    Keyword{"additionalItems", Shape::schema},
    Keyword{"additionalProperties", Shape::schema},
    Keyword{"allOf", Shape::schemas},
    Keyword{"anyOf", Shape::schemas},
    Keyword{"const", Shape::anything},
    Keyword{"contains", Shape::schema},
    Keyword{"contentEncoding", Shape::anything, false},
    Keyword{"contentMediaType", Shape::anything, false},
    Keyword{"default", Shape::anything, false},
    Keyword{"definitions", Shape::named, false},
    Keyword{"dependencies", Shape::dependencies},
    Keyword{"deprecated", Shape::anything, false},
    Keyword{"description", Shape::text, false},
    Keyword{"else", Shape::schema},
    Keyword{"enum", Shape::list},
    Keyword{"examples", Shape::anything, false},
    Keyword{"exclusiveMaximum", Shape::number},
    Keyword{"exclusiveMinimum", Shape::number},
    Keyword{"format", Shape::text},
    Keyword{"if", Shape::schema},
    Keyword{"items", Shape::items},
    Keyword{"maxItems", Shape::count},
    Keyword{"maxLength", Shape::count},
    Keyword{"maxProperties", Shape::count},
    Keyword{"maximum", Shape::number},
    Keyword{"minItems", Shape::count},
    Keyword{"minLength", Shape::count},
    Keyword{"minProperties", Shape::count},
    Keyword{"minimum", Shape::number},
    Keyword{"multipleOf", Shape::positive},
    Keyword{"not", Shape::schema},
    Keyword{"oneOf", Shape::schemas},
    Keyword{"pattern", Shape::pattern},
    Keyword{"patternProperties", Shape::patterns},
    Keyword{"properties", Shape::named},
    Keyword{"propertyNames", Shape::schema},
    Keyword{"readOnly", Shape::anything, false},
    Keyword{"required", Shape::texts},
    Keyword{"then", Shape::schema},
    Keyword{"title", Shape::text, false},
    Keyword{"type", Shape::types},
    Keyword{"uniqueItems", Shape::boolean},
    Keyword{"writeOnly", Shape::anything, false},
    Keyword{"$anchor", Shape::newer},
    Keyword{"$dynamicRef", Shape::newer},
    Keyword{"$recursiveRef", Shape::newer},
    Keyword{"dependentRequired", Shape::newer},
    Keyword{"dependentSchemas", Shape::newer},
    Keyword{"maxContains", Shape::newer},
    Keyword{"minContains", Shape::newer},
    Keyword{"prefixItems", Shape::newer},
    Keyword{"unevaluatedItems", Shape::newer},
    Keyword{"unevaluatedProperties", Shape::newer},
};

constexpr std::array<std::string_view, 7> kTypes{"array",  "boolean", "integer", "null",
                                                 "number", "object",  "string"};
constexpr std::size_t kMaxHops = 64;
constexpr std::size_t kMaxMistakes = 20;

const Keyword* find_keyword(std::string_view name) {
  const auto found = std::find_if(kKeywords.begin(), kKeywords.end(),
                                  [&](const Keyword& keyword) { return keyword.name == name; });
  return found == kKeywords.end() ? nullptr : &*found;
}

bool all_texts(const ConfigValue& value) {
  return value.kind == Kind::list &&
         std::all_of(value.items.begin(), value.items.end(),
                     [](const ConfigValue& item) { return item.kind == Kind::text; });
}

class SchemaCheck {
 public:
  SchemaCheck(const ConfigValue& root, std::vector<ConfigMistake>& mistakes)
      : root_(root), mistakes_(mistakes) {}

  void run() { schema(root_); }

 private:
  void mistake(std::size_t line, std::string message) {
    if (mistakes_.size() < kMaxMistakes) mistakes_.push_back({line, 0, std::move(message)});
  }

  void schema(const ConfigValue& value) {
    if (!seen_.insert(&value).second) return;
    if (value.kind == Kind::boolean) return;
    if (value.kind != Kind::map)
      return mistake(value.line, "a schema must be a map, true or false");
    const ConfigValue* reference = value.find("$ref");
    for (const ConfigEntry& entry : value.entries) {
      const Keyword* known = find_keyword(entry.key);
      if (known == nullptr) {
        unknown(entry);
      } else if (reference != nullptr && known->judges) {
        mistake(entry.line, fmt::format("'{}' beside '$ref' means nothing in draft 7; put both "
                                        "into 'allOf'",
                                        known->name));
      } else {
        keyword(*known, entry.value);
      }
    }
    if (reference != nullptr && reference->kind == Kind::text) follow(*reference);
  }

  void unknown(const ConfigEntry& entry) {
    std::vector<std::string_view> names;
    for (const Keyword& keyword : kKeywords) names.push_back(keyword.name);
    // Anybody may add keywords of their own, but one that is nearly right is a slip.
    if (const auto meant = nearest(entry.key, names)) {
      mistake(entry.line, fmt::format("unknown keyword '{}'; did you mean '{}'?",
                                      printable(entry.key, 60), *meant));
    }
  }

  void expect(bool good, const Keyword& keyword, const ConfigValue& value, std::string_view what) {
    if (!good) mistake(value.line, fmt::format("'{}' must be {}", keyword.name, what));
  }

  void keyword(const Keyword& keyword, const ConfigValue& value) {
    switch (keyword.shape) {
      case Shape::anything:
        return;
      case Shape::schema:
        return schema(value);
      case Shape::items:
        if (value.kind != Kind::list) return schema(value);
        for (const ConfigValue& item : value.items) schema(item);
        return;
      case Shape::schemas:
        expect(value.kind == Kind::list && !value.items.empty(), keyword, value,
               "a list of schemas");
        for (const ConfigValue& item : value.items) schema(item);
        return;
      case Shape::named:
      case Shape::patterns:
      case Shape::dependencies:
        return named(keyword, value);
      case Shape::number:
        return expect(value.number(), keyword, value, "a number");
      case Shape::positive:
        return expect(value.number() && value.real > 0, keyword, value, "a number above 0");
      case Shape::count:
        return expect(value.kind == Kind::integer && value.integer >= 0, keyword, value,
                      "a whole number from 0");
      case Shape::boolean:
        return expect(value.kind == Kind::boolean, keyword, value, "true or false");
      case Shape::text:
        return expect(value.kind == Kind::text, keyword, value, "text");
      case Shape::texts:
        return expect(all_texts(value), keyword, value, "a list of texts");
      case Shape::list:
        return expect(value.kind == Kind::list && !value.items.empty(), keyword, value,
                      "a list that is not empty");
      case Shape::pattern:
        expect(value.kind == Kind::text, keyword, value, "text");
        return pattern(value.text, value.line);
      case Shape::types:
        return types(keyword, value);
      case Shape::newer:
        return mistake(value.line,
                       fmt::format("'{}' is unknown to draft 7 of JSON Schema", keyword.name));
    }
  }

  void named(const Keyword& keyword, const ConfigValue& value) {
    expect(value.kind == Kind::map, keyword, value, "a map of schemas");
    for (const ConfigEntry& entry : value.entries) {
      if (keyword.shape == Shape::patterns) pattern(entry.key, entry.line);
      if (keyword.shape == Shape::dependencies && entry.value.kind == Kind::list) {
        expect(all_texts(entry.value), keyword, entry.value, "a map of lists of keys");
      } else {
        schema(entry.value);
      }
    }
  }

  void pattern(const std::string& text, std::size_t line) {
    if (text.empty()) return;
    if (const auto why = Pattern::mistake(text)) {
      mistake(line, fmt::format("bad pattern '{}': {}", printable(text, 60), printable(*why)));
    }
  }

  void types(const Keyword& keyword, const ConfigValue& value) {
    const auto one = [&](const ConfigValue& type) {
      if (type.kind == Kind::text &&
          std::find(kTypes.begin(), kTypes.end(), type.text) != kTypes.end()) {
        return;
      }
      const auto meant = nearest(type.text, kTypes);
      expect(false, keyword, type,
             "one of array, boolean, integer, null, number, object, string" +
                 (meant ? "; did you mean '" + *meant + "'?" : std::string()));
    };
    if (value.kind != Kind::list) return one(value);
    for (const ConfigValue& type : value.items) one(type);
  }

  // References to references end at a schema; nothing but this file is ever looked into.
  void follow(const ConfigValue& first) {
    const ConfigValue* reference = &first;
    for (std::size_t hops = 0; hops < kMaxHops; ++hops) {
      if (reference->kind != Kind::text) return;  // reported where it stands
      if (!reference->text.starts_with('#') ||
          (reference->text.size() > 1 && reference->text[1] != '/')) {
        return mistake(reference->line,
                       fmt::format("remote reference '{}'; only '#/...' within the schema is "
                                   "followed",
                                   printable(reference->text, 60)));
      }
      const ConfigValue* target = resolve(reference->text);
      if (target == nullptr) {
        return mistake(reference->line, fmt::format("'{}' refers to nothing in the schema",
                                                    printable(reference->text, 60)));
      }
      const ConfigValue* next = target->find("$ref");
      if (next == nullptr) return schema(*target);
      reference = next;
    }
    mistake(first.line, fmt::format("'{}' refers to itself", printable(first.text, 60)));
  }

  const ConfigValue* resolve(std::string_view reference) const {
    const ConfigValue* value = &root_;
    if (reference.size() <= 2) return reference == "#" ? value : nullptr;
    for (const std::string_view token : split(reference.substr(2), '/')) {
      std::string name;
      for (std::size_t i = 0; i < token.size(); ++i) {
        const std::string_view escape = token.substr(i, 2);
        if (escape == "~0" || escape == "~1") ++i;
        name += escape == "~0" ? '~' : escape == "~1" ? '/' : token[i];
      }
      // An encoded or empty name and a place in a list are read differently by valijson.
      if (value->kind != Kind::map || name.empty() || name.find('%') != std::string::npos) {
        return nullptr;
      }
      value = value->find(name);
      if (value == nullptr) return nullptr;
    }
    return value;
  }

  const ConfigValue& root_;
  std::vector<ConfigMistake>& mistakes_;
  std::set<const ConfigValue*> seen_;
};

}  // namespace

void check_schema(const ConfigValue& root, std::vector<ConfigMistake>& mistakes) {
  SchemaCheck(root, mistakes).run();
}

}  // namespace trunkgate

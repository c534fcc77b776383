// What is asked of lists and maps.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/nearest.h"
#include "base/text.h"
#include "rules/file/schema/schema_walk.h"
#include "rules/file/schema/schema_words.h"

namespace trunkgate {

bool Judge::visit(const SingularItemsConstraint& constraint) {
  bool good = true;
  for (std::size_t i = 0; i < value_.items.size(); ++i) {
    const Place item = place_.below(value_.items[i], i);
    good = fits(*constraint.getItemsSubschema(), item, walk_, out_) && good;
  }
  return good;
}

bool Judge::visit(const LinearItemsConstraint& constraint) {
  std::vector<const Subschema*> schemas;
  constraint.applyToItemSubschemas([&](unsigned, const Subschema* schema) {
    schemas.push_back(schema);
    return true;
  });
  bool good = true;
  for (std::size_t i = 0; i < value_.items.size(); ++i) {
    const Subschema* schema =
        i < schemas.size() ? schemas[i] : constraint.getAdditionalItemsSubschema();
    if (schema == nullptr) {
      return fault(fmt::format("has {}; the most is {}",
                               count_of(value_.items.size(), "item", "items"), schemas.size()));
    }
    good = fits(*schema, place_.below(value_.items[i], i), walk_, out_) && good;
  }
  return good;
}

bool Judge::visit(const ContainsConstraint& constraint) {
  if (value_.kind != Kind::list) return true;
  for (std::size_t i = 0; i < value_.items.size(); ++i) {
    if (silently(*constraint.getSubschema(), place_.below(value_.items[i], i))) return true;
  }
  return fault("has no item of the form that one must have");
}

bool Judge::visit(const MinItemsConstraint& least) {
  return value_.kind != Kind::list || value_.items.size() >= least.getMinItems() ||
         fault(fmt::format("has {}; the least is {}",
                           count_of(value_.items.size(), "item", "items"), least.getMinItems()));
}

bool Judge::visit(const MaxItemsConstraint& most) {
  return value_.kind != Kind::list || value_.items.size() <= most.getMaxItems() ||
         fault(fmt::format("has {}; the most is {}", count_of(value_.items.size(), "item", "items"),
                           most.getMaxItems()));
}

bool Judge::visit(const UniqueItemsConstraint&) {
  count(weight(value_));
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < value_.items.size(); ++i) {
    const auto [first, is_new] = seen.emplace(fingerprint(value_.items[i]), i);
    if (!is_new) {
      return fault_at(place_.below(value_.items[i], i),
                      fmt::format("is the same as item {}", first->second));
    }
  }
  return true;
}

bool Judge::visit(const RequiredConstraint& constraint) {
  if (value_.kind != Kind::map) return true;
  bool good = true;
  constraint.applyToRequiredProperties([&](const auto& key) {
    if (value_.find(std::string_view(key)) == nullptr) {
      good = fault("lacks the key '" + printable(std::string_view(key), 60) + "'");
    }
    return true;
  });
  return good;
}

bool Judge::visit(const PropertyNamesConstraint& constraint) {
  bool good = true;
  for (const ConfigEntry& entry : value_.entries) {
    ConfigValue name;
    name.kind = Kind::text;
    name.line = entry.line;
    name.text = entry.key;
    const Place place{name, "the name of " + config_path(place_.path, entry.key), place_.level + 1};
    good = fits(*constraint.getSubschema(), place, walk_, out_) && good;
  }
  return good;
}

bool Judge::visit(const MinPropertiesConstraint& least) {
  return value_.kind != Kind::map || value_.entries.size() >= least.getMinProperties() ||
         fault(fmt::format("has {}; the least is {}",
                           count_of(value_.entries.size(), "key", "keys"),
                           least.getMinProperties()));
}

bool Judge::visit(const MaxPropertiesConstraint& most) {
  return value_.kind != Kind::map || value_.entries.size() <= most.getMaxProperties() ||
         fault(fmt::format("has {}; the most is {}", count_of(value_.entries.size(), "key", "keys"),
                           most.getMaxProperties()));
}

bool Judge::visit(const PropertiesConstraint& constraint) {
  if (value_.kind != Kind::map) return true;
  bool good = true;
  std::map<std::string_view, const Subschema*> known;
  constraint.applyToProperties([&](const auto& key, const Subschema* schema) {
    known.emplace(std::string_view(key), schema);
    return true;
  });
  const Subschema* others = constraint.getAdditionalPropertiesSubschema();
  for (const ConfigEntry& entry : value_.entries) {
    const Place place = place_.below(entry.value, entry.key);
    bool matched = false;
    if (const auto own = known.find(entry.key); own != known.end()) {
      matched = true;
      good = fits(*own->second, place, walk_, out_) && good;
    }
    constraint.applyToPatternProperties([&](const auto& pattern, const Subschema* schema) {
      if (!matches(std::string(std::string_view(pattern)), entry.key)) return true;
      matched = true;
      good = fits(*schema, place, walk_, out_) && good;
      return true;
    });
    if (matched) continue;
    if (others != nullptr) {
      good = fits(*others, place, walk_, out_) && good;
      continue;
    }
    good = false;
    if (out_.size() >= kMaxSchemaFaults) continue;
    std::vector<std::string_view> free;
    for (const auto& [key, schema] : known) {
      if (value_.find(key) == nullptr) free.push_back(key);
    }
    const auto meant = nearest(entry.key, free);
    out_.push_back({entry.line,
                    "unknown key '" + place.path + "'" +
                        (meant ? "; did you mean '" + printable(*meant, 60) + "'?" : ""),
                    place.level});
  }
  return good;
}

bool Judge::visit(const DependenciesConstraint& constraint) {
  if (value_.kind != Kind::map) return true;
  bool good = true;
  constraint.applyToPropertyDependencies([&](const auto& key, const auto& needed) {
    if (value_.find(std::string_view(key)) == nullptr) return true;
    for (const auto& other : needed) {
      if (value_.find(std::string_view(other)) != nullptr) continue;
      good = fault("lacks the key '" + printable(std::string_view(other), 60) + "', which '" +
                   printable(std::string_view(key), 60) + "' needs");
    }
    return true;
  });
  constraint.applyToSchemaDependencies([&](const auto& key, const Subschema* schema) {
    if (value_.find(std::string_view(key)) == nullptr) return true;
    good = fits(*schema, place_, walk_, out_) && good;
    return true;
  });
  return good;
}

}  // namespace trunkgate

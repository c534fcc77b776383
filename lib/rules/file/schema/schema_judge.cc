// Goes through a value and collects its faults.
#include <algorithm>
#include <set>
#include <utility>

#include "rules/file/schema/schema_walk.h"

namespace trunkgate {
namespace {

// A schema that refers to itself at the same value would go on for ever.
constexpr std::size_t kMaxDepth = 400;

}  // namespace

bool Judge::fault_at(const Place& place, std::string_view what) {
  if (out_.size() >= kMaxSchemaFaults) return false;
  const std::string subject = place.path.empty() ? "the file" : place.path;
  out_.push_back({place.value.line, subject + " " + std::string(what), place.level});
  return false;
}

void Judge::note_wanted(const std::string& types) {
  if (!out_.empty() && out_.size() < kMaxSchemaFaults) out_.back().wanted = types;
}

void Judge::count(std::size_t steps) {
  walk_.steps += steps;
  if (walk_.steps > kMaxSchemaSteps) throw Exhausted{value_.line};
}

std::size_t Judge::weight(const ConfigValue& value) {
  std::size_t sum = 1 + value.text.size() / 64;
  for (const ConfigValue& item : value.items) sum += weight(item);
  for (const ConfigEntry& entry : value.entries) sum += 1 + weight(entry.value);
  return sum;
}

bool fits(const valijson::Subschema& schema, const Place& place, SchemaWalk& walk,
          std::vector<SchemaFault>& out) {
  if (walk.depth >= kMaxDepth || ++walk.steps > kMaxSchemaSteps) throw Exhausted{place.value.line};
  if (schema.getAlwaysInvalid()) {
    if (out.size() < kMaxSchemaFaults) {
      out.push_back({place.value.line,
                     (place.path.empty() ? "the file" : place.path) + " must not be there",
                     place.level});
    }
    return false;
  }
  ++walk.depth;
  Judge judge(place, walk, out);
  valijson::Subschema::ApplyFunction each =
      [&](const valijson::constraints::Constraint& constraint) { return constraint.accept(judge); };
  const bool good = schema.apply(each);
  --walk.depth;
  return good;
}

SchemaFaults judge_value(const valijson::Subschema& schema, const ConfigValue& value,
                         PatternCache& patterns) {
  SchemaWalk walk{patterns};
  std::vector<SchemaFault> faults;
  try {
    fits(schema, {value, {}}, walk, faults);
  } catch (const Exhausted& exhausted) {
    return {{exhausted.line, 0, "the file and its schema are too tangled to be judged"}};
  }
  SchemaFaults list;
  std::set<std::pair<std::size_t, std::string>> seen;
  for (SchemaFault& fault : faults) {
    if (seen.emplace(fault.line, fault.message).second) {
      list.push_back({fault.line, 0, std::move(fault.message)});
    }
  }
  std::stable_sort(list.begin(), list.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  return list;
}

}  // namespace trunkgate

// The walk through a value and its schema, shared by the files that hold its parts. Private to
// rules/file/schema.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_file.h"
#include "rules/file/schema/schema_judge.h"
#include "rules/file/schema/valijson.h"

namespace trunkgate {

struct SchemaFault {
  std::size_t line = 0;
  std::string message;
  std::size_t level = 0;    // how many keys and items above it
  std::string wanted = {};  // of a fault in the type: which types would be right
};

struct SchemaWalk {
  PatternCache& patterns;
  std::size_t depth = 0;
  std::size_t steps = 0;
};

// Thrown when the walk would take too long or too much stack.
struct Exhausted {
  std::size_t line;
};

// Where in the document the walk is.
struct Place {
  const ConfigValue& value;
  std::string path;
  std::size_t level = 0;

  Place below(const ConfigValue& child, std::string_view key) const {
    return {child, config_path(path, key), level + 1};
  }
  Place below(const ConfigValue& child, std::size_t index) const {
    return {child, config_path(path, index), level + 1};
  }
};

inline constexpr std::size_t kMaxSchemaSteps = 2'000'000;
inline constexpr std::size_t kMaxSchemaFaults = 200;

// Whether the value fits; adds all faults. Throws Exhausted.
bool fits(const valijson::Subschema& schema, const Place& place, SchemaWalk& walk,
          std::vector<SchemaFault>& out);

// One value against one schema. Choices are in schema_choices.cc, single values in
// schema_values.cc, lists and maps in schema_collections.cc.
class Judge final : public valijson::constraints::ConstraintVisitor {
 public:
  using Kind = ConfigValue::Kind;
  using Subschema = valijson::Subschema;
  using Faults = std::vector<SchemaFault>;

  Judge(const Place& place, SchemaWalk& walk, Faults& out)
      : place_(place), value_(place.value), walk_(walk), out_(out) {}

  bool visit(const AllOfConstraint& constraint) override;
  bool visit(const AnyOfConstraint& constraint) override;
  bool visit(const ConditionalConstraint& constraint) override;
  bool visit(const ConstConstraint& constraint) override;
  bool visit(const ContainsConstraint& constraint) override;
  bool visit(const DependenciesConstraint& constraint) override;
  bool visit(const EnumConstraint& constraint) override;
  bool visit(const FormatConstraint& constraint) override;
  bool visit(const LinearItemsConstraint& constraint) override;
  bool visit(const MaxItemsConstraint& constraint) override;
  bool visit(const MaximumConstraint& constraint) override;
  bool visit(const MaxLengthConstraint& constraint) override;
  bool visit(const MaxPropertiesConstraint& constraint) override;
  bool visit(const MinItemsConstraint& constraint) override;
  bool visit(const MinimumConstraint& constraint) override;
  bool visit(const MinLengthConstraint& constraint) override;
  bool visit(const MinPropertiesConstraint& constraint) override;
  bool visit(const MultipleOfDoubleConstraint& constraint) override;
  bool visit(const MultipleOfIntConstraint& constraint) override;
  bool visit(const NotConstraint& constraint) override;
  bool visit(const OneOfConstraint& constraint) override;
  bool visit(const PatternConstraint& constraint) override;
  bool visit(const PolyConstraint& constraint) override;
  bool visit(const PropertiesConstraint& constraint) override;
  bool visit(const PropertyNamesConstraint& constraint) override;
  bool visit(const RequiredConstraint& constraint) override;
  bool visit(const SingularItemsConstraint& constraint) override;
  bool visit(const TypeConstraint& constraint) override;
  bool visit(const UniqueItemsConstraint& constraint) override;

 private:
  // Always false, so that a check can return it.
  bool fault_at(const Place& place, std::string_view what);
  bool fault(std::string_view what) { return fault_at(place_, what); }
  // For none_fits() of a choice above.
  void note_wanted(const std::string& types);
  void count(std::size_t steps);
  static std::size_t weight(const ConfigValue& value);

  bool silently(const Subschema& schema, const Place& place);
  template <typename Choice>
  std::size_t try_all(const Choice& choice, std::vector<Faults>& attempts);
  bool none_fits(std::vector<Faults>& attempts);

  std::size_t length() const;
  bool matches(const std::string& pattern, std::string_view text);
  bool no_multiple(const std::string& divisor);
  bool multiple_of(double divisor);
  bool is_of(TypeConstraint::JsonType type) const;
  static std::string_view name_of(TypeConstraint::JsonType type);

  const Place& place_;
  const ConfigValue& value_;
  SchemaWalk& walk_;
  Faults& out_;
};

}  // namespace trunkgate

// valijson keeps the values of `enum` and `const` where nobody can read them; this constraint keeps
// them for messages. Private to rules/file/schema.
#pragma once

#include <new>
#include <string>
#include <utility>
#include <vector>

#include "rules/file/schema/valijson.h"

namespace trunkgate {

class ValueConstraint final : public valijson::constraints::PolyConstraint {
 public:
  struct Value {
    std::string text;         // printable
    std::string fingerprint;  // see schema_words.h
  };

  explicit ValueConstraint(std::vector<Value> values) : values_(std::move(values)) {}
  ValueConstraint(const ValueConstraint&) = default;

  const std::vector<Value>& values() const { return values_; }

  // Never asked: SchemaJudge looks at the values itself.
  bool validate(const valijson::adapters::Adapter&, const std::vector<std::string>&,
                valijson::ValidationResults*) const override {
    return false;
  }

 private:
  valijson::constraints::Constraint* cloneInto(void* place) const override {
    return new (place) ValueConstraint(*this);
  }
  std::size_t sizeOf() const override { return sizeof(ValueConstraint); }

  std::vector<Value> values_;
};

}  // namespace trunkgate

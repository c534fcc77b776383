// allOf, anyOf, oneOf, not, if.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "rules/file/schema/schema_walk.h"
#include "rules/file/schema/schema_words.h"

namespace trunkgate {

bool Judge::silently(const Subschema& schema, const Place& place) {
  Faults unheard;
  return fits(schema, place, walk_, unheard);
}

template <typename Choice>
std::size_t Judge::try_all(const Choice& choice, std::vector<Faults>& attempts) {
  std::size_t fitting = 0;
  choice.applyToSubschemas([&](unsigned, const Subschema* schema) {
    Faults faults;
    if (fits(*schema, place_, walk_, faults)) ++fitting;
    attempts.push_back(std::move(faults));
    return true;
  });
  return fitting;
}

bool Judge::visit(const AllOfConstraint& all) {
  bool good = true;
  all.applyToSubschemas([&](unsigned, const Subschema* schema) {
    good = fits(*schema, place_, walk_, out_) && good;
    return true;
  });
  return good;
}

bool Judge::visit(const AnyOfConstraint& any) {
  std::vector<Faults> attempts;
  return try_all(any, attempts) > 0 || none_fits(attempts);
}

bool Judge::visit(const OneOfConstraint& one) {
  std::vector<Faults> attempts;
  const std::size_t fitting = try_all(one, attempts);
  if (fitting == 0) return none_fits(attempts);
  return fitting == 1 ||
         fault(fmt::format("fits {} of the forms of which it must fit exactly one", fitting));
}

bool Judge::visit(const NotConstraint& constraint) {
  return !silently(*constraint.getSubschema(), place_) ||
         fault("is " + shown(value_) + ", which is not allowed here");
}

bool Judge::visit(const ConditionalConstraint& constraint) {
  const Subschema* next = silently(*constraint.getIfSubschema(), place_)
                              ? constraint.getThenSubschema()
                              : constraint.getElseSubschema();
  return next == nullptr || fits(*next, place_, walk_, out_);
}

// Of several forms the pusher meant one: the one whose type is right and of which the least is
// wrong. When none has the right type, they are named.

// Of several forms the pusher meant one: the one whose type is right and of which the least is
// wrong. When none has the right type, they are named.
bool Judge::none_fits(std::vector<Faults>& attempts) {
  std::vector<std::string> wanted;
  Faults* nearest_form = nullptr;
  for (Faults& faults : attempts) {
    const auto type = std::find_if(faults.begin(), faults.end(), [&](const SchemaFault& fault) {
      return !fault.wanted.empty() && fault.level == place_.level;
    });
    if (type != faults.end()) {
      if (std::find(wanted.begin(), wanted.end(), type->wanted) == wanted.end()) {
        wanted.push_back(type->wanted);
      }
    } else if (nearest_form == nullptr || faults.size() < nearest_form->size()) {
      nearest_form = &faults;
    }
  }
  if (nearest_form != nullptr && !nearest_form->empty()) {
    const std::size_t room = kMaxSchemaFaults - std::min(kMaxSchemaFaults, out_.size());
    const auto kept = static_cast<std::ptrdiff_t>(std::min(room, nearest_form->size()));
    out_.insert(out_.end(), nearest_form->begin(), nearest_form->begin() + kept);
    return false;
  }
  const std::string types = join(wanted, " or ");
  if (types.empty()) return fault("fits none of the forms that are allowed");
  fault("is " + shown_with_type(value_) + "; it must be " + types);
  note_wanted(types);
  return false;
}

}  // namespace trunkgate
